"""The part of a card that says what came after publication: how far a correction or a withdrawal is, what follows."""

from __future__ import annotations

from typing import NamedTuple

from bot.conversations.desk.offers import Beside, Row
from bot.conversations.people.person import name_of
from bot.conversations.visit import Visit
from bot.desk.afterwards.aftermath import Aftermath
from bot.model.desk.title import title
from bot.model.message import Button
from bot.model.newsroom.role import Right, Role
from bot.model.press import pack
from bot.model.story.article import TAKEN_BACK, Article

LONGEST_LABEL = 50


class Part(NamedTuple):
    """A part of a card: its words, empty where there is nothing to say, and what it offers."""

    text: str
    beside: Beside


async def part_of(visit: Visit, article: Article, found: Aftermath, role: Role | None) -> Part:
    """Return what came after the story's publication; None as the role: who reads the card is not known."""
    gone = found.withdrawn and (any(found.withdrawn) or not found.planned)
    text = await _words(visit, found) if found.corrected or gone or found.preparing else ""
    links: list[Row] = [(_opens("↳", each),) for each in found.updates]
    verbs: list[Row] = []
    if found.told is not None:
        links.append((_opens("🔕", found.told),))
    if found.first is not None:
        links.insert(0, (_opens("↰", found.first),))
    if article.status in TAKEN_BACK and found.withdrawn is not None and found.withdrawn.failed:
        able = role is None or role.covers(Right.KILL, article.topic_ids)
        data = pack("desk", "retry", article.id, article.revision)
        verbs.append((Button(visit.label("desk_retry"), press=data, disabled=not able),))
    return Part(text.strip(), Beside(verbs, links))


async def _words(visit: Visit, found: Aftermath) -> str:
    return visit.say(
        "desk_aftermath",
        corrected=found.corrected,
        digests=found.digests if found.digests and found.digests.shown else None,
        withdrawn=found.withdrawn,
        left=found.left,
        planned=found.planned,
        preparing=[await name_of(visit, each) or str(each) for each in found.preparing],
    )


def _opens(sign: str, article: Article) -> Button:
    named = title(article.id, article.content.headline, LONGEST_LABEL)
    return Button(f"{sign} {named}", press=pack("desk", "card", article.id))

"""A story's card: how the story stands, what stands in its way, and the buttons of what the visitor may do now."""

from __future__ import annotations

from typing import Any, NamedTuple

from bot.conversations.access import role_of
from bot.conversations.desk import offers
from bot.conversations.desk.aftermath import Part, part_of
from bot.conversations.desk.offers import Beside, Layout, Standing
from bot.conversations.desk.pages import back, check_facts, editor_facts, when_facts
from bot.conversations.editor.card_pages import progress_words
from bot.conversations.language import own_name
from bot.conversations.people.record import deed_facts
from bot.conversations.visit import Visit
from bot.desk.card import dossier
from bot.desk.card.dossier import Dossier
from bot.desk.pushes import StoryPushes
from bot.desk.story import draft
from bot.model.chat import ChatKind
from bot.model.desk.title import cut, head
from bot.model.message import Button, OutgoingMessage
from bot.model.newsroom.role import Right, Role
from bot.model.press import pack
from bot.model.story.article import Article

LONGEST_HEADLINE, LONGEST_LEAD, LONGEST_SOURCE, LONGEST_REASON = 300, 600, 100, 400
"""How many characters of them a card shows: with the progress it must fit into a message."""


class CardNow(NamedTuple):
    """A story's card as it reads now, and what of the story is going out."""

    page: OutgoingMessage
    pushes: StoryPushes


async def story_card(visit: Visit, article_id: int) -> OutgoingMessage:
    """Return the card of a story as the story stands now. Refused where there is no such story."""
    return (await card_now(visit, article_id)).page


async def card_now(visit: Visit, article_id: int) -> CardNow:
    """Return the card of a story as the story stands now, and what is going out of it. In a group it is anybody's.

    Refused where there is no such story.
    """
    shown = await _shown(visit, article_id)
    article, private = shown.found.article, visit.kind is ChatKind.PRIVATE
    after = shown.after.text
    text = await _words(visit, shown.found) + (f"\n\n{after}" if after else "")
    more = Button(visit.label("desk_more"), press=pack("desk", "more", article.id, article.revision))
    home = Button(visit.label("to_desk"), press=pack("desk", "home"))
    refresh = Button(visit.label("refresh"), press=pack("desk", "card", article.id))
    last = (*((more,) if shown.layout.more else ()), *((home,) if private else ()), refresh)
    page = OutgoingMessage(text, buttons=(*shown.layout.card, last), card=article.id)
    return CardNow(page, shown.found.pushes)


async def more_page(visit: Visit, article_id: int) -> OutgoingMessage:
    """Return what else the card of a story offers; the card itself where all of it stands there by now."""
    shown = await _shown(visit, article_id)
    article = shown.found.article
    if not shown.layout.more:
        return await story_card(visit, article_id)
    text = visit.say("desk_more", headline=head(article.id, article.content.headline))
    return OutgoingMessage(text, buttons=(*shown.layout.more, (back(visit, article),)))


class _Shown(NamedTuple):
    found: Dossier
    after: Part
    layout: Layout


async def _shown(visit: Visit, article_id: int) -> _Shown:
    services, private = visit.services, visit.kind is ChatKind.PRIVATE
    now = services.now()
    # Whoever reads a group's card is somebody of the desk, to whom its rules apply.
    editor = visit.user_id if private else None
    found = await dossier.of(
        services.db,
        services.counts,
        services.bot.id,
        article_id,
        at=now,
        by=visit.user_id or 0,
        rules=services.rules,
    )
    role = await role_of(services, visit.user_id) if private else None
    article, going = found.article, found.pushes
    after = await part_of(visit, article, found.after, role)
    blocking = {each.code for each in found.checks if each.blocking}
    waits = going.news is not None and going.news.waits_for_start(now)
    held = [(_held(visit, article, role),)] if found.held else []
    beside = Beside([*held, *after.beside.verbs], after.beside.links)
    standing = Standing(article, blocking, services.rules, editor, going, waits)
    return _Shown(found, after, offers.laid_out(visit, standing, role, beside))


async def _words(visit: Visit, found: Dossier) -> str:
    services, article, known = visit.services, found.article, found.topics
    text = visit.say(
        "desk_card",
        **_facts(visit, article),
        topics=known.names(article.topic_ids, visit.language),
        deeds=[deed_facts(visit, each, found.done.names, known) for each in found.done.deeds],
        checks=check_facts(visit, found.checks),
        editor=await editor_facts(visit, found.lock),
    )
    if found.pushes.news is not None:
        text += "\n\n" + progress_words(services, found.pushes.news, visit.language, services.now())
    return text


def _held(visit: Visit, article: Article, role: Role | None) -> Button:
    barred = role is not None and not role.covers(Right.CORRECT, article.topic_ids)
    return Button(visit.label("desk_held"), press=pack("desk", "held", article.id), disabled=barred)


def _facts(visit: Visit, article: Article) -> dict[str, Any]:
    content = article.content
    return {
        "number": article.id,
        "state": article.status.value,
        "corrected": article.corrected,
        "flash": article.flash,
        "headline": cut(content.headline, LONGEST_HEADLINE),
        "lead": cut(content.lead, LONGEST_LEAD),
        "story_language": own_name(content.language) if content.language else "",
        "source": cut(
            content.source_name or ("" if article.source == draft.SOURCE else article.source), LONGEST_SOURCE
        ),
        "revision": article.revision,
        "release": when_facts(visit, article.release_at),
        "embargo": when_facts(visit, article.embargo_until),
        "reason": cut(article.reason or "", LONGEST_REASON),
    }

"""Who may come to the desk, and what an editor pressed there: asked anew at each press, which can be forged."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from string import ascii_lowercase, digits

from aiogram.types import CallbackQuery

from bot.conversations.access import need, need_for, role_of
from bot.conversations.people.person import name_of
from bot.conversations.visit import Visit
from bot.desk import lookup
from bot.desk.live import groups
from bot.model.chat import ChatKind
from bot.model.desk.check import Check
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right
from bot.model.press import unpack
from bot.model.story.article import Article
from bot.rendering.text.times import date_words

DESK = (Right.WRITE, Right.APPROVE, Right.PUBLISH)
"""Rights of which any one opens the desk."""

WARNINGS = (
    *("like-headline", "topic-missing", "language-missing", "not-reviewed", "first-not-out"),
    *("linked-withheld", "picture-withheld", "link-dead"),
)
"""Warnings that a second press passes; a button names them by their places here, for want of room."""

PLACES = (digits + ascii_lowercase)[: len(WARNINGS)]
"""How a button, or a question, names the warnings: a sign each."""


@dataclass(frozen=True, slots=True)
class StoryPress:
    """Who pressed a button of which story's card, which revision they saw, and the warnings that they pass."""

    editor: int
    article: Article
    seen: int = 0
    passing: tuple[str, ...] = ()

    @property
    def article_id(self) -> int:
        """The story's number."""
        return self.article.id


async def need_desk(visit: Visit) -> int:
    """Return the visitor's Telegram id. Refused without any right of the desk, and outside private chats and desks.

    In a group that is the desk the right is the person's own; who writes as the group itself is nobody in particular.
    """
    if visit.user_id is None and visit.kind is not ChatKind.CHANNEL:
        raise Refusal("as-yourself")
    role = await role_of(visit.services, visit.user_id)
    if visit.user_id is None or not any(map(role.may, DESK)):
        return await need(visit, Right.WRITE)
    if not await is_desk(visit):
        raise Refusal("private-only")
    return visit.user_id


async def is_desk(visit: Visit) -> bool:
    """Return whether the chat is a place for the desk's work: a private chat, or a group that an owner chose."""
    if visit.kind is ChatKind.PRIVATE:
        return True
    services = visit.services
    return await groups.find(services.db, services.bot.id, visit.telegram_id) is not None


async def story_pressed(
    press: CallbackQuery, visit: Visit, right: Right | None = None, *, alone: bool = False
) -> StoryPress:
    """Return what was pressed: `desk:<verb>:<story>:<revision seen>:<warnings to pass>`.

    Refused without the right for the story's topics; None asks for any right of the desk. What a person does `alone`
    is refused in a group.
    """
    article_id, data = await number_pressed(press, visit, right), unpack(press.data or "")
    if alone and visit.kind is not ChatKind.PRIVATE:
        raise Refusal("private-only" if await is_desk(visit) else "stale")
    return await story_meant(visit, right, article_id, data.version(2), passing=("", *data.args[3:4])[-1])


async def number_pressed(press: CallbackQuery, visit: Visit, right: Right | None = None) -> int:
    """Return the number of the story that was pressed, of which nothing was read. Refused as in `story_pressed`."""
    await (need_desk(visit) if right is None else need(visit, right))
    article_id = unpack(press.data or "").number(1)
    if article_id is None or (right is not None and not await is_desk(visit)):
        raise Refusal("stale")
    return article_id


async def story_meant(
    visit: Visit, right: Right | None, article_id: int, seen: int = 0, *, passing: str = ""
) -> StoryPress:
    """Return a story that an editor means by its number. Refused as in `story_pressed`, and where the desk is not."""
    if visit.user_id is None:
        raise Refusal("as-yourself")
    editor = await (need_desk(visit) if right is None else need(visit, right))
    if not await is_desk(visit):
        # A group may have been the desk when the bot asked, or showed the card.
        raise Refusal("stale")
    article = await lookup.get(visit.services.db, article_id)
    if right is not None:
        await need_for(visit, right.for_flash if article.flash else right, article.topic_ids)
    codes = tuple(WARNINGS[PLACES.index(each)] for each in passing if each in PLACES)
    return StoryPress(editor, article, seen, codes)


def packed(checks: Iterable[Check]) -> str:
    """Return the warnings as a button names them."""
    codes: Collection[str] = {each.code for each in checks}
    return "".join(place for place, code in zip(PLACES, WARNINGS, strict=True) if code in codes)


async def refused_words(visit: Visit, refusal: Refusal) -> str:
    """Return why a verb was not done; where somebody was faster, what they did, who, and when."""
    services, facts = visit.services, refusal.facts
    if refusal.code == "locked":
        name = await name_of(visit, facts["holder"])
        at = date_words(facts["since"], services.now(), visit.language, services.rules.zone)
        return services.talk.refusal("locked", visit.language, name=name, at=at)
    said = services.talk.refusal(refusal.code, visit.language, **facts)
    late = refusal.code in ("changed-meanwhile", "nothing-held") or refusal.code.startswith("already-")
    if not late or facts.get("last_verb") is None:
        return said
    by = facts.get("last_by")
    name = "" if by is None else await name_of(visit, by)
    at = date_words(facts["last_at"], services.now(), visit.language, services.bot.zone)
    return f"{said} {visit.notice('last_deed', verb=facts['last_verb'], name=name, at=at)}"

"""The buttons of highlights. What changes them names the version that the editor saw."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.conversations.access import need
from bot.conversations.answers import change, send
from bot.conversations.desk.entrance import refused_words, story_pressed
from bot.conversations.desk.highlights import pages
from bot.conversations.desk.highlights.questions import ask, need_picked
from bot.conversations.presses import answer_press
from bot.conversations.visit import Visit
from bot.desk import highlights
from bot.model.chat import ChatKind
from bot.model.desk.highlights import Highlights
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right
from bot.model.press import unpack
from bot.model.story.digest import Digest, Section
from bot.readers import topics
from bot.rendering.digest import groups_of

router = Router(name="highlights")


@dataclass(frozen=True, slots=True)
class Pressed:
    """Who pressed a button of which highlights, in which version, to do what with which story."""

    editor: int
    number: int
    seen: int
    verb: str
    story: int


async def pressed(press: CallbackQuery, visit: Visit) -> Pressed:
    """Return what was pressed: `picks:<verb>:<highlights>:<version seen>:<story>`. Refused without the right."""
    editor = await need(visit, Right.PUBLISH)
    said = unpack(press.data or "")
    number = said.number(1)
    if number is None or visit.kind is not ChatKind.PRIVATE:
        raise Refusal("stale")
    return Pressed(editor, number, said.version(2), said.args[0], said.number(3) or 0)


@router.callback_query(F.data.startswith("desk:pick:"))
async def pick(press: CallbackQuery, visit: Visit) -> None:
    """Put the story of a card into the highlights that are being made, and show these."""
    story, services = await story_pressed(press, visit, Right.PUBLISH, alone=True), visit.services
    try:
        after = await highlights.pick(
            services.db, story.article_id, services.bot.id, at=services.now(), by=story.editor
        )
    except Refusal as refusal:
        await answer_press(press, await refused_words(visit, refusal), alert=True)
        return
    await answer_press(press, visit.notice("picked", count=len(after.stories)))
    await send(visit, await pages.page_of(visit, after.id))


@router.callback_query(F.data == "picks:list")
async def show_list(press: CallbackQuery, visit: Visit) -> None:
    """Show all highlights at work; where there is one alone, that one."""
    await need(visit, Right.PUBLISH)
    if visit.kind is not ChatKind.PRIVATE:
        raise Refusal("private-only")
    services = visit.services
    found = await highlights.at_work(services.db, services.bot.id)
    alone = await pages.page_of(visit, found[0].id) if len(found) == 1 else pages.list_page(visit, found)
    await change(visit, press, alone)


@router.callback_query(F.data.startswith("picks:show:"))
async def show(press: CallbackQuery, visit: Visit) -> None:
    """Show highlights as they stand now."""
    await change(visit, press, await pages.page_of(visit, (await pressed(press, visit)).number))


@router.callback_query(F.data.startswith("picks:preview:"))
async def preview(press: CallbackQuery, visit: Visit) -> None:
    """Send the digest as readers will see it."""
    meant, services = await pressed(press, visit), visit.services
    found = await highlights.view(services.db, meant.number, services.bot.id)
    stories = tuple(found.stories)
    told = Digest(
        0, 0, services.now(), (Section(None, stories),), len(stories), 1, True, found.picked.headline
    )
    groups = groups_of(told, await topics.all_topics(services.db), visit.readership)
    page = services.digests.digest(
        groups,
        visit.readership,
        digest_id=0,
        at=told.created_at,
        form=visit.style.form,
        now=services.now(),
    )
    await send(visit, page)


@router.callback_query(F.data.regexp(r"^picks:(up|out|all|takers|open):"))
async def rearrange(press: CallbackQuery, visit: Visit) -> None:
    """Move a story up or out, choose for whom the highlights are, or make them open again."""
    meant, services = await pressed(press, visit), visit.services
    await need_picked(visit, meant.number, meant.story if meant.verb in ("up", "out") else None)
    how: dict[str, Callable[[Highlights], Highlights]] = {
        "up": lambda picked: picked.raise_up(meant.story),
        "out": lambda picked: picked.remove(meant.story),
        "all": lambda picked: picked.address(everybody=True),
        "takers": lambda picked: picked.address(everybody=False),
        "open": lambda picked: picked.unschedule(),
    }
    deed = highlights.change(services.db, meant.number, services.bot.id, how[meant.verb], seen=meant.seen)
    await _do(press, visit, meant, deed)


@router.callback_query(F.data.regexp(r"^picks:(send|head|drop):"))
async def decide(press: CallbackQuery, visit: Visit) -> None:
    """Send highlights now, let them head everybody's next digest, or drop them."""
    meant, services = await pressed(press, visit), visit.services
    await need_picked(visit, meant.number)
    verbs = {"send": highlights.send, "head": highlights.head, "drop": highlights.drop}
    verb = verbs[meant.verb]
    now, by = services.now(), meant.editor
    await _do(
        press, visit, meant, verb(services.db, meant.number, services.bot.id, at=now, by=by, seen=meant.seen)
    )


@router.callback_query(F.data.startswith("picks:stop:"))
async def stop(press: CallbackQuery, visit: Visit) -> None:
    """Stop highlights that go out."""
    meant, services = await pressed(press, visit), visit.services
    await need_picked(visit, meant.number)
    now, by = services.now(), meant.editor
    await _do(press, visit, meant, highlights.stop(services.db, meant.number, services.bot.id, at=now, by=by))


@router.callback_query(F.data.regexp(r"^picks:(title|at):"))
async def ask_words(press: CallbackQuery, visit: Visit) -> None:
    """Ask for the headline, or for the hour."""
    meant = await pressed(press, visit)
    await need_picked(visit, meant.number)
    await ask(visit, meant.verb, meant.number, meant.seen)


async def _do(press: CallbackQuery, visit: Visit, meant: Pressed, deed: Awaitable[object]) -> None:
    """Do a verb, and show the highlights anew: also where somebody was faster."""
    try:
        await deed
    except Refusal as refusal:
        said = visit.services.talk.refusal(refusal.code, visit.language, **refusal.facts)
        await answer_press(press, said, alert=True)
    else:
        visit.services.bell.ring()
    await change(visit, press, await pages.page_of(visit, meant.number))

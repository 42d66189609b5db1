"""The buttons of a story's card. What changes the story names the revision that the editor saw."""

from __future__ import annotations

from dataclasses import replace

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.conversations.answers import change
from bot.conversations.desk.card import more_page, story_card
from bot.conversations.desk.entrance import number_pressed, story_pressed
from bot.conversations.desk.fields.links import look_at_links
from bot.conversations.desk.outcome import do, outdated, steered
from bot.conversations.desk.pages import warned_page, withdrawal_page
from bot.conversations.desk.questions import ask
from bot.conversations.reader import story_pages
from bot.conversations.visit import Visit
from bot.desk import in_doubt, pushes
from bot.desk.story import checks, release, review
from bot.model.desk.check import Verb, passed
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right
from bot.model.press import unpack
from bot.readers import topics

router = Router(name="desk_card")

DOUBTS = {"again": in_doubt.send, "leave": in_doubt.drop}
PUSHES = {"pause": pushes.pause, "resume": pushes.resume, "stop": pushes.stop}


@router.callback_query(F.data.startswith("desk:card:"))
async def open_card(press: CallbackQuery, visit: Visit) -> None:
    """Show a story's card as the story stands now."""
    article_id = await number_pressed(press, visit)
    if visit.user_id is None:
        raise Refusal("as-yourself")
    page = await story_card(visit, article_id)
    look_at_links(visit, article_id)
    await change(visit, press, page)


@router.callback_query(F.data.startswith("desk:more:"))
async def show_more(press: CallbackQuery, visit: Visit) -> None:
    """Show what else can be done with the story: what its card has no room for."""
    await change(visit, press, await more_page(visit, (await story_pressed(press, visit)).article_id))


@router.callback_query(F.data.startswith("desk:preview:"))
async def preview(press: CallbackQuery, visit: Visit) -> None:
    """Send the story as readers will see it, with the time of now where the story is not out yet."""
    pressed, services = await story_pressed(press, visit), visit.services
    article = replace(pressed.article, published_at=pressed.article.published_at or services.now())
    await story_pages.send_story(visit, visit.story(article, await topics.all_topics(services.db)))


@router.callback_query(F.data.startswith("desk:submit:"))
async def submit(press: CallbackQuery, visit: Visit) -> None:
    """Ask for a review of the draft."""
    pressed, services = await story_pressed(press, visit, Right.WRITE), visit.services
    at, by, seen = services.now(), pressed.editor, pressed.seen
    deed = review.submit(services.db, pressed.article_id, at=at, by=by, seen=seen, passing=pressed.passing)
    await do(press, visit, pressed, deed, verb="submit")


@router.callback_query(F.data.startswith("desk:approve:"))
async def approve(press: CallbackQuery, visit: Visit) -> None:
    """Approve the story as the editor saw it."""
    pressed, services = await story_pressed(press, visit, Right.APPROVE), visit.services
    deed = review.approve(
        services.db,
        pressed.article_id,
        at=services.now(),
        by=pressed.editor,
        seen=pressed.seen,
        rules=services.rules,
        passing=pressed.passing,
    )
    await do(press, visit, pressed, deed, verb="approve")


@router.callback_query(F.data.startswith("desk:return:"))
async def ask_note(press: CallbackQuery, visit: Visit) -> None:
    """Ask what the author should change; the answer sends the story back."""
    pressed = await story_pressed(press, visit, Right.APPROVE)
    if await outdated(press, visit, pressed):
        return
    await ask(visit, "return", pressed.article, pressed.seen)


@router.callback_query(F.data.startswith("desk:publish:"))
async def publish(press: CallbackQuery, visit: Visit) -> None:
    """Publish the story now."""
    pressed, services = await story_pressed(press, visit, Right.PUBLISH), visit.services
    deed = release.publish(
        services.db,
        pressed.article_id,
        at=services.now(),
        by=pressed.editor,
        rules=services.rules,
        seen=pressed.seen,
        passing=pressed.passing,
    )
    await do(press, visit, pressed, deed, verb="publish")


@router.callback_query(F.data.startswith("desk:schedule:"))
async def ask_time(press: CallbackQuery, visit: Visit) -> None:
    """Ask when the story shall go out, once its warnings are passed; the answer schedules the story."""
    pressed, services = await story_pressed(press, visit, Right.PUBLISH), visit.services
    if await outdated(press, visit, pressed):
        return
    found = await checks.of(
        services.db,
        pressed.article_id,
        Verb.SCHEDULE,
        at=services.now(),
        by=pressed.editor,
        rules=services.rules,
    )
    warnings = [each for each in found if not each.blocking]
    try:
        passed(warnings, pressed.passing)
    except Refusal as refusal:
        page = warned_page(visit, pressed.article, "schedule", refusal.facts["checks"])
        await change(visit, press, page)
        return
    await ask(visit, "schedule", pressed.article, pressed.seen, passing=warnings)


@router.callback_query(F.data.startswith("desk:unschedule:"))
async def take_hour_away(press: CallbackQuery, visit: Visit) -> None:
    """Take the story's hour away."""
    pressed, services = await story_pressed(press, visit, Right.PUBLISH), visit.services
    at, by = services.now(), pressed.editor
    deed = release.unschedule(services.db, pressed.article_id, at=at, by=by, seen=pressed.seen)
    await do(press, visit, pressed, deed, verb="unschedule")


@router.callback_query(F.data.startswith("desk:withdraw:"))
async def ask_way(press: CallbackQuery, visit: Visit) -> None:
    """Ask in which way the story shall be taken back."""
    pressed = await story_pressed(press, visit, Right.KILL)
    await change(visit, press, withdrawal_page(visit, pressed.article))


@router.callback_query(F.data.regexp(r"^desk:(kill|killquiet|takedown|unpublish):"))
async def ask_reason(press: CallbackQuery, visit: Visit) -> None:
    """Ask why the story is taken back; the answer takes the story back."""
    pressed = await story_pressed(press, visit, Right.KILL)
    await ask(visit, unpack(press.data or "").args[0], pressed.article, pressed.seen)


@router.callback_query(F.data.regexp(r"^desk:(pause|resume|stop):"))
async def steer(press: CallbackQuery, visit: Visit) -> None:
    """Pause, resume or stop what brings the story to readers."""
    pressed, services = await story_pressed(press, visit, Right.FLASH), visit.services
    verb, did = unpack(press.data or "").args[0], False
    for bulletin_id in await pushes.of_article(services.db, pressed.article_id):
        did |= await PUSHES[verb](services.db, bulletin_id, services.now(), pressed.editor)
    await steered(press, visit, pressed, verb=verb, did=did)


@router.callback_query(F.data.regexp(r"^desk:(again|leave):"))
async def decide(press: CallbackQuery, visit: Visit) -> None:
    """Send the story again where it is in doubt, or leave it as it is there."""
    pressed, services = await story_pressed(press, visit, Right.FLASH), visit.services
    verb = unpack(press.data or "").args[0]
    count = await DOUBTS[verb](services.db, pressed.article_id, services.now(), pressed.editor)
    await steered(press, visit, pressed, verb=verb, did=count > 0)

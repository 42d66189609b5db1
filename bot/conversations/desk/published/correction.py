"""The buttons of a correction in preparation: choose a field, look, let it go out, drop it."""

from __future__ import annotations

from dataclasses import replace

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.conversations.access import need_for
from bot.conversations.answers import change
from bot.conversations.desk.card import story_card
from bot.conversations.desk.entrance import StoryPress, refused_words, story_pressed
from bot.conversations.desk.published.boxes import FIX, LOUD, open_box
from bot.conversations.desk.published.fields import FIELDS, present
from bot.conversations.desk.published.pages import correction_page
from bot.conversations.presses import answer_press
from bot.conversations.reader import story_pages
from bot.conversations.visit import Visit
from bot.desk import lookup
from bot.desk.afterwards import proposals
from bot.desk.afterwards.proposals import Prepared
from bot.model.desk.loudness import Loudness
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right
from bot.model.press import unpack
from bot.model.story.article import READABLE
from bot.readers import topics

router = Router(name="desk_correcting")


@router.callback_query(F.data.startswith("desk:correct:"))
async def open_correction(press: CallbackQuery, visit: Visit) -> None:
    """Show what the editor's correction would change, or what can be corrected."""
    pressed = await story_pressed(press, visit, Right.CORRECT, alone=True)
    if pressed.article.status not in READABLE:
        raise Refusal(f"already-{pressed.article.status}")
    await show_correction(press, visit, pressed)


@router.callback_query(F.data.regexp(rf"^desk:fix({'|'.join(FIELDS)}):"))
async def ask_field(press: CallbackQuery, visit: Visit) -> None:
    """Ask how a field should read; the answer becomes a part of the correction."""
    pressed = await story_pressed(press, visit, Right.CORRECT, alone=True)
    article, services = pressed.article, visit.services
    field = unpack(press.data or "").args[0].removeprefix(FIX)
    found = await proposals.prepared(services.db, article.id, pressed.editor)
    known = await topics.all_topics(services.db)
    shown = article
    if found is not None:
        topic_ids = found.proposal.topic_ids
        shown = replace(article, topic_ids=article.topic_ids if topic_ids is None else topic_ids)
    content = found.proposal.content if found else article.content
    words = present(field, shown, content, known=known, language=visit.language)
    await open_box(visit, FIX + field, article, article.revision, field=field, present=words)


@router.callback_query(F.data.startswith("desk:fixpreview:"))
async def preview(press: CallbackQuery, visit: Visit) -> None:
    """Send the story as readers will see it once the correction is out."""
    found = await _needed(visit, await story_pressed(press, visit, Right.CORRECT, alone=True))
    topic_ids = found.proposal.topic_ids
    article = replace(
        found.article,
        content=found.proposal.content,
        topic_ids=found.article.topic_ids if topic_ids is None else topic_ids,
        revised_at=visit.services.now(),
    )
    await story_pages.send_story(visit, visit.story(article, await topics.all_topics(visit.services.db)))


@router.callback_query(F.data.regexp(r"^desk:fix(quiet|dated):"))
async def let_out(press: CallbackQuery, visit: Visit) -> None:
    """Let the correction go out, without a word or with the line that dates it."""
    pressed = await story_pressed(press, visit, Right.CORRECT, alone=True)
    said = unpack(press.data or "")
    loudness, services = Loudness(said.args[0].removeprefix(FIX)), visit.services
    await need_for_topics(visit, await _needed(visit, pressed))
    try:
        await proposals.apply(
            services.db,
            pressed.article_id,
            at=services.now(),
            by=pressed.editor,
            version=said.version(3),
            loudness=loudness,
        )
    except Refusal as refusal:
        await answer_press(press, await refused_words(visit, refusal), alert=True)
        await show_correction(press, visit, pressed)
        return
    services.bell.ring()
    await answer_press(press, visit.notice("correction_out"))
    await change(visit, press, await story_card(visit, pressed.article_id))


@router.callback_query(F.data.startswith("desk:fixloud:"))
async def ask_notice(press: CallbackQuery, visit: Visit) -> None:
    """Ask what the reply to the first message shall say; the answer lets the correction go out."""
    pressed = await story_pressed(press, visit, Right.CORRECT, alone=True)
    found, version = await _needed(visit, pressed), unpack(press.data or "").version(3)
    if found.outdated or found.proposal.version != version:
        code = "changed-meanwhile" if found.outdated else "proposal-changed"
        await answer_press(press, visit.services.talk.refusal(code, visit.language), alert=True)
        await show_correction(press, visit, pressed)
        return
    # The question belongs to this state of the correction, not to a revision of the story.
    await open_box(visit, LOUD, pressed.article, found.proposal.version)


@router.callback_query(F.data.startswith("desk:fixcarry:"))
async def carry_over(press: CallbackQuery, visit: Visit) -> None:
    """Put the changes onto the story's newest revision, and show what they would change there."""
    pressed = await story_pressed(press, visit, Right.CORRECT, alone=True)
    services = visit.services
    await proposals.carry_over(services.db, pressed.article_id, at=services.now(), by=pressed.editor)
    await show_correction(press, visit, pressed)


@router.callback_query(F.data.startswith("desk:fixdrop:"))
async def drop(press: CallbackQuery, visit: Visit) -> None:
    """Forget the correction."""
    pressed = await story_pressed(press, visit, Right.CORRECT, alone=True)
    await proposals.drop(visit.services.db, pressed.article_id, pressed.editor)
    await answer_press(press, visit.notice("correction_dropped"))
    await change(visit, press, await story_card(visit, pressed.article_id))


async def show_correction(press: CallbackQuery, visit: Visit, pressed: StoryPress) -> None:
    """Show the correction, and the story, as they stand now."""
    db = visit.services.db
    found = await proposals.prepared(db, pressed.article_id, pressed.editor)
    article = found.article if found else await lookup.get(db, pressed.article_id)
    if article.status not in READABLE:
        await change(visit, press, await story_card(visit, article.id))
        return
    await change(visit, press, await correction_page(visit, article, found))


async def need_for_topics(visit: Visit, found: Prepared) -> None:
    """Refuse a correction that moves the story to topics for which the editor may not correct."""
    if found.proposal.topic_ids is not None:
        await need_for(visit, Right.CORRECT, found.proposal.topic_ids)


async def _needed(visit: Visit, pressed: StoryPress) -> Prepared:
    found = await proposals.prepared(visit.services.db, pressed.article_id, pressed.editor)
    if found is None:
        raise Refusal("proposal-changed")
    return found

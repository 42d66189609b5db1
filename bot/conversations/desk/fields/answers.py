"""What is answered to the question for a field: the draft's next revision. What can't be put in is not lost."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.conversations.answers import change, send
from bot.conversations.desk.entrance import StoryPress, refused_words, story_meant
from bot.conversations.desk.fields.fields import FIELDS
from bot.conversations.desk.fields.pages import edit_page, kept_page
from bot.conversations.desk.fields.pressed import edit_pressed
from bot.conversations.desk.fields.questions import AnswersField, FieldAsked
from bot.conversations.presses import answer_press
from bot.conversations.visit import Visit
from bot.desk.story import draft, lock
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right
from bot.model.press import pack

router = Router(name="desk_fields")

LATER = ("changed-meanwhile", "locked")
"""Why an answer is not put in that could be put in all the same, or later."""


@router.message(F.chat.type == "private", ~F.text.startswith("/"), AnswersField())
async def take_field(message: Message, visit: Visit, asked: FieldAsked) -> None:
    """Make the answer the field of the story's next revision, and show the fields.

    Where somebody was faster, or is editing, the answer stays: a reply to it shows it with a button that puts it in.
    """
    meant = await story_meant(visit, Right.WRITE, asked.article_id, asked.seen)
    try:
        await _put(visit, meant, asked.field, message, seen=asked.seen)
    except Refusal as refusal:
        why = await refused_words(visit, refusal)
        if refusal.code in LATER:
            await _keep(visit, meant, asked.field, message, why=why)
            return
        await message.answer(why, parse_mode=None)
    await send(visit, await edit_page(visit, meant.article_id))


@router.callback_query(F.data.startswith("edit:again:"))
async def put_all_the_same(press: CallbackQuery, visit: Visit) -> None:
    """Put an answer in whatever the field says by now: it is read from the message that the bot replied to."""
    pressed = await edit_pressed(press, visit)
    reply = press.message if isinstance(press.message, Message) else None
    said = reply.reply_to_message if reply else None
    if pressed.word not in FIELDS:
        raise Refusal("stale")
    if said is None or said.from_user is None or said.from_user.id != pressed.editor:
        raise Refusal("answer-gone")
    try:
        await _put(visit, StoryPress(pressed.editor, pressed.article), pressed.word, said, seen=None)
    except Refusal as refusal:
        await answer_press(press, await refused_words(visit, refusal), alert=True)
        return
    await answer_press(press, visit.notice("saved"))
    await change(visit, press, await edit_page(visit, pressed.article_id))


async def _put(visit: Visit, meant: StoryPress, field: str, said: Message, *, seen: int | None) -> None:
    services, now = visit.services, visit.services.now()
    make = FIELDS[field].read(said)
    name = FIELDS[field].name
    # The deed comes last: an answer that meets an outage is put in anew, and must not find itself put in already.
    await lock.take(services.db, meant.article_id, at=now, by=meant.editor)
    await draft.change(services.db, meant.article_id, name, make, at=now, by=meant.editor, seen=seen)


async def _keep(visit: Visit, meant: StoryPress, field: str, said: Message, *, why: str) -> None:
    again = pack("edit", "again", meant.article_id, 0, field)
    words = said.text or said.caption or ""
    page = kept_page(visit, meant.article, field, why=why, words=words, again=again)
    await send(visit, page, reply_to=said.message_id)

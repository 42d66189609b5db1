"""The buttons of a card: to whom it goes, send, drop; pause, resume or stop its push; what is in doubt."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import need, need_for
from bot.conversations.editor.cards import ask_sure, change_card, close_card, show_progress
from bot.conversations.editor.last_question import asks_first
from bot.conversations.editor.replacement import reword_card
from bot.conversations.presses import answer_press
from bot.conversations.visit import Visit
from bot.desk import breaking, in_doubt, lookup, pushes
from bot.desk.flash import choice
from bot.desk.flash import send as flash
from bot.log import Event
from bot.model.delivery import Manner
from bot.model.desk.card import Card, CardState
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right
from bot.model.press import unpack

log = logging.getLogger(__name__)
router = Router(name="card_presses")

PUSHES = {"pause": pushes.pause, "resume": pushes.resume, "stop": pushes.stop}
DOUBTS = {"again": in_doubt.send, "leave": in_doubt.drop}
FIRST_READERS_SECONDS = 0.3
"""How long the progress of a push waits for the first calls of that push: each takes a slot of the same pace."""

STEERS = F.data.split(":")[1].in_({*PUSHES, *DOUBTS})


@dataclass(frozen=True, slots=True)
class CardPress:
    """What an editor pressed on which card; `second` and `third` are the numbers that its button names, if any."""

    verb: str
    card: Card
    editor: int
    second: int | None
    third: int | None

    @property
    def card_id(self) -> int:
        """The card's number."""
        return self.card.id


@router.callback_query(F.data.startswith("flash:to:"))
async def address(press: CallbackQuery, visit: Visit) -> None:
    """Add a topic to those whose followers get the story, or take it away; or choose everybody."""
    pressed = await card_pressed(press, visit)
    await need_for(visit, Right.FLASH, (pressed.second,) if pressed.second else None)
    await choice.address(visit.services.db, pressed.card_id, pressed.second or None)
    change_card(visit, pressed.card_id)


@router.callback_query(F.data.startswith("flash:in:"))
async def address_language(press: CallbackQuery, visit: Visit) -> None:
    """Add a language to those whose readers get the story, or take it away."""
    pressed = await card_pressed(press, visit)
    code = ("", *unpack(press.data or "").args[2:])[-1]
    await choice.address_language(visit.services.db, pressed.card_id, code)
    change_card(visit, pressed.card_id)


@router.callback_query(F.data.startswith("flash:send:"))
async def send(press: CallbackQuery, visit: Visit) -> None:
    """Publish the story; after one more question, unless it goes to followers and nothing has to be told first."""
    pressed = await card_pressed(press, visit, goes_out=True)
    if pressed.card.state is CardState.OPEN and await asks_first(visit, pressed.card):
        ask_sure(visit, pressed.card_id)
    else:
        await _send(press, visit, pressed)


@router.callback_query(F.data.startswith("flash:sure:"))
async def send_surely(press: CallbackQuery, visit: Visit) -> None:
    """Publish the story, whatever other story says the same."""
    pressed = await card_pressed(press, visit, goes_out=True)
    await _send(press, visit, pressed, alike=pressed.third)


@router.callback_query(F.data.startswith("flash:update:"))
async def send_update(press: CallbackQuery, visit: Visit) -> None:
    """Publish the story as an update of the one that says nearly the same."""
    pressed = await card_pressed(press, visit, goes_out=True)
    if pressed.third is None:
        raise Refusal("stale")
    # It reaches the readers of that story too, whatever they follow.
    first = await lookup.get(visit.services.db, pressed.third)
    await need_for(visit, Right.FLASH, first.topic_ids)
    await _send(press, visit, pressed, update_of=pressed.third)


@router.callback_query(F.data.startswith("flash:as:"))
async def choose_manner(press: CallbackQuery, visit: Visit) -> None:
    """Let the story come with a sound, without one, or pinned."""
    pressed = await card_pressed(press, visit)
    if pressed.second not in [each.value for each in Manner]:
        raise Refusal("stale")
    await choice.choose_manner(visit.services.db, pressed.card_id, Manner(pressed.second))
    change_card(visit, pressed.card_id)


@router.callback_query(F.data.startswith("flash:back:"))
async def go_back(press: CallbackQuery, visit: Visit) -> None:
    """Show the controls again."""
    change_card(visit, (await card_pressed(press, visit)).card_id)


@router.callback_query(F.data.startswith("flash:reword:") | F.data.startswith("flash:keep:"))
async def reword(press: CallbackQuery, visit: Visit) -> None:
    """Take the message that the question answers for the card's new text, or leave the text."""
    pressed = await card_pressed(press, visit)
    asked = press.message
    if not isinstance(asked, Message):
        raise Refusal("stale")
    if pressed.verb == "reword":
        card = pressed.card
        if asked.reply_to_message is None or card.telegram_chat_id != asked.chat.id:
            raise Refusal("stale")
        await reword_card(visit, card, asked.reply_to_message)
        await answer_press(press, visit.notice("saved"))
    await asked.delete()


async def _send(
    press: CallbackQuery,
    visit: Visit,
    pressed: CardPress,
    *,
    alike: int | None = None,
    update_of: int | None = None,
) -> None:
    """Publish the story. Whoever presses second is told that it was sent before."""
    services = visit.services
    try:
        sent = await flash.send(
            services.db,
            pressed.card_id,
            pressed.editor,
            services.now(),
            rules=services.rules,
            seen=pressed.second,
            alike=alike,
            update_of=update_of,
        )
    except Refusal as refusal:
        # Something is otherwise than the editor saw it: the card shows what.
        (ask_sure if refusal.code == "warned" else change_card)(visit, pressed.card_id)
        raise
    services.bell.ring()
    undo = services.rules.flash_undo
    await answer_press(
        press, visit.notice("sent" if sent else "sent_before") if not undo or not sent else None
    )
    if sent:
        show_progress(services, pressed.card_id, after=0 if undo else FIRST_READERS_SECONDS)


@router.callback_query(F.data.startswith("flash:drop:"))
async def drop(press: CallbackQuery, visit: Visit) -> None:
    """Drop the card."""
    pressed = await card_pressed(press, visit)
    if await breaking.drop(visit.services.db, pressed.card_id):
        close_card(visit, pressed.card_id)
    await answer_press(press, visit.notice("dropped"))


@router.callback_query(F.data.startswith("flash:"), STEERS)
async def steer(press: CallbackQuery, visit: Visit) -> None:
    """Pause, resume or stop the push, or decide what is in doubt."""
    pressed, services = await card_pressed(press, visit, goes_out=True), visit.services
    bulletin_id, article_id = await breaking.push_of(services.db, pressed.card_id)
    if pressed.verb in PUSHES:
        await PUSHES[pressed.verb](services.db, bulletin_id, services.now(), pressed.editor)
    else:
        await DOUBTS[pressed.verb](services.db, article_id, services.now(), pressed.editor)
    await breaking.watch(services.db, pressed.card_id)
    services.bell.ring()
    await answer_press(press, visit.notice(f"push_{pressed.verb}"))
    show_progress(services, pressed.card_id)


async def card_pressed(press: CallbackQuery, visit: Visit, *, goes_out: bool = False) -> CardPress:
    """Return what was pressed. Refused for anybody but the card's author, and for a button that no card has.

    What `goes_out` takes the right for all of the card's topics.
    """
    editor = await need(visit, Right.FLASH)
    data = unpack(press.data or "")
    card_id = data.number(1)
    if card_id is None:
        raise Refusal("stale")
    card = (await breaking.find(visit.services.db, card_id)).card
    # The card stands in its author's chat with this bot: Telegram never offers its buttons anywhere else.
    if (card.bot_id, card.telegram_chat_id, card.user_id) != (
        visit.services.bot.id,
        visit.telegram_id,
        editor,
    ):
        log.warning(Event("press.forged", card=card_id, editor=editor, verb=data.args[0]))
        raise Refusal("stale")
    if goes_out:
        await need_for(visit, Right.FLASH, None if card.everybody else card.topics)
    return CardPress(data.args[0], card, editor, data.number(2), data.number(3) or None)

"""Tells people in their own chats what others did with their stories, several deeds in one message."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter
from aiogram.types import CallbackQuery, InlineKeyboardMarkup, Message

from bot.conversations.answers import change_buttons
from bot.conversations.desk.entrance import need_desk
from bot.conversations.desk.live.group import list_drafts
from bot.conversations.people.person import name_of
from bot.conversations.people.record import deed_facts
from bot.conversations.presses import answer_press
from bot.conversations.visit import Visit, Visitor
from bot.desk import lookup
from bot.desk.live import happened, notices
from bot.log import Event
from bot.model.chat import ChatKind, ChatState
from bot.model.desk.deed import Deed
from bot.model.desk.shown_card import Notice
from bot.model.desk.title import head, title
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.press import pack
from bot.model.story.article import Article
from bot.readers import membership, topics
from bot.services import Services
from bot.telegram.methods import method_for
from bot.telegram.parameters import to_send
from bot.telegram.spare import spare_call

log = logging.getLogger(__name__)
router = Router(name="desk_notices")

MOST_TOLD, GIVE_WAY_SECONDS = 8, 3.0
"""How many deeds one message tells of."""


async def look(services: Services, now: datetime) -> None:
    """Take up what happened at the desk: cards for its groups, notices for its people."""
    owners = services.bot.owner_ids
    drafts = await happened.take_up(services.db, services.bot.id, now, owners=owners)
    # The pace may hold messages up: the next look does not wait for that.
    if drafts:
        services.errands.ask(("drafts", drafts[-1]), partial(list_drafts, services, drafts))
    for told in await notices.take_due(services.db, services.bot.id, now):
        services.errands.ask(("notice", told[0].id), partial(_tell, services, told))


@router.callback_query(F.data == "desk:notices")
async def switch_notices(press: CallbackQuery, visit: Visit) -> None:
    """Let the person who pressed get notices no more, or again."""
    editor, services = await need_desk(visit), visit.services
    on = await notices.switch(services.db, services.bot.id, editor)
    await answer_press(press, visit.notice("notices_switched", on=on))
    message = press.message
    if visit.kind is ChatKind.PRIVATE and isinstance(message, Message) and message.reply_markup:
        await change_buttons(visit, press, _with_switch(visit, message.reply_markup, on=on))


def switch_button(visit: Visit, *, on: bool) -> Button:
    """Return the button that says whether the person gets notices, and switches them."""
    return Button(visit.label("desk_notices", on=on), press=pack("desk", "notices"))


async def _tell(services: Services, told: Sequence[Notice]) -> None:
    user_id = told[0].user_id
    known = await membership.find(services.db, services.bot.id, user_id)
    if known is None or known.state in (ChatState.BLOCKED, ChatState.GONE):
        # A bot can't write first to whoever has not started it.
        log.info(Event("notice.untold", person=user_id, reason="the chat is closed"))
        return
    visitor = Visitor(services=services, user_id=user_id, language=known.language)
    page = await _page(visitor, told)
    quiet = not any(each.loud for each in told)
    method = method_for(to_send((page,)), user_id, disable_notification=quiet)
    try:
        await spare_call(services.client, method, GIVE_WAY_SECONDS)
    except TelegramRetryAfter:
        await notices.give_back(services.db, told)
    except TelegramAPIError as error:
        # What may have arrived is not told twice.
        log.info(Event("notice.untold", person=user_id, reason=error.message))


async def _page(visitor: Visitor, told: Sequence[Notice]) -> OutgoingMessage:
    services = visitor.services
    known = await topics.all_topics(services.db)
    names = {each.actor: await name_of(visitor, each.actor) for each in told if each.actor is not None}
    hands = await notices.hands_of(services.db, told)
    stories: dict[int, tuple[Article, list[dict[str, Any]]]] = {}
    for notice in told[:MOST_TOLD]:
        if notice.article_id not in stories:
            story = await lookup.get(services.db, notice.article_id)
            stories[story.id] = (story, [])
        story, deeds = stories[notice.article_id]
        hand, note = hands.get(notice.deed_id, ""), notice.note
        # A source's deed has its name for a note.
        feed = notice.actor is None and not hand and note == story.source
        deed = Deed(
            notice.at, notice.actor, notice.verb, story.id, None, detail="" if feed else note, hand=hand
        )
        facts = deed_facts(visitor, deed, names, known)
        deeds.append(facts | {"feed": story.content.source_name or note if feed else ""})
    rows = (
        (Button(title(number, story.content.headline), press=pack("desk", "card", number)),)
        for number, (story, _) in stories.items()
    )
    text = visitor.say(
        "desk_notices",
        stories=[(head(story.id, story.content.headline), deeds) for story, deeds in stories.values()],
        more=max(0, len(told) - MOST_TOLD),
    )
    return OutgoingMessage(text, buttons=tuple(rows))


def _with_switch(visit: Visit, markup: InlineKeyboardMarkup, *, on: bool) -> Keyboard:
    """Return the keyboard as it stands, the switch as it is now."""
    return tuple(
        tuple(
            switch_button(visit, on=on)
            if button.callback_data == pack("desk", "notices")
            else Button(button.text, press=button.callback_data, style=button.style)
            for button in row
        )
        for row in markup.inline_keyboard
    )

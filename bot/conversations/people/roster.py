"""/editors: everybody with rights; an owner adds a person by ID, @name, reply, contact, or a choice in Telegram."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import (
    CallbackQuery,
    KeyboardButton,
    KeyboardButtonRequestUsers,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.conversations.access import need
from bot.conversations.answers import change, send
from bot.conversations.people.notices import tell_rights
from bot.conversations.people.pages import people_page
from bot.conversations.people.person import person_meant
from bot.conversations.people.rights import person_pages
from bot.conversations.visit import Visit
from bot.desk import staff
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right
from bot.model.press import unpack

router = Router(name="people")

REQUEST = 1
"""Says which request Telegram answers; there is one alone."""


@router.message(Command("editors"))
async def editors(message: Message, command: CommandObject, visit: Visit) -> None:
    """List who has rights; with an ID, an @name, or in reply to somebody's message or contact, make an editor."""
    owner = await need(visit, Right.PEOPLE)
    services = visit.services
    person = await person_meant(visit, message, (command.args or "").strip())
    if person is not None:
        user_id, name = person
        by_settings = owner in services.bot.owner_ids
        grant = await staff.add(
            services.db, services.bot.id, user_id, name, by=owner, at=services.now(), owner=by_settings
        )
        await message.answer(visit.say("editor_added", name=name, user_id=user_id))
        await tell_rights(services, grant, message.from_user.full_name if message.from_user else "")
    elif visit.kind is not ChatKind.PRIVATE:
        raise Refusal("private-only")
    if visit.kind is ChatKind.PRIVATE:
        await send(visit, await people_page(visit))


@router.callback_query(F.data.startswith("editor:"))
async def remove(press: CallbackQuery, visit: Visit) -> None:
    """Take all rights from a person: the button of lists that were shown before there were roles."""
    owner = await need(visit, Right.PEOPLE)
    user_id = unpack(press.data or "").number(0)
    if user_id is None or press.message is None:
        raise Refusal("stale")
    services = visit.services
    by_settings = owner in services.bot.owner_ids
    before = await staff.find(services.db, services.bot.id, user_id)
    after = await staff.remove(
        services.db, services.bot.id, user_id, by=owner, at=services.now(), owner=by_settings
    )
    await change(visit, press, await people_page(visit))
    if before != after:
        await tell_rights(services, after, press.from_user.full_name)


@router.callback_query(F.data == "staff:add")
async def ask_person(_press: CallbackQuery, visit: Visit) -> None:
    """Show the button with which Telegram lets an owner choose a person."""
    await need(visit, Right.PEOPLE)
    if visit.kind is not ChatKind.PRIVATE:
        raise Refusal("private-only")
    request = KeyboardButtonRequestUsers(
        request_id=REQUEST, user_is_bot=False, max_quantity=1, request_name=True, request_username=True
    )
    button = KeyboardButton(text=visit.label("choose_person"), request_users=request)
    keyboard = ReplyKeyboardMarkup(keyboard=[[button]], resize_keyboard=True, one_time_keyboard=True)
    await visit.client.send_message(visit.telegram_id, visit.say("person_ask"), reply_markup=keyboard)


@router.message(F.users_shared)
async def take_person(message: Message, visit: Visit) -> None:
    """Show the rights of the person who was chosen: so far, none need be given."""
    owner = await need(visit, Right.PEOPLE)
    shared = message.users_shared
    if (
        shared is None
        or shared.request_id != REQUEST
        or not shared.users
        or visit.kind is not ChatKind.PRIVATE
    ):
        raise Refusal("stale")
    person, services = shared.users[0], visit.services
    name = " ".join(filter(None, (person.first_name, person.last_name))) or person.username or ""
    await staff.meet(services.db, services.bot.id, person.user_id, name, by=owner, at=services.now())
    named = name or str(person.user_id)
    await visit.client.send_message(
        visit.telegram_id, visit.say("person_chosen", name=named), reply_markup=ReplyKeyboardRemove()
    )
    await send(visit, await (await person_pages(visit, person.user_id)).main())

"""/settings: language, stories at once, digest hour, time zone; what is followed."""

from __future__ import annotations

from datetime import time

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import need_manager
from bot.conversations.context import Visit
from bot.conversations.joining import joined
from bot.conversations.language import NAMES
from bot.conversations.visits import answer_press
from bot.model.chat import Chat, follows
from bot.model.errors import Refusal
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.press import pack, unpack
from bot.readers import settings, topics
from bot.telegram.buttons import change, show

router = Router(name="settings")

ZONES = (
    *("Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk"),
    *("Asia/Almaty", "Asia/Bishkek", "Asia/Tashkent", "Asia/Novosibirsk", "Asia/Irkutsk"),
    *("Asia/Vladivostok", "Europe/London", "Europe/Berlin", "UTC"),
)
HOURS = range(24)
PER_ROW = 6


@router.message(Command("settings"))
async def offer(message: Message, visit: Visit) -> None:
    """Show what is set, with buttons."""
    await need_manager(visit, message)
    here = await joined(visit, message.chat)
    await show(visit.bot, message.chat.id, await _page(visit, here), visit.thread_id)


@router.message(Command("zone"))
async def set_zone(message: Message, command: CommandObject, visit: Visit) -> None:
    """Set a time zone by its name."""
    await need_manager(visit, message)
    here = await joined(visit, message.chat)
    context = visit.context
    here = await settings.choose(context.db, here.id, context.clock.now(), zone=(command.args or "").strip())
    await show(visit.bot, message.chat.id, await _page(visit, here), visit.thread_id)


@router.callback_query(F.data.startswith("set:") | (F.data == "set"))
async def choose(press: CallbackQuery, visit: Visit) -> None:
    """Offer the values of a setting, or keep one."""
    if press.message is None:
        raise Refusal("not-found")
    await need_manager(visit, press)
    here = await joined(visit, press.message.chat)
    said = unpack(press.data or "")
    name, value = (*said.args, "", "")[:2]
    if value:
        here = await _keep(visit, here, name, ":".join(said.args[1:]))
        await answer_press(press, visit.notice("saved"))
    page = await _page(visit, here) if value or not name else _values(visit, name)
    if value and name == "language":
        page = await _page(Visit(**{**vars(visit), "language": here.language, "chat": here}), here)
    await change(visit.bot, press.message.chat.id, press.message.message_id, page, photo=False)


async def _keep(visit: Visit, here: Chat, name: str, value: str) -> Chat:
    context = visit.context
    match name, value:
        case "language", language if language in NAMES:
            chosen: dict[str, object] = {"language": language}
        case "instant", "on" | "off":
            chosen = {"instant": value == "on"}
        case "digest", "off":
            chosen = {"digest_at": ()}
        case "digest", hour if hour.isdecimal() and int(hour) in HOURS:
            chosen = {"digest_at": (time(int(hour)),)}
        case "zone", zone:
            chosen = {"zone": zone}
        case _:
            raise Refusal("not-found")
    return await settings.choose(context.db, here.id, context.clock.now(), **chosen)


async def _page(visit: Visit, here: Chat) -> OutgoingMessage:
    known, chosen = await topics.choices(visit.context.db, here.id)
    followed = [each.name(visit.language) for each in known.all if follows(known.chain(each.id), chosen)]
    text = visit.say(
        "settings",
        language_name=NAMES.get(here.language, here.language),
        instant=here.instant,
        digest_at=" ".join(f"{each:%H:%M}" for each in here.digest_at),
        chat_zone=here.zone,
        topics=followed,
    )
    instant = "instant_on" if here.instant else "instant_off"
    buttons = (
        (Button(visit.label("language"), press=pack("set", "language")),),
        (Button(visit.label(instant), press=pack("set", "instant", "off" if here.instant else "on")),),
        (
            Button(visit.label("digest_hour"), press=pack("set", "digest")),
            Button(visit.label("zone"), press=pack("set", "zone")),
        ),
        (Button(visit.label("topics"), press=pack("topics", 0)),),
    )
    return OutgoingMessage(text, buttons=buttons)


def _values(visit: Visit, name: str) -> OutgoingMessage:
    back = (Button(visit.label("back"), press="set"),)
    if name == "language":
        rows: Keyboard = tuple(
            (Button(shown, press=pack("set", name, code)),) for code, shown in NAMES.items()
        )
        return OutgoingMessage(visit.label("language"), buttons=(*rows, back))
    if name == "digest":
        hours = [Button(f"{hour:02}:00", press=pack("set", name, hour)) for hour in HOURS]
        rows = tuple(tuple(hours[at : at + PER_ROW]) for at in range(0, len(hours), PER_ROW))
        none = (Button(visit.label("no_digest"), press=pack("set", name, "off")),)
        return OutgoingMessage(visit.say("choose_hour"), buttons=(*rows, none, back))
    if name == "zone":
        zones = [Button(zone, press=pack("set", name, zone)) for zone in ZONES]
        rows = tuple(tuple(zones[at : at + 2]) for at in range(0, len(zones), 2))
        return OutgoingMessage(visit.say("choose_zone"), buttons=(*rows, back))
    raise Refusal("not-found")

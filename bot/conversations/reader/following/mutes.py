"""Muting by buttons: what, and for how long; and the list of what is muted, to take things out of it again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.conversations.answers import change, send
from bot.conversations.chats import managed
from bot.conversations.presses import answer_press
from bot.conversations.reader.following.modes import mode_page
from bot.conversations.reader.following.words import until_when
from bot.conversations.visit import Visit
from bot.model.chat import Chat
from bot.model.errors import Refusal
from bot.model.following.mute import MuteKind, MuteSpan, MuteTarget, read_target
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.press import pack, unpack
from bot.readers.following import mutes
from bot.readers.following.mutes import Muteable, Muted

router = Router(name="mutes")

PER_PAGE = 10
_WAY = re.compile(r"t([0-9]{1,9})-([0-9]{1,3})")


@router.callback_query(F.data.startswith("mute:"))
async def ask(press: CallbackQuery, visit: Visit) -> None:
    """Ask below a story what of it should come no more. A button of old names a topic: then for how long."""
    said = unpack(press.data or "")
    article_id, topic_id = said.number(0), said.number(1)
    if article_id is None:
        raise Refusal("stale")
    await managed(press, visit, None)
    if topic_id is None:
        await send(visit, await what_page(visit, article_id))
        return
    what = await mutes.find(visit.services.db, MuteTarget(MuteKind.TOPIC, topic_id))
    await send(visit, span_page(visit, what, way=f"a{article_id}"))


@router.callback_query(F.data.startswith("less:"))
async def ask_again(press: CallbackQuery, visit: Visit) -> None:
    """Show again what of a story can be muted, in the place of the question for how long."""
    article_id = unpack(press.data or "").number(0)
    if article_id is None:
        raise Refusal("stale")
    await managed(press, visit, None)
    await change(visit, press, await what_page(visit, article_id))


@router.callback_query(F.data.startswith("hush:"))
async def mute(press: CallbackQuery, visit: Visit) -> None:
    """Ask for how long something is to be muted, or mute it. A second press mutes for as long from then on."""
    said = unpack(press.data or "")
    target, meant = _target(said.args), said.number(1) or 0
    here = await managed(press, visit, meant)
    services = visit.services
    if len(said.args) < 4:
        what = await mutes.find(services.db, target)
        await change(visit, press, span_page(visit, what, meant=meant, way=(*said.args[2:], "")[0]))
        return
    if said.args[3] not in list(MuteSpan):
        raise Refusal("stale")
    made = await mutes.mute(services.db, here.id, target, services.now(), span=MuteSpan(said.args[3]))
    await answer_press(press, told(visit, here, made))
    await change(visit, press, muted_page(visit, here, made, meant=meant))


@router.callback_query(F.data.startswith("unmute:"))
async def unmute(press: CallbackQuery, visit: Visit) -> None:
    """Let something come again, and show what is muted still."""
    said = unpack(press.data or "")
    target, meant = _target(said.args), said.number(1) or 0
    here = await managed(press, visit, meant)
    what = await mutes.unmute(visit.services.db, here.id, target)
    await answer_press(press, visit.notice("unmuted", what=what.name(visit.language)))
    if topic_page := _topic_page(what, meant, (*said.args[2:], "")[0]):
        await change(visit, press, await mode_page(visit, here, what.target.id, topic_page))
        return
    await change(visit, press, await list_page(visit, here, meant=meant, page=said.number(2) or 0))


@router.callback_query(F.data.startswith("muted:"))
async def turn(press: CallbackQuery, visit: Visit) -> None:
    """Show a page of what is muted."""
    said = unpack(press.data or "")
    meant = said.number(0) or 0
    here = await managed(press, visit, meant)
    await change(visit, press, await list_page(visit, here, meant=meant, page=said.number(1) or 0))


async def what_page(visit: Visit, article_id: int) -> OutgoingMessage:
    """Return the question what of a story should come no more: its topics, its source."""
    found = await mutes.of_story(visit.services.db, article_id)
    rows = [(_named(visit, each, pack("hush", each.target.word, 0, f"a{article_id}")),) for each in found]
    rows.append((Button(visit.label("muted_list"), press=pack("muted", 0, 0)),))
    return OutgoingMessage(visit.say("mute_what"), buttons=tuple(rows))


def span_page(visit: Visit, what: Muteable, *, meant: int = 0, way: str = "") -> OutgoingMessage:
    """Return the question for how long; `way` says where a button leads back to."""
    word = what.target.word
    rows: Keyboard = tuple(
        (Button(visit.label("mute_span", span=str(span)), press=pack("hush", word, meant, way or "-", span)),)
        for span in MuteSpan
    )
    back = _back(what, meant, way)
    if back is not None:
        rows += ((Button(visit.label("back"), press=back),),)
    text = visit.say("mute_span", what=what.name(visit.language), source=what.topic is None)
    return OutgoingMessage(text, buttons=rows)


def muted_page(visit: Visit, here: Chat, made: Muted, *, meant: int = 0) -> OutgoingMessage:
    """Return what was muted until when, with the ways back."""
    rows = (
        (Button(visit.label("unmute"), press=pack("unmute", made.what.target.word, meant)),),
        (Button(visit.label("muted_list"), press=pack("muted", meant, 0)),),
    )
    text = visit.say("muted", what=made.what.name(visit.language), until=until_when(visit, here, made.until))
    return OutgoingMessage(text, buttons=rows)


async def list_page(visit: Visit, here: Chat, *, meant: int = 0, page: int = 0) -> OutgoingMessage:
    """Return a page (from 0) of what the chat has muted, each with a button that ends it."""
    found = await mutes.listing(visit.services.db, here.id, visit.services.now())
    pages = max(1, -(-len(found) // PER_PAGE))
    page = max(0, min(page, pages - 1))
    shown = found[page * PER_PAGE : (page + 1) * PER_PAGE]
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                visit.label("unmute_one", what=each.what.name(visit.language)),
                press=pack("unmute", each.what.target.word, meant, page),
            ),
        )
        for each in shown
    ]
    turns = {page - 1: "‹", page: f"{page + 1}/{pages}", page + 1: "›"}
    if pages > 1:
        rows.append(
            tuple(
                Button(sign, press=pack("muted", meant, at)) for at, sign in turns.items() if 0 <= at < pages
            )
        )
    to_topics = ("topics", 0, meant) if meant else ("topics", 0)
    rows.append((Button(visit.label("topics"), press=pack(*to_topics)),))
    said = [(each.what.name(visit.language), until_when(visit, here, each.until)) for each in shown]
    text = visit.say("mutes", channel=here.title if meant else "", mutes=said)
    return OutgoingMessage(text, buttons=tuple(rows))


def told(visit: Visit, here: Chat, made: Muted) -> str:
    """Return in a sentence what is muted until when."""
    return visit.notice(
        "muted", what=made.what.name(visit.language), until=until_when(visit, here, made.until)
    )


def _back(what: Muteable, meant: int, way: str) -> str | None:
    """Return where the question for how long was asked: below a story, or on a topic's page."""
    if way[:1] == "a" and way[1:].isdecimal():
        return pack("less", way[1:])
    return _topic_page(what, meant, way)


def _topic_page(what: Muteable, meant: int, way: str) -> str | None:
    """Return the press that shows a topic's page again, where that is the way back: `t<topic above>-<page>`."""
    found = re.fullmatch(_WAY, way)
    if found is None or what.topic is None:
        return None
    return pack("mode", what.topic.id, found[1], meant, found[2])


def _named(visit: Visit, what: Muteable, press: str) -> Button:
    label = "mute_topic" if what.topic else "mute_source"
    return Button(visit.label(label, what=what.name(visit.language)), press=press)


def _target(args: Sequence[str]) -> MuteTarget:
    target = read_target((*args, "")[0])
    if target is None:
        raise Refusal("stale")
    return target

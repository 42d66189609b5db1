"""A topic's own page: when its stories come, one press for each mode, and the way to mute it."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.conversations.answers import change
from bot.conversations.chats import managed
from bot.conversations.presses import answer_press
from bot.conversations.reader.following.words import name_of, topic_name, until_when, way_of
from bot.conversations.reader.topic_menu import keep_menu
from bot.conversations.visit import Visit
from bot.model.chat import Chat
from bot.model.errors import Refusal
from bot.model.following.following import Following
from bot.model.following.mode import WIRE, Mode
from bot.model.following.mute import MuteKind, MuteTarget
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack, unpack
from bot.readers import topics
from bot.readers.topics import Chosen

router = Router(name="modes")

CHOSEN = "✅"
ABOVE = "up"
LAST_PAGE = 999
_VALUES = {str(int(mode)): mode for mode in Mode}


@router.callback_query(F.data.startswith("mode:"))
async def choose(press: CallbackQuery, visit: Visit) -> None:
    """Show a topic's page; or let its stories come in the mode that was pressed. A second press changes nothing."""
    said = unpack(press.data or "")
    topic_id, meant = said.number(0), said.number(2) or 0
    if topic_id is None:
        raise Refusal("stale")
    here = await managed(press, visit, meant)
    if len(said.args) > 4:
        made = await _keep(visit, here, topic_id, said.args[4])
        await answer_press(press, told(visit, made))
    await change(visit, press, await mode_page(visit, here, topic_id, press.data or ""))
    if not meant:
        await keep_menu(visit, here, press)


async def _keep(visit: Visit, here: Chat, topic_id: int, value: str) -> Chosen:
    services = visit.services
    if value == ABOVE:
        return await topics.as_above(services.db, here.id, topic_id, services.now())
    if value not in _VALUES:
        raise Refusal("stale")
    thread_id = visit.thread_id if here.telegram_id == visit.telegram_id else None
    return await topics.choose(
        services.db, here.id, topic_id, services.now(), mode=_VALUES[value], thread_id=thread_id
    )


def told(visit: Visit, made: Chosen) -> str:
    """Return in a sentence what was chosen, and the hour for digests that came with it."""
    return visit.notice(
        "mode_chosen",
        topic=name_of(visit, made.topic),
        way=made.mode.name.lower(),
        hour=f"{made.new_hour:%H:%M}" if made.new_hour else "",
        muted=made.muted.name(visit.language) if made.muted else "",
    )


async def mode_page(visit: Visit, here: Chat, topic_id: int, way: str) -> OutgoingMessage:
    """Return a topic's page; `way` is a press that leads there: after the topic the one above, channel, list's page."""
    found = await topics.following(visit.services.db, here.id, visit.services.now())
    if topic_id != WIRE and topic_id not in found.topics.by_id:
        raise Refusal("no-topic")
    above, meant, page = (unpack(way).number(at) or 0 for at in (1, 2, 3))
    # A forged button must not make those of this page too long.
    above, page = above if above in found.topics.by_id else 0, max(0, min(page, LAST_PAGE))
    text = visit.say(
        "topic_mode",
        channel=here.title if meant else "",
        path=_path(visit, found, topic_id),
        digest_at=[f"{each:%H:%M}" for each in found.digest_at],
        **_state(visit, here, found, topic_id),
    )
    rows = [
        (Button(label, press=pack("mode", topic_id, above, meant, page, value)),)
        for label, value in _offers(visit, found, topic_id)
    ]
    if topic_id != WIRE:
        target = MuteTarget(MuteKind.TOPIC, topic_id)
        own = any(each.target == target for each in found.mutes)
        label, verb = ("unmute", "unmute") if own else ("mute", "hush")
        rows.append((Button(visit.label(label), press=pack(verb, target.word, meant, f"t{above}-{page}")),))
    back = ("topics", above, meant, page) if meant or above or page else ("topics", 0)
    return OutgoingMessage(text, buttons=(*rows, (Button(visit.label("back"), press=pack(*back)),)))


def _offers(visit: Visit, found: Following, topic_id: int) -> list[tuple[str, str]]:
    """Return the buttons of a topic's page: label and value; what holds now is marked."""
    own = found.chosen.get(topic_id)
    offers = []
    decides = found.decides(topic_id)
    if decides is not None and found.above(topic_id):
        above = {"above": topic_name(visit, found, decides), "way": found.above(topic_id).name.lower()}
        offers.append((visit.label("mode_above", whole=decides == WIRE, **above), ABOVE, own is None))
    for mode in (Mode.USUAL, Mode.AT_ONCE, Mode.DIGEST, Mode.FLASH, Mode.OFF):
        if mode is Mode.USUAL:
            label = visit.label("mode_usual", way=found.resolved(mode).name.lower())
        else:
            label = visit.label("mode_choice", way=mode.name.lower())
        chosen = own is mode or (mode is Mode.OFF and not found.follows(topic_id))
        offers.append((label, str(int(mode)), chosen))
    return [(f"{CHOSEN} {label}" if chosen else label, value) for label, value, chosen in offers]


def _state(visit: Visit, here: Chat, found: Following, topic_id: int) -> dict[str, object]:
    """Return what a topic's page says of how things stand."""
    muted = found.mute_of(topic_id) if topic_id != WIRE else None
    by = muted.target.id if muted else topic_id
    return {
        "comes": way_of(visit, found.mode(topic_id)),
        "followed": found.follows(topic_id),
        "muted": muted is not None,
        "muted_above": topic_name(visit, found, by) if by != topic_id else "",
        "until": until_when(visit, here, muted.until) if muted else "",
        "no_digest": found.mode(topic_id) is Mode.DIGEST and not found.digest_at,
    }


def _path(visit: Visit, found: Following, topic_id: int) -> str:
    if topic_id == WIRE:
        return visit.label("all_news")
    return " › ".join(found.topics.names(reversed(found.topics.chain(topic_id)), visit.language))

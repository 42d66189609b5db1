"""Topics from /sources: added, renamed, merged, paused by buttons."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.conversations.access import need_for
from bot.conversations.answers import change
from bot.conversations.newsroom.entrance import (
    do_with,
    need_sources,
    pressed_source,
    topic_meant,
    topic_pressed,
)
from bot.conversations.newsroom.questions import ask
from bot.conversations.newsroom.topic_pages import merge_page, merge_sure_page, topic_page, topics_page
from bot.conversations.visit import Visit
from bot.desk.newsroom import topics
from bot.model.errors import Refusal
from bot.model.message import OutgoingMessage
from bot.model.newsroom.role import Right

router = Router(name="source_topics")


@router.callback_query(F.data == "src:topics")
async def show_topics(press: CallbackQuery, visit: Visit) -> None:
    """Show all topics."""
    await need_sources(visit)
    await change(visit, press, await topics_page(visit))


@router.callback_query(F.data == "src:new-topic")
async def ask_topic(_press: CallbackQuery, visit: Visit) -> None:
    """Ask for the name of a new topic at the top."""
    await need_sources(visit, whole=True)
    await ask(visit, "topic")


@router.callback_query(F.data.startswith("src:topic:"))
async def open_topic(press: CallbackQuery, visit: Visit) -> None:
    """Show a topic."""
    await _show(press, visit, (await pressed_source(press, visit)).number)


@router.callback_query(F.data.startswith("src:tbelow:"))
async def ask_below(press: CallbackQuery, visit: Visit) -> None:
    """Ask for the name of a new topic below one."""
    _, topic = await topic_pressed(press, visit)
    await ask(visit, "topic", number=topic.id, title=f"{topic.name(visit.language)} ›")


@router.callback_query(F.data.startswith("src:tname:"))
async def ask_name(press: CallbackQuery, visit: Visit) -> None:
    """Ask what a topic shall be called."""
    said, topic = await topic_pressed(press, visit)
    await ask(visit, "tname", number=topic.id, seen=said.seen, title=topic.name(visit.language))


@router.callback_query(F.data.startswith("src:tpause:"))
async def pause(press: CallbackQuery, visit: Visit) -> None:
    """Push nothing by a topic for the time being."""
    said, _ = await topic_pressed(press, visit)
    await do_with(press, visit, said, topics.pause, page=lambda: _page(visit, said.number))


@router.callback_query(F.data.startswith("src:tgo:"))
async def resume(press: CallbackQuery, visit: Visit) -> None:
    """Push by a topic again."""
    said, _ = await topic_pressed(press, visit)
    await do_with(press, visit, said, topics.resume, page=lambda: _page(visit, said.number))


@router.callback_query(F.data.startswith("src:tmerge:"))
async def show_others(press: CallbackQuery, visit: Visit) -> None:
    """Show of which other topic one can become part."""
    said = await pressed_source(press, visit)
    known, topic = await topic_meant(visit, said.number)
    await change(visit, press, merge_page(visit, known, topic))


@router.callback_query(F.data.startswith("src:tinto:"))
async def ask_merge(press: CallbackQuery, visit: Visit) -> None:
    """Ask whether a topic shall become part of another."""
    said = await pressed_source(press, visit)
    known, topic = await topic_meant(visit, said.number)
    if said.other is None or said.other not in known.by_id:
        raise Refusal("no-topic")
    await change(visit, press, merge_sure_page(visit, topic, known.by_id[said.other]))


@router.callback_query(F.data.startswith("src:tdone:"))
async def merge(press: CallbackQuery, visit: Visit) -> None:
    """Let a topic become part of another."""
    said = await pressed_source(press, visit)
    known, topic = await topic_meant(visit, said.number)
    if said.other is None or said.other not in known.by_id:
        raise Refusal("no-topic")
    into = said.other
    await need_for(visit, Right.SOURCES, (topic.id, into))
    told = visit.notice("topics_merged", topic=known.by_id[into].name(visit.language))
    await do_with(press, visit, said, topics.merge, into, page=lambda: topics_page(visit), told=told)


async def _show(press: CallbackQuery, visit: Visit, topic_id: int) -> None:
    await topic_meant(visit, topic_id)
    await change(visit, press, await _page(visit, topic_id))


async def _page(visit: Visit, topic_id: int) -> OutgoingMessage:
    return await topic_page(visit, *await topic_meant(visit, topic_id))

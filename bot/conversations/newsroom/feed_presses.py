"""/sources: the feeds, each with its state, and the buttons that change one; the newsroom file as a document."""

from __future__ import annotations

from functools import partial

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot.conversations.access import need_for
from bot.conversations.answers import change, send
from bot.conversations.newsroom.entrance import do_with, feed_pressed, need_sources
from bot.conversations.newsroom.pages import feed_page, feed_topics_page, remove_page, sources_page
from bot.conversations.newsroom.questions import ask
from bot.conversations.newsroom.trial import SETUP
from bot.conversations.visit import Visit
from bot.desk.newsroom import export as exports
from bot.desk.newsroom import feeds
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right
from bot.model.newsroom.sources import PUBLISH
from bot.model.press import unpack
from bot.readers import topics

router = Router(name="feeds")

FILE = "newsroom.toml"


@router.message(Command("sources"))
async def open_sources(_message: Message, visit: Visit) -> None:
    """Show the feeds."""
    await need_sources(visit)
    await send(visit, await sources_page(visit))


@router.callback_query(F.data == "src:home")
async def show_sources(press: CallbackQuery, visit: Visit) -> None:
    """Show the feeds again."""
    await need_sources(visit)
    await change(visit, press, await sources_page(visit))


@router.callback_query(F.data == "src:export")
async def export(_press: CallbackQuery, visit: Visit) -> None:
    """Send the newsroom file with topics and feeds as they are now; it names all of them."""
    await need_sources(visit, whole=True)
    services = visit.services
    text = await exports.newsroom_file(services.db, services.agency, services.now())
    document = BufferedInputFile(text.encode(), FILE)
    await visit.client.send_document(visit.telegram_id, document, caption=visit.say("source_exported"))


@router.callback_query(F.data == "src:new-feed")
async def ask_feed(_press: CallbackQuery, visit: Visit) -> None:
    """Ask for the address of a new feed."""
    await need_sources(visit)
    await ask(visit, "feed")


@router.callback_query(F.data.startswith("src:feed:"))
async def open_feed(press: CallbackQuery, visit: Visit) -> None:
    """Show how a feed is doing."""
    said, _ = await feed_pressed(press, visit)
    await change(visit, press, await feed_page(visit, said.number))


@router.callback_query(F.data.startswith("src:fpause:"))
async def pause(press: CallbackQuery, visit: Visit) -> None:
    """Ask a feed no more for the time being."""
    said, _ = await feed_pressed(press, visit)
    await do_with(press, visit, said, feeds.pause, page=lambda: feed_page(visit, said.number))


@router.callback_query(F.data.startswith("src:fgo:"))
async def resume(press: CallbackQuery, visit: Visit) -> None:
    """Ask a feed again."""
    said, _ = await feed_pressed(press, visit)
    await do_with(press, visit, said, feeds.resume, page=lambda: feed_page(visit, said.number))


@router.callback_query(F.data.startswith("src:fout:"))
async def choose_publish(press: CallbackQuery, visit: Visit) -> None:
    """Publish a feed's stories at once, or keep them for an editor."""
    said, _ = await feed_pressed(press, visit)
    if said.word not in PUBLISH:
        raise Refusal("stale")
    verb = feeds.choose_publish
    await do_with(press, visit, said, verb, said.word, page=lambda: feed_page(visit, said.number))


@router.callback_query(F.data.startswith("src:fname:"))
async def ask_name(press: CallbackQuery, visit: Visit) -> None:
    """Ask what a feed shall be called."""
    said, state = await feed_pressed(press, visit)
    feed = state.feed
    await ask(visit, "fname", number=feed.id, seen=said.seen, title=feed.name or feed.url)


@router.callback_query(F.data.startswith("src:ftopics:"))
async def show_topics(press: CallbackQuery, visit: Visit) -> None:
    """Show under which topics a feed's stories go."""
    said, _ = await feed_pressed(press, visit)
    await change(visit, press, await feed_topics_page(visit, said.number))


@router.callback_query(F.data.startswith("src:ftopic:"))
async def choose_topic(press: CallbackQuery, visit: Visit) -> None:
    """Add a topic to a feed's, or take it away."""
    said, state = await feed_pressed(press, visit)
    known = await topics.all_topics(visit.services.db)
    if said.other is None or said.other not in known.by_id:
        raise Refusal("no-topic")
    await need_for(visit, Right.SOURCES, (said.other,))
    slug = known.by_id[said.other].slug
    had = state.feed.topics
    wanted = tuple(each for each in had if each != slug) if slug in had else (*had, slug)
    setup = unpack(press.data or "").args[-1:] == (SETUP,)
    page = partial(feed_topics_page, visit, said.number, setup=setup)
    await do_with(press, visit, said, feeds.choose_topics, wanted, page=page)


@router.callback_query(F.data.startswith("src:fdrop:"))
async def ask_removal(press: CallbackQuery, visit: Visit) -> None:
    """Ask whether a feed shall be removed."""
    _, state = await feed_pressed(press, visit)
    await change(visit, press, remove_page(visit, state))


@router.callback_query(F.data.startswith("src:fgone:"))
async def remove(press: CallbackQuery, visit: Visit) -> None:
    """Take a feed from the list."""
    said, _ = await feed_pressed(press, visit)
    told = visit.notice("feed_removed")
    await do_with(press, visit, said, feeds.remove, page=lambda: sources_page(visit), told=told)

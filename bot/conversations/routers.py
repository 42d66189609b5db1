"""The whole bot on one page: who hears what, in this order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aiogram import Dispatcher, Router

from bot.conversations import memberships
from bot.conversations.desk import answers, edits, presses, shelves, writing
from bot.conversations.desk.fields import answers as field_answers
from bot.conversations.desk.fields import choices, held, looks
from bot.conversations.desk.fields import presses as field_presses
from bot.conversations.desk.highlights import presses as highlights_presses
from bot.conversations.desk.highlights import questions as highlights_questions
from bot.conversations.desk.live import group, notices
from bot.conversations.desk.published import correction, discovery, follow_ups, replies
from bot.conversations.editor import breaking, card_presses, status
from bot.conversations.editor.interruption import Interruptions
from bot.conversations.figures import presses as figures
from bot.conversations.flash import story, undo
from bot.conversations.inline import guests, queries
from bot.conversations.inline.shared import SharedStories
from bot.conversations.middleware import Visits
from bot.conversations.newsroom import answers as newsroom_answers
from bot.conversations.newsroom import feed_presses, setup, topic_presses, trial
from bot.conversations.own_data import command as own_data
from bot.conversations.people import record, rights, roster
from bot.conversations.places import channels, footer, sections, threads, whereabouts
from bot.conversations.places import rights as bots_rights
from bot.conversations.reader import (
    digests,
    links,
    location,
    pins,
    reactions,
    start,
    stop,
    stories,
    topics,
)
from bot.conversations.reader.commands import following
from bot.conversations.reader.following import modes, mutes
from bot.conversations.reader.latest import presses as latest
from bot.conversations.reader.opened import saved
from bot.conversations.reader.settings import commands as hours
from bot.conversations.reader.settings import presses as settings
from bot.conversations.reader.ways import buttons, words
from bot.conversations.reader.ways import presses as spoken_presses
from bot.conversations.search import presses as search
from bot.conversations.watch import alerts
from bot.conversations.watch import stories as followed
from bot.services import Services
from bot.sources.parser_pool import ParserPool

ROUTERS = (
    memberships.router,
    start.router,
    topics.router,
    links.router,
    modes.router,
    mutes.router,
    # Before topics by name: /follow in answer to a story follows that.
    followed.router,
    following.router,
    latest.router,
    stories.router,
    search.router,
    alerts.router,
    saved.router,
    queries.router,
    guests.router,
    reactions.router,
    # Before the digest of now: /digest with hours chooses them.
    hours.router,
    digests.router,
    buttons.router,
    spoken_presses.router,
    # Before /settings itself: with words it chooses at once.
    words.router,
    settings.router,
    stop.router,
    threads.router,
    whereabouts.router,
    sections.router,
    bots_rights.router,
    # Before the set-up, which takes the other channel that can be asked for.
    channels.router,
    footer.router,
    own_data.router,
    roster.router,
    rights.router,
    record.router,
    group.router,
    notices.router,
    # Before the desk itself: /desk that answers a story opens the story.
    discovery.router,
    shelves.router,
    presses.router,
    correction.router,
    follow_ups.router,
    replies.router,
    answers.router,
    field_presses.router,
    field_answers.router,
    choices.router,
    looks.router,
    held.router,
    story.router,
    undo.router,
    pins.router,
    highlights_presses.router,
    highlights_questions.router,
    feed_presses.router,
    topic_presses.router,
    trial.router,
    newsroom_answers.router,
    setup.router,
    figures.router,
    breaking.router,
    card_presses.router,
    edits.router,
    writing.router,
    location.router,
    status.router,
    start.last_router,
)


def build_dispatcher(services: Services, parsers: ParserPool) -> Dispatcher:
    """Return the dispatcher with every conversation in it; `parsers` read the documents that people send."""
    dispatcher = Dispatcher(services=services, parsers=parsers, kept=SharedStories())
    visits = Visits(services)
    for observer in (dispatcher.message, dispatcher.edited_message, dispatcher.callback_query):
        observer.outer_middleware(visits)
    dispatcher.message.outer_middleware(Interruptions())
    for router in ROUTERS:
        # A router belongs to one dispatcher; tests build several in one process.
        router._parent_router = None
        _filter_in_the_loop(router)
        dispatcher.include_router(router)
    return dispatcher


def _filter_in_the_loop(router: Router) -> None:
    """Have a router's filters called where they stand.

    aiogram hands each that is no coroutine to a thread: a press meets dozens, and each would wait for the loop.
    """
    for observer in router.observers.values():
        for each in (each for handler in observer.handlers for each in handler.filters or ()):
            if not each.awaitable:
                each.callback, each.awaitable = _at_once(each.callback), True


def _at_once(callback: Callable[..., Any]) -> Callable[..., Any]:
    async def called(*args: Any, **kwargs: Any) -> Any:
        return callback(*args, **kwargs)

    return called

"""The whole bot on one page: who hears what, in this order."""

from __future__ import annotations

from aiogram import Dispatcher

from bot.conversations import memberships
from bot.conversations.context import Context
from bot.conversations.editor import breaking, staff
from bot.conversations.reader import digests, leaving, settings, start, stories, topics
from bot.conversations.visits import Visits

ROUTERS = (
    memberships.router,
    start.router,
    topics.router,
    stories.router,
    digests.router,
    settings.router,
    leaving.router,
    breaking.router,
    staff.router,
    start.last_router,
)


def build_dispatcher(context: Context) -> Dispatcher:
    """Return the dispatcher with every conversation in it."""
    dispatcher = Dispatcher(context=context)
    visits = Visits(context)
    for observer in (dispatcher.message, dispatcher.callback_query):
        observer.outer_middleware(visits)
    for router in ROUTERS:
        # A router belongs to one dispatcher; tests build several in one process.
        router._parent_router = None
        dispatcher.include_router(router)
    return dispatcher

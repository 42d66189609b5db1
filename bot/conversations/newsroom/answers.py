"""Answers to what was asked about topics and feeds: addresses and names. Each asks for the right anew."""

from __future__ import annotations

from collections.abc import Awaitable

from aiogram import F, Router
from aiogram.types import Message

from bot.conversations.access import need_for
from bot.conversations.answers import send
from bot.conversations.newsroom.entrance import feed_meant, need_sources, refused_words, topic_meant
from bot.conversations.newsroom.pages import feed_page
from bot.conversations.newsroom.questions import AnswersSources, SourceQuestion
from bot.conversations.newsroom.setup_pages import setup_page
from bot.conversations.newsroom.topic_pages import topic_page
from bot.conversations.newsroom.trial import begin_trial
from bot.conversations.visit import Visit
from bot.desk.newsroom import feeds, topics
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right
from bot.model.newsroom.sources import topic_words, web_address

router = Router(name="source_answers")


@router.message(F.chat.type == "private", F.text, ~F.text.startswith("/"), AnswersSources())
async def take_answer(message: Message, visit: Visit, question: SourceQuestion) -> None:
    """Do what was asked with what was answered, and show what became of it."""
    await need_sources(visit)
    words = (message.text or "").strip()
    match question.what:
        case "feed":
            await begin_trial(visit, web_address(words), setup=question.setup)
        case "fname":
            await _rename_feed(message, visit, question, words)
        case "topic":
            await _add_topic(visit, question, words)
        case _:
            await _rename_topic(message, visit, question, words)


async def _rename_feed(message: Message, visit: Visit, question: SourceQuestion, words: str) -> None:
    by, services = await need_sources(visit), visit.services
    await feed_meant(visit, question.number)
    deed = feeds.rename(
        services.db, question.number, words, at=services.now(), by=by, seen=question.seen or None
    )
    await _do(message, visit, deed)
    await send(visit, await feed_page(visit, question.number))


async def _add_topic(visit: Visit, question: SourceQuestion, words: str) -> None:
    by, services = await need_sources(visit), visit.services
    # A topic at the top takes the right for all topics.
    await need_for(visit, Right.SOURCES, (question.number,) if question.number else None)
    said = topic_words(words, visit.language)
    made = await topics.add(
        services.db,
        said.names,
        at=services.now(),
        by=by,
        slug=said.slug,
        parent_id=question.number or None,
    )
    if question.setup:
        await send(visit, await setup_page(visit, "topics"))
    else:
        await send(visit, await topic_page(visit, *await topic_meant(visit, made.id)))


async def _rename_topic(message: Message, visit: Visit, question: SourceQuestion, words: str) -> None:
    by, services = await need_sources(visit), visit.services
    await topic_meant(visit, question.number)
    names = topic_words(words, visit.language).names
    deed = topics.rename(
        services.db, question.number, names, at=services.now(), by=by, seen=question.seen or None
    )
    await _do(message, visit, deed)
    await send(visit, await topic_page(visit, *await topic_meant(visit, question.number)))


async def _do(message: Message, visit: Visit, deed: Awaitable[object]) -> None:
    """Do a verb; where somebody was faster, say who: the page that follows shows what is there now."""
    try:
        await deed
    except Refusal as refusal:
        if refusal.code not in ("source-changed", "source-removed"):
            raise
        await message.answer(await refused_words(visit, refusal), parse_mode=None)

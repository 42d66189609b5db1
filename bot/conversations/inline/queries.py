"""`@bot words` in any chat: stories to choose from, and a look at what was chosen."""

from __future__ import annotations

import asyncio
import logging
import re

from aiogram import Router
from aiogram.exceptions import TelegramAPIError
from aiogram.types import ChosenInlineResult, InlineQuery, InlineQueryResultsButton, InlineQueryResultUnion

from bot.conversations.inline.results import asker, links, revision_shown, shared, shown_by, story_result
from bot.conversations.inline.shared import SharedStories
from bot.conversations.search.pages import searcher
from bot.log import Event
from bot.model.errors import Refusal
from bot.model.story.article import Status
from bot.readers import stories
from bot.readers.search.find import MOST_PAGES, glance
from bot.readers.shared import note
from bot.services import Services

log = logging.getLogger(__name__)
router = Router(name="inline")

PER_PAGE = 10

CACHE_SECONDS = 10
"""How long Telegram may show an answer again without asking: who deletes a letter and types it anew asks nobody.

A story that is withdrawn may be chosen for as long.
"""

_PAGE = re.compile(r"[1-9][0-9]?")
START = "inline"
"""What /start is told by whoever goes from the results to the bot's chat."""


@router.inline_query()
async def show_found(query: InlineQuery, services: Services, kept: SharedStories) -> None:
    """Show a page of the stories that are found; without words, the newest."""
    visit = await asker(services, query.from_user)
    page = _page(query.offset)
    results: list[InlineQueryResultUnion] = []
    more = refused = False
    try:
        if page is not None:
            found = await glance(
                services.db, searcher(visit), query.query, page=page, per_page=PER_PAGE, typing=True
            )
            for each in found.articles:
                story = visit.story(each, found.topics)
                message = kept.message(services.articles, story, visit.readership, now=services.now())
                results.append(story_result(each, message))
                # To render ten stories takes too long to keep everything else waiting.
                await asyncio.sleep(0)
            more = found.more
    except Refusal:
        refused = True
    button = None
    if not results and not page:
        label = visit.label("inline_none", long=refused)
        button = InlineQueryResultsButton(text=label, start_parameter=START)
    try:
        await services.client.answer_inline_query(
            query.id,
            results,
            cache_time=CACHE_SECONDS,
            is_personal=True,
            next_offset=str((page or 0) + 1) if more else "",
            button=button,
        )
    except TelegramAPIError as error:
        # Whoever types on has asked for something else meanwhile, and Telegram takes no late answer.
        log.info(Event("inline.unanswered", reason=error.message))


@router.chosen_inline_result()
async def look_again(chosen: ChosenInlineResult, services: Services) -> None:
    """Put right what was chosen, where the story was withdrawn or corrected since it was shown."""
    shown = revision_shown(chosen.result_id)
    if shown is None or chosen.inline_message_id is None:
        return
    visit = await asker(services, chosen.from_user)
    article_id, revision = shown
    number = chosen.inline_message_id
    try:
        found = await stories.read(services.db, article_id)
    except Refusal:
        message = services.articles.withdrawn(visit.readership, Status.KILLED)
    else:
        # From now on it follows the story by itself.
        await note(services.db, services.bot.id, shown_by(visit, number, found.article), services.now())
        if found.article.revision == revision:
            return
        message = shared(visit, found.article, found.topics)
    try:
        await services.client.edit_message_text(
            message.html,
            inline_message_id=number,
            reply_markup=links(message) if message.buttons else None,
        )
    except TelegramAPIError as error:
        log.warning(Event("inline.not_corrected", article=article_id, reason=error.message))


def _page(offset: str) -> int | None:
    """Return the page that an offset names, from 0; None where it was forged."""
    if not offset:
        return 0
    return int(offset) if _PAGE.fullmatch(offset) and int(offset) < MOST_PAGES else None

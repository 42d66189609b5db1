"""What highlights have to be told in words: their headline, and their hour. The question itself names them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aiogram import F, Router
from aiogram.filters import BaseFilter
from aiogram.types import ForceReply, Message

from bot.conversations.access import need, need_for
from bot.conversations.answers import link_asking, marks_asked, send
from bot.conversations.desk.highlights import pages
from bot.conversations.visit import Visit
from bot.desk import highlights
from bot.model.errors import Refusal
from bot.model.newsroom.moment import moment
from bot.model.newsroom.role import Right

router = Router(name="highlights_questions")

_MARK = re.compile(r"h-(title|at)-([0-9]{1,18})-([0-9]{1,9})")
"""The mark in a question's link: what is asked, of which highlights, in which version."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the bot asked (`title` or `at`) of which highlights, as the editor saw them."""

    asked: str
    number: int
    seen: int


class AnswersHighlights(BaseFilter):
    """Passes an answer to a question of highlights: `question` is what was asked."""

    async def __call__(self, message: Message, visit: Visit) -> bool | dict[str, Question]:
        """Look for the link in the bot's own question."""
        found = (_MARK.fullmatch(mark) for mark in marks_asked(message, visit))
        return next(
            ({"question": Question(each[1], int(each[2]), int(each[3]))} for each in found if each), False
        )


async def ask(visit: Visit, asked: str, number: int, seen: int) -> None:
    """Open the reply box for the headline or the hour."""
    link = link_asking(visit, f"h-{asked}-{number}-{seen}")
    text = visit.say("highlights_ask", asked=asked, link=link, zone_name=visit.services.rules.zone)
    box = ForceReply(input_field_placeholder=visit.label("picks_answer", asked=asked))
    await visit.client.send_message(visit.telegram_id, text, reply_markup=box)


@router.message(F.chat.type == "private", F.text, ~F.text.startswith("/"), AnswersHighlights())
async def take_answer(message: Message, visit: Visit, question: Question) -> None:
    """Give the highlights their headline or their hour, and show them."""
    editor = await need(visit, Right.PUBLISH)
    await need_picked(visit, question.number)
    try:
        await _do(visit, question, editor, (message.text or "").strip())
    except Refusal as refusal:
        if refusal.code == "stale":
            raise
        said = visit.services.talk.refusal(refusal.code, visit.language, **refusal.facts)
        await message.answer(said, parse_mode=None)
    await send(visit, await pages.page_of(visit, question.number))


async def need_picked(visit: Visit, number: int, story_id: int | None = None) -> None:
    """Refuse an editor whose right does not hold for every topic of what was picked, or of that story alone."""
    services = visit.services
    found = await highlights.view(services.db, number, services.bot.id)
    for story in found.stories:
        if story_id in (None, story.id):
            await need_for(visit, Right.PUBLISH, story.topic_ids)


async def _do(visit: Visit, question: Question, editor: int, words: str) -> None:
    services, number = visit.services, question.number
    if question.asked == "title":
        await highlights.change(
            services.db, number, services.bot.id, lambda picked: picked.name(words), seen=question.seen
        )
        return
    now = services.now()
    when = moment(words, now, services.rules.zone)
    await highlights.schedule(
        services.db,
        number,
        services.bot.id,
        when.at,
        at=now,
        by=editor,
        zone=when.zone,
        seen=question.seen,
    )

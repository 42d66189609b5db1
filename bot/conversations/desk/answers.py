"""What is answered to a question of the desk. A new question is a line in the table here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiogram import F, Router
from aiogram.types import Message

from bot.conversations.answers import send
from bot.conversations.desk.card import story_card
from bot.conversations.desk.entrance import StoryPress, refused_words, story_meant
from bot.conversations.desk.published.withdrawal import withdrawal
from bot.conversations.desk.questions import AnswersDesk, Question, close
from bot.conversations.refusals import refuse
from bot.conversations.visit import Visit
from bot.desk import amend
from bot.desk.story import release, review
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.model.newsroom.moment import moment
from bot.model.newsroom.role import Right

router = Router(name="desk_answers")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer in words does, and the right that it takes for the story's topics."""

    right: Right
    do: Callable[[Visit, StoryPress, str], Awaitable[object]]


@router.message(F.chat.type != "channel", F.text, ~F.text.startswith("/"), AnswersDesk())
async def take_answer(message: Message, visit: Visit, question: Question) -> None:
    """Do the verb with what was answered, and show the story's card; where somebody was faster, say who."""
    answer = ANSWERS.get(question.verb)
    if answer is None:
        raise Refusal("stale")
    meant = await story_meant(
        visit, answer.right, question.article_id, question.seen, passing=question.passing
    )
    try:
        await answer.do(visit, meant, (message.text or "").strip())
    except Refusal as refusal:
        await _say(message, visit, await refused_words(visit, refusal))
    else:
        visit.services.bell.ring()
        await close(message, visit)
    await send(visit, await story_card(visit, meant.article_id))


async def _say(message: Message, visit: Visit, words: str) -> None:
    if visit.kind is ChatKind.PRIVATE:
        await message.answer(words, parse_mode=None)
    else:
        await refuse(visit.services, message, lambda _language: words, visit.language)


async def _schedule(visit: Visit, meant: StoryPress, words: str) -> None:
    services, now = visit.services, visit.services.now()
    when = moment(words, now, services.rules.zone)
    await release.schedule(
        services.db,
        meant.article_id,
        when.at,
        at=now,
        by=meant.editor,
        zone=when.zone,
        rules=services.rules,
        seen=meant.seen,
        passing=meant.passing,
    )


async def _embargo(visit: Visit, meant: StoryPress, words: str) -> None:
    services, now = visit.services, visit.services.now()
    until = moment(words, now, services.rules.zone)
    await release.embargo(services.db, meant.article_id, until.at, at=now, by=meant.editor, zone=until.zone)


async def _send_back(visit: Visit, meant: StoryPress, words: str) -> None:
    services = visit.services
    await review.send_back(
        services.db, meant.article_id, at=services.now(), by=meant.editor, note=words, seen=meant.seen
    )


# What is wrong is taken back whichever revision of it the editor saw.


async def _kill(visit: Visit, meant: StoryPress, words: str) -> None:
    services, (reason, notice) = visit.services, withdrawal(visit, meant.article, "kill", words)
    at, by = services.now(), meant.editor
    await amend.kill(services.db, meant.article_id, at, by, reason=reason, notice=notice)


async def _kill_quietly(visit: Visit, meant: StoryPress, words: str) -> None:
    services = visit.services
    await amend.kill(services.db, meant.article_id, services.now(), meant.editor, reason=words)


async def _take_down(visit: Visit, meant: StoryPress, words: str) -> None:
    services, (reason, notice) = visit.services, withdrawal(visit, meant.article, "takedown", words)
    at, by = services.now(), meant.editor
    await amend.take_down(services.db, meant.article_id, at, by, reason=reason, notice=notice)


async def _unpublish(visit: Visit, meant: StoryPress, words: str) -> None:
    services = visit.services
    await amend.unpublish(services.db, meant.article_id, services.now(), meant.editor, reason=words)


ANSWERS = {
    "schedule": Answer(Right.PUBLISH, _schedule),
    "embargo": Answer(Right.PUBLISH, _embargo),
    "return": Answer(Right.APPROVE, _send_back),
    "kill": Answer(Right.KILL, _kill),
    "killquiet": Answer(Right.KILL, _kill_quietly),
    "takedown": Answer(Right.KILL, _take_down),
    "unpublish": Answer(Right.KILL, _unpublish),
}

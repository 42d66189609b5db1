"""What the desk asks in words: when, why, what to change. The question itself names the story: nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from aiogram.filters import BaseFilter
from aiogram.types import ForceReply, Message

from bot.conversations.answers import link_asking, marks_asked
from bot.conversations.desk.entrance import packed
from bot.conversations.desk.pages import when_facts
from bot.conversations.live import places
from bot.conversations.people.person import name_of
from bot.conversations.visit import Visit
from bot.model.chat import ChatKind
from bot.model.desk.check import Check
from bot.model.story.article import Article, Status

_MARK = re.compile(r"d-([a-z]+)-([0-9]{1,18})-([0-9]{1,9})-([0-9a-z]{0,20})")
"""The mark in a question's link: the verb, the story, the revision seen, the warnings passed."""


TELLING = ("kill", "takedown")
"""Ways to take a story back of which readers are told."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the bot asked: to do which verb with which story, as the editor saw it, and the warnings passed."""

    verb: str
    article_id: int
    seen: int
    passing: str


class AnswersDesk(BaseFilter):
    """Passes an answer to a question of the desk: `question` is what was asked."""

    async def __call__(self, message: Message, visit: Visit) -> bool | dict[str, Question]:
        """Look for the link in the bot's own question."""
        found = (_question(each) for each in marks_asked(message, visit))
        return next(({"question": each} for each in found if each is not None), False)


async def ask(visit: Visit, verb: str, article: Article, seen: int, *, passing: Iterable[Check] = ()) -> None:
    """Open the reply box for what a verb has to be told."""
    link = link_to(visit, verb, article.id, seen, passing=packed(passing))
    text = visit.say(
        "desk_ask",
        verb=verb,
        headline=article.content.headline or str(article.id),
        link=link,
        zone_name=visit.services.rules.zone,
        current=when_facts(visit, article.embargo_until if verb == "embargo" else article.release_at),
        person=await _named(visit),
        tells=verb in TELLING and article.status is Status.PUBLISHED,
    )
    # In a group the reply box opens for whom the question names alone; whoever has the right may answer.
    group = visit.kind is not ChatKind.PRIVATE
    label = visit.label("desk_answer", verb=verb)
    box = ForceReply(input_field_placeholder=label, selective=True if group else None)
    await visit.client.send_message(
        visit.telegram_id, text, message_thread_id=visit.thread_id, reply_markup=box
    )


async def close(message: Message, visit: Visit) -> None:
    """Take an answered question out of a group; in a private chat it stays."""
    if visit.kind is not ChatKind.PRIVATE and message.reply_to_message is not None:
        await places.remove(visit.services, visit.telegram_id, message.reply_to_message.message_id)


async def _named(visit: Visit) -> dict[str, object] | None:
    """Return whom a question in a group is put to; None in a private chat."""
    if visit.kind is ChatKind.PRIVATE or visit.user_id is None:
        return None
    return {"id": visit.user_id, "name": await name_of(visit, visit.user_id)}


def link_to(visit: Visit, verb: str, article_id: int, seen: int, *, passing: str = "") -> str:
    """Return the link by which an answer to a question is understood. `verb` is small Latin letters."""
    return link_asking(visit, f"d-{verb}-{article_id}-{seen}-{passing}")


def _question(mark: str) -> Question | None:
    found = _MARK.fullmatch(mark)
    return Question(found[1], int(found[2]), int(found[3]), found[4]) if found else None

"""The reply boxes of what comes after publication. A question names its story and shows what reads there now."""

from __future__ import annotations

from aiogram.types import ForceReply, Message

from bot.conversations.desk.questions import AnswersDesk, Question, link_to
from bot.conversations.visit import Visit
from bot.model.story.article import Article

FIX, LOUD, FOLLOW_UP = "fix", "loud", "followup"
"""Verbs of questions; of a field's, FIX and the field's name."""


class AnswersPublished(AnswersDesk):
    """Passes an answer to one of these questions: `question` is what was asked."""

    async def __call__(self, message: Message, visit: Visit) -> bool | dict[str, Question]:
        """Look for the link in the bot's own question."""
        found = await super().__call__(message, visit)
        if isinstance(found, dict) and found["question"].verb.startswith((FIX, LOUD, FOLLOW_UP)):
            return found
        return False


async def open_box(
    visit: Visit, verb: str, article: Article, seen: int, *, field: str = "", present: str = ""
) -> None:
    """Open the reply box of a question; `present` is what reads there now, to be copied."""
    text = visit.say(
        "desk_fix_ask",
        field=field or verb,
        headline=article.content.headline or str(article.id),
        link=link_to(visit, verb, article.id, seen),
        present=present,
    )
    box = ForceReply(input_field_placeholder=visit.label("fix_answer", field=field or verb))
    await visit.client.send_message(visit.telegram_id, text, reply_markup=box)

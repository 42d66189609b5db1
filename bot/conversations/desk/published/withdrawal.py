"""What an editor answers when a story is taken back: the reason for the record, and what readers are told."""

from __future__ import annotations

from typing import NamedTuple

from bot.conversations.visit import Visit
from bot.model.desk.title import cut
from bot.model.story.article import Article, Content

LONGEST_HEADLINE, LONGEST_WORDS = 150, 1000


class Withdrawal(NamedTuple):
    """Why a story is taken back, for the record, and what those are told who had it."""

    reason: str
    notice: Content


def withdrawal(visit: Visit, article: Article, way: str, answer: str) -> Withdrawal:
    """Return what an answer says: its first line is the reason, the lines below are for readers.

    Without such lines readers are told in the newsroom's own words, in the story's language.
    """
    reason, _, said = answer.strip().partition("\n")
    talk, language = visit.services.talk, article.content.language or visit.services.bot.language
    headline = cut(article.content.headline, LONGEST_HEADLINE)
    words = " ".join(said.split())[:LONGEST_WORDS]
    return Withdrawal(
        reason,
        Content(
            talk.notice("withdrawal", language, way=way, headline=headline),
            words or talk.notice("withdrawal_why", language, way=way),
            language=language,
        ),
    )

"""A story's way through the log, as events with the field `article`: `grep article=42` follows a story.

An event is logged after the transaction that made it true. `by` is an editor's Telegram id, or `feed`, `schedule`
or `command`.
"""

from __future__ import annotations

import logging

from bot.log import Event
from bot.model.story.article import Article

log = logging.getLogger(__name__)

COMMAND, FEED, SCHEDULE = "command", "feed", "schedule"


def came_in(article: Article) -> None:
    """Say that a source brought a story that is new."""
    fields = {"source": article.source, "uid": article.source_uid, "status": article.status}
    log.info(Event("story.came_in", article=article.id, **fields))


def joined(article: Article, source: str) -> None:
    """Say that another source tells a story that is there already, or its own source under another identity."""
    log.info(Event("story.joined", article=article.id, source=source))


def held(article: Article, source: str) -> None:
    """Say that a source's edit is held, because readers would lose by it."""
    log.warning(Event("story.edit_held", article=article.id, source=source))


def published(article: Article, by: int | str) -> None:
    """Say that a story was published."""
    log.info(Event("story.published", article=article.id, revision=article.revision, by=by))


def corrected(article: Article, by: int | str) -> None:
    """Say that a story has a next revision."""
    log.info(Event("story.corrected", article=article.id, revision=article.revision, by=by))


def killed(article: Article, by: int | str) -> None:
    """Say that a story was taken back."""
    log.info(Event("story.killed", article=article.id, by=by))


def refused(article_id: int, reason: str) -> None:
    """Say that a story was due for publication but may not be published."""
    log.warning(Event("story.refused", article=article_id, reason=reason))

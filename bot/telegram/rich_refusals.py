"""The stories and digests that Telegram refused as rich messages: nobody tries those again."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import replace

from bot.log import Event
from bot.metrics import RICH_REFUSED
from bot.model.delivery import Subject, SubjectKind
from bot.model.story.form import Form, Style

log = logging.getLogger(__name__)

KEPT = 4096


class RichRefusals:
    """Remembers articles and digests by revision: a corrected one may be taken again."""

    def __init__(self) -> None:
        self._refused: OrderedDict[tuple[Subject, int], None] = OrderedDict()

    def add(self, subject: Subject, revision: int, why: str = "") -> None:
        """Remember that Telegram refused the rich form; the first refusal is counted and logged."""
        if (subject, revision) in self._refused:
            return
        self._refused[subject, revision] = None
        if len(self._refused) > KEPT:
            self._refused.popitem(last=False)
        RICH_REFUSED.inc()
        named = {subject.kind.name.lower(): subject.id}
        log.warning(Event("rich.refused", **named, revision=revision, reason=why, sent_as="classic"))

    def allowed(self, style: Style, subject: Subject, revision: int) -> Style:
        """Return the style, or the classic form where `style` may be shown rich and that was refused before."""
        # A long digest is rich whatever its form, if that is not the classic one.
        rich = style.form is Form.RICH or subject.kind is SubjectKind.DIGEST
        return replace(style, form=Form.CLASSIC) if rich and (subject, revision) in self._refused else style

"""What a chat watches for: words that a story must all have, and words that it must not have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

_BETWEEN, _NOT, _LITERAL = "|", "-", '"'
"""Stems are small letters and digits alone: none of these stands in one."""


@dataclass(frozen=True, slots=True, order=True)
class Term:
    """Stems that stand side by side in a story. A `literal` one stands for itself, and for no synonym of it."""

    stems: tuple[str, ...]
    literal: bool = False


@dataclass(frozen=True, slots=True)
class AlertTerms:
    """All of the `wanted`, of which there is one at least, and nothing of the `unwanted`."""

    wanted: tuple[Term, ...]
    unwanted: tuple[Term, ...] = ()

    def dump(self) -> str:
        """Return the terms as they are kept: the same for all who watch for the same, in whatever order."""
        said = [_dumped(each) for each in sorted(set(self.wanted))]
        return _BETWEEN.join([*said, *(_NOT + _dumped(each) for each in sorted(set(self.unwanted)))])

    @classmethod
    def load(cls, kept: str) -> AlertTerms:
        """Return the terms that `dump` made."""
        parts = kept.split(_BETWEEN)
        return cls(
            tuple(_loaded(each) for each in parts if not each.startswith(_NOT)),
            tuple(_loaded(each[1:]) for each in parts if each.startswith(_NOT)),
        )


@dataclass(frozen=True, slots=True)
class Alert:
    """Words that a chat watches for, as they were said and as they are compared; `since` when, in which thread."""

    id: int
    said: str
    terms: AlertTerms
    since: datetime
    paused: bool = False
    thread_id: int | None = None


def _dumped(term: Term) -> str:
    return (_LITERAL if term.literal else "") + " ".join(term.stems)


def _loaded(kept: str) -> Term:
    return Term(tuple(kept.removeprefix(_LITERAL).split()), kept.startswith(_LITERAL))

"""Whether two tellings are one story. Precise before complete: a story told twice is better than a story lost.

Words decide, in their order; numbers, names, days and opposites must agree (docs/duplicates.md has the figures).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from functools import cached_property
from hashlib import blake2b

from bot.model.story.article import Content
from bot.model.story.content import plain_text
from bot.sources.identity.links import canonical, path_of, same_page
from bot.sources.identity.words import TELLING
from bot.stemming import folded, overlap, stems

WINDOW = timedelta(hours=36)
"""Between two tellings of one story there is less time, unless the story has one link in both."""

SOON = timedelta(hours=6)
"""The same for one source under two links: a source says every day much as it said the day before."""

_NEVER = datetime.min.replace(tzinfo=UTC)

FLASH = timedelta(hours=3)
"""The same for headlines without a text."""

_WORDS, _SHINGLE, _ENOUGH = 400, 3, 12
_WORD = re.compile(r"\d+(?:[.:/\-]\d+)*%?|[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_GROUPED = re.compile(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}(?!\d))")
_NAME = re.compile(r"(?<=[^\s.!?…:»\"“”])[ \u00a0,]+[«\"“„(]*([A-ZА-ЯЁ][^\W\d_]+(?:-[^\W\d_]+)*)")
_STATION = re.compile(r"[^(]*")


class Kin(Enum):
    """What two tellings have in common before their words are read."""

    LINK = auto()
    SOURCE = auto()
    NOTHING = auto()


@dataclass(frozen=True)
class Told:
    """A story as one source tells it, in the form in which stories are compared."""

    source: str
    content: Content
    at: datetime

    @cached_property
    def link(self) -> str:
        """The canonical link, or an empty string."""
        return canonical(self.content.url)

    @cached_property
    def headline(self) -> tuple[str, ...]:
        """The folded words of the headline."""
        return _words(self.content.headline)

    @cached_property
    def text(self) -> tuple[str, ...]:
        """The folded words of the lead and of the body's beginning."""
        return _words(self._text)[:_WORDS]

    @cached_property
    def stems(self) -> tuple[str, ...]:
        """The text's stems."""
        return stems(" ".join(self.text))

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The numbers of the text, and its words that may not differ, in their order."""
        return tuple(word for word in self.text if word[0].isdigit() or TELLING.fullmatch(word))

    @cached_property
    def names(self) -> frozenset[str]:
        """The names in the text, folded, but for the name of the source."""
        own = set(stems(self.content.source_name))
        found = (folded(name) for name in _NAME.findall(self._text))
        return frozenset(name for name in found if not own.intersection(stems(name)))

    @cached_property
    def station(self) -> str:
        """The city of the dateline, folded."""
        found = _STATION.match(self.content.dateline)
        return folded(found[0] if found else "").strip(" .,—-")

    @property
    def _text(self) -> str:
        return f"{self.content.lead}\n{plain_text(self.content.blocks)}"[: _WORDS * 12]


def keys(told: Told) -> list[int]:
    """Return the numbers under which a story is looked up: two tellings of one story share one of them."""
    named = [
        ("link", told.link),
        ("path", path_of(told.link)),
        ("headline", " ".join(told.headline)),
        ("text", " ".join(told.stems[:_ENOUGH])),
        ("time", "" if told.text else f"{told.source} {told.at.isoformat()}"),
    ]
    return [_number(f"{kind}:{words}") for kind, words in named if words]


def same_story(known: Told, new: Told) -> bool:
    """Return whether both tell the same story."""
    kin = _kin(known, new)
    if kin is not Kin.LINK and abs(known.at - new.at) > (SOON if kin is Kin.SOURCE else WINDOW):
        return False
    if known.station and new.station and known.station != new.station:
        return False
    if not near(known.headline, new.headline):
        return kin is Kin.LINK and _same_text(known, new)
    if not known.text or not new.text:
        return _by_headline(known, new, kin)
    match kin:
        case Kin.LINK:
            return _grown(known, new)
        case Kin.SOURCE:
            brief = not (known.link or new.link)
            return _same_text(known, new, least=1 if brief else _ENOUGH)
        case _:
            return _retold(known, new)


def changed_altogether(before: Content, after: Content, *, made_up: bool = False) -> bool:
    """Return whether an identity stands for another story now: headline, link and text have all changed.

    For a `made_up` identity, or where both name different sources, the headline need not have changed. Where no
    two links tell the stories apart, the words must have little in common.
    """
    one, other = Told("", before, _NEVER), Told("", after, _NEVER)
    if same_page(one.link, other.link):
        return False
    foreign = before.source_name and after.source_name and before.source_name != after.source_name
    headlines = 0.0 if made_up or foreign else overlap(stems(before.headline), stems(after.headline))
    if not one.text or not other.text:
        return headlines == 0 and not (made_up or foreign)
    if one.link and other.link and not near(one.headline, other.headline):
        return not _few_slips(one.text, other.text) and _contained(one, other) <= 0.5
    return headlines < 0.34 and overlap(one.stems, other.stems) < 0.34 and _contained(one, other) < 0.2


def near(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether the words are the same but for one slip of the pen."""
    if len(one) != len(other) or not one:
        return False
    slips = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return not slips or (len(slips) == 1 and len(one) > 1 and _slip(*slips[0]))


def _slip(one: str, other: str) -> bool:
    """Return whether the words differ by one letter, inside: endings and beginnings make other words."""
    if min(len(one), len(other)) < 5 or one[-1] != other[-1] or one[0] != other[0]:
        return False
    if all(TELLING.fullmatch(word) for word in (one, other)) or one[0].isdigit():
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _kin(known: Told, new: Told) -> Kin:
    if same_page(known.link, new.link):
        return Kin.LINK
    return Kin.SOURCE if known.source == new.source else Kin.NOTHING


def _by_headline(known: Told, new: Told, kin: Kin) -> bool:
    """Decide where a text is missing: in both, and soon after one another, or under one link."""
    if kin is Kin.LINK:
        return True
    if known.text or new.text:
        return False
    if kin is Kin.SOURCE:
        return known.at == new.at
    return known.headline == new.headline and len(new.headline) >= 5 and abs(known.at - new.at) <= FLASH


def _same_text(known: Told, new: Told, least: int = _ENOUGH) -> bool:
    """Return whether the texts differ by slips, a few words at most, and in no fact."""
    shorter, longer = sorted((len(known.text), len(new.text)))
    if shorter < least or shorter < 0.8 * longer or known.facts != new.facts or _names_differ(known, new):
        return False
    return _few_slips(known.text, new.text) or (shorter >= _ENOUGH and _contained(known, new) >= 0.8)


def _grown(known: Told, new: Told) -> bool:
    """Return whether one text holds most of the other, and no fact of its own against it: under one link."""
    if _contradict(known, new):
        return False
    return _few_slips(known.text, new.text) or _contained(known, new) >= 0.6


def _retold(known: Told, new: Told) -> bool:
    """Return whether the new text says nothing that the known text does not say: from another source."""
    if len(new.headline) + min(len(known.text), len(new.text)) < 6:
        return False
    if not _within(new.facts, known.facts) or _own(new.names, known.names):
        return False
    if _few_slips(known.text, new.text):
        return True
    held = _contained(known, new)
    if len(new.text) < _ENOUGH or held < 0.75:
        return False
    # What leaves things out is told again; what adds something must agree in every fact.
    cut = len(new.text) <= len(known.text) and held >= 0.9
    return cut or (known.facts == new.facts and not _names_differ(known, new) and _lengths(known, new) >= 0.8)


def _lengths(one: Told, other: Told) -> float:
    shorter, longer = sorted((len(one.text), len(other.text)))
    return shorter / longer


def _few_slips(one: Sequence[str], other: Sequence[str]) -> bool:
    if len(one) != len(other):
        return False
    slips = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(slips) <= 1 + len(one) // 40 and all(_slip(*slip) for slip in slips)


def _contradict(known: Told, new: Told) -> bool:
    facts = _within(new.facts, known.facts) or _within(known.facts, new.facts)
    return not facts or _names_differ(known, new)


def _names_differ(one: Told, other: Told) -> bool:
    return bool(_own(one.names, other.names)) and bool(_own(other.names, one.names))


def _own(names: frozenset[str], others: frozenset[str]) -> set[str]:
    """Return the names that only the first telling has; a slip of the pen makes no other name."""
    return {name for name in names - others if not any(_slip(name, other) for other in others)}


def _within(few: Sequence[str], many: Sequence[str]) -> bool:
    """Return whether the few stand among the many, in their order."""
    rest = iter(many)
    return all(any(one == each for each in rest) for one in few)


def _contained(one: Told, other: Told) -> float:
    """Return how much of the shorter text's shingles the longer text has: 0 to 1."""
    first, second = _shingles(one.stems), _shingles(other.stems)
    least = min(len(first), len(second))
    return len(first & second) / least if least else 0.0


def _shingles(words: Sequence[str]) -> set[tuple[str, ...]]:
    return (
        {tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1))}
        if words
        else set()
    )


def _words(text: str) -> tuple[str, ...]:
    joined = _GROUPED.sub("", folded(text.translate(_DASHES)))
    return tuple(_WORD.findall(re.sub(r"(?<=\d),(?=\d)", ".", joined)))


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))


def _number(words: str) -> int:
    return int.from_bytes(blake2b(words.encode(), digest_size=8).digest(), signed=True)

"""All that chats watch for, in memory, so that a story is compared with 100,000 alerts in a few milliseconds.

A condition never changes and its number is never used again: what is new is read behind the last number known. One
that nobody watches for any more stays until the next start, and then concerns nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import NamedTuple

from bot.model.search.alert import AlertTerms, Term
from bot.model.story.article import Content
from bot.stemming import Phrase, composed, words_of
from bot.store.engine.database import Transaction
from bot.store.newsroom.search.stems import stems_of
from bot.store.newsroom.search.synonyms import Groups
from bot.store.watch import matches

_BETWEEN_PARTS = "/"
"""Stands in no stem: a phrase does not begin in the headline and end in the lead."""

AT_ONCE = 1_000
OVERLAP = 32
"""On PostgreSQL a number may be given before a later one and be seen after it: so many are looked at again."""


class SaidWords:
    """What a story says, as alerts ask for it: stems, phrases of stems, and what the newsroom takes for the same."""

    def __init__(self, content: Content, groups: Groups = ()) -> None:
        made = stems_of(content)
        self._text = f" {made.headline} {_BETWEEN_PARTS} {made.lead} {_BETWEEN_PARTS} {made.body} "
        self._own = set(self._text.split())
        named = [phrases for phrases in _phrases(groups) if any(map(self._says, phrases))]
        self._meant = {phrase for phrases in named for phrase in phrases}
        self.words = self._own | {phrase[0] for phrase in self._meant if len(phrase) == 1}
        """The stems that stand for themselves or for a synonym."""
        self.stems = self._own.union(*self._meant)
        """With those in phrases that a synonym stands for."""

    def meet(self, terms: AlertTerms) -> bool:
        """Return whether the story has all that is wanted, and nothing that is not."""
        return all(map(self._has, terms.wanted)) and not any(map(self._has, terms.unwanted))

    def _has(self, term: Term) -> bool:
        return self._says(term.stems) or (not term.literal and term.stems in self._meant)

    def _says(self, phrase: Phrase) -> bool:
        if len(phrase) == 1:
            return phrase[0] in self._own
        return self._own.issuperset(phrase) and f" {' '.join(phrase)} " in self._text


class _Other(NamedTuple):
    """A condition with several words, phrases, or words that are not wanted.

    `words` and `not_words` are the plain stems; `terms` is left where that is all there is to it.
    """

    id: int
    words: frozenset[str]
    not_words: frozenset[str]
    terms: AlertTerms | None


class AlertIndex:
    """The conditions by the two rarest stems that a story must have, as far as they have two.

    Apart stand those of nothing but one, two, three plain words, and of one or two `unless` another is there: each is a
    look into a dictionary. Two conditions that are not the same never have the same words there.
    """

    def __init__(self) -> None:
        self._last = 0
        self._recent: set[int] = set()
        self._alone: dict[str, int] = {}
        self._pairs: dict[str, dict[str, int]] = {}
        self._triples: dict[str, dict[str, dict[str, int]]] = {}
        self._unless: dict[str, dict[str, list[tuple[str, int]]]] = {}
        self._others: dict[str, dict[str, list[_Other]]] = {}

    async def refresh(self, tx: Transaction) -> None:
        """Read what chats watch for since the last time."""
        after = self._last - OVERLAP
        while found := await matches.conditions(tx, after, AT_ONCE):
            for each in found:
                if each.id not in self._recent:
                    self.put(each)
            after = found[-1].id
            self._last = max(self._last, after)
            self._recent.update(each.id for each in found)
            self._recent = {each for each in self._recent if each > self._last - OVERLAP}
            if len(found) < AT_ONCE:
                return

    def met(self, said: SaidWords) -> list[int]:
        """Return the conditions that a story meets."""
        words, stems = said.words, said.stems
        found = [self._alone[each] for each in self._alone.keys() & words]
        for rarest in self._pairs.keys() & words:
            others = self._pairs[rarest]
            found += map(others.__getitem__, others.keys() & words)
        for rarest in self._triples.keys() & words:
            seconds = self._triples[rarest]
            for second in seconds.keys() & words:
                thirds = seconds[second]
                found += map(thirds.__getitem__, thirds.keys() & words)
        for rarest in self._unless.keys() & words:
            unless = self._unless[rarest]
            for each in unless.keys() & words:
                found += [number for unwanted, number in unless[each] if unwanted not in words]
        for rarest in self._others.keys() & stems:
            further = self._others[rarest]
            found += [
                number
                for number, wanted, unwanted, terms in chain.from_iterable(
                    map(further.__getitem__, further.keys() & stems)
                )
                if wanted <= words and unwanted.isdisjoint(words) and (terms is None or said.meet(terms))
            ]
        return found

    def put(self, kept: matches.Condition) -> None:
        """Take one more condition in."""
        terms = AlertTerms.load(kept.terms)
        wanted, unwanted = _plain(terms.wanted), _plain(terms.unwanted)
        plain = len(wanted) + len(unwanted) == len(terms.wanted) + len(terms.unwanted)
        also = kept.also or kept.rarest
        further = wanted - {kept.rarest, also}
        if not plain or len(unwanted) > 1 or len(further) > 1 or (further and unwanted):
            other = _Other(kept.id, wanted, unwanted, None if plain else terms)
            self._others.setdefault(kept.rarest, {}).setdefault(also, []).append(other)
        elif unwanted:
            unless = self._unless.setdefault(kept.rarest, {}).setdefault(also, [])
            unless.append((next(iter(unwanted)), kept.id))
        elif further:
            self._triples.setdefault(kept.rarest, {}).setdefault(also, {})[next(iter(further))] = kept.id
        elif len(wanted) == 1:
            self._alone[kept.rarest] = kept.id
        else:
            self._pairs.setdefault(kept.rarest, {})[also] = kept.id


def _plain(terms: Iterable[Term]) -> frozenset[str]:
    """Return the words that stand for themselves and for their synonyms."""
    return frozenset(each.stems[0] for each in terms if len(each.stems) == 1 and not each.literal)


@lru_cache(maxsize=4)
def _phrases(groups: Groups) -> tuple[tuple[Phrase, ...], ...]:
    made = [tuple(_stems(said) for said in group) for group in groups]
    return tuple(tuple(phrase for phrase in phrases if phrase) for phrases in made)


def _stems(said: str) -> Phrase:
    return tuple(each.stem for each in words_of(composed(said)))

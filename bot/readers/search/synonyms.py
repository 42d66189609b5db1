"""Words that mean the same to readers, as the newsroom groups them: who looks for one finds the others too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from bot.stemming import Phrase, composed, words_of


class Synonyms:
    """The newsroom's groups, by the stems of their words and phrases."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._groups: dict[Phrase, tuple[Phrase, ...]] = {}
        for group in groups:
            phrases = {tuple(each.stem for each in words_of(composed(said))): None for said in group}
            phrases.pop((), None)
            for phrase in phrases:
                # A word of several groups means all of them.
                known = dict.fromkeys((*self._groups.get(phrase, ()), *phrases))
                self._groups[phrase] = tuple(known)
        self._longest = max((len(phrase) for phrase in self._groups), default=1)

    def of(self, phrase: Phrase) -> tuple[Phrase, ...]:
        """Return the phrase with what means the same."""
        return tuple(dict.fromkeys((phrase, *self._groups.get(phrase, ()))))

    def longest(self, words: Sequence[Phrase]) -> tuple[int, tuple[Phrase, ...]]:
        """Return how many of the first words are one name, and that name with what means the same.

        A word may have several stems. There has to be a word.
        """
        for count in range(min(self._longest, len(words)), 1, -1):
            phrase = tuple(stem for word in words[:count] for stem in word)
            if phrase in self._groups:
                return count, self.of(phrase)
        return 1, self.of(words[0])


@lru_cache(maxsize=4)
def grouped(groups: tuple[tuple[str, ...], ...]) -> Synonyms:
    """Return the groups as they are looked up; the same groups cost nothing again."""
    return Synonyms(groups)

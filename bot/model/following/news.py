"""News that digests tell: what was published within a time, and what of it is under which topics that a chat chose."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.model.following.mode import WIRE, Mode
from bot.model.following.mute import MuteKind, MuteTarget, feed_of
from bot.model.languages import Codes, primary
from bot.model.story.article import NOTICES
from bot.model.story.digest import NO_TOPIC
from bot.model.story.topic import Topics

MOST = 200
"""How many stories a digest tells at most."""

Listed = tuple[tuple[int | None, tuple[int, ...]], ...]
"""Topics in an order, each with the stories that stand under it, newest first; None: under no topic."""


class NewsStory(NamedTuple):
    """A story that may be told: when it was published, in which language (a tag, or empty), on which topics."""

    id: int
    at: datetime
    language: str
    topics: tuple[int, ...]
    flash: bool = False
    source: str = ""


class TopicChoice(NamedTuple):
    """What a chat chose of topics: those of which digests tell, in its order, and those of which they do not.

    `wire`: they tell of all else too. `muted` are topics, and `feeds` sources, that it wants to hear nothing of now.
    """

    order: tuple[int, ...]
    untold: frozenset[int] = frozenset()
    wire: bool = False
    muted: frozenset[int] = frozenset()
    feeds: frozenset[int] = frozenset()


def choice_among(
    order: Iterable[int], modes: Mapping[int, Mode], muted: Iterable[MuteTarget] = ()
) -> TopicChoice:
    """Return what digests tell a chat that chose these modes and muted these targets; `order` is that of its topics."""
    targets = tuple(muted)
    return TopicChoice(
        tuple(each for each in order if modes[each] >= Mode.DIGEST),
        frozenset(each for each, mode in modes.items() if mode < Mode.DIGEST and each != WIRE),
        modes.get(WIRE, Mode.OFF) >= Mode.DIGEST,
        frozenset(each.id for each in targets if each.kind is MuteKind.TOPIC),
        frozenset(each.id for each in targets if each.kind is MuteKind.FEED),
    )


class News:
    """Stories, newest first, and what of them is told to whom. What was asked once is kept: most chats ask alike."""

    def __init__(self, stories: Sequence[NewsStory], known: Topics) -> None:
        self.stories = stories
        self._chains = {topic.id: known.chain(topic.id) for topic in known.all}
        self._paused = {topic.id for topic in known.all if known.is_paused(topic.id)}
        self._by_topic: dict[tuple[Codes, datetime], dict[int, list[int]]] = {}
        self._told: dict[tuple[TopicChoice, Codes, datetime], Listed] = {}

    def told(self, choice: TopicChoice, languages: Codes, since: datetime) -> Listed:
        """Return what a chat is told of what was published after `since`, in any of its languages.

        Each story stands once: under the first, in the chat's order, of the topics that it chose to follow.
        """
        key = (choice, languages, since)
        found = self._told.get(key)
        if found is None:
            found = self._told[key] = self._listed(choice, self._topics(languages, since))
        return found

    def _listed(self, choice: TopicChoice, by_topic: Mapping[int, list[int]]) -> Listed:
        chosen = choice.untold.union(choice.order)
        under: dict[int, list[int]] = {}
        for topic_id in by_topic.keys() - self._paused:
            chain = self._chains.get(topic_id, (topic_id,))
            usual = chain[-1] if choice.wire else None
            heading = next((at for at in chain if at in chosen), usual)
            if heading is not None and heading not in choice.untold:
                under.setdefault(heading, []).append(topic_id)
        seen = self._muted(choice, by_topic)
        muted = frozenset(seen)
        groups = []
        for heading in self._headings(choice):
            places = {at for topic_id in under.get(heading, ()) for at in by_topic[topic_id]} - seen
            seen |= places
            groups.append((heading, sorted(places)))
        told = sorted(seen - muted)
        last = told[MOST] if len(told) > MOST else len(self.stories)
        listed = ((each, tuple(self.stories[at].id for at in places if at < last)) for each, places in groups)
        return tuple(group for group in listed if group[1])

    def _headings(self, choice: TopicChoice) -> tuple[int, ...]:
        """Return under what a chat reads its digests: what it chose, then the rest of the whole wire."""
        if not choice.wire:
            return choice.order
        tops = (topic_id for topic_id, chain in self._chains.items() if chain[-1] == topic_id)
        return (*choice.order, *(each for each in tops if each not in choice.order), NO_TOPIC)

    def _muted(self, choice: TopicChoice, by_topic: Mapping[int, list[int]]) -> set[int]:
        """Return the places of the stories that a mute keeps away."""
        if not choice.muted and not choice.feeds:
            return set()
        topic_ids = (at for at in by_topic if choice.muted.intersection(self._chains.get(at, ())))
        by_feed = (place for place, each in enumerate(self.stories) if feed_of(each.source) in choice.feeds)
        return {place for at in topic_ids for place in by_topic[at]}.union(by_feed)

    def _topics(self, languages: Codes, since: datetime) -> dict[int, list[int]]:
        """Return the places of stories in the list, by topic."""
        found = self._by_topic.get((languages, since))
        if found is None:
            found = self._by_topic[languages, since] = {}
            for place, story in enumerate(self.stories):
                if story.at > since and (not languages or primary(story.language) in languages):
                    used = [topic_id for topic_id in story.topics if topic_id in self._chains]
                    if not used and story.source not in NOTICES:
                        used = [NO_TOPIC]
                    for topic_id in used:
                        found.setdefault(topic_id, []).append(place)
        return found


def without(listed: Listed, ids: Collection[int]) -> Listed:
    """Return what is left without some of the stories."""
    if not ids:
        return listed
    left = ((topic_id, tuple(each for each in told if each not in ids)) for topic_id, told in listed)
    return tuple(group for group in left if group[1])


def stories_of(listed: Listed) -> Iterable[int]:
    """Return all stories of a list, in their order."""
    return (each for _, told in listed for each in told)


def main_things(listed: Listed, flashes: Collection[int], most: int) -> Listed:
    """Return so many stories at most: breaking news first, then the newest of each topic in turn."""
    ranked = [
        (each not in flashes, place, turn, each)
        for turn, (_, told) in enumerate(listed)
        for place, each in enumerate(told)
    ]
    kept = {each for *_, each in sorted(ranked)[:most]}
    return without(listed, {each for each in stories_of(listed) if each not in kept})

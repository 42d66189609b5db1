"""How well the same story is known again, on labelled pairs, and what that costs among 100,000 stories.

`python -m bench duplicates` prints precision and recall. `--show` lists the pairs that are decided wrongly,
`--fast` leaves out the measuring of time. docs/duplicates.md says what the pairs are.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.model.story.article import Content, Status
from bot.model.story.content import Paragraph, Run
from bot.model.story.topic import Topics
from bot.sources.classify import Classifier
from bot.sources.identity.likeness import Told, keys, same_story
from bot.sources.intake import Change, Handling, take
from bot.sources.item import Item
from bot.sources.submission import Origin, submission
from bot.store.engine.database import Database, open_database
from bot.store.engine.migrate import migrate
from bot.store.engine.upsert import upsert
from bot.store.newsroom import contents, topics
from bot.store.newsroom.tables import article, revision, story_key

PAIRS = Path(__file__).parent.parent / "support" / "pairs.toml"
AT = datetime(2026, 5, 14, 9, tzinfo=UTC)
STORIES, ASKED, AT_ONCE = 100_000, 400, 500
_FOLDS = str.maketrans({"«": '"', "»": '"', "—": "-", "–": "-", "ё": "е", "'": "’"})


@dataclass(frozen=True, slots=True)
class Pair:
    """Two tellings, whether they are one story, and in which way they differ."""

    first: Told
    second: Told
    same: bool
    kind: str

    @property
    def joined(self) -> bool:
        """Whether we take them for one story: they are found by a key, and alike."""
        return bool(set(keys(self.first)) & set(keys(self.second))) and same_story(self.first, self.second)


def pairs() -> list[Pair]:
    """Return all labelled pairs."""
    kept = tomllib.loads(PAIRS.read_text("utf-8"))
    same = [pair for number, story in enumerate(kept["same"], 1) for pair in _changes(number, story)]
    return [*same, *(pair for each in kept["different"] for pair in _apart(each))]


def _changes(number: int, story: dict[str, Any]) -> Iterator[Pair]:
    headline, text = story["headline"], story["text"]
    link = f"http://news.example/2026/05/14/story-{number * 37}"
    first = _told(headline, text, link)
    secure = f"https://www.news.example/2026/05/14/story-{number * 37}/"
    sentences = text.split(". ")
    lead = ". ".join(sentences[:2]) + "."
    longest = max(headline.split(), key=len)
    slipped = headline.replace(longest, longest[:3] + longest[4] + longest[3] + longest[5:])
    later: Any = {"hours": 1.0}
    yield Pair(first, _told(headline, text, link, **later), True, "guid changed")
    yield Pair(first, _told(headline, text, secure, **later), True, "https, www")
    clicks = f"{link}?utm_source=rss&utm_medium=feed&yclid={number}&from=telegram"
    yield Pair(first, _told(headline, text, clicks, **later), True, "tracking parameters")
    moved = link.replace("news.example", "agency.example")
    yield Pair(first, _told(headline, text, moved, **later), True, "domain changed")
    yield Pair(first, _told(headline, lead, link, source="feed:2"), True, "two feeds of an agency")
    other = f"https://other.example/n/{number}"
    yield Pair(first, _told(headline, text, other, source="feed:2", **later), True, "another source")
    yield Pair(first, _told(headline, lead, other, source="feed:2", **later), True, "another source, cut")
    brief = _told(headline, lead, link)
    yield Pair(brief, _told(headline, text, other, source="feed:2", **later), True, "another source, fuller")
    curled, joined = headline.translate(_FOLDS), text.translate(_FOLDS)
    yield Pair(first, _told(curled, joined, other, source="feed:2", **later), True, "quotes, dashes, ё")
    bare = _told(headline, text, None)
    yield Pair(_told(slipped, text, None), bare, True, "typo in the headline, no link")
    wrong, slip = story["typo"]
    assert slip != wrong
    yield Pair(_told(headline, _replaced(text, wrong, slip), None), bare, True, "typo in the text, no link")
    flash = _told(headline, sentences[0] + ".", link)
    yield Pair(flash, _told(headline, text, link, **later), True, "flash grown, guid changed")


def _apart(pair: dict[str, Any]) -> Iterator[Pair]:
    hours = pair.get("hours", 1.0)
    shared = "https://news.example/page" if pair.get("link") == "same" else ""
    (headline, text), (other_headline, other_text) = pair["a"], pair["b"]
    first = _told(headline, text, shared or "https://news.example/a/101")
    second = _told(other_headline, other_text, shared or "https://news.example/b/202", hours=hours)
    yield Pair(first, second, False, "one source: " + pair["why"])
    if not shared:
        bare = replace(first, content=replace(first.content, url=None))
        yield Pair(
            bare, replace(second, content=replace(second.content, url=None)), False, "no link: " + pair["why"]
        )
    if pair.get("source") != "same" and hours < 24:
        yield Pair(first, replace(second, source="feed:2"), False, "two sources: " + pair["why"])


def _told(headline: str, text: str, link: str | None, *, source: str = "feed:1", hours: float = 0) -> Told:
    blocks = (Paragraph((Run(text),)),) if text else ()
    return Told(source, Content(headline, blocks=blocks, url=link), AT + timedelta(hours=hours))


def _replaced(text: str, word: str, by: str) -> str:
    for before, after in ((word, by), (word.capitalize(), by.capitalize())):
        text = text.replace(before, after, 1)
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(prog="bench duplicates", description=__doc__.splitlines()[0])
    parser.add_argument("--show", action="store_true", help="list the pairs that are decided wrongly")
    parser.add_argument("--fast", action="store_true", help="leave out the measuring of time")
    given = parser.parse_args(arguments)
    found = pairs()
    _print(found, show=given.show)
    if not given.fast:
        asyncio.run(_print_times())
    return 0


def _print(found: list[Pair], *, show: bool) -> None:
    joined = [pair for pair in found if pair.joined]
    right = sum(pair.same for pair in joined)
    same = sum(pair.same for pair in found)
    print(f"{len(found)} pairs: {same} of one story, {len(found) - same} of two")
    print(f"precision {100 * right / max(len(joined), 1):.1f} %, recall {100 * right / same:.1f} %")
    kinds: dict[str, list[bool]] = defaultdict(list)
    for pair in found:
        kinds[pair.kind if pair.same else "two stories"].append(pair.joined == pair.same)
    for kind, decided in kinds.items():
        print(f"  {kind:34} {sum(decided):4} of {len(decided)} right")
    for pair in found if show else ():
        if pair.joined != pair.same:
            print(f"WRONG {pair.kind}: {pair.first.content.headline} / {pair.second.content.headline}")


async def _print_times() -> None:
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(f"sqlite:///{folder}/bench.db")
        await migrate(db)
        for stories in (1000, STORIES):
            await _fill(db, stories)
            new, again, joined = await _times(db)
            print(
                f"among {stories:,} stories: new {new:.2f} ms, seen {again:.2f} ms, joined {joined:.2f} ms an item"
            )
        await db.close()


async def _fill(db: Database, stories: int) -> None:
    """Write the stories' rows as `take` would, many at once."""
    for start in range(0, stories, AT_ONCE):
        rows = [_rows(number) for number in range(start, start + AT_ONCE)]
        async with db.write() as tx:
            for at, table in enumerate((article, revision, story_key)):
                await tx.execute(
                    upsert(tx, table).on_conflict_do_nothing(), [row for each in rows for row in each[at]]
                )


def _rows(number: int) -> tuple[list[dict[str, Any]], ...]:
    told = submission(_item(number), Origin("feed:1", "ru"), Classifier(Topics(())))
    made = Told("feed:1", told.content, AT)
    story = {
        "id": number + 1,
        "source": "feed:1",
        "source_uid": told.uid,
        "status": Status.ARCHIVED,
        "revision": 1,
    }
    times = {"created_at": AT, "published_at": AT, "source_version": told.version.values()}
    said = {"article_id": number + 1, "number": 1, "created_at": AT, "fingerprint": told.version.fingerprint}
    found = [{"key": key, "article_id": number + 1, "at": AT} for key in keys(made)]
    return [{**story, **times}], [{**said, **contents.values(told.content)}], found


async def _times(db: Database) -> tuple[float, float, float]:
    """Return what an item takes, in milliseconds: a new story, one seen before, one from a second source."""
    async with db.read() as tx:
        classifier = Classifier(await topics.load(tx))
    took = []
    marks = (("feed:1", 10**6, Change.NEW), ("feed:1", 0, Change.SAME), ("feed:2", 0, Change.JOINED))
    for source, first, change in marks:
        told = [submission(_item(first + each), Origin(source, "ru"), classifier) for each in range(ASKED)]
        started = time.perf_counter()
        async with db.write() as tx:
            for each in told:
                taken = await take(tx, each, AT, handling=Handling.ARCHIVE, edit_delivered=True)
                assert taken.change is change, taken
            spent = time.perf_counter() - started
            took.append(1000 * spent / ASKED)
            await tx.rollback()
    return took[0], took[1], took[2]


def _item(number: int) -> Item:
    words = " ".join(f"слово{(number * 31 + place * 7) % 4001}" for place in range(60))
    headline = f"Новость {number} о деле {number % 977}"
    url = f"https://news.example/story/{number}"
    return Item(str(number), headline, blocks=(Paragraph((Run(f"Событие {number}. {words}."),)),), url=url)

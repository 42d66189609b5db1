"""How fast stories are rendered, how often, and what Telegram's own parser makes of them.

`python -m bench rendering` measures one core. `python -m bench.measurements.rendering --corpus FOLDER` renders
every story of a folder of pages and feeds in each form and lets TDLib judge: docs/rendering.md has the figures.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.corpora.conservation import sources
from bench.support.figures import Figure
from bot.model.bot import Bot
from bot.model.chat import ChatKind
from bot.model.clock import Clock
from bot.model.delivery import Delivery, Lane, Subject, SubjectKind
from bot.model.message import OutgoingMessage
from bot.model.story.article import Content
from bot.model.story.form import Form, Style
from bot.outbox.render_cache import RenderCache
from bot.rendering.article import ArticleRenderer
from bot.rendering.check import checked_templates
from bot.rendering.digest import DigestRenderer
from bot.rendering.story import Readership, Story
from bot.sources.item import SourceError
from bot.store.engine.database import open_database
from bot.store.engine.migrate import migrate
from bot.store.newsroom import articles
from bot.store.operations import bots
from tests.support.rendering.judge import lost, wrong
from tests.support.rendering.samples import READERSHIP, STORY

FORMS = tuple(Form)
SECONDS = 3.0
CHATS = 1_000_000
BOT = 700700


async def measure() -> list[Figure]:
    """Return how many stories one core renders a second, and how often one is rendered for all."""
    found = speed(SECONDS)
    told = await once(CHATS)
    rates = [Figure(f"stories rendered a second, {form}", f"{rate:,}") for form, rate in found.items()]
    return [
        *rates,
        Figure(
            f"renderings of a revision that goes to {CHATS:,} chats of 2 languages and 2 kinds",
            f"{told['rendered']} (looked up in {told['seconds']} s)",
            aim="4",
            met=told["rendered"] == 4,
        ),
    ]


def main() -> int:
    """Let Telegram's parser judge a corpus; print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="bench.measurements.rendering", description=__doc__.splitlines()[0])
    parser.add_argument("--corpus", type=Path, required=True, help="a folder of pages and feeds")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="list N stories that came out wrong")
    given = parser.parse_args()
    if not given.corpus.is_dir():
        print(f"{given.corpus} is no folder", file=sys.stderr)
        return 2
    figures, told = judged(given.corpus)
    print(json.dumps(figures, indent=1))
    print("\n".join(told[: given.show]))
    return 0


def speed(seconds: float) -> dict[str, float]:
    """Return how many stories one core renders a second in each form."""
    renderer = ArticleRenderer(checked_templates(agency="Vestnik"))
    found: dict[str, float] = {}
    for form in FORMS:
        story = replace(STORY, flash=form is Form.FLASH)
        renderer.parts(story, READERSHIP, Style(form))
        count, started = 0, time.process_time()
        while (took := time.process_time() - started) < seconds:
            renderer.parts(story, READERSHIP, Style(form))
            count += 1
        found[str(form)] = round(count / took)
    return found


class Counting(ArticleRenderer):
    """A renderer that counts."""

    rendered = 0

    def parts(self, story: Story, readership: Readership, style: Style) -> Any:
        self.rendered += 1
        return super().parts(story, readership, style)


async def once(chats: int) -> dict[str, float]:
    """Return how often a revision is rendered that goes to so many chats, of two languages and kinds."""
    clock = Clock()
    templates = checked_templates(agency="Vestnik", clock=clock)
    renderer = Counting(templates)
    with tempfile.TemporaryDirectory() as folder:
        db = open_database(f"sqlite:///{folder}/bench.db")
        try:
            await migrate(db)
            content = replace(STORY.content, picture=None)
            async with db.write() as tx:
                await bots.put(tx, BOT, "vestnik_bot", clock.now())
                kept = await articles.add(tx, content, source="bench", uid="1", at=clock.now())
            showing = RenderCache(
                db, clock, Bot(BOT, "vestnik_bot"), articles=renderer, digests=DigestRenderer(templates)
            )
            now, started = clock.now(), time.perf_counter()
            for number in range(chats):
                await showing.of(_delivery(kept.id, number, now), now)
            took = time.perf_counter() - started
        finally:
            await db.close()
    return {
        "chats": chats,
        "languages_and_kinds": 4,
        "rendered": renderer.rendered,
        "seconds": round(took, 2),
    }


def _delivery(article_id: int, number: int, now: datetime) -> Delivery:
    return Delivery(
        bot_id=BOT,
        chat_id=number,
        telegram_id=number,
        chat_kind=ChatKind.PRIVATE if number % 2 else ChatKind.GROUP,
        language="ru" if number % 3 else "en",
        zone="UTC",
        subject=Subject(SubjectKind.ARTICLE, article_id),
        lane=Lane.STORY,
        wanted=1,
        shown=None,
        thread_id=None,
        due_at=now,
        attempts=0,
    )


def judged(folder: Path) -> tuple[dict[str, Any], list[str]]:
    """Return for each form how many messages there were and how many Telegram takes exactly as meant."""
    renderer = ArticleRenderer(checked_templates(agency="Vestnik"))
    counts: dict[str, Counter[str]] = {str(form): Counter() for form in FORMS}
    told: list[str] = []
    for name, content in _contents(folder):
        story = Story(1, 1, content, (("news", "Новости"),), datetime.now(UTC))
        for form in FORMS:
            count = counts[str(form)]
            shown = renderer.parts(replace(story, flash=form is Form.FLASH), READERSHIP, Style(form))
            count["stories"] += 1
            for message in shown:
                reason = wrong(message)
                count["messages"] += 1
                count["exact"] += reason is None
                if reason:
                    told.append(f"{name} {form}: {reason[:300]}")
            if form in (Form.RICH, Form.CLASSIC):
                missing = lost(content, (*shown, *_read_on(renderer, story)) if form is Form.RICH else shown)
                count["words_kept_stories"] += not missing
                if missing:
                    told.append(f"{name} {form}: lost {list(missing)[:12]}")
    shares = {
        form: {**count, "exact_percent": round(100 * count["exact"] / max(1, count["messages"]), 3)}
        for form, count in counts.items()
    }
    return shares, told


def _read_on(renderer: ArticleRenderer, story: Story) -> list[OutgoingMessage]:
    """Return the pages behind the first of a story that is longer than one rich message."""
    pages = [renderer.rich(story, READERSHIP)]
    while "rich:" in str(pages[-1].buttons):
        after = renderer.rich(story, READERSHIP, len(pages))
        if after.html == pages[-1].html:
            break
        pages.append(after)
    return pages[1:]


def _contents(folder: Path) -> Iterator[tuple[str, Content]]:
    for source in sources(folder):
        try:
            items = source.stories()
        except SourceError:
            continue
        for item in items:
            yield source.name, item.content(str(source.facts.get("language", "en")), "")


if __name__ == "__main__":
    sys.exit(main())

"""The wire: a feed server on loopback whose agency never runs out of news."""

from __future__ import annotations

import asyncio
import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from itertools import chain, count, cycle

from aiohttp import web

from bot.demo.feeds import FeedHead, Item, atom, json_feed, rss
from bot.demo.stories import PICTURES, Story, load_stories

FIRST_PAUSE = 5.0  # seconds before the first story
PAUSES = (20.0, 34.0, 26.0, 40.0, 22.0, 30.0)  # seconds between two stories
CORRECTED_AFTER = 2  # stories later
STARTS_WITH = 4  # stories a feed has at the start
AGED_BY = timedelta(minutes=25)  # between two of those
MOST_KEPT = 30  # items in a feed
MOST_PAGES = 1000  # stories whose pages can be opened

Writer = Callable[[FeedHead, Sequence[Item]], bytes]


class Feed:
    """A feed that sends out its stories in turn, over and over, each time under new ids."""

    def __init__(self, name: str, title: str, *, suffix: str, mime: str, write: Writer) -> None:
        self.path = f"/feeds/{name}.{suffix}"
        self.mime = mime
        self.stories = load_stories(name)
        self.items: deque[Item] = deque(maxlen=MOST_KEPT)
        self.changed = datetime.now(UTC)
        self._title = title
        self._write = write
        self._coming = self._in_turn()

    def _in_turn(self) -> Iterator[tuple[str, Story]]:
        for lap in count(1):
            for story in self.stories:
                yield f"{story.slug}-{lap}", story

    def next(self, at: datetime) -> Item:
        """Send out the next story."""
        uid, story = next(self._coming)
        item = Item(uid, story, at, at)
        self.items.appendleft(item)
        self.changed = datetime.now(UTC)
        return item

    def correct(self, uid: str, at: datetime) -> Item | None:
        """Send out a story's correction; None where the story has left the feed."""
        for place, item in enumerate(self.items):
            if item.uid == uid:
                corrected = replace(item, story=item.story.corrected(), updated=at)
                self.items[place] = corrected
                self.changed = datetime.now(UTC)
                return corrected
        return None

    def body(self, site: str) -> bytes:
        """Return the feed's document, with `site` as the server's address."""
        head = FeedHead(self._title, self.stories[0].language, site, site + self.path)
        return self._write(head, self.items)


class Wire:
    """The feed server, and the timetable of its stories and corrections."""

    def __init__(self) -> None:
        self.url = ""
        self.feeds = {
            name: Feed(name, title, suffix=suffix, mime=mime, write=write)
            for name, title, suffix, mime, write in (
                ("news", "Вестник Долины: лента", "rss", "application/rss+xml", rss),
                ("magazine", "Вестник Долины: журнал", "atom", "application/atom+xml", atom),
                ("english", "Valley Herald", "json", "application/feed+json", json_feed),
            )
        }
        self._by_path = {feed.path: feed for feed in self.feeds.values()}
        self._turns = cycle(self.feeds[name] for name in ("news", "magazine", "news", "english"))
        self._pages: dict[str, Item] = {}
        self._corrections: deque[tuple[int, Feed, str]] = deque()
        self._gone_out = 0
        self._runner: web.AppRunner | None = None
        now = datetime.now(UTC)
        for feed in self.feeds.values():
            for age in range(STARTS_WITH, 0, -1):
                self._keep(feed.next(now - age * AGED_BY))

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Serve, and return the address."""
        app = web.Application()
        app.router.add_get("/feeds/{name}", self._feed)
        app.router.add_get("/news/{uid}", self._page)
        app.router.add_static("/pictures", PICTURES)
        runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, host, port).start()
        self._runner = runner
        self.url = f"http://{host}:{runner.addresses[0][1]}"
        return self.url

    async def stop(self) -> None:
        """Stop serving."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def play(self, pauses: Iterable[float] = PAUSES) -> None:
        """Send out a story soon, then one after each pause (seconds, over and over), until cancelled."""
        for pause in chain((FIRST_PAUSE,), cycle(pauses)):
            await asyncio.sleep(pause)
            self.step()

    def step(self) -> Item:
        """Send out the next correction that is due, else the next story."""
        now = datetime.now(UTC)
        if self._corrections and self._corrections[0][0] <= self._gone_out:
            _, feed, uid = self._corrections.popleft()
            if corrected := feed.correct(uid, now):
                return self._keep(corrected)
        feed = next(self._turns)
        item = feed.next(now)
        self._gone_out += 1
        if item.story.correction:
            self._corrections.append((self._gone_out + CORRECTED_AFTER, feed, item.uid))
        return self._keep(item)

    def _keep(self, item: Item) -> Item:
        self._pages[item.uid] = item
        while len(self._pages) > MOST_PAGES:
            del self._pages[next(iter(self._pages))]
        return item

    async def _feed(self, request: web.Request) -> web.StreamResponse:
        feed = self._by_path.get(request.path)
        if feed is None:
            raise web.HTTPNotFound
        body = feed.body(self.url)
        tag = hashlib.sha256(body).hexdigest()[:20]
        seen = _has_seen(request, tag, feed.changed)
        response = web.Response(status=304) if seen else web.Response(body=body, content_type=feed.mime)
        response.etag = tag
        response.last_modified = feed.changed
        return response

    async def _page(self, request: web.Request) -> web.Response:
        item = self._pages.get(request.match_info["uid"])
        if item is None:
            raise web.HTTPNotFound
        return web.Response(text=_page(item, f"{self.url}/pictures"), content_type="text/html")


def _has_seen(request: web.Request, tag: str, changed: datetime) -> bool:
    """Tell whether the client has this version: by its tag, else by its time (RFC 9110, 13.2.2)."""
    if request.if_none_match is not None:
        return any(known.value in (tag, "*") for known in request.if_none_match)
    since = request.if_modified_since
    return since is not None and changed.replace(microsecond=0) <= since


def _page(item: Item, pictures: str) -> str:
    story = item.story
    return f"""<!doctype html>
<html lang="{story.language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(story.headline, quote=False)}</title>
<style>
body {{ font: 18px/1.55 Georgia, serif; max-width: 42em; margin: 2em auto; padding: 0 1em; }}
img {{ width: 100%; height: auto; }}
figure {{ margin: 0; }} figcaption {{ font-size: 80%; opacity: .75; }}
td, th {{ padding: .2em 1em .2em 0; text-align: left; }}
</style>
<h1>{escape(story.headline, quote=False)}</h1>
<p><strong>{escape(story.lead, quote=False)}</strong></p>
{story.html(pictures)}
"""

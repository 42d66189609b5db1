"""A site with a feed, which a test changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from aiohttp import web

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)


def item(number: int, *, hour: int = 0, title: str = "", text: str = "Текст", category: str = "") -> str:
    at = NOW + timedelta(hours=hour)
    stamp = at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    told = f"<category>{category}</category>" if category else ""
    return (
        f"<item><guid>{number}</guid><title>{title or f'Новость {number}'}</title>"
        f"<description>{text}</description><pubDate>{stamp}</pubDate>{told}</item>"
    )


class Site:
    """A site with one feed that can be changed, and that counts who asks."""

    def __init__(self) -> None:
        self.items: list[str] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body: bytes | None = None
        self.asked: list[dict[str, str]] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(dict(request.headers))
        if self.headers.get("ETag") and request.headers.get("If-None-Match") == self.headers["ETag"]:
            return web.Response(status=304)
        told = f'<rss version="2.0"><channel><title>x</title>{"".join(self.items)}</channel></rss>'
        return web.Response(status=self.status, body=self.body or told.encode(), headers=self.headers)

"""Pictures made for tests, and a server on loopback that gives them away, or fails to."""

from __future__ import annotations

import asyncio
import io
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from PIL import Image


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 200), seed: int = 0, **options: Any) -> bytes:
    """Return a picture of some colours that follow from `seed`."""
    shades = [Image.linear_gradient("L").rotate(90 * turn + seed).resize(size) for turn in range(3)]
    return encoded(Image.merge("RGB", shades), kind, **options)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return the image as bytes of that kind."""
    made = io.BytesIO()
    image.save(made, kind, **options)
    return made.getvalue()


def opened(content: bytes) -> Image.Image:
    """Return the image that the bytes hold."""
    return Image.open(io.BytesIO(content))


@dataclass
class PictureServer:
    """Serves what a test puts at a path, and counts how often each was asked for."""

    url: str = ""
    asked: Counter[str] = field(default_factory=Counter)
    _there: dict[str, tuple[int, bytes, dict[str, str]]] = field(default_factory=dict)
    _held: dict[str, asyncio.Event] = field(default_factory=dict)
    _asked: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, path: str, content: bytes = b"", status: int = 200, **headers: str) -> str:
        """Have something stand at a path; return its address."""
        told = {"Content-Type": "image/jpeg"} | {name.replace("_", "-"): to for name, to in headers.items()}
        self._there[path] = (status, content, told)
        return f"{self.url}/{path}"

    def hang(self, path: str) -> str:
        """Have no answer come from a path until `let_go`; return its address."""
        self._held[path] = asyncio.Event()
        return f"{self.url}/{path}"

    def let_go(self, path: str) -> None:
        """Answer whoever waits at a path."""
        self._held[path].set()

    def close(self) -> None:
        """Let everybody go."""
        for each in self._held.values():
            each.set()

    async def was_asked(self, path: str) -> None:
        """Wait until somebody asks for a path."""
        while not self.asked[path]:
            self._asked.clear()
            await self._asked.wait()

    async def serve(self, request: web.Request) -> web.Response:
        """Answer one request."""
        path = request.path.lstrip("/")
        self.asked[path] += 1
        self._asked.set()
        if path in self._held:
            await self._held[path].wait()
        status, content, headers = self._there.get(path, (404, b"", {}))
        return web.Response(body=content, status=status, headers=headers)


@asynccontextmanager
async def picture_server() -> AsyncIterator[PictureServer]:
    """Run a server of pictures on a free port."""
    server = PictureServer()
    app = web.Application()
    app.router.add_get("/{path:.*}", server.serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        server.close()
        await runner.cleanup()

"""What tests of pictures ask of the engine and the sandbox."""

from __future__ import annotations

from typing import Any

from bot.model.story.content import Figure, Media, MediaKind, Run
from tests.support.engine import Engine


def at(url: str) -> Media:
    return Media(MediaKind.PICTURE, url=url)


def figures(*urls: str) -> tuple[Figure, ...]:
    return tuple(Figure(at(url), (Run(f"Подпись {n}"),)) for n, url in enumerate(urls, 1))


def uploads(engine: Engine, method: str = "sendPhoto") -> list[Any]:
    """Return the calls that brought a file."""
    return [call for call in engine.sandbox.calls(method=method) if "attach://" in str(call["params"])]


def photo(engine: Engine, reader: int) -> bytes:
    """Return the picture of the bot's last message in a chat."""
    return content_of(engine, engine.sandbox.messages(reader)[-1])


def content_of(engine: Engine, message: dict[str, Any]) -> bytes:
    """Return the picture of a message."""
    stored = engine.sandbox.world.files.get(message["photo"][-1]["file_id"])
    assert stored is not None
    return stored.content

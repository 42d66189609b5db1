"""A source of news, whatever its kind: what the poller and the importer ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.sources.item import Item

Cursor = Mapping[str, str]
"""What a source is handed back at the next look, in words of its own; empty at the first look."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a source told at one look: its items, the newest first, and the cursor for the next look.

    `lost` counts items that were left out because their letters can't be read; None where the source told nothing.
    """

    items: tuple[Item, ...]
    cursor: Cursor
    lost: int | None = None


class Source(Protocol):
    """Tells news when asked. `bot.sources.registry` names the kinds."""

    async def fetch(self, cursor: Cursor) -> Batch:
        """Return what the source tells now; no items where nothing changed since `cursor`.

        An item told before may come again: items are known by their uid. Raises SourceError for what can't be
        read, FetchError for what can't be had. Reading takes bounded time, and not the event loop's.
        """

"""What every page of /settings is made of: buttons with the state in place, ways to other pages and back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time

from bot.conversations.visit import Visit
from bot.model.chat import Chat
from bot.model.hours import Bounds, DigestTime, Quiet
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack
from bot.rendering.text.times import date_words

HOURS = range(24)
PER_ROW = 4
"""Hours in a row: with a mark they can be read on a screen 390 px wide."""

CHOSEN = "✅"


@dataclass(frozen=True, slots=True)
class Page:
    """A page of one chat's settings, spoken of in a visit.

    `meant` is the chat's Telegram id where it is not the one spoken in.
    """

    visit: Visit
    here: Chat
    meant: int = 0

    @property
    def bounds(self) -> Bounds:
        """What the chat asked for beyond its quiet hours."""
        return self.here.bounds

    def made(self, text: str, rows: Iterable[tuple[Button, ...]], *, above: str = "") -> OutgoingMessage:
        """Return the page with a way back to the one `above`; the main one where none is named."""
        up = self.press(above) if above else self.press()
        return OutgoingMessage(text, buttons=(*rows, (Button(self.visit.label("back"), press=up),)))

    def press(self, *args: object) -> str:
        """Return what a button of the page says."""
        return pack("set", self.meant, *args)

    def way(self, label: str, *args: object) -> Button:
        """Return a button that leads to another page."""
        return Button(self.visit.label(label), press=self.press(*args))

    def switch(self, label: str, name: str, *, on: bool) -> Button:
        """Return a button that turns something on or off; its label says which it is now."""
        said = self.visit.label(f"{label}_on" if on else f"{label}_off")
        return Button(said, press=self.press(name, "off" if on else "on"))

    def marked(self, label: str, chosen: bool, *args: object) -> Button:
        """Return a button for a value, marked where it is the one that was chosen."""
        return Button(f"{CHOSEN} {label}" if chosen else label, press=self.press(*args))

    def until(self) -> str:
        """Return in words until when the chat wants to be left alone; empty where it does not."""
        now, until = self.visit.services.now(), self.bounds.away_until
        if until is None or until <= now:
            return ""
        return date_words(until, now, self.visit.language, self.here.zone)


def clocks(times: Iterable[time]) -> list[str]:
    """Return times as clocks show them."""
    return [f"{each:%H:%M}" for each in times]


def span(quiet: Quiet | None) -> list[str]:
    """Return from when to when; empty where that is never."""
    return clocks(quiet) if quiet is not None and quiet[0] != quiet[1] else []


def by_days(times: Sequence[DigestTime]) -> list[tuple[int, list[str]]]:
    """Return the times of digests by their days of the week, as bits."""
    found: dict[int, list[time]] = {}
    for each in times:
        found.setdefault(each.days, []).append(each.at)
    return [(days, clocks(at)) for days, at in found.items()]


def rows_of(buttons: Sequence[Button], width: int = PER_ROW) -> list[tuple[Button, ...]]:
    """Return buttons in rows."""
    return [tuple(buttons[at : at + width]) for at in range(0, len(buttons), width)]

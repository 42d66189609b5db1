"""The pages about words to watch: what they would bring, before they are kept; all of them; one of them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversations.visit import Visit
from bot.model.chat import ChatKind
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.press import pack
from bot.model.search.alert import Alert
from bot.readers.watch.alerts import COUNTED, AlertPage, Brought
from bot.rendering.text.breaks import shorten

ALERTS, FOLLOWED = "alerts", "followed"
ON, PAUSED = "🔔", "⏸"
WIDE = 70
"""From how many stories a week on somebody is told that an alert is a wide one: ten a day."""


def preview_page(
    visit: Visit, found: Sequence[Brought], *, instead_of: int = 0, whole: bool = False
) -> OutgoingMessage:
    """Return what alerts would have brought, with the buttons that keep them or leave it."""
    text = visit.say("alert_preview", alerts=[_brought(each) for each in found], change=bool(instead_of))
    keep = Button(
        visit.label("alert_keep", count=len(found)), press=pack(ALERTS, "keep", instead_of, int(whole))
    )
    leave = Button(visit.label("alert_leave"), press=pack(ALERTS, "leave"))
    return OutgoingMessage(text, buttons=((keep,), (leave,)))


def list_page(visit: Visit, found: Sequence[Alert], *, kept: Sequence[str] = ()) -> OutgoingMessage:
    """Return all that the chat watches for; `kept` is what was added just now."""
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                f"{PAUSED if each.paused else ON} {shorten(each.said, 60)}",
                press=pack(ALERTS, "open", each.id),
            ),
        )
        for each in found
    ]
    rows.append((Button(visit.label("alert_add"), press=pack(ALERTS, "ask", 0)),))
    rows.append((Button(visit.label("followed"), press=pack(FOLLOWED, 0)),))
    rows.append((Button(visit.label("settings"), press=pack("set", 0)),))
    return OutgoingMessage(visit.say("alerts", count=len(found), kept=kept), buttons=tuple(rows))


def alert_page(visit: Visit, shown: AlertPage) -> OutgoingMessage:
    """Return one alert, with what it brought in a week and what can be done about it."""
    alert = shown.alert
    text = visit.say("alert", **_brought(shown.brought), paused=alert.paused)
    switch = "resume" if alert.paused else "pause"
    rows: list[tuple[Button, ...]] = [
        (
            Button(visit.label(f"alert_{switch}"), press=pack(ALERTS, switch, alert.id)),
            Button(visit.label("alert_drop"), press=pack(ALERTS, "drop", alert.id)),
        )
    ]
    if visit.kind is ChatKind.PRIVATE:
        rows.append((Button(visit.label("alert_edit"), press=pack(ALERTS, "ask", alert.id)),))
    return OutgoingMessage(text, buttons=(*rows, *back_to_alerts(visit)))


def back_to_alerts(visit: Visit) -> Keyboard:
    """Return the way to all words that are watched for."""
    return ((Button(visit.label("back_to_alerts"), press=pack(ALERTS, "list")),),)


def _brought(found: Brought) -> dict[str, object]:
    """Return what the templates say of an alert."""
    return {
        "said": found.wanted.said,
        "count": found.count,
        "more": found.more,
        "most": COUNTED,
        "wide": found.count >= WIDE,
        "headlines": [" ".join(each.content.headline.split()) for each in found.newest],
    }

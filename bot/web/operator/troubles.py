"""What is wrong with a running bot, the worst first, as the operator's page tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.operations.overview.log_tail import LogLine
from bot.operations.overview.overview import Overview
from bot.operations.overview.readings import RunningFacts

LATELY = timedelta(minutes=15)
"""Errors of the log stand among the troubles for so long."""

MOST = 30


@dataclass(frozen=True, slots=True)
class Ailment:
    """Something wrong: `kind` names its words in `operator/troubles.j2`; `bad` where news may not go out by it."""

    kind: str
    bad: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


def troubles(
    found: Overview | None, unread: str, running: RunningFacts, lines: Sequence[LogLine], *, now: datetime
) -> list[Ailment]:
    """Return what is wrong, what keeps news from going out first."""
    all_of_it = [
        *_of_health(running),
        *([Ailment("unread", True, {"why": unread})] if unread else ()),
        *_of_rows(found),
        *(Ailment("template", facts={"problem": each}) for each in running.problems),
        *([Ailment("unpaid", facts={"why": running.unpaid})] if running.unpaid else ()),
        *_of_log(lines, now),
    ]
    return sorted(all_of_it, key=lambda each: not each.bad)[:MOST]


def _of_health(running: RunningFacts) -> Iterator[Ailment]:
    health = running.health
    if ended := health.get("ended"):
        names = ", ".join(map(str, ended)) if isinstance(ended, list | tuple) else str(ended)
        yield Ailment("ended", True, {"names": names})
    if why := health.get("no_updates"):
        yield Ailment("updates", True, {"why": str(why)})
    if not health.get("ok") and not ended and not why:
        yield Ailment("unwell", True)


def _of_rows(found: Overview | None) -> Iterator[Ailment]:
    if found is None:
        return
    for each in found.troubles:
        yield Ailment(each.talk, each.talk in ("owner_push", "owner_flood", "owner_paused"), each.facts)
    if found.in_doubt:
        yield Ailment("doubt", facts={"chats": found.in_doubt})


def _of_log(lines: Sequence[LogLine], now: datetime) -> Iterator[Ailment]:
    if count := sum(each.error and now - each.at < LATELY for each in lines):
        yield Ailment("errors", facts={"number": count, "minutes": LATELY // timedelta(minutes=1)})

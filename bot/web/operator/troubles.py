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

BAD = ("owner_push", "owner_flood", "owner_paused", "owner_canary", "owner_deaf")
"""Troubles by which news may not go out, or people get no answers."""


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
        *_of_rows(found, running),
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


def _of_rows(found: Overview | None, running: RunningFacts) -> Iterator[Ailment]:
    if found is None:
        return
    # What this process knows of itself stands among the troubles already.
    known = {"owner_deaf": running.health.get("no_updates"), "owner_paid": running.unpaid}
    said = {talk for talk, told in known.items() if told}
    if vacant := [each.role for each in found.roles if not each.owner]:
        yield Ailment("vacant", True, {"roles": vacant})
    for each in found.troubles:
        if each.talk in said or each.over:
            continue
        yield Ailment(each.talk, each.talk in BAD, each.facts)
    if found.in_doubt:
        yield Ailment("doubt", facts={"chats": found.in_doubt})


def _of_log(lines: Sequence[LogLine], now: datetime) -> Iterator[Ailment]:
    if count := sum(each.error and now - each.at < LATELY for each in lines):
        yield Ailment("errors", facts={"number": count, "minutes": LATELY // timedelta(minutes=1)})

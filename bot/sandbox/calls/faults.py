"""Faults on demand: which calls go wrong, how, and how often."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.calls.answers import Impossible, Json
from bot.sandbox.calls.log import as_chat_id
from bot.sandbox.calls.parameters import Parameters

KINDS = frozenset({"429", "error", "500", "502", "reset_before", "reset_after", "hang", "slow"})
SCOPES = frozenset({"chat", "group", "global"})
_MATCHED = frozenset({"method", "chat_id", "text_contains"})


@dataclass(slots=True)
class Fault:
    """One fault. `after` matching calls are left alone first, then `times` go wrong (None: all)."""

    id: int
    kind: str
    match: Json = field(default_factory=dict)
    times: int | None = 1
    after: int = 0
    retry_after: int = 1  # seconds (429)
    scope: str = "chat"  # what a 429 closes for that time
    seconds: float = 1  # hang, slow
    code: int = 400  # error
    description: str = "Bad Request: chat not found"
    parameters: Json | None = None
    hits: int = 0

    def fits(self, method: str, params: Parameters) -> bool:
        """Return whether a call matches, whatever the counts."""
        match = self.match
        if "method" in match and match["method"].lower() != method.lower():
            return False
        if "chat_id" in match and as_chat_id(match["chat_id"]) != as_chat_id(params.values.get("chat_id")):
            return False
        wanted = match.get("text_contains")
        return not wanted or any(wanted in params.text(name) for name in ("text", "caption", "rich_message"))

    def view(self) -> Json:
        """Return the fault as the control API shows it."""
        return {name: getattr(self, name) for name in self.__slots__}


class Faults:
    """The faults that wait to happen."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._ids = itertools.count(1)
        self.cleared = asyncio.Event()
        """Set when the faults that there are now are dropped."""

    def add(self, kind: str, match: Json | None = None, **options: Any) -> Fault:
        """Add a fault; `options` are the fields of `Fault`.

        Raises:
            Impossible: there is no such kind, scope, option or thing to match.
        """
        kind = str(kind)
        if kind not in KINDS:
            raise Impossible(f"a fault is one of {', '.join(sorted(KINDS))}")
        if options.get("scope", "chat") not in SCOPES:
            raise Impossible(f"a scope is one of {', '.join(sorted(SCOPES))}")
        if unknown := set(match or {}) - _MATCHED:
            raise Impossible(f"a fault cannot match {', '.join(sorted(unknown))}")
        try:
            fault = Fault(next(self._ids), kind, dict(match or {}), **options)
        except TypeError:
            raise Impossible(f"a fault has no such option: {', '.join(sorted(options))}") from None
        self._faults.append(fault)
        return fault

    def waiting(self) -> list[Fault]:
        """Return the faults that may still happen."""
        return list(self._faults)

    def clear(self) -> None:
        """Drop every fault; the calls that one holds up go on."""
        self._faults.clear()
        self.cleared.set()
        self.cleared = asyncio.Event()

    def hit(self, method: str, params: Parameters) -> Fault | None:
        """Return the fault that this call meets, and count it."""
        for fault in self._faults:
            if not fault.fits(method, params):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.hits += 1
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self._faults.remove(fault)
            return fault
        return None

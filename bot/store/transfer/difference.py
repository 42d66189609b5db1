"""Which row of two tables differs, where their sums do: found by walking both in the order of their keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from bot.store.transfer.rows import Form, Row
from bot.store.transfer.side import Origin, Target

MOST = 5
"""How many differences are named of one table."""


async def differences(form: Form, origin: Origin, target: Target) -> list[str]:
    """Return in words the first rows that are not the same in both."""
    found: list[str] = []
    old, new = origin.rows(form, ordered=True), target.rows(form, ordered=True)
    here, there = await _next(old), await _next(new)
    while (here is not None or there is not None) and len(found) < MOST:
        if here is not None and target.fits_postgres:
            here = form.for_postgres(here)
        if there is None or (here is not None and _before(form, here, there)):
            assert here is not None
            found.append(f"{form.name} {form.shown(here)}: not there after the move")
            here = await _next(old)
        elif here is None or _before(form, there, here):
            found.append(f"{form.name} {form.shown(there)}: not there before the move")
            there = await _next(new)
        else:
            if here != there:
                changed = (name for name, a, b in zip(form.columns, here, there, strict=True) if a != b)
                found.append(f"{form.name} {form.shown(here)}: {', '.join(changed)} differs")
            here, there = await _next(old), await _next(new)
    return found


def _before(form: Form, one: Row, other: Row) -> bool:
    return _bytes(form.key_of(one)) < _bytes(form.key_of(other))


def _bytes(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(each.encode() if isinstance(each, str) else each for each in key)


async def _next(rows: AsyncIterator[Row]) -> Row | None:
    return await anext(rows, None)

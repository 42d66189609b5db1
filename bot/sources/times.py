"""Times as sources write them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


def moment(value: Any) -> datetime | None:
    """Return the time that RFC 3339 words name (in UTC where they name no zone), None where none."""
    try:
        at = datetime.fromisoformat(value)
        return (at.replace(tzinfo=UTC) if at.tzinfo is None else at).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return None

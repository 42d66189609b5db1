"""The newest warnings and errors of this process's log, kept in memory for the operator's page.

They end with the process: the log itself has them for longer.
"""

from __future__ import annotations

import logging
import re
from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from threading import Lock
from types import TracebackType

from bot.log import Event, phrase

MOST = 200
"""How many lines are kept; one that repeats is one line."""

LONGEST = 600

_QUERY = re.compile(r"(https?://[^\s?#\"]+)[?#][^\s\"]*")
"""What stands behind an address may be a key."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of the log without secrets: what happened, where, when last, and how many times in a row of `MOST`."""

    at: datetime
    error: bool
    event: str
    text: str
    times: int = 1


class LogTail(logging.Handler):
    """Keeps the newest lines of level WARNING and above while it is entered as a context."""

    def __init__(self, most: int = MOST) -> None:
        super().__init__(logging.WARNING)
        self._lines: deque[LogLine] = deque(maxlen=most)
        self._guard = Lock()
        self.since = datetime.now(UTC)

    def __enter__(self) -> LogTail:
        """Begin to listen to the root logger."""
        logging.getLogger().addHandler(self)
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """Listen no more."""
        logging.getLogger().removeHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the record's line; where the same line is kept already, that one moves to the front."""
        try:
            line = _line(record)
        except Exception:
            self.handleError(record)
            return
        with self._guard:
            for known in self._lines:
                if (known.event, known.text, known.error) == (line.event, line.text, line.error):
                    self._lines.remove(known)
                    line = replace(line, times=known.times + 1)
                    break
            self._lines.append(line)

    def newest(self) -> list[LogLine]:
        """Return the kept lines, newest first."""
        with self._guard:
            return list(self._lines)[::-1]


def _line(record: logging.LogRecord) -> LogLine:
    if isinstance(record.msg, Event):
        event = record.msg.name
        text = str(record.msg).removeprefix(event).strip()
    else:
        event, text = record.name, record.getMessage()
    if record.exc_info and (error := record.exc_info[1]) is not None:
        text = f"{text} {type(error).__name__}: {error}"
    at = datetime.fromtimestamp(record.created, UTC)
    said = _QUERY.sub(r"\1?…", phrase(text, LONGEST))
    return LogLine(at, record.levelno >= logging.ERROR, phrase(event, 80), said)

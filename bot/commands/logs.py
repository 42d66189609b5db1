"""Logs: to the terminal, and to a file that rotates. No secret passes."""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import sys
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType

from bot.log import Event, Outage, Value, clean, printable
from bot.model.errors import SetupError
from bot.store.engine.database_file import make_folder

FILE_BYTES = 10_000_000
FILES_KEPT = 5
TRACEBACK_LONGEST = 8_000
OUTAGE_SECONDS, MOST_OUTAGES = 60.0, 100
"""How often the same outage is written, and how many are remembered."""

log = logging.getLogger(__name__)


class TextLines(logging.Formatter):
    """A line an event: `2026-11-26 12:00:00 INFO story.published article=42`, in the machine's own time.

    A library's line has its logger in place of the event's name. A traceback follows, indented.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as lines of which none but the first begins at the margin."""
        time = datetime.fromtimestamp(record.created).astimezone().strftime("%Y-%m-%d %H:%M:%S")
        line = f"{time} {record.levelname} {_text(record)}"
        return "\n".join([line, *(f"    {printable(row)}" for row in _traceback(record).splitlines())])


class JsonLines(logging.Formatter):
    """A JSON object a line: time (UTC), level, logger, event and the event's fields, each with its type.

    A library's line is the event `message`, with its text as the field `message`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        written: dict[str, Value] = {"time": time, "level": record.levelname, "logger": record.name}
        if isinstance(record.msg, Event):
            written |= {"event": record.msg.name, **record.msg.values()}
        else:
            written |= {"event": "message", "message": clean(record.getMessage())}
        if traceback := _traceback(record):
            written["traceback"] = traceback
        return printable(json.dumps(written, ensure_ascii=False))


class OncePerOutage(logging.Filter):
    """Lets the same outage pass once in so many seconds."""

    def __init__(self, seconds: float = OUTAGE_SECONDS) -> None:
        super().__init__()
        self._seconds = seconds
        self._written: dict[object, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is to be written."""
        if not isinstance(record.msg, Outage):
            return True
        known = self._written.get(record.msg.key)
        if known is not None and record.created - known < self._seconds:
            return False
        if len(self._written) >= MOST_OUTAGES:
            self._written.clear()
        self._written[record.msg.key] = record.created
        return True


class _OwnFile(logging.handlers.RotatingFileHandler):
    """A file that is new is its owner's and group's: it names people by their numbers."""

    def _open(self) -> TextIOWrapper:
        def opener(path: str, flags: int) -> int:
            return os.open(path, flags, 0o640)

        return open(self.baseFilename, "a", encoding=self.encoding, errors=self.errors, opener=opener)


FORMATS = {"text": TextLines, "json": JsonLines}


def set_up(level: str, file: Path | None, form: str = "text") -> None:
    """Send logs to stderr and, if named, to a file that rotates; `form` is a key of FORMATS.

    Python's warnings, and the error that ends the process, take the same way.
    Raises SetupError where the file can't be written.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if file:
        try:
            make_folder(file.parent)
            handlers.append(_OwnFile(file, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"))
        except OSError as error:
            raise SetupError(f"LOG_FILE: {file} can't be written ({error.strerror})") from None
    for handler in handlers:
        handler.setFormatter(FORMATS[form]())
        handler.addFilter(OncePerOutage())
    logging.basicConfig(level=level, handlers=handlers, force=True)
    for chatty in ("apscheduler", "alembic", "aiogram.event", "aiohttp.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.captureWarnings(True)
    sys.excepthook = _crashed


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    log.critical(Event("bot.crashed"), exc_info=(kind, error, trace))


def _text(record: logging.LogRecord) -> str:
    if isinstance(record.msg, Event):
        return str(record.msg)
    return f"{record.name}: {printable(clean(record.getMessage()))}"


def _traceback(record: logging.LogRecord) -> str:
    """Return the record's traceback; of a long one the end, where the error stands."""
    if not record.exc_info:
        return ""
    text = clean(logging.Formatter().formatException(record.exc_info), sys.maxsize)
    return text if len(text) <= TRACEBACK_LONGEST else f"…{text[-TRACEBACK_LONGEST:]}"

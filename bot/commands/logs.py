"""Logs: to the terminal, and to a file that rotates. No secret passes."""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
from pathlib import Path

from bot.model.errors import SetupError

FILE_BYTES = 10_000_000
FILES_KEPT = 5
_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{20,}")
_PASSWORD = re.compile(r"(?<=://)([^:/@\s]+):[^@/\s]+(?=@)")


class Redacted(logging.Formatter):
    """Formats a record, then blots out whatever looks like a bot's token or a URL's password."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, tracebacks included, without secrets."""
        return redact(super().format(record))


def redact(text: str) -> str:
    """Return the text with tokens and passwords blotted out."""
    return _PASSWORD.sub(r"\1:…", _TOKEN.sub("<token>", text))


def set_up(level: str, file: Path | None) -> None:
    """Send logs to stderr and, if named, to a file that rotates.

    Raises SetupError where the file can't be written.
    """
    handlers: list[logging.Handler] = [logging.StreamHandler(sys.stderr)]
    if file:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            handlers.append(
                logging.handlers.RotatingFileHandler(
                    file, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8"
                )
            )
        except OSError as error:
            raise SetupError(f"LOG_FILE: {file} can't be written ({error.strerror})") from None
    for handler in handlers:
        handler.setFormatter(Redacted("%(asctime)s %(levelname)-7s %(name)s: %(message)s"))
    logging.basicConfig(level=level, handlers=handlers, force=True)
    for chatty in ("apscheduler", "alembic", "aiogram.event", "aiohttp.access"):
        logging.getLogger(chatty).setLevel(logging.WARNING)

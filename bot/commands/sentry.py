"""Errors of the log to Sentry, where `SENTRY_DSN` is set and its library installed. No secret passes."""

from __future__ import annotations

import logging
import re
from typing import Any

from bot import __version__
from bot.commands.logs import TRACEBACK_LONGEST, OncePerOutage
from bot.log import Event, Outage, clean
from bot.model.errors import SetupError

KEPT = {
    "event_id",
    "timestamp",
    "platform",
    "level",
    "logger",
    "message",
    "exception",
    "extra",
    "fingerprint",
} | {
    "release",
    "environment",
    "sdk",
}
"""What is sent of an event. Whatever else a version of the library may find out stays here."""

FLUSH_SECONDS = 2.0
_PARAMETERS = re.compile(r"\[parameters: .*", re.DOTALL)


def report_errors(dsn: str) -> logging.Handler:
    """Send what is logged as an error to Sentry from now on, and return what does it.

    Raises SetupError where the library is missing or the address is none.
    """
    try:
        import sentry_sdk
        from sentry_sdk.integrations.atexit import AtexitIntegration
    except ImportError:
        raise SetupError(
            "SENTRY_DSN is set, but its library is missing: pip install 'vestnik[sentry]'"
        ) from None
    try:
        sentry_sdk.init(
            dsn=dsn,
            release=f"vestnik@{__version__}",
            before_send=_scrubbed,
            # The library would otherwise look into other libraries, and send what people wrote.
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[AtexitIntegration(callback=lambda *_: None)],
            include_local_variables=False,
            include_source_context=False,
            max_breadcrumbs=0,
            send_client_reports=False,
            auto_session_tracking=False,
            server_name="",
            shutdown_timeout=FLUSH_SECONDS,
        )
    except ValueError:
        # Its own sentence would show the key.
        raise SetupError("SENTRY_DSN is not an address of Sentry, such as https://KEY@HOST/NUMBER") from None
    handler = _ToSentry(sentry_sdk)
    logging.getLogger().addHandler(handler)
    return handler


class _ToSentry(logging.Handler):
    """Hands errors on; the library sends them from a thread of its own, and drops what it can't send."""

    def __init__(self, sentry: Any) -> None:
        super().__init__(logging.ERROR)
        self._sentry = sentry
        self.addFilter(OncePerOutage())
        self.addFilter(lambda record: not record.name.startswith(("sentry_sdk", "urllib3")))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._report(record)
        except Exception:
            self.handleError(record)

    def _report(self, record: logging.LogRecord) -> None:
        said = record.msg
        name = said.name if isinstance(said, Event) else clean(record.getMessage())
        fields: dict[str, object] = dict(said.values()) if isinstance(said, Event) else {}
        about: dict[str, Any] = {
            "level": _level(record),
            "extras": {**fields, "event": name, "logger": record.name},
        }
        error = record.exc_info[1] if record.exc_info else None
        # What repeats while something is away is one problem, however its traceback looks.
        if error is None or isinstance(said, Outage):
            about["fingerprint"] = [record.name, name, str(fields.get("reason", ""))]
        if error is None:
            self._sentry.capture_message(name, **about)
        else:
            self._sentry.capture_exception(error, **about)
        if record.levelno >= logging.CRITICAL:
            # The process is about to end.
            self._sentry.flush(FLUSH_SECONDS)


def _level(record: logging.LogRecord) -> str:
    return "fatal" if record.levelno >= logging.CRITICAL else "error"


def _scrubbed(event: Any, _hint: object) -> Any:
    return {key: _clean(value) for key, value in event.items() if key in KEPT}


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        # What a statement was given is what people wrote.
        return clean(_PARAMETERS.sub("[parameters: …]", value), TRACEBACK_LONGEST)
    if isinstance(value, dict):
        return {key: _clean(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(each) for each in value]
    return value

"""The Bot API server's answers: the envelope, and the descriptions of errors.

Source: `Client.cpp` of the Bot API server (`fail_query_with_error`): a prefix for the status, then the
message with its first letter lowered, unless its second character is upper case or an underscore.
"""

from __future__ import annotations

from typing import Any

import orjson

Json = dict[str, Any]

_PREFIXES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
}


class Impossible(ValueError):
    """Something that cannot happen was asked for; the text is a phrase that says why."""


class Refusal(Exception):
    """A call that is answered with `ok: false`; `description` is the whole text that the caller gets."""

    def __init__(self, code: int, description: str, parameters: Json | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> bytes:
        """Return the envelope as bytes of JSON."""
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return orjson.dumps(answer)


def described(code: int, message: str) -> str:
    """Return the description that Telegram makes of a status and a message."""
    second = message[1:2]
    if not (second == "_" or "A" <= second <= "Z"):
        message = message[:1].lower() + message[1:]
    return f"{_PREFIXES[code]}: {message}"


def refusal(code: int, message: str, parameters: Json | None = None) -> Refusal:
    """Return the refusal for a status and a message still without its prefix."""
    return Refusal(code, described(code, message), parameters)


def bad_request(message: str) -> Refusal:
    """Return the refusal 400 for a message without its prefix."""
    return refusal(400, message)


def forbidden(message: str) -> Refusal:
    """Return a 403, or a 400 where the text is one of the servers' own codes in capitals."""
    return refusal(400 if message.replace("_", "").isupper() else 403, message)


def too_many_requests(seconds: int) -> Refusal:
    """Return a 429 that asks to wait `seconds`."""
    return Refusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds})


def success(result: Any, description: str = "") -> bytes:
    """Return the envelope of a result as bytes of JSON."""
    answer: Json = {"ok": True, "result": result}
    if description:
        answer["description"] = description
    return orjson.dumps(answer)

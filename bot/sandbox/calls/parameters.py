"""The parameters of a call: read from the query, a form, JSON or multipart, then taken one by one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, cast
from urllib.parse import parse_qsl

import orjson
from aiohttp import BodyPartReader, web

from bot.sandbox.calls.answers import Json, bad_request, refusal

MAX_PARAMETERS = 1 << 20  # bytes of parameters, files not counted (tdnet's HttpReader)
_TRUE = frozenset({"true", "yes", "1"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    content: bytes


class Parameters:
    """The parameters of a call, as text or, from a JSON body, as JSON values; `files` are its uploads by name."""

    __slots__ = ("files", "values")

    def __init__(self, values: Json, files: dict[str, Upload] | None = None) -> None:
        self.values = values
        self.files = files or {}

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str:
        """Return a parameter as text, empty where it was not given."""
        value = self.values.get(name, "")
        if isinstance(value, str):
            return value
        return ("true" if value else "false") if isinstance(value, bool) else str(value)

    def integer(self, name: str, default: int = 0, low: int = -(1 << 53), high: int = 1 << 53) -> int:
        """Return a whole number, moved into the range rather than refused, as the server does."""
        try:
            number = int(self.values.get(name, default))
        except (TypeError, ValueError):
            number = default
        return min(max(number, low), high)

    def flag(self, name: str) -> bool:
        """Return a Boolean parameter, False where it was not given."""
        return self.text(name).lower() in _TRUE

    def json(self, name: str, called: str) -> Any:
        """Return a JSON value, None where it was not given.

        Raises:
            Refusal: it is not JSON; `called` is what the server calls it in the error's text.
        """
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            raise bad_request(f"can't parse {called} JSON object") from None

    def object(self, name: str, called: str) -> Json | None:
        """Return a JSON object, None where it was not given.

        Raises:
            Refusal: it is something else.
        """
        value = self.json(name, called)
        if value is not None and not isinstance(value, dict):
            raise bad_request("object expected as " + called)
        return value

    def integers(self, name: str, called: str) -> list[int]:
        """Return an array of whole numbers.

        Raises:
            Refusal: it is something else.
        """
        value = self.json(name, called)
        if not isinstance(value, list):
            raise bad_request(f"expected an Array of {called}")
        try:
            return [int(item) for item in value]
        except (TypeError, ValueError):
            raise bad_request(f"can't parse {called}") from None


async def read_parameters(request: web.Request) -> Parameters:
    """Return the parameters of a request, in whichever of the four ways they came.

    Raises:
        Refusal: the body is larger than the server takes, or is not what its type says.
    """
    values: Json = dict(request.query) if request.query_string else {}
    kind = request.content_type
    if kind == "multipart/form-data":
        files: dict[str, Upload] = {}
        async for part in await request.multipart():
            await _read_part(cast(BodyPartReader, part), values, files)
        return Parameters(values, files)
    if request.can_read_body:
        body = await request.read()
        if len(body) > MAX_PARAMETERS:
            raise refusal(413, "Request Entity Too Large")
        values.update(_parse(kind, body))
    return Parameters(values)


def _parse(kind: str, body: bytes) -> Json:
    if kind == "application/json":
        try:
            parsed = orjson.loads(body)
        except orjson.JSONDecodeError:
            parsed = None
        if not isinstance(parsed, dict):
            raise bad_request("can't parse request JSON object")
        return {name: value for name, value in parsed.items() if value is not None}
    if kind == "application/x-www-form-urlencoded":
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    return {}


async def _read_part(part: BodyPartReader, values: Json, files: dict[str, Upload]) -> None:
    name = part.name or ""
    if part.filename is not None:
        files[name] = Upload(part.filename, bytes(await part.read(decode=True)))
    else:
        values[name] = await part.text()


@cache
def known_parameters() -> dict[str, frozenset[str]]:
    """Return the parameters of each method of Bot API 10.3, by the method's name in lower case."""
    table = resources.files(__package__).joinpath("bot_api_10_3.txt").read_text("ascii")
    lines = (line.partition(":") for line in table.splitlines())
    return {method.lower(): frozenset(names.split()) for method, _, names in lines}


def refuse_unknown(method: str, given: Collection[str]) -> None:
    """Refuse parameters that the method does not have. A test's aid: Telegram ignores them.

    Raises:
        Refusal: 400, naming them.
    """
    known = known_parameters()[method.lower()]
    if not known.issuperset(given):
        names = ", ".join(sorted(set(given) - known))
        raise bad_request(f"{method} has no parameter {names} (the sandbox is strict)")

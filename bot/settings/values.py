"""Reads the values of settings. Each function raises ValueError, with a sentence, for a value that is wrong."""

from __future__ import annotations

import re
from datetime import time
from ipaddress import ip_network
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from bot.model.delivery import Lane
from bot.model.hours import zone_named
from bot.tongues import codes

TOKEN = re.compile(r"\d{3,16}:[A-Za-z0-9_-]{20,}")
MALFORMED = "this is not a token; @BotFather gives you one, such as 123456:ABC…"
DOUBTFUL = {"flash": Lane.FLASH, "story": Lane.STORY, "digest": Lane.DIGEST}
TELEGRAM = "https://api.telegram.org"
SHORTEST_OPERATOR_TOKEN = 16
SHORTEST_KEY = 32


def token(value: SecretStr) -> SecretStr:
    """Return a bot's token, or nothing. Raises ValueError for anything else."""
    if value.get_secret_value() and not TOKEN.fullmatch(value.get_secret_value()):
        raise ValueError(MALFORMED)
    return value


def language(value: str) -> str:
    """Return the code of a language that the bot speaks."""
    if value not in codes():
        raise ValueError(f"{value!r} is not a language that the bot speaks: {', '.join(codes())}")
    return value


def zone(value: str) -> str:
    """Return the name of a time zone."""
    if zone_named(value) is None:
        raise ValueError(f"{value!r} is not a time zone's name; write one such as Europe/Moscow")
    return value


def ids(value: object) -> object:
    """Return Telegram ids from a list with commas."""
    if not isinstance(value, str):
        return value
    words = value.replace(",", " ").split()
    if wrong := next((word for word in words if not word.isdecimal()), None):
        raise ValueError(f"{wrong!r} is not a Telegram user's number; send the bot /id to see yours")
    return frozenset(map(int, words))


def lanes(value: object) -> object:
    """Return lanes from a list of their names."""
    if not isinstance(value, str):
        return value
    words = value.lower().replace(",", " ").split()
    if wrong := next((word for word in words if word not in DOUBTFUL), None):
        raise ValueError(f"{wrong!r} is not a lane; write one or more of {', '.join(DOUBTFUL)}")
    return frozenset(DOUBTFUL[word] for word in words)


def hour(value: object) -> object:
    """Return a time of day; None for `off`."""
    return None if isinstance(value, str) and value.lower() == "off" else _time_in(value, ", or off")


def time_of_day(value: object) -> object:
    """Return a time of day."""
    return _time_in(value)


def _time_in(value: object, otherwise: str = "") -> object:
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"([01]?\d|2[0-3]):[0-5]\d", value):
        raise ValueError(f"{value!r} is no time of day; write one such as 20:00{otherwise}")
    hours, minutes = map(int, value.split(":"))
    return time(hours, minutes)


def keep(value: object) -> object:
    """Return of how many days and weeks something is kept, from words such as `7d 4w`."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"(\d{1,3})d(?:\s+(\d{1,3})w)?", value.strip())
    if found is None or not int(found[1]):
        raise ValueError(f"{value!r} does not say of how many days and weeks; write, for example, 7d 4w")
    return int(found[1]), int(found[2] or 0)


def address(value: str) -> str:
    """Return an address of the web, without a slash at its end."""
    if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
        raise ValueError(f"{value!r} is not an http or https address; write one such as {TELEGRAM}")
    return value.rstrip("/")


def operator_token(value: SecretStr) -> SecretStr:
    """Return the token of the operator's page, long enough that nobody guesses it."""
    if 0 < len(value.get_secret_value()) < SHORTEST_OPERATOR_TOKEN:
        raise ValueError(f"at least {SHORTEST_OPERATOR_TOKEN} characters, so that nobody guesses it")
    return value


def key(value: SecretStr) -> SecretStr:
    """Return a key that signs, long enough that nobody guesses it."""
    if 0 < len(value.get_secret_value()) < SHORTEST_KEY:
        raise ValueError(f"at least {SHORTEST_KEY} characters; `openssl rand -hex 32` makes one")
    return value


def public_address(value: str) -> str:
    """Return the address at which people find a site, without a slash at its end."""
    address = urlsplit(value)
    plain = address.path.strip("/") == "" and not (address.query or address.fragment or "@" in address.netloc)
    if value and not (address.scheme in ("http", "https") and address.netloc and plain):
        raise ValueError(f"{value!r} is no site's address; write one such as https://bot.news.example")
    return value.rstrip("/")


def webhook_url(value: str) -> str:
    """Return the address below which Telegram is to post. It must not hold the token."""
    if not value:
        return value
    try:
        parts = urlsplit(value)
        fits = bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits or not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", value):
        raise ValueError(
            "this is not an address such as https://bot.example; the bot itself adds the path's end"
        )
    if TOKEN.search(unquote(value)):
        raise ValueError("the address must not hold the token: a proxy's log would give it away")
    return value.rstrip("/")


def webhook_secret(value: SecretStr) -> SecretStr:
    """Return a secret as Telegram takes it for a webhook (core.telegram.org/bots/api#setwebhook)."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", value.get_secret_value()):
        raise ValueError("a secret of a webhook is 1 to 256 letters (A-Z, a-z), digits, _ or -")
    return value


def networks(value: object) -> object:
    """Return networks from a list with commas."""
    if not isinstance(value, str):
        return value
    words = value.replace(",", " ").split()
    try:
        return tuple(ip_network(word, strict=False) for word in words)
    except ValueError:
        raise ValueError(
            "write addresses or networks with commas between, such as 10.0.0.0/8, 192.0.2.7"
        ) from None


def channel(value: str) -> str:
    """Return the @name of a public channel."""
    if value and not re.fullmatch(r"@[A-Za-z]\w{3,31}", value, re.ASCII):
        raise ValueError(f"{value!r} is not a public channel's name; write one such as @news_example")
    return value


def empty_is_none(value: object) -> object:
    """Return None for an empty value."""
    return None if value == "" else value

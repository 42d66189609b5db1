"""A webhook's address and its secret: both come from the token, and neither tells it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from urllib.parse import urlsplit

FOLDER = "telegram"


@dataclass(frozen=True, slots=True)
class HookAddress:
    """Where Telegram posts a bot's updates, and the secret that it shows there.

    `url` is the whole address; `path` is the last part of it, which the bot itself listens at. Who knows the path may
    knock, who knows the secret is let in.
    """

    url: str
    path: str
    secret: str = field(repr=False)

    def is_ours(self, url: str) -> bool:
        """Return whether an address is one of this bot's, at whatever host."""
        return urlsplit(url).path.endswith(self.path)


def address_of(token: str, base: str, secret: str = "") -> HookAddress:
    """Return the webhook of a bot below an address such as https://bot.example; `secret` takes the place of ours."""
    path = f"/{FOLDER}/{_derived(token, 'path')[:40]}"
    return HookAddress(f"{base.rstrip('/')}{path}", path, secret or _derived(token, "secret"))


def host_of(url: str) -> str:
    """Return the host of somebody's webhook: the rest of its address may be a secret."""
    try:
        return urlsplit(url).hostname or "?"
    except ValueError:
        return "?"


def _derived(token: str, purpose: str) -> str:
    return hmac.new(token.encode(), f"vestnik webhook {purpose}".encode(), hashlib.sha256).hexdigest()

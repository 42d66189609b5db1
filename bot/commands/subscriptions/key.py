"""The key of the installation, by which its exports and links are known elsewhere."""

from __future__ import annotations

from bot.model.errors import SetupError
from bot.settings import Settings


def key_of(settings: Settings) -> str:
    """Return the key. Raises SetupError where none is set."""
    key = settings.subscriptions_key.get_secret_value()
    if not key:
        raise SetupError(
            "SUBSCRIPTIONS_KEY is not set: `openssl rand -hex 32` makes one. Keep it apart from the export: "
            "without the key nobody can bring the export in"
        )
    return key

"""In which language a person is spoken to."""

from __future__ import annotations

NAMES = {"ru": "Русский", "en": "English"}

# People whose Telegram speaks these read Russian sooner than English.
READ_RUSSIAN = frozenset({"ru", "be", "uk", "kk", "ky", "tg", "uz", "tk", "hy", "az", "mo", "tt", "ba", "cv"})


def of_person(code: str | None, default: str) -> str:
    """Return the language for Telegram's `language_code` (IETF, optional)."""
    if not code:
        return default
    return "ru" if code.lower().partition("-")[0] in READ_RUSSIAN else "en"

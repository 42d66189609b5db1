"""In which language a person is spoken to."""

from __future__ import annotations

from bot.rendering.text.times import locale_of

NAMES = {"ru": "Русский", "en": "English"}

# People whose Telegram speaks these read Russian sooner than English.
READ_RUSSIAN = frozenset({"ru", "be", "uk", "kk", "ky", "tg", "uz", "tk", "hy", "az", "mo", "tt", "ba", "cv"})


def own_name(code: str) -> str:
    """Return the language's name in itself, as its readers look for it: `Кыргызча`; the code of an unknown one."""
    if code in NAMES:
        return NAMES[code]
    locale = locale_of(code)
    name = locale.display_name if locale.language == code else ""
    return name[:1].upper() + name[1:] if name else code


def of_person(code: str | None, default: str) -> str:
    """Return the language for Telegram's `language_code` (IETF, optional)."""
    if not code:
        return default
    return "ru" if code.lower().partition("-")[0] in READ_RUSSIAN else "en"

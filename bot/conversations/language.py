"""What languages are called where people choose among them."""

from __future__ import annotations

from bot.conversations.visit import Visit
from bot.rendering.text.times import locale_of
from bot.tongues import drafts, known


def own_name(code: str) -> str:
    """Return the language's name in itself, as its readers look for it: `Кыргызча`; the code of an unknown one."""
    if spoken := known(code):
        return spoken.name
    locale = locale_of(code)
    name = locale.display_name if locale.language == code else ""
    return name[:1].upper() + name[1:] if name else code


def offered_name(visit: Visit, code: str) -> str:
    """Return a language's own name as a choice; a draft is called one, in the visitor's language and in its own."""
    if code not in drafts():
        return own_name(code)
    said = (visit.label("draft_language"), visit.services.talk.label("draft_language", code))
    return f"{own_name(code)} ({' / '.join(dict.fromkeys(said))})"

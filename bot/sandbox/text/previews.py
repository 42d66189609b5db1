"""Link preview options."""

from __future__ import annotations

from bot.sandbox.calls.answers import Json
from bot.sandbox.calls.parameters import Parameters

_KNOWN = ("is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text")


def preview_fields(params: Parameters) -> Json:
    """Return the field of a Message that holds the link preview options, where they were given.

    Raises:
        Refusal: they are malformed.
    """
    given = params.object("link_preview_options", "link preview options")
    if not given:
        return {}
    return {"link_preview_options": {name: given[name] for name in _KNOWN if given.get(name)}}

"""The filters of templates. Each filter's docstring is its line in docs/templates.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from babel.numbers import format_decimal
from jinja2.filters import FILTERS
from markupsafe import Markup

from bot.rendering.templates.limits import current
from bot.rendering.text import breaks, links, times
from bot.rendering.text.typography import typeset as set_type

_KEPT = (
    *("capitalize", "d", "default", "first", "int", "join", "last", "length", "lower", "replace", "round"),
    *("sort", "trim", "upper"),
)


def ago(at: datetime) -> Markup:
    """`{{ at|ago }}`: how long ago, kept current by the reader's client; old ones see it as it was at the send."""
    now = current.get()
    return times.live(at, times.ago_words(at, now.now, now.language), "r")


def when(at: datetime) -> Markup:
    """`{{ at|when }}`: date and time, in the reader's own zone and manner where the client can."""
    now = current.get()
    return times.live(at, times.date_words(at, now.now, now.language, now.zone), "Dt")


def number(value: float) -> str:
    """`{{ 12000|number }}`: a number as the language writes it."""
    return str(format_decimal(value, locale=times.locale_of(current.get().language)))


def link(text: Any, url: str | None) -> Markup:
    """`{{ name|link(url) }}`: a link; the bare text where Telegram would not keep it."""
    shown = Markup.escape(text)
    safe = links.safe_url(url)
    return Markup('<a href="{}">{}</a>').format(safe, shown) if safe else shown


def press(text: Any, data: str | None) -> Markup:
    """`{{ headline|press(data) }}`: a button that reads like a link, in rich messages alone."""
    shown = Markup.escape(text)
    if not data:
        return shown
    button = Markup('<tg-button type="callback_data" style="link" data="{}">{}</tg-button>')
    return button.format(data, shown)


def hashtags(names: Iterable[str]) -> str:
    """`{{ topics|hashtags }}`: the names as hashtags, each once."""
    return " ".join(dict.fromkeys(filter(None, map(links.hashtag, names))))


def shorten(text: str, limit: int) -> str:
    """`{{ text|shorten(200) }}`: whole sentences within so many characters, else whole words and «…»."""
    return breaks.shorten(str(text), limit)


def typeset(text: Any) -> Any:
    """`{{ text|typeset }}`: unbreakable spaces where type needs them."""
    return text if isinstance(text, Markup) else set_type(str(text), current.get().language)


def all_filters() -> dict[str, Callable[..., Any]]:
    """Return the filters that a template may use, by name: some of Jinja2's own, and ours."""
    ours = (ago, when, number, link, press, hashtags, shorten, typeset)
    kept: dict[str, Callable[..., Any]] = {name: FILTERS[name] for name in _KEPT}
    return kept | {filter_.__name__: filter_ for filter_ in ours}

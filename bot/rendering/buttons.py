"""The buttons under stories. Their data is read in conversations; their words are templates."""

from __future__ import annotations

from urllib.parse import quote

from bot.model.message import Button, Keyboard
from bot.model.press import CALLBACK_BYTES, pack, start_article
from bot.rendering.breaks import shorten
from bot.rendering.environment import Templates
from bot.rendering.facts import headline
from bot.rendering.story import Audience, Story

_FILE = "talk/buttons.j2"
_SHARED_TEXT = 150
PER_ROW = 5
BRIEF, CLOSE = "brief", "close"
"""Where a story that was opened in full leads back to: its brief in the same place, or away."""


def deep_link(story: Story, audience: Audience) -> str:
    """Return the address that opens the story in the bot's private chat."""
    return f"https://t.me/{audience.bot_username}?start={start_article(story.id)}"


class Buttons:
    """The rows under a story, in the audience's language."""

    def __init__(self, templates: Templates, story: Story, audience: Audience) -> None:
        self._templates = templates
        self._story = story
        self._audience = audience

    def _label(self, name: str, **facts: object) -> str:
        return self._templates.macro(_FILE, name, self._templates.language(self._audience.language), **facts)

    def under_brief(self, *, more: bool) -> Keyboard:
        """Return the rows under a brief: in full, where there is more; share, mute."""
        return ((self._in_full(),), self._about()) if more else (self._about(),)

    def _in_full(self) -> Button:
        label = self._label("full")
        if self._audience.kind == "channel":
            return Button(label, url=deep_link(self._story, self._audience))
        return Button(label, press=pack("full", self._story.id, 0))

    def under_page(self, page: int, pages: int, back: str | None) -> Keyboard:
        """Return the rows under one page of the full story."""
        if back:
            way_back = Button(self._label("to_list"), press=back)
        else:
            way_back = Button(self._label("collapse"), press=pack(BRIEF, self._story.id))
        pager = self._pager(page, pages, back)
        return tuple(filter(None, (pager, (way_back,), self._about())))

    def under_rich(self, page: int, pages: int, way: str | None) -> Keyboard:
        """Return the rows under a page of the rich story.

        `way` is what a button leads back to: BRIEF in its place, CLOSE to delete it, or the data of a list.
        """
        if self._audience.kind == "channel":
            read_on = Button(self._label("read_on"), url=deep_link(self._story, self._audience))
            return ((read_on,), self._about()) if page + 1 < pages else (self._about(),)
        rows = [self._pager(page, pages, way, "rich", self._label("read_on"))]
        if way in (BRIEF, CLOSE):
            press = pack(BRIEF, self._story.id) if way == BRIEF else CLOSE
            rows.append((Button(self._label("collapse"), press=press),))
        elif way:
            rows.append((Button(self._label("to_list"), press=way),))
        return tuple(filter(None, (*rows, self._about())))

    def under_part(self, onward: int | None, *, last: bool) -> Keyboard:
        """Return the rows under a part of the classic story: each leads on, the last has the actions.

        `onward` is the page at which reading goes on in the part's place; None: there is nothing more.
        """
        about = self._about() if last else ()
        if onward is None:
            return (about,)
        label = f"{self._label('read_on')} ›"
        if self._audience.kind != "channel":
            return tuple(filter(None, ((Button(label, press=pack("full", self._story.id, onward)),), about)))
        link = (Button(label, url=deep_link(self._story, self._audience)),)
        return (link, about) if last else ()

    def _pager(
        self, page: int, pages: int, back: str | None, verb: str = "full", onward: str = ""
    ) -> tuple[Button, ...]:
        if pages < 2:
            return ()
        labels = {page - 1: "‹", page: f"{page + 1}/{pages}", page + 1: f"{onward} ›".strip()}
        return tuple(
            Button(label, press=self._page(at, back, verb)) for at, label in labels.items() if 0 <= at < pages
        )

    def _page(self, page: int, back: str | None, verb: str) -> str:
        """Return the data of a page's button; the way back rides along where it fits."""
        data = pack(verb, self._story.id, page)
        whole = f"{data}:{back}"
        return whole if back and len(whole.encode()) <= CALLBACK_BYTES else data

    def _about(self) -> tuple[Button, ...]:
        share = Button(self._label("share"), url=self._share_url())
        if self._audience.kind == "channel" or not self._audience.mute or not self._story.topics:
            return (share,)
        topics = self._story.topics
        label = self._label("mute", topic=topics[0][1] if len(topics) == 1 else "")
        return share, Button(label, press=pack("mute", self._story.id))

    def _share_url(self) -> str:
        text = shorten(headline(self._story.content), _SHARED_TEXT)
        link = deep_link(self._story, self._audience)
        return f"https://t.me/share/url?url={quote(link, safe='')}&text={quote(text, safe='')}"


def in_rows(buttons: list[Button]) -> Keyboard:
    """Return small buttons in rows as even as can be."""
    if not buttons:
        return ()
    rows = -(-len(buttons) // PER_ROW)
    width = -(-len(buttons) // rows)
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))

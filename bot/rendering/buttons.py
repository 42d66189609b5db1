"""The buttons under stories. Their data is read in conversations; their words are templates."""

from __future__ import annotations

from urllib.parse import quote

from bot.model.message import Button, Keyboard
from bot.model.press import CALLBACK_BYTES, pack, start_article
from bot.rendering.story import Readership, Story
from bot.rendering.templates.environment import Templates
from bot.rendering.text.breaks import shorten
from bot.rendering.variables import headline

_FILE = "talk/buttons.j2"
_SHARED_TEXT = 150
_RELATED = 3
PER_ROW = 5
BRIEF, CLOSE = "brief", "close"
"""Where the button under a full story leads: BRIEF shows the brief in its place, CLOSE deletes the message."""


SAVE, UNSAVE, JOIN = "save", "unsave", "join"
"""What is pressed under an opened story: save it, take it out again, follow its topic."""

WATCH, UNWATCH = "watch", "unwatch"
"""What is pressed under any story: follow what comes of it, follow it no more."""


def press_to_keep(article_id: int, saved: bool) -> str:
    """Return the data of the button under a story that is saved, or is not: each press says what it wants."""
    return pack(UNSAVE if saved else SAVE, article_id)


def press_to_watch(article_id: int, watched: bool) -> str:
    """Return the data of the button under a story that is followed, or is not: each press says what it wants."""
    return pack(UNWATCH if watched else WATCH, article_id)


def deep_link(story: Story, readership: Readership) -> str:
    """Return the address that opens the story in the bot's private chat."""
    return f"https://t.me/{readership.bot_username}?start={start_article(story.id)}"


def related(story: Story, readership: Readership) -> list[dict[str, str]]:
    """Return the stories to read next, each with its headline and the address that opens it."""
    found = story.related[:_RELATED]
    return [{"headline": headline(each.content), "url": deep_link(each, readership)} for each in found]


class Buttons:
    """The rows of buttons under a story, in the readership's language."""

    def __init__(self, templates: Templates, story: Story, readership: Readership) -> None:
        self._templates = templates
        self._story = story
        self._readership = readership

    def _label(self, name: str, **variables: object) -> str:
        language = self._templates.language(self._readership.language)
        return self._templates.macro(_FILE, name, language, **variables)

    def under_brief(self, *, more: bool) -> Keyboard:
        """Return the rows under a brief: «in full» where the story has more text, and follow; share and less of it."""
        full = (self._in_full(),) if more else ()
        if self._story.opened.saved is not None:
            return tuple(filter(None, (full, self._keep(), self._about())))
        return tuple(filter(None, ((*full, *self._watch()), self._about())))

    def under_change(self) -> Keyboard:
        """Return the row under what says how a story was corrected: the story itself, and follow it no more."""
        return ((self._in_full(), *self._watch()),)

    def _in_full(self) -> Button:
        label = self._label("full")
        if self._readership.kind == "channel":
            return Button(label, url=deep_link(self._story, self._readership))
        return Button(label, press=pack("full", self._story.id, 0))

    def under_shared(self) -> Keyboard:
        """Return the row under a story that a person put into some chat: a link that opens it in the bot's own."""
        return ((Button(self._label("full"), url=deep_link(self._story, self._readership)),),)

    def under_page(self, page: int, pages: int, back: str | None) -> Keyboard:
        """Return the rows under one page (from 0) of the full story as text.

        `back` is the data of the button that leads back to a list; None leads back to the brief.
        """
        if back:
            ways_back = self._in_list(back)
        else:
            collapse = Button(self._label("collapse"), press=pack(BRIEF, self._story.id))
            ways_back = ((collapse,), self._keep())
        pager = self._pager(page, pages, back)
        return tuple(filter(None, (pager, *ways_back, self._about())))

    def under_rich(self, page: int, pages: int, way: str | None) -> Keyboard:
        """Return the rows under one page (from 0) of the rich story.

        `way` is where a button leads: BRIEF, CLOSE, or the data of a list; None: there is no such button.
        """
        if self._readership.kind == "channel":
            read_on = Button(self._label("read_on"), url=deep_link(self._story, self._readership))
            return ((read_on,), self._about()) if page + 1 < pages else (self._about(),)
        rows = [self._pager(page, pages, way, verb="rich", onward=self._label("read_on"))]
        if way in (BRIEF, CLOSE):
            press = pack(BRIEF, self._story.id) if way == BRIEF else CLOSE
            rows += ((Button(self._label("collapse"), press=press),), self._keep())
        elif way:
            rows += self._in_list(way)
        else:
            rows.append(self._keep())
        return tuple(filter(None, (*rows, self._about())))

    def under_part(self, onward: int | None, *, last: bool) -> Keyboard:
        """Return the rows under a part of the classic story: a button to read on, under the last also the actions.

        `onward` is the page that the button shows in the part's place; None: the story ends here.
        """
        about = self._about() if last else ()
        watch = self._watch() if last else ()
        if onward is None:
            return tuple(filter(None, (watch, about)))
        label = f"{self._label('read_on')} ›"
        if self._readership.kind != "channel":
            read_on = Button(label, press=pack("full", self._story.id, onward))
            return tuple(filter(None, ((read_on, *watch), about)))
        link = (Button(label, url=deep_link(self._story, self._readership)),)
        return (link, about) if last else ()

    def _pager(
        self, page: int, pages: int, back: str | None, *, verb: str = "full", onward: str = ""
    ) -> tuple[Button, ...]:
        if pages < 2:
            return ()
        after = f"{onward} ›" if onward else self._label("page_after", page=page + 2)
        labels = {
            page - 1: self._label("page_before", page=page),
            page: f"{page + 1}/{pages}",
            page + 1: after,
        }
        return tuple(
            Button(label, press=self._page(at, back, verb)) for at, label in labels.items() if 0 <= at < pages
        )

    def _page(self, page: int, back: str | None, verb: str) -> str:
        """Return the data of a page's button, with the way back where 64 bytes hold both."""
        data = pack(verb, self._story.id, page)
        whole = f"{data}:{back}"
        return whole if back and len(whole.encode()) <= CALLBACK_BYTES else data

    def _in_list(self, back: str) -> Keyboard:
        """Return the ways to the stories before and after this one in the list; below, back to it, and to keep this.

        Each says in words where it leads: an arrow alone is read aloud as an arrow.
        """
        opened = self._story.opened
        ways = (("story_before", opened.before), ("story_after", opened.after))
        walk = tuple(Button(self._label(name), press=press) for name, press in ways if press)
        return (walk, (Button(self._label("to_list"), press=back), *self._keep()))

    def _keep(self) -> tuple[Button, ...]:
        """Return the buttons that save the story or take it out again, and that follow it or do so no more."""
        saved = self._story.opened.saved
        if saved is None:
            return self._watch()
        save = Button(self._label("saved" if saved else "save"), press=press_to_keep(self._story.id, saved))
        return (save, *self._watch())

    def _watch(self) -> tuple[Button, ...]:
        """Return the button that follows what comes of the story; nothing where that is nobody's to press."""
        watched = self._story.opened.watched
        if watched is None or not self._story.readable or self._readership.kind == "channel":
            return ()
        label = self._label("unwatch" if watched else "watch")
        return (Button(label, press=press_to_watch(self._story.id, watched)),)

    def _about(self) -> tuple[Button, ...]:
        """Return share, and less of it or what there is to follow; nothing under what nobody else can open yet."""
        if not self._story.readable:
            return ()
        share = Button(self._label("share"), url=self._share_url())
        if self._story.opened.follow:
            topic_id, name = self._story.opened.follow
            return share, Button(self._label("follow", topic=name), press=pack(JOIN, topic_id))
        mutes = self._readership.mute and (self._story.topics or self._story.from_feed)
        if self._readership.kind == "channel" or not mutes:
            return (share,)
        return share, Button(self._label("less"), press=pack("mute", self._story.id))

    def _share_url(self) -> str:
        text = shorten(headline(self._story.content), _SHARED_TEXT)
        link = deep_link(self._story, self._readership)
        return f"https://t.me/share/url?url={quote(link, safe='')}&text={quote(text, safe='')}"


def in_rows(buttons: list[Button], most: int = PER_ROW) -> Keyboard:
    """Return small buttons in rows of at most five, or so many, as even as possible."""
    if not buttons:
        return ()
    rows = -(-len(buttons) // most)
    width = -(-len(buttons) // rows)
    return tuple(tuple(buttons[at : at + width]) for at in range(0, len(buttons), width))

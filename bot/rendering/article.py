"""A story as messages, in each of its forms; and the notice that takes a killed story's place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any

from markupsafe import Markup

from bot.model.message import MOST_IN_ALBUM, OutgoingMessage
from bot.model.story.article import CHANGE, NO_HEADLINE, Status, pictures_of
from bot.model.story.form import Form, Style
from bot.rendering import variables
from bot.rendering.buttons import Buttons, related
from bot.rendering.rich_article import RichArticleRenderer
from bot.rendering.story import Readership, Story
from bot.rendering.templates.environment import Templates
from bot.rendering.text.fit import CAPTION_ROOM, TEXT_ROOM, Size, clip, fill, largest, measure, pages
from bot.rendering.text.links import safe_url
from bot.rendering.text.spans import Spans, text_of, write

MOST_PARTS = 20
"""Messages with text that one story may take in a chat; the rest of a longer story is read in the last one's place."""

_MOST_PAGES = 999
_BLANKS = Size(6, 0, 0, 6)


class ArticleRenderer:
    """Renders stories: pushed in a style, read in full in the place of a brief, withdrawn."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self._rich = RichArticleRenderer(templates)

    def parts(self, story: Story, readership: Readership, style: Style) -> tuple[OutgoingMessage, ...]:
        """Return the messages that show a story in a style, in order. Breaking news is always a flash."""
        if story.notice:
            return (self.notice(story, readership),)
        form = Form.FLASH if story.flash else style.form
        if not style.pictures:
            story = replace(story, content=replace(story.content, picture=None))
        match form:
            case Form.RICH:
                return (self.rich(story, readership, pictures=style.pictures),)
            case Form.CLASSIC:
                return self.classic(story, readership, pictures=style.pictures)
            case Form.HEADLINE:
                return (self.headline(story, readership),)
            case _:
                return (self.brief(story, readership),)

    def brief(self, story: Story, readership: Readership) -> OutgoingMessage:
        """Return one message with headline, lead, topics, time, the source's link and buttons.

        A flash has a template of its own. With a picture, the message is a photo and the text its caption.
        """
        picture = story.content.picture
        how = variables.setting(self._templates, story, readership)
        common = variables.story_variables(story, readership, caption=picture is not None)
        name = "article/flash.j2" if story.flash else "article/brief.j2"
        shown: list[Spans] = []

        def render(lead: Spans) -> Spans:
            shown[:] = [lead]
            return self._render(name, readership, lead=_markup(lead), **common)

        spans = fill(render, variables.opening(story, how), CAPTION_ROOM if picture else TEXT_ROOM)
        more = variables.has_more(story, shown[0], how)
        buttons = Buttons(self._templates, story, readership).under_brief(more=more)
        return OutgoingMessage(write(spans), picture, buttons)

    def notice(self, story: Story, readership: Readership) -> OutgoingMessage:
        """Return what somebody is told who follows a story: what a correction changed, or that nothing more comes."""
        how = variables.setting(self._templates, story, readership)
        common = variables.story_variables(story, readership)
        if story.content.headline == NO_HEADLINE:
            common["headline"] = ""

        def render(said: Spans) -> Spans:
            return self._render(f"article/{story.notice}.j2", readership, said=_markup(said), **common)

        spans = fill(render, variables.opening(story, how), TEXT_ROOM)
        change = story.notice == CHANGE
        buttons = Buttons(self._templates, story, readership).under_change() if change else ()
        return OutgoingMessage(write(spans), buttons=buttons)

    def short(self, story: Story, readership: Readership, style: Style) -> OutgoingMessage:
        """Return the message for a story until it is opened: its headline where the style says so, else its brief."""
        form = Form.HEADLINE if style.form is Form.HEADLINE else Form.BRIEF
        return self.parts(story, readership, replace(style, form=form))[0]

    def shared(self, story: Story, readership: Readership) -> OutgoingMessage:
        """Return the brief as a text, as a person puts it into any chat: a link in the bot's name leads to the rest."""
        text = replace(story, content=replace(story.content, picture=None))
        buttons = Buttons(self._templates, story, readership).under_shared()
        return replace(self.brief(text, replace(readership, kind="channel")), buttons=buttons)

    def headline(self, story: Story, readership: Readership) -> OutgoingMessage:
        """Return one message with headline, time and source, for busy chats."""
        common = variables.story_variables(story, readership)
        spans = clip(self._render("article/headline.j2", readership, **common), TEXT_ROOM)
        more = bool(story.content.lead.strip() or story.content.blocks)
        return OutgoingMessage(
            write(spans), buttons=Buttons(self._templates, story, readership).under_brief(more=more)
        )

    def rich(
        self,
        story: Story,
        readership: Readership,
        page: int = 0,
        *,
        pictures: bool = True,
        way: str | None = None,
    ) -> OutgoingMessage:
        """Return the full story as one rich message, or one page (numbered from 0) of a longer story.

        `way` is as in `Buttons.under_rich`.
        """
        return self._rich.page(story, readership, page, pictures=pictures, way=way)

    def classic(
        self, story: Story, readership: Readership, *, pictures: bool = True
    ) -> tuple[OutgoingMessage, ...]:
        """Return the full story as ordinary messages; the first is a photo or an album where there are pictures."""
        shown = list(islice(pictures_of(story.content), MOST_IN_ALBUM)) if pictures else []
        render, texts = self._pages(story, readership, caption=bool(shown))
        if len(shown) > 1 and len(texts) == 1:
            # An album has no buttons: they need a message of their own, with the foot of the story.
            texts.append(())
        count = len(texts)
        buttons = Buttons(self._templates, story, readership)
        made: list[OutgoingMessage] = []
        for at, text in enumerate(texts[:MOST_PARTS]):
            room = CAPTION_ROOM if shown and not at else TEXT_ROOM
            # Behind a caption, the pages of a text begin earlier than the parts do: nothing is passed over.
            onward = at + 1 if at + 1 < count else None
            if onward is not None and shown and at:
                onward -= 1
            last = at + 1 == min(count, MOST_PARTS)
            html = write(clip(render(at + 1, count, text), room))
            picture = shown[0] if shown and not at else None
            rows = () if picture and len(shown) > 1 else buttons.under_part(onward, last=last)
            made.append(OutgoingMessage(html, picture, rows))
            if picture:
                made.extend(OutgoingMessage("", each, grouped=True) for each in shown[1:])
        return tuple(made)

    def full(
        self,
        story: Story,
        readership: Readership,
        page: int = 0,
        *,
        photo: bool = False,
        back: str | None = None,
    ) -> OutgoingMessage:
        """Return one page of the full story, numbered from 0; a page out of range is the nearest that exists.

        `photo` says that the message to edit is a photo: its caption holds less than a text. `back` is the
        data of a button that leads back to a list; without it a button leads back to the brief.
        """
        render, texts = self._pages(story, readership, caption=photo, others=photo)
        at = max(0, min(page, len(texts) - 1))
        spans = clip(render(at + 1, len(texts), texts[at]), CAPTION_ROOM if photo else TEXT_ROOM)
        picture = story.content.picture
        return OutgoingMessage(
            write(spans),
            picture if photo else None,
            Buttons(self._templates, story, readership).under_page(at, len(texts), back),
            preview_url=safe_url(picture.url) if picture and not photo and at == 0 else None,
        )

    def withdrawn(self, readership: Readership, status: Status = Status.KILLED) -> OutgoingMessage:
        """Return the notice that replaces a story, taken back so, which Telegram no longer lets us delete."""
        return OutgoingMessage(write(self._render("article/withdrawn.j2", readership, status=str(status))))

    def _pages(
        self, story: Story, readership: Readership, *, caption: bool, others: bool = False
    ) -> tuple[Callable[[int, int, Spans], Spans], list[Spans]]:
        """Return the function that renders a page, and each page's text.

        The first page is a caption where `caption` is set, the later ones where `others` is.
        """
        how = variables.setting(self._templates, story, readership)
        common = variables.story_variables(story, readership, caption=caption)
        beside = related(story, readership)
        lead, body = variables.full_parts(story.content, how, caption=caption)

        def render(number: int, count: int, text: Spans) -> Spans:
            values = {**common, "lead": _markup(lead), "body": _markup(text), "page": number, "pages": count}
            values["related"] = beside if number == count else []
            return self._render("article/full.j2", readership, **values)

        first, later = (
            largest([measure(render(number, count, ())) for count in (number, _MOST_PAGES)])
            for number in (1, _MOST_PAGES - 1)
        )
        rooms = (CAPTION_ROOM if caption else TEXT_ROOM, CAPTION_ROOM if others else TEXT_ROOM)
        return render, pages(body, rooms[0].less(first).less(_BLANKS), rooms[1].less(later).less(_BLANKS))

    def _render(self, name: str, readership: Readership, **values: Any) -> Spans:
        language = self._templates.language(readership.language)
        return self._templates.render(name, language, zone=readership.zone, **values)


def _markup(spans: Spans) -> Markup:
    return Markup(write(spans)) if text_of(spans) else Markup("")

"""A story as messages, in each of its forms; and the notice of a withdrawn one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any

from markupsafe import Markup

from bot.model.article import pictures_of
from bot.model.form import Form, Style
from bot.model.message import MOST_IN_ALBUM, OutgoingMessage
from bot.rendering import facts
from bot.rendering.buttons import Buttons
from bot.rendering.environment import Templates
from bot.rendering.fit import CAPTION_ROOM, TEXT_ROOM, Size, clip, fill, largest, measure, pages
from bot.rendering.links import safe_url
from bot.rendering.rich import RichRenderer
from bot.rendering.spans import Spans, text_of, write
from bot.rendering.story import Audience, Story

MOST_PARTS = 20
"""Messages with text that one story may take in a chat; what is longer is read on in place."""

_MOST_PAGES = 999
_BLANKS = Size(6, 0, 0, 6)


class ArticleRenderer:
    """Renders stories: pushed in a style, read in full in place, taken back."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self._rich = RichRenderer(templates)

    def parts(self, story: Story, audience: Audience, style: Style) -> tuple[OutgoingMessage, ...]:
        """Return the messages that show a story in a style, in order. Breaking news is always a flash."""
        form = Form.FLASH if story.flash else style.form
        if not style.pictures:
            story = replace(story, content=replace(story.content, picture=None))
        match form:
            case Form.RICH:
                return (self.rich(story, audience, pictures=style.pictures),)
            case Form.CLASSIC:
                return self.classic(story, audience, pictures=style.pictures)
            case Form.HEADLINE:
                return (self.headline(story, audience),)
            case _:
                return (self.brief(story, audience),)

    def brief(self, story: Story, audience: Audience) -> OutgoingMessage:
        """Return headline, lead, topics, live time, source's link, buttons.

        A flash has a template of its own. A picture makes it a photo with a caption.
        """
        picture = story.content.picture
        how = facts.setting(self._templates, story, audience)
        known = facts.story_facts(story, audience, caption=picture is not None)
        name = "article/flash.j2" if story.flash else "article/brief.j2"
        shown: list[Spans] = []

        def render(lead: Spans) -> Spans:
            shown[:] = [lead]
            return self._render(name, audience, lead=_markup(lead), **known)

        spans = fill(render, facts.opening(story, how), CAPTION_ROOM if picture else TEXT_ROOM)
        more = facts.has_more(story, shown[0], how)
        buttons = Buttons(self._templates, story, audience).under_brief(more=more)
        return OutgoingMessage(write(spans), picture, buttons)

    def short(self, story: Story, audience: Audience, style: Style) -> OutgoingMessage:
        """Return what stands for a story until it is opened: its headline or its brief, as the style has it."""
        form = Form.HEADLINE if style.form is Form.HEADLINE else Form.BRIEF
        return self.parts(story, audience, replace(style, form=form))[0]

    def headline(self, story: Story, audience: Audience) -> OutgoingMessage:
        """Return the headline with its link, time and source: for chats where much is going on."""
        known = facts.story_facts(story, audience)
        spans = clip(self._render("article/headline.j2", audience, **known), TEXT_ROOM)
        more = bool(story.content.lead.strip() or story.content.blocks)
        return OutgoingMessage(
            write(spans), buttons=Buttons(self._templates, story, audience).under_brief(more=more)
        )

    def rich(
        self,
        story: Story,
        audience: Audience,
        page: int = 0,
        *,
        pictures: bool = True,
        way: str | None = None,
    ) -> OutgoingMessage:
        """Return the full story as one rich message, or a page of it where it is longer than those may be.

        `way` is what a button leads back to: see `Buttons.under_rich`.
        """
        return self._rich.page(story, audience, page, pictures=pictures, way=way)

    def classic(
        self, story: Story, audience: Audience, *, pictures: bool = True
    ) -> tuple[OutgoingMessage, ...]:
        """Return the full story as texts, the first of them the caption of its picture or album."""
        shown = list(islice(pictures_of(story.content), MOST_IN_ALBUM)) if pictures else []
        render, texts = self._pages(story, audience, caption=bool(shown))
        if len(shown) > 1 and len(texts) == 1:
            # An album has no buttons: they need a message of their own, with the foot of the story.
            texts.append(())
        count = len(texts)
        buttons = Buttons(self._templates, story, audience)
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
        audience: Audience,
        page: int = 0,
        *,
        photo: bool = False,
        back: str | None = None,
    ) -> OutgoingMessage:
        """Return one page of the full story, numbered from 0; one out of range is the nearest that exists.

        `photo` is set where the message to edit is a photo, whose caption holds less. `back` is the data of
        a button that leads back to a list; without it a button leads back to the brief.
        """
        render, texts = self._pages(story, audience, caption=photo, others=photo)
        at = max(0, min(page, len(texts) - 1))
        spans = clip(render(at + 1, len(texts), texts[at]), CAPTION_ROOM if photo else TEXT_ROOM)
        picture = story.content.picture
        return OutgoingMessage(
            write(spans),
            picture if photo else None,
            Buttons(self._templates, story, audience).under_page(at, len(texts), back),
            preview_url=safe_url(picture.url) if picture and not photo and at == 0 else None,
        )

    def withdrawn(self, audience: Audience) -> OutgoingMessage:
        """Return the notice that takes the place of a killed story which can't be deleted any more."""
        return OutgoingMessage(write(self._render("article/withdrawn.j2", audience)))

    def _pages(
        self, story: Story, audience: Audience, *, caption: bool, others: bool = False
    ) -> tuple[Callable[[int, int, Spans], Spans], list[Spans]]:
        """Return what renders a page, and the text of each; `caption` is the first, or with `others` all."""
        how = facts.setting(self._templates, story, audience)
        known = facts.story_facts(story, audience, caption=caption)
        lead, body = facts.full_parts(story.content, how, caption=caption)

        def render(number: int, count: int, text: Spans) -> Spans:
            told = {**known, "lead": _markup(lead), "body": _markup(text), "page": number, "pages": count}
            return self._render("article/full.j2", audience, **told)

        first, later = (
            largest([measure(render(number, count, ())) for count in (number, _MOST_PAGES)])
            for number in (1, _MOST_PAGES - 1)
        )
        rooms = (CAPTION_ROOM if caption else TEXT_ROOM, CAPTION_ROOM if others else TEXT_ROOM)
        return render, pages(body, rooms[0].less(first).less(_BLANKS), rooms[1].less(later).less(_BLANKS))

    def _render(self, name: str, audience: Audience, **told: Any) -> Spans:
        language = self._templates.language(audience.language)
        return self._templates.render(name, language, zone=audience.zone, **told)


def _markup(spans: Spans) -> Markup:
    return Markup(write(spans)) if text_of(spans) else Markup("")

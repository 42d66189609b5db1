"""A story as a message: the brief that is pushed, the full story in place, the notice of a withdrawn one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from markupsafe import Markup

from bot.model.form import Style
from bot.model.message import OutgoingMessage
from bot.rendering import facts
from bot.rendering.buttons import Buttons
from bot.rendering.environment import Templates
from bot.rendering.fit import CAPTION_ROOM, TEXT_ROOM, Size, clip, fill, measure, pages
from bot.rendering.links import safe_url
from bot.rendering.spans import Spans, text_of, write
from bot.rendering.story import Audience, Story

_MOST_PAGES = 999
_BLANKS = Size(4, 0, 0, 4)


class ArticleRenderer:
    """Renders stories in the classic form: text, or a photo with a caption."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def parts(self, story: Story, audience: Audience, style: Style) -> tuple[OutgoingMessage, ...]:
        """Return the messages that show a story in a style, in order."""
        if not style.pictures:
            story = replace(story, content=replace(story.content, picture=None))
        return (self.brief(story, audience),)

    def brief(self, story: Story, audience: Audience) -> OutgoingMessage:
        """Return what is pushed: headline, lead, topics, live time, source's link, buttons.

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
        how = facts.setting(self._templates, story, audience)
        known = facts.story_facts(story, audience, caption=photo)
        lead, body = facts.full_parts(story.content, how, caption=photo)
        room = CAPTION_ROOM if photo else TEXT_ROOM

        def render(number: int, count: int, text: Spans) -> Spans:
            told = {**known, "lead": _markup(lead), "body": _markup(text), "page": number, "pages": count}
            return self._render("article/full.j2", audience, **told)

        frames = [measure(render(number, _MOST_PAGES, ())) for number in (1, 2)]
        first, others = (room.less(frame).less(_BLANKS) for frame in frames)
        texts = pages(body, first, others)
        at = max(0, min(page, len(texts) - 1))
        spans = clip(render(at + 1, len(texts), texts[at]), room)
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

    def _render(self, name: str, audience: Audience, **told: Any) -> Spans:
        language = self._templates.language(audience.language)
        return self._templates.render(name, language, zone=audience.zone, **told)


def _markup(spans: Spans) -> Markup:
    return Markup(write(spans)) if text_of(spans) else Markup("")

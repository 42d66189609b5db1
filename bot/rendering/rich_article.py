"""A story as a native article: one rich message, or pages of it where it is longer than Telegram takes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from markupsafe import Markup

from bot.model.message import OutgoingMessage
from bot.model.story.content import Block, Blocks, Figure, Mark, Paragraph, Run, figures
from bot.rendering import variables
from bot.rendering.buttons import Buttons, related
from bot.rendering.rich.blocks import RichWriter
from bot.rendering.rich.split import pages
from bot.rendering.rich.tidy import tidy
from bot.rendering.rich.tree import ROOM, Cost, Node, measure, read, write
from bot.rendering.story import Readership, Story
from bot.rendering.templates.environment import Templates

_FRAMED: Blocks = (Paragraph((Run("…"),)),)
"""Stands for a body where only the template's text around it is measured."""

_NAMED = re.compile(r"tg://\w+\?id=(\w+)")


class _Parts(NamedTuple):
    """The lead as it stands on top (rich HTML), and the body with whatever the top can't hold."""

    lead: str
    body: Blocks


@dataclass(frozen=True, slots=True)
class _Frame:
    """A template with all of a story's variables but the body and the page's number."""

    templates: Templates
    story: Story
    readership: Readership
    writer: RichWriter
    lead: str

    def render(self, blocks: Blocks, number: int, count: int) -> list[Node]:
        """Return a page with these blocks, numbered from 1."""
        values: dict[str, Any] = variables.story_variables(self.story, self.readership) | {
            "lead": Markup(self.lead),
            "picture": Markup(_leading(self.story, self.writer)),
            "page": number,
            "pages": count,
            "related": related(self.story, self.readership),
        }
        language = self.templates.language(self.readership.language)
        body = self.writer.blocks(blocks)
        return self.templates.render_rich(
            "article/rich.j2", language, body, zone=self.readership.zone, **values
        )

    def pages(self, blocks: Blocks) -> list[Blocks]:
        """Return the blocks in pages that fit into a message each."""

        def cost(block: Block) -> Cost:
            return measure(tidy(read(self.writer.block(block))))

        first, later = (measure(self.render(_FRAMED, number, number)) for number in (1, 999))
        return pages(blocks, ROOM.less(first), ROOM.less(later), cost)


class RichArticleRenderer:
    """Renders stories as rich messages."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def page(
        self,
        story: Story,
        readership: Readership,
        page: int = 0,
        *,
        pictures: bool = True,
        way: str | None = None,
    ) -> OutgoingMessage:
        """Return one page of the story, numbered from 0; a page out of range is the nearest that exists.

        `way` is as in `Buttons.under_rich`.
        """
        writer = RichWriter(variables.setting(self._templates, story, readership), pictures)
        lead, blocks = _parts(story, writer)
        frame = _Frame(self._templates, story, readership, writer, lead)
        nodes = frame.render(blocks, 1, 1)
        at, count = 0, 1
        if (cost := measure(nodes)).media > ROOM.media and replace(cost, media=0).within(ROOM):
            writer.left = ROOM.media
            nodes = frame.render(blocks, 1, 1)
        if not measure(nodes).within(ROOM):
            texts = frame.pages(blocks)
            count = len(texts)
            at = max(0, min(page, count - 1))
            nodes = frame.render(texts[at], at + 1, count)
        html = write(nodes)
        named = dict.fromkeys(_NAMED.findall(html))
        return OutgoingMessage(
            html,
            rich=True,
            media=tuple((name, writer.media[name]) for name in named if name in writer.media),
            buttons=Buttons(self._templates, story, readership).under_rich(at, count, way),
        )


def _parts(story: Story, writer: RichWriter) -> _Parts:
    content = story.content
    above, blocks = variables.lead_above(content), variables.dated(content)
    if len(above) > variables.LEAD:
        above, blocks = "", (Paragraph((Run(above),)), *blocks)
    if whole := variables.cut_headline(content):
        blocks = (Paragraph((Run(whole, frozenset({Mark.BOLD})),)), *blocks)
    return _Parts(writer.text((Run(above),)) if above else "", blocks)


def _leading(story: Story, writer: RichWriter) -> str:
    """Return the leading picture, unless it stands in the body too."""
    picture = story.content.picture
    if picture is None:
        return ""
    inside = {(each.media.url, each.media.file_id) for each in figures(story.content.blocks)}
    known = {value for pair in inside for value in pair if value}
    return "" if {picture.url, picture.file_id} & known else writer.block(Figure(picture))

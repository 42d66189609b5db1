"""A story as a native article: one rich message, or pages of it where it is longer than Telegram takes."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from markupsafe import Markup

from bot.model.content import Block, Blocks, Figure, Mark, Paragraph, Run, figures
from bot.model.message import OutgoingMessage
from bot.rendering import facts
from bot.rendering.buttons import Buttons, deep_link
from bot.rendering.divide import pages
from bot.rendering.environment import Templates
from bot.rendering.rich_blocks import Rich
from bot.rendering.rich_tidy import tidy
from bot.rendering.rich_tree import Cost, Node, measure, read, write
from bot.rendering.story import Audience, Story

ROOM = Cost(chars=32_000, blocks=480, media=50)
"""A little under Telegram's 32,768 characters, 500 blocks and 50 media (tdlib: OptionManager.cpp)."""

_RELATED = 3
_FRAMED: Blocks = (Paragraph((Run("…"),)),)
"""What stands for a body where only that around it is measured."""

_NAMED = re.compile(r"tg://\w+\?id=(\w+)")


class RichRenderer:
    """Renders stories as rich messages."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def page(
        self,
        story: Story,
        audience: Audience,
        page: int = 0,
        *,
        pictures: bool = True,
        way: str | None = None,
    ) -> OutgoingMessage:
        """Return one page of the story, numbered from 0; one out of range is the nearest that exists."""
        rich = Rich(facts.setting(self._templates, story, audience), pictures)
        lead, blocks = _lead_and_body(story, rich)
        nodes = self._render(story, audience, rich, lead, blocks, 1, 1)
        at, count = 0, 1
        if (cost := measure(nodes)).media > ROOM.media and replace(cost, media=0).within(ROOM):
            rich.left = ROOM.media
            nodes = self._render(story, audience, rich, lead, blocks, 1, 1)
        if not measure(nodes).within(ROOM):
            texts = self._pages(story, audience, rich, lead, blocks)
            count = len(texts)
            at = max(0, min(page, count - 1))
            nodes = self._render(story, audience, rich, lead, texts[at], at + 1, count)
        html = write(nodes)
        named = dict.fromkeys(_NAMED.findall(html))
        return OutgoingMessage(
            html,
            rich=True,
            media=tuple((name, rich.media[name]) for name in named if name in rich.media),
            buttons=Buttons(self._templates, story, audience).under_rich(at, count, way),
        )

    def _pages(self, story: Story, audience: Audience, rich: Rich, lead: str, blocks: Blocks) -> list[Blocks]:
        def cost(block: Block) -> Cost:
            return measure(tidy(read(rich.block(block))))

        frames = [
            measure(self._render(story, audience, rich, lead, _FRAMED, number, number)) for number in (1, 999)
        ]
        return pages(blocks, ROOM.less(frames[0]), ROOM.less(frames[1]), cost)

    def _render(
        self, story: Story, audience: Audience, rich: Rich, lead: str, blocks: Blocks, page: int, count: int
    ) -> list[Node]:
        told: dict[str, Any] = facts.story_facts(story, audience) | {
            "lead": Markup(lead),
            "picture": Markup(_leading(story, rich)),
            "page": page,
            "pages": count,
            "related": [
                {"headline": facts.headline(each.content), "url": deep_link(each, audience)}
                for each in story.related[:_RELATED]
            ],
        }
        language = self._templates.language(audience.language)
        body = rich.blocks(blocks)
        return self._templates.render_rich("article/rich.j2", language, body, zone=audience.zone, **told)


def _lead_and_body(story: Story, rich: Rich) -> tuple[str, Blocks]:
    """Return the lead as it stands on top, and the body with what the top can't hold."""
    content = story.content
    above, blocks = facts.lead_above(content), facts.dated(content)
    if len(above) > facts.LEAD:
        above, blocks = "", (Paragraph((Run(above),)), *blocks)
    if whole := facts.cut_headline(content):
        blocks = (Paragraph((Run(whole, frozenset({Mark.BOLD})),)), *blocks)
    return rich.text((Run(above),)) if above else "", blocks


def _leading(story: Story, rich: Rich) -> str:
    """Return the leading picture, unless it stands in the body too."""
    picture = story.content.picture
    if picture is None:
        return ""
    inside = {(each.media.url, each.media.file_id) for each in figures(story.content.blocks)}
    known = {value for pair in inside for value in pair if value}
    return "" if {picture.url, picture.file_id} & known else rich.block(Figure(picture))

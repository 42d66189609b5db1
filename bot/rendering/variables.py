"""The variables that article templates get of a story, each short enough to leave room for the others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from markupsafe import Markup

from bot.model.story.article import Content
from bot.model.story.content import Block, Figure, Gallery, Mark, MediaKind, Paragraph, Run, plain_text
from bot.rendering.story import Readership, Story
from bot.rendering.templates.environment import Templates
from bot.rendering.text.breaks import shorten
from bot.rendering.text.classic import Setting, blocks_html
from bot.rendering.text.fit import ANY, Size, clip
from bot.rendering.text.spans import Spans, clean, read, text_of, tidy, write
from bot.rendering.text.typography import typeset

HEADLINE = 300
LEAD = 700
_OPENING = 400
_FLASH_OPENING = 900
_CAPTION_SHARE = 3
_TOPICS = 6
_NAME = 64
_WORDS = "article/words.j2"


def setting(templates: Templates, story: Story, readership: Readership) -> Setting:
    """Return how the story's blocks are set: typography of the story's language, the readership's words for media."""
    language = templates.language(readership.language)
    words = {kind: templates.macro(_WORDS, kind.value, language) for kind in MediaKind}
    return Setting(story.content.language, words)


def story_variables(story: Story, readership: Readership, *, caption: bool = False) -> dict[str, Any]:
    """Return the variables that every article template gets, all but `lead` and `body`.

    `caption` says that the text will be a photo's caption: it has less room.
    """
    content = story.content
    return {
        "headline": headline(content, caption=caption),
        "topics": [name[:_NAME] for _, name in story.topics[:_TOPICS]],
        "published_at": story.published_at,
        "corrected_at": story.corrected_at,
        "url": content.url,
        "source": shorten(clean(content.source_name), _NAME),
        "kind": readership.kind,
        "footer": Markup(readership.footer),
        "flash": story.flash,
    }


def headline(content: Content, *, caption: bool = False) -> str:
    """Return the headline on one line, shortened above 300 characters (200 in a caption)."""
    whole = _whole_headline(content)
    return typeset(shorten(whole, HEADLINE // _CAPTION_SHARE * 2 if caption else HEADLINE), content.language)


def _whole_headline(content: Content) -> str:
    return " ".join(clean(content.headline).split())


def lead(content: Content) -> Spans:
    """Return the whole lead, typeset."""
    return tidy(read(str(Markup.escape(typeset(clean(content.lead), content.language)))))


def opening(story: Story, how: Setting) -> Spans:
    """Return the text under the headline of a brief: the lead, else the beginning of the body."""
    if given := lead(story.content):
        return clip(given, Size(LEAD, *ANY))
    room = Size(_FLASH_OPENING if story.flash else _OPENING, *ANY)
    return clip(body(story.content, how), room)


def body(content: Content, how: Setting) -> Spans:
    """Return the story's text with its dateline before the first paragraph."""
    return tidy(read(blocks_html(dated(content), how)))


def dated(content: Content) -> tuple[Block, ...]:
    """Return the body with its dateline before the first paragraph, also where a picture opens the body."""
    blocks, dateline = content.blocks, content.dateline.strip()
    if not dateline:
        return blocks
    place = Run(dateline, frozenset({Mark.BOLD}))
    at = next((at for at, block in enumerate(blocks) if not isinstance(block, Figure | Gallery)), 0)
    first = blocks[at] if blocks else None
    if isinstance(first, Paragraph):
        return (*blocks[:at], replace(first, text=(place, Run(" "), *first.text)), *blocks[at + 1 :])
    return (Paragraph((place,)), *blocks)


def full_parts(content: Content, how: Setting, *, caption: bool) -> tuple[Spans, Spans]:
    """Return the lead to stand above the body, and the body.

    A lead or headline that is too long for the top stands in the body.
    """
    text = body(content, how)
    above = lead(content)
    if _begins_with(content, text_of(above)):
        above = ()
    limit = LEAD // _CAPTION_SHARE if caption else LEAD
    if len(text_of(above)) > limit:
        text, above = _joined(above, text), ()
    if len(_whole_headline(content)) > len(headline(content, caption=caption)):
        whole = read(f"<b>{Markup.escape(_whole_headline(content))}</b>")
        text, above = _joined(whole, _joined(above, text)), ()
    return above, text


def lead_above(content: Content) -> str:
    """Return the lead to stand above the body: empty where the body begins with the same words."""
    said = clean(content.lead).strip()
    return "" if _begins_with(content, typeset(said, content.language)) else said


def cut_headline(content: Content) -> str:
    """Return the whole headline where it is too long to stand on top, else an empty text."""
    whole = _whole_headline(content)
    return whole if whole != _whole(content) else ""


def _joined(first: Spans, second: Spans) -> Spans:
    if not first or not second:
        return first or second
    return read(f"{write(first)}\n\n{write(second)}")


def _begins_with(content: Content, lead_text: str) -> bool:
    """Return whether the lead only repeats the body's first words, as feeds' summaries do."""
    said = " ".join(lead_text.split()).rstrip("…. ")
    return bool(said) and " ".join(typeset(plain_text(content.blocks), content.language).split()).startswith(
        said
    )


def has_more(story: Story, shown: Spans, how: Setting) -> bool:
    """Return whether the story has more text than `shown`, the opening that its brief shows."""
    content = story.content
    cut = text_of(shown) != text_of(lead(content) or body(content, how))
    return cut or bool(content.lead.strip() and content.blocks) or _whole_headline(content) != _whole(content)


def _whole(content: Content) -> str:
    return shorten(_whole_headline(content), HEADLINE)

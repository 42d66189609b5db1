"""The #topics of an editor's text: which topics they name, and the text without them.

A tag that names a topic is meant for the desk, so that it leaves the text where it stands apart from the words: in a
line of nothing but tags, at a headline's end, behind the end of a sentence. Inside a sentence it is a word of it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from bot.model.story.article import Content
from bot.model.story.content import Block, Paragraph, Text, plain
from bot.model.story.topic import Topics

_TOPIC = re.compile(r"(?<!\S)#([\w-]+)")
_WORD = re.compile(r"\S+")
_BETWEEN = ",;"
_SENTENCE_ENDS = ".!?…:"
_CLOSING = "»”\"')]"


def topics_in(text: str, known: Topics) -> tuple[int, ...]:
    """Return the topics that a text names as #slug or #name."""
    found = (known.find(word) for word in _TOPIC.findall(text))
    return tuple(sorted({topic.id for topic in found if topic}))


def without_topics(content: Content, known: Topics) -> Content:
    """Return the content without the tags that stand apart from its words."""
    blocks = (_block(each, known) for each in content.blocks)
    return replace(
        content,
        headline=without_tags(content.headline, known),
        lead=content.lead[: _apart(content.lead, known)].rstrip(),
        blocks=tuple(each for each in blocks if each is not None),
    )


def without_tags(line: str, known: Topics) -> str:
    """Return a headline without the tags at its end; one of nothing else stays."""
    end = _before_tags(line, known)
    return line[:end].rstrip() if line[:end].strip() else line


def only_tags(text: str, known: Topics) -> bool:
    """Return whether a text has words, and all of them are tags that name topics."""
    return bool(text.strip()) and not text[: _before_tags(text, known)].strip()


def _block(block: Block, known: Topics) -> Block | None:
    """Return a block without its last tags; None where nothing is left of it."""
    if not isinstance(block, Paragraph):
        return block
    words = plain(block.text)
    end = len(words[: _apart(words, known)].rstrip())
    if end == len(words.rstrip()):
        return block
    return replace(block, text=_first(block.text, end)) if end else None


def _apart(words: str, known: Topics) -> int:
    """Return where a paragraph ends before its last tags, or its length where they belong to a sentence.

    Nobody ends a sentence with two tags.
    """
    end = _before_tags(words, known)
    said = words[:end].rstrip()
    bare = said.rstrip(_CLOSING)
    several = len(words[end:].split()) > 1
    return end if not bare or bare[-1] in _SENTENCE_ENDS or several else len(words)


def _before_tags(text: str, known: Topics) -> int:
    """Return where the tags at a text's end begin; its length where it ends otherwise."""
    at = len(text)
    for word in reversed(list(_WORD.finditer(text))):
        tag = word[0].rstrip(_BETWEEN)
        if not tag.startswith("#") or known.find(tag) is None:
            break
        at = word.start()
    return at


def _first(text: Text, characters: int) -> Text:
    kept = []
    for run in text:
        if characters > 0:
            kept.append(replace(run, text=run.text[:characters]))
        characters -= len(run.text)
    return tuple(kept)

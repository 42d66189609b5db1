"""What of a story can be corrected, how it reads now, and what an answer makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from aiogram.types import Message

from bot.conversations.dictation.entities import blocks_in
from bot.conversations.dictation.message import HEADLINE, figure_of
from bot.model.errors import Refusal
from bot.model.story.article import Article, Content
from bot.model.story.content import Figure, MediaKind, Paragraph, Preformatted, Quote, plain_text
from bot.model.story.substitution import reworded
from bot.model.story.topic import Topics

FIELDS = ("words", "headline", "lead", "dateline", "text", "picture", "topics")
"""What can be corrected: some words wherever they stand, a whole field, or the topics."""

NOTHING = ("-", "‐", "–", "—")
"""An answer that leaves a field empty."""

LONGEST_TEXT = 3000
"""A longer body does not fit into a question beside the rest, nor into the answer: its words are changed singly."""

LONGEST_LEAD, LONGEST_DATELINE = 1000, 150

Change = Callable[[Content], Content]


def offered(content: Content) -> list[str]:
    """Return the fields that an answer can hold: not a body that is too long, or more than words."""
    simple = all(isinstance(each, Paragraph | Quote | Preformatted) for each in content.blocks)
    whole = simple and len(plain_text(content.blocks)) <= LONGEST_TEXT
    return [each for each in FIELDS if each != "text" or whole]


def present(field: str, article: Article, content: Content, *, known: Topics, language: str) -> str:
    """Return how the field reads now, to be copied; empty where it is, or where there are no words for it."""
    match field:
        case "headline" | "lead" | "dateline":
            return str(getattr(content, field))
        case "text":
            return plain_text(content.blocks)
        case "topics":
            return ", ".join(known.names(article.topic_ids, language))
        case _:
            return ""


def change_of(field: str, message: Message) -> Change:
    """Return what the answer makes of a story's content. Refused for an answer that is none to that question."""
    if field == "picture":
        return _picture(message)
    words = (message.text or "").strip()
    if not words:
        raise Refusal("words-needed")
    match field:
        case "words":
            return _words(words)
        case "text":
            body = () if words in NOTHING else tuple(blocks_in(message.text or "", message.entities or ()))
            return lambda content: replace(content, blocks=body)
        case "headline":
            return lambda content: replace(content, headline=_line(words)[:HEADLINE])
        case "lead":
            lead = "" if words in NOTHING else _line(words)[:LONGEST_LEAD]
            return lambda content: replace(content, lead=lead)
        case "dateline":
            place = "" if words in NOTHING else _line(words)[:LONGEST_DATELINE]
            return lambda content: replace(content, dateline=place)
        case _:
            raise Refusal("stale")


def topics_of(message: Message, known: Topics) -> tuple[int, ...]:
    """Return the ids of the topics that the answer names, with commas or line ends between them. Refused otherwise."""
    said = (message.text or "").replace("\n", ",").replace("#", "").split(",")
    names = [each.strip() for each in said if each.strip()]
    found = [known.find(each) for each in names]
    unknown = [name for name, topic in zip(names, found, strict=True) if topic is None]
    if unknown or not names:
        raise Refusal("unknown-topics", names=unknown[:5])
    return tuple(sorted({each.id for each in found if each is not None}))


def _words(said: str) -> Change:
    old, _, new = said.partition("\n")
    if not new.strip():
        raise Refusal("two-lines")

    def change(content: Content) -> Content:
        after = reworded(content, old, "" if new.strip() in NOTHING else " ".join(new.split()))
        if after == content:
            raise Refusal("words-not-found", words=old[:100])
        return after

    return change


def _picture(message: Message) -> Change:
    if (message.text or "").strip() in NOTHING:
        return lambda content: _with_picture(content, None)
    shown = figure_of(message)
    if shown is None or shown.media.kind is not MediaKind.PICTURE:
        raise Refusal("picture-needed")
    return lambda content: _with_picture(content, shown)


def _with_picture(content: Content, shown: Figure | None) -> Content:
    # In the body the picture stands once more, with its caption: the words are another picture's then.
    former = content.picture
    kept = tuple(each for each in content.blocks if not (isinstance(each, Figure) and each.media == former))
    return replace(content, picture=shown.media if shown else None, blocks=kept)


def _line(words: str) -> str:
    return " ".join(words.split())

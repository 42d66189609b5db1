"""What an editor's message says as a draft: headline, lead, dateline, body, language, topics and source are guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aiogram.types import Message, MessageOriginChannel

from bot.conversations.dictation.message import blocks_of, figure_of, with_figure
from bot.conversations.dictation.tags import topics_in, without_tags, without_topics
from bot.model.newsroom.role import Right, Role
from bot.model.story.article import Content
from bot.model.story.content import figures
from bot.model.story.topic import Topics
from bot.sources.classify import Classifier
from bot.sources.item import Item, make_item
from bot.sources.text.head import headline_apart, lead_apart, without_stop


def guessed(message: Message, known: Topics, language: str) -> Content:
    """Return the story that a message tells and what it shows; `language` is that of a message without words.

    The first line is the headline, a bare paragraph below it the lead. A text of one paragraph has its first
    sentence for a headline.
    """
    words = without_topics(Content("", blocks=tuple(blocks_of(message))), known).blocks
    headline, blocks = headline_apart(words)
    lead, blocks = lead_apart(blocks)
    source, url = _source(message)
    item = make_item(Item("", headline, lead=lead, blocks=blocks, url=url, source_name=source))
    content = item.content("", "") if item else Content("", language="", url=url, source_name=source)
    named = replace(
        content,
        headline=without_stop(without_tags(content.headline, known)),
        language=content.language or language,
    )
    return with_figures(named, [message])


def renewed(message: Message, before: Content, known: Topics, language: str) -> Content:
    """Return the story as an edited message tells it.

    What the message does not say stays as it was before: the other pictures of an album, a link or a source.
    """
    content = guessed(message, known, language)
    if message.media_group_id is not None or figure_of(message) is None:
        leading = before.picture or content.picture
        content = replace(content, picture=leading)
        for figure in figures(before.blocks):
            if figure.media.file_id or figure.media.url:
                content = with_figure(content, figure)
    return replace(
        content, url=content.url or before.url, source_name=content.source_name or before.source_name
    )


def with_figures(content: Content, messages: Sequence[Message]) -> Content:
    """Return the content with what the messages show, each thing once; the first picture leads."""
    for figure in map(figure_of, messages):
        if figure is not None:
            content = with_figure(content, figure)
    return content


@dataclass(frozen=True, slots=True)
class TopicGuess:
    """Chooses a story's topics among those that a person may write about."""

    known: Topics
    role: Role

    def choose(self, content: Content, said: str, categories: Sequence[str] = ()) -> tuple[int, ...]:
        """Return the topics that are named in what was `said`, as #slug, else those that the story's words tell.

        Who writes about one topic alone writes about that one.
        """
        if named := topics_in(said, self.known):
            return named
        found = Classifier(self.known).choose(content, categories)
        mine = tuple(sorted(each for each in found if self.role.may(Right.WRITE, each)))
        own = tuple(self.role.topics or ())
        return mine or (own if len(own) == 1 else ())


def _source(message: Message) -> tuple[str, str | None]:
    """Return the channel that a forward comes from, and the post's address where the channel is public.

    A person who wrote what is forwarded is not named: a newsroom's source may not want that.
    """
    origin = message.forward_origin
    if not isinstance(origin, MessageOriginChannel):
        return "", None
    name = origin.chat.username
    return origin.chat.title or "", f"https://t.me/{name}/{origin.message_id}" if name else None

"""Stories as people share them: rendered once in a minute for a language and zone, and anew when they change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.conversations.inline.shared import MOST, SharedStories
from bot.model.message import OutgoingMessage
from bot.rendering.article import ArticleRenderer
from bot.rendering.check import checked_templates
from bot.rendering.samples import AT, STORIES
from bot.rendering.story import Readership, Story

READER = Readership("ru", "private", "vestnik_bot")


class Counted(ArticleRenderer):
    """Counts what is rendered."""

    count = 0

    def shared(self, story: Story, readership: Readership) -> OutgoingMessage:
        self.count += 1
        return super().shared(story, readership)


def test_a_story_is_rendered_once_a_minute_for_each_revision_and_reader() -> None:
    articles, kept, story = Counted(checked_templates()), SharedStories(), STORIES[0]
    first = kept.message(articles, story, READER, now=AT)
    assert kept.message(articles, story, READER, now=AT + timedelta(seconds=59)) == first
    assert articles.count == 1
    assert all(button.url for row in first.buttons for button in row)
    assert first.picture is None
    kept.message(articles, replace(story, revision=story.revision + 1), READER, now=AT)
    kept.message(articles, story, replace(READER, language="en"), now=AT)
    kept.message(articles, story, READER, now=AT + timedelta(minutes=1))
    assert articles.count == 4


def test_what_is_kept_is_bounded() -> None:
    class Cheap(Counted):
        def shared(self, story: Story, readership: Readership) -> OutgoingMessage:
            self.count += 1
            return OutgoingMessage("")

    articles, kept = Cheap(checked_templates()), SharedStories()
    for number in range(MOST + 1):
        kept.message(articles, replace(STORIES[0], id=number), READER, now=AT)
    kept.message(articles, replace(STORIES[0], id=0), READER, now=AT)
    assert articles.count == MOST + 2, "the first was let go when there were too many"

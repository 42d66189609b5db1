"""The line under a channel's posts stands in each form, once, and leaves others' posts as they were."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model.story.form import Form, Style
from bot.rendering.article import ArticleRenderer
from bot.rendering.check import checked_templates
from bot.rendering.digest import DigestRenderer
from bot.rendering.samples import AT, GROUPS, STORIES
from bot.rendering.story import Readership

LINE = '<a href="https://t.me/valley">Подписаться</a>'
CHANNEL = Readership("ru", "channel", "vestnik_bot")
TEMPLATES = checked_templates()


@pytest.mark.parametrize("form", [Form.RICH, Form.CLASSIC, Form.BRIEF, Form.HEADLINE])
def test_it_stands_once_at_the_end_of_a_story(form: Form) -> None:
    articles, style = ArticleRenderer(TEMPLATES), Style(form, pictures=False)
    for story in STORIES:
        parts = articles.parts(story, replace(CHANNEL, footer=LINE), style)
        assert sum(each.html.count(LINE) for each in parts) == 1
        plain = articles.parts(story, CHANNEL, style)
        assert not any("Подписаться" in each.html for each in plain)


@pytest.mark.parametrize("form", [Form.RICH, Form.BRIEF])
def test_it_stands_at_the_end_of_a_digest(form: Form) -> None:
    digests = DigestRenderer(TEMPLATES)
    page = digests.digest(GROUPS, replace(CHANNEL, footer=LINE), digest_id=1, at=AT, form=form)
    assert page.html.count(LINE) == 1
    assert LINE in page.html[-len(LINE) - 10 :]

"""Lists of stories within Telegram's limits, whatever stands in them."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.message import OutgoingMessage
from bot.model.story.article import Content
from bot.model.story.content import Paragraph, Run
from bot.model.story.form import Form
from bot.rendering.check import checked_templates
from bot.rendering.digest import DigestRenderer
from bot.rendering.rich.tree import ROOM
from bot.rendering.rich.tree import measure as measure_rich
from bot.rendering.rich.tree import read as read_rich_html
from bot.rendering.samples import AT, GROUPS, STORIES
from bot.rendering.story import Readership, Story
from bot.rendering.story_list import Group
from bot.rendering.text.spans import read, text_of
from bot.sandbox.rich import message as sandbox_rich

TEMPLATES = checked_templates()
DIGESTS = DigestRenderer(TEMPLATES)
ANNA = Readership("ru", "private", "vestnik_bot")
CHANNEL = Readership("ru", "channel", "vestnik_bot")
SENTENCES = "Мост открыт утром. По нему прошли автобусы и первые пешеходы из соседних районов города. " * 5


def story(number: int, headline: str, lead: str = "", body: str = "") -> Story:
    blocks = (Paragraph((Run(body),)),) if body else ()
    return Story(number, 1, Content(headline, lead, blocks=blocks), (), AT)


def digest(groups: list[Group], readership: Readership = ANNA, **options: object) -> OutgoingMessage:
    return DIGESTS.digest(groups, readership, digest_id=5, at=AT, now=AT, **options)  # type: ignore[arg-type]


def plain(message: OutgoingMessage) -> str:
    return text_of(read(message.html))


def presses(message: OutgoingMessage) -> list[str]:
    return [button.press or "" for row in message.buttons for button in row]


def test_an_excerpt_ends_with_a_sentence() -> None:
    said = plain(digest([Group(1, "Город", [story(1, "Мост", SENTENCES)])]))
    excerpt = said.split("Мост\n")[1]
    assert excerpt.endswith(("утром.", "города."))
    assert 140 < len(excerpt) <= 220


@pytest.mark.parametrize(
    ("count", "words"),
    [(1, "1\u00a0новость"), (2, "2\u00a0новости"), (5, "5\u00a0новостей"), (21, "21\u00a0новость")],
)
def test_stories_are_counted_as_the_language_counts(count: int, words: str) -> None:
    stories = [story(number, f"Мост {number}") for number in range(1, count + 1)]
    assert words in plain(digest([Group(1, "Город", stories)]))


def test_what_is_left_of_each_topic_stands_behind_a_button() -> None:
    many = [story(number, f"Мост {number}") for number in range(1, 13)]
    message = digest([Group(7, "Город", many), Group(8, "Спорт", many[:2])], size=3)
    assert presses(message)[:5] == [f"open:{number}:digest:5" for number in (1, 2, 3, 1, 2)]
    assert presses(message)[5:] == ["more:5:7:0"]
    assert message.buttons[-1][0].text == "Город: ещё 9"


def test_a_channel_has_links_in_place_of_buttons() -> None:
    for form in (Form.CLASSIC, Form.RICH):
        message = digest(list(GROUPS), CHANNEL, size=2, form=form)
        assert message.buttons == ()
        assert "tg-button" not in message.html
        assert "https://t.me/vestnik_bot?start=a-1" in message.html


@pytest.mark.parametrize(
    ("form", "count", "rich"),
    [
        (Form.BRIEF, 8, False),
        (Form.BRIEF, 9, True),
        (Form.HEADLINE, 9, True),
        (Form.CLASSIC, 30, False),
        (Form.RICH, 1, True),
        (Form.RICH, 0, False),
    ],
)
def test_a_long_digest_is_a_rich_message_where_the_chat_takes_those(
    form: Form, count: int, rich: bool
) -> None:
    groups = [Group(at, f"Тема {at}", [story(at, f"Мост {at}")]) for at in range(1, count + 1)]
    assert digest(groups, form=form).rich is rich


def test_a_table_of_contents_leads_to_each_topic() -> None:
    html = digest(list(GROUPS), form=Form.RICH).html
    wanted = re.findall(r'<a href="#([^"]+)">', html)
    assert wanted == re.findall(r'<a name="([^"]+)">', html)
    assert len(wanted) == len(GROUPS)


def test_pages_of_a_topics_rest_are_numbered_on_and_bounded() -> None:
    group = Group(7, "Город", [story(number, f"Мост {number}") for number in range(1, 26)])

    def page(number: int) -> OutgoingMessage:
        return DIGESTS.section(group, ANNA, digest_id=5, page=number, now=AT)

    assert "11." in plain(page(1))
    assert presses(page(1))[0] == "open:11:more:5:7:1"
    assert plain(page(99)) == plain(page(2))
    assert plain(page(-1)) == plain(page(0))
    assert presses(page(2))[-1] == "list:digest:5"


@pytest.mark.parametrize("form", [Form.CLASSIC, Form.RICH])
@pytest.mark.parametrize("topics", [40, 300])
def test_the_longest_headlines_and_most_topics_fit(topics: int, form: Form) -> None:
    groups = [
        Group(10**9 + at, "Тема с очень длинным названием " * 5, [replace(STORIES[0], id=10**12 + at)] * 9)
        for at in range(topics)
    ]
    message = digest(groups, form=form)
    assert message.html
    assert all(len(each.encode()) <= 64 for each in presses(message))
    assert sum(map(len, message.buttons)) <= 100


HARD = ("<b>", "&amp;", "\x00", "\u202e", "👨\u200d👩\u200d👧", "z" + "\u0351\u036b" * 9, "a" * 5000)
WORDS = st.text(max_size=400) | st.sampled_from(HARD)
STORY = st.builds(story, st.integers(1, 2**40), WORDS, WORDS, WORDS)
GROUP = st.builds(Group, st.integers(1, 2**31), WORDS, st.lists(STORY, min_size=1, max_size=12))


@settings(max_examples=40, deadline=None)
@given(st.lists(GROUP, min_size=1, max_size=12), st.sampled_from(["ru", "en"]), st.sampled_from(Form))
def test_any_digest_is_within_the_limits(groups: list[Group], language: str, form: Form) -> None:
    message = digest(groups, Readership(language, "private", "vestnik_bot"), form=form, size=10)
    assert sum(map(len, message.buttons)) <= 100
    if message.rich:
        assert measure_rich(read_rich_html(message.html)).within(ROOM)
        sandbox_rich.read_rich({"html": message.html})
    else:
        assert 1 <= len(plain(message)) <= 4096

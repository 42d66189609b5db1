import re

import pytest

from bot.demo.stories import AGENCIES, PICTURES, Story, load_stories
from bot.model.story.language import detected

FEEDS = ("news", "magazine", "english")
STORIES = [story for feed in FEEDS for story in load_stories(feed)]
TAGS = {"h2", "h3", "ul", "ol", "li", "blockquote", "p", "cite", "a", "strong", "table", "thead", "tbody"}
TAGS |= {"tr", "th", "td", "figure", "img", "figcaption"}


def words(markup: str) -> str:
    return re.sub(r"<[^>]*>", "", markup)


def test_there_are_about_thirty_stories_in_russian_and_twelve_in_english() -> None:
    languages = [story.language for story in STORIES]
    assert (languages.count("ru"), languages.count("en")) == (30, 12)


def test_every_story_has_an_identity_of_its_own() -> None:
    assert len({story.slug for story in STORIES}) == len(STORIES)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_a_story_is_set_as_an_agency_sets_it(story: Story) -> None:
    assert story.headline.strip() == story.headline
    assert not story.headline.endswith(".")
    assert story.lead.endswith((".", "!", "?"))
    first = re.search(r"<p>(.*?)</p>", story.html("http://127.0.0.1/pictures"), re.DOTALL)
    assert first
    assert first[1].startswith(f"{story.city} ({AGENCIES[story.language]})")
    assert story.city == story.city.upper()
    assert len(story.body.strip().split("\n\n")) >= 3


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_its_markup_is_closed_plain_and_points_to_no_file(story: Story) -> None:
    body = story.html("http://127.0.0.1/pictures")
    opened = [tag for tag in re.findall(r"<(\w+)[ >]", body) if tag != "img"]
    closed = re.findall(r"</(\w+)>", body)
    assert sorted(opened) == sorted(closed)
    assert set(opened) <= TAGS
    assert not re.search(r"file:|(?:src|href)=\"/|/(?:home|work|tmp|usr)/", body)
    assert not re.search(r"&(?!amp;|lt;|gt;|quot;|#)", body)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.slug)
def test_its_typography_is_that_of_its_language(story: Story) -> None:
    text = words(f"{story.headline} {story.lead} {story.caption} {story.body}")
    assert '"' not in text
    assert " - " not in text
    assert not re.search(r"\d \d{3}(?!\d)", text), "thousands are parted by a non-breaking space"
    if story.language == "ru":
        assert text.count("«") == text.count("»")
        assert not re.search("[“”]", text)
    else:
        assert text.count("“") == text.count("”")
        assert not re.search("[а-яё']", text)


@pytest.mark.parametrize("story", [each for each in STORIES if each.picture], ids=lambda story: story.slug)
def test_its_picture_is_there_small_and_credited(story: Story) -> None:
    assert 1_000 < (PICTURES / story.picture).stat().st_size < 60_000
    assert story.caption
    assert story.credit


@pytest.mark.parametrize("story", [each for each in STORIES if each.correction], ids=lambda story: story.slug)
def test_its_correction_changes_what_it_finds(story: Story) -> None:
    assert story.correction
    find, say = story.correction
    corrected = story.corrected()
    assert corrected != story
    texts = f"{corrected.headline}{corrected.lead}{corrected.body}{corrected.caption}"
    assert say in texts
    assert find not in texts


def test_the_stories_show_what_a_bot_must_be_able_to_set() -> None:
    bodies = "".join(story.body for story in STORIES)
    for tag in ("<h2>", "<ul>", "<ol>", "<blockquote>", "<table>", "<a href=", "<strong>"):
        assert tag in bodies
    assert max(len(words(story.body)) for story in STORIES) > 6_000
    assert any(story.correction for story in STORIES)
    assert any(not story.categories for story in STORIES)


@pytest.mark.parametrize("feed", FEEDS)
def test_the_language_of_every_story_is_detected_by_its_headline_alone(feed: str) -> None:
    assert not [story.headline for story in load_stories(feed) if detected(story.headline) != story.language]

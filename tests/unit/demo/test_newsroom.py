from pathlib import Path

from bot.demo.stories import SAMPLE, load_stories
from bot.demo.wire import Wire
from bot.sources.newsroom.file import load_newsroom
from tests.support.paths import ROOT


def test_the_sample_newsroom_names_the_wires_feeds_and_known_topics(tmp_path: Path) -> None:
    text = (SAMPLE / "newsroom.toml").read_text(encoding="utf-8").replace("{wire}", "http://127.0.0.1:1")
    (tmp_path / "newsroom.toml").write_text(text, encoding="utf-8")
    newsroom = load_newsroom(tmp_path / "newsroom.toml")
    served = {f"http://127.0.0.1:1{feed.path}" for feed in Wire().feeds.values()}
    assert {feed.url for feed in newsroom.feeds} == served
    assert all(set(topic.names) == {"ru", "en"} for topic in newsroom.topics)


def test_every_category_of_a_sample_story_is_some_topics(tmp_path: Path) -> None:
    text = (SAMPLE / "newsroom.toml").read_text(encoding="utf-8").replace("{wire}", "http://127.0.0.1:1")
    (tmp_path / "newsroom.toml").write_text(text, encoding="utf-8")
    newsroom = load_newsroom(tmp_path / "newsroom.toml")
    known = {word for topic in newsroom.topics for word in (*topic.names.values(), *topic.aliases)}
    said = {
        word for feed in ("news", "magazine", "english") for s in load_stories(feed) for word in s.categories
    }
    assert said <= known


def test_the_example_newsroom_is_one_that_can_be_copied() -> None:
    newsroom = load_newsroom(ROOT / "newsroom.example.toml")
    assert newsroom.topics
    assert {feed.publish for feed in newsroom.feeds} == {"auto", "draft"}

"""The newsroom file is read strictly and applied gently."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.model.errors import SetupError
from bot.model.story.form import Form, Style
from bot.sources.newsroom.adoption import apply
from bot.sources.newsroom.entries import Newsroom
from bot.sources.newsroom.file import load_newsroom
from bot.store.engine.database import Database
from bot.store.newsroom import feeds, topics
from tests.support.transactions import reads, writes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = """
name = "Вестник"

[[topic]]
slug = "asia"
parent = "world"
keywords = ["пустыня"]
[topic.names]
ru = "Азия"

[[topic]]
slug = "world"
aliases = ["За рубежом"]
[topic.names]
ru = "Мир"
en = "World"

[[feed]]
url = "https://example.org/feed.xml"
topics = ["world"]
language = "en"
publish = "auto"
backfill = 3
interval = 600

[[feed]]
url = "https://example.org/other.xml"
name = "Другая лента"
"""

put = writes(apply)


def _load(tmp_path: Path, text: str) -> Newsroom:
    path = tmp_path / "newsroom.toml"
    path.write_text(text, encoding="utf-8")
    return load_newsroom(path)


def test_an_agency_may_have_a_name_in_each_language(tmp_path: Path) -> None:
    text = GOOD.replace('name = "Вестник"', 'name.ru = "Вестник"\nname.en = " Herald "')
    newsroom = _load(tmp_path, text)
    assert (newsroom.name, newsroom.names) == ("Вестник", {"ru": "Вестник", "en": "Herald"})
    assert _load(tmp_path, GOOD).names == {}
    for wrong in ('name.ru = ""', 'name.RUSSIAN = "Вестник"', "name = {}"):
        with pytest.raises(SetupError, match="name"):
            _load(tmp_path, GOOD.replace('name = "Вестник"', wrong, 1))


def test_a_good_file_is_read_whole(tmp_path: Path) -> None:
    newsroom = _load(tmp_path, GOOD)
    assert newsroom.name == "Вестник"
    assert [topic.slug for topic in newsroom.topics] == ["asia", "world"]
    assert newsroom.topics[1].names == {"ru": "Мир", "en": "World"}
    first, second = newsroom.feeds
    assert (first.language, first.publish, first.backfill, first.interval) == ("en", "auto", 3, 600)
    assert (second.language, second.publish, second.backfill, second.interval) == ("ru", "auto", 0, 0)
    assert (first.language_named, second.language_named) == (True, False)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "name"),
        ('name = "A"\nnmae = 1', "line 2: unknown key 'nmae'"),
        ("name = \n", "line 1"),
        ('name = "A"\ntopic = 1', "[[topic]]"),
        ('name = "A"\n[[topic]]\nslug = "Мир"', "line 3, [[topic]] 1: slug"),
        ('name = "A"\n[[topic]]\nslug = "a"', "topic 'a' needs a name"),
        ('name = "A"\n[[topic]]\nslug = "a"\n[topic.names]\nrussian = "А"', "line 5, [[topic]] 1: 'russian'"),
        ('name = "A"\n[[topic]]\nslug = "a"\nnames = {ru = ""}', "name in 'ru'"),
        ('name = "A"\n[[topic]]\nslug = "a"\ncolour = 1\n[topic.names]\nru = "А"', "line 4"),
        (
            'name = "A"\n[[topic]]\nslug = "a"\nnames = {ru = "А"}\n'
            '[[topic]]\nslug = "a"\nnames = {ru = "Б"}',
            "line 6, [[topic]] 2: topic 'a' is in the file twice",
        ),
        ('name = "A"\n[[topic]]\nslug = "a"\nparent = "b"\nnames = {ru = "А"}', "line 4"),
        ('name = "A"\n[[topic]]\nslug = "a"\nparent = "a"\nnames = {ru = "А"}', "its own ancestor"),
        (
            'name = "A"\n[[topic]]\nslug = "a"\nnames = {ru = "А"}\n'
            '[[topic]]\nslug = "b"\nnames = {ru = "Б"}\naliases = ["а"]',
            "'а' already means topic 'a'",
        ),
        (
            'name = "A"\n[[topic]]\nslug = "a"\nnames = {ru = "А"}\nkeywords = "x"',
            "line 5, [[topic]] 1: keywords",
        ),
        ('name = "A"\n[[feed]]\nurl = "file:///etc/hosts"', "line 3, [[feed]] 1: url"),
        ('name = "A"\n[[feed]]\nurl = "http://a:b/"', "url"),
        (
            'name = "A"\n[[feed]]\nurl = "http://a/"\ntopics = ["x"]',
            "line 4, [[feed]] 1: there is no",
        ),
        ('name = "A"\n[[feed]]\nurl = "http://a/"\npublish = "yes"', "publish"),
        ('name = "A"\n[[feed]]\nurl = "http://a/"\nbackfill = -1', "backfill"),
        ('name = "A"\n[[feed]]\nurl = "http://a/"\ninterval = 0', "interval"),
        ('name = "A"\n[[feed]]\nurl = "http://a/"\ninterval = true', "interval"),
        (
            'name = "A"\n[[feed]]\nurl = "http://a/"\n[[feed]]\nurl = "http://a/"',
            "line 5, [[feed]] 2: the",
        ),
    ],
)
def test_a_mistake_is_one_sentence_that_names_its_place(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(SetupError) as raised:
        _load(tmp_path, text)
    assert says in str(raised.value)
    lines = str(raised.value).split("\n")
    assert all(line.startswith(str(tmp_path / "newsroom.toml")) for line in lines)
    assert sum(says in line for line in lines) == 1


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"absent\.toml: can't be read"):
        load_newsroom(tmp_path / "absent.toml")
    (tmp_path / "old.toml").write_bytes("name = 'Вестник'".encode("cp1251"))
    with pytest.raises(SetupError, match=r"old\.toml: is not UTF-8"):
        load_newsroom(tmp_path / "old.toml")


async def test_a_file_is_applied_as_often_as_wanted(sqlite_db: Database, tmp_path: Path) -> None:
    newsroom = _load(tmp_path, GOOD)
    await put(sqlite_db, newsroom, NOW)
    kept = (await reads(topics.load)(sqlite_db), await reads(feeds.all_in_use)(sqlite_db))
    await put(sqlite_db, newsroom, NOW)
    assert (await reads(topics.load)(sqlite_db), await reads(feeds.all_in_use)(sqlite_db)) == kept
    assert sorted(kept[0].path(topic.id) for topic in kept[0].all) == ["world", "world/asia"]
    assert [feed.name for feed in kept[1]] == ["Вестник", "Другая лента"]


async def test_what_leaves_the_file_is_retired_and_what_editors_made_stays(
    sqlite_db: Database, tmp_path: Path
) -> None:
    await put(sqlite_db, _load(tmp_path, GOOD), NOW)
    before = {topic.slug: topic.id for topic in (await reads(topics.load)(sqlite_db)).all}
    await writes(topics.put)(sqlite_db, "ours", {"ru": "Своё"}, origin="desk")
    await put(sqlite_db, Newsroom("Вестник"), NOW)
    assert [topic.slug for topic in (await reads(topics.load)(sqlite_db)).all] == ["ours"]
    assert await reads(feeds.all_in_use)(sqlite_db) == []
    await put(sqlite_db, _load(tmp_path, GOOD), NOW)
    after = {topic.slug: topic.id for topic in (await reads(topics.load)(sqlite_db)).all}
    assert before.items() <= after.items()
    assert len(await reads(feeds.all_in_use)(sqlite_db)) == 2


def test_a_newsroom_says_in_which_form_stories_are_pushed(tmp_path: Path) -> None:
    file = tmp_path / "newsroom.toml"
    file.write_text('name = "Вестник"\n', encoding="utf-8")
    assert load_newsroom(file).style == Style(Form.BRIEF, pictures=True)
    file.write_text('name = "Вестник"\nform = "rich"\npictures = false\n', encoding="utf-8")
    assert load_newsroom(file).style == Style(Form.RICH, pictures=False)


@pytest.mark.parametrize(("line", "part"), [('form = "flash"', "form"), ("pictures = 1", "pictures")])
def test_a_form_that_is_none_is_named_with_its_line(tmp_path: Path, line: str, part: str) -> None:
    file = tmp_path / "newsroom.toml"
    file.write_text(f'name = "Вестник"\n{line}\n', encoding="utf-8")
    with pytest.raises(SetupError, match=rf"newsroom\.toml, line 2: {part} must be"):
        load_newsroom(file)


async def test_a_feed_whose_language_the_file_does_not_name_has_none(db: Database, tmp_path: Path) -> None:
    await put(db, _load(tmp_path, GOOD), NOW)
    kept = {feed.url: feed.language for feed in await reads(feeds.all_in_use)(db)}
    assert kept == {"https://example.org/feed.xml": "en", "https://example.org/other.xml": ""}


def test_all_mistakes_are_told_at_once_and_each_once(tmp_path: Path) -> None:
    text = """name = "A"
form = "loud"
[[topic]]
slug = "world"
[topic.names]
ru = "Мир"
x = "X"
[[topic]]
slug = "Big City"
parent = "nowhere"
[topic.names]
ru = ""
[[feed]]
url = "ftp://a/"
topics = ["wrold", "Big City", "sprot", "wrold"]
language = "russian"
[[feed]]
url = "http://user:secret@a/"
publish = "soon"
interval = 0
"""
    with pytest.raises(SetupError) as raised:
        _load(tmp_path, text)
    lines = str(raised.value).split("\n")
    told = [line.split("newsroom.toml, ")[1] for line in lines]
    assert [line.split(":")[0] for line in told] == [
        *("line 7, [[topic]] 1", "line 9, [[topic]] 2", "line 12, [[topic]] 2", "line 10, [[topic]] 2"),
        *("line 14, [[feed]] 1", "line 15, [[feed]] 1", "line 15, [[feed]] 1", "line 16, [[feed]] 1"),
        *("line 19, [[feed]] 2", "line 20, [[feed]] 2", "line 2"),
    ]
    assert "wrold" in told[5]
    assert "sprot" in told[6]
    assert "secret" not in str(raised.value)

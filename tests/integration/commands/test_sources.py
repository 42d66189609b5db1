"""`topic`, `feed` and `newsroom export` change what the chat changes, and say what they refuse."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run commands in a folder of their own; a refusal is what they say then."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'vestnik.db'}")

    def running(*words: str, code: int = 0) -> str:
        assert main(words) == code
        said = capsys.readouterr()
        return said.err if code else said.out

    return running


def test_topics_are_added_renamed_paused_and_merged(run: Run) -> None:
    assert run("topic", "add", "economy", "ru=Экономика", "en=Economy").startswith("economy ")
    assert run("topic", "add", "money", "ru=Деньги", "--parent", "economy").startswith("economy/money ")
    assert "ru: Финансы" in run("topic", "rename", "money", "ru=Финансы")
    assert "(paused)" in run("topic", "pause", "money")
    assert "paused already" in run("topic", "pause", "money", code=2)
    assert "(paused)" not in run("topic", "resume", "money")
    assert "already means a topic" in run("topic", "add", "cash", "ru=Финансы", code=2)
    assert "no name" in run("topic", "add", "sport", "Спорт", code=2)
    run("topic", "merge", "money", "economy")
    assert run("topic", "list").splitlines() == ["economy  ru: Экономика, en: Economy"]
    assert "merge-topics  money → economy" in run("audit")


def test_feeds_are_added_changed_and_removed_and_the_file_is_written(run: Run, tmp_path: Path) -> None:
    run("topic", "add", "economy", "ru=Экономика")
    url = "https://example.org/feed.xml"
    said = run("feed", "add", url, "--topic", "economy", "--draft", "--name", "Вести")
    assert said.split() == ["1", "Вести", url, "draft", "economy"]
    assert "already in the list" in run("feed", "add", url, code=2)
    assert "(paused)" in run("feed", "pause", "Вести")
    run("feed", "resume", "1")
    run("feed", "publish", url)
    run("feed", "rename", "1", "Новости долины")
    assert "written" in run("newsroom", "export", "newsroom.toml")
    text = (tmp_path / "newsroom.toml").read_text(encoding="utf-8")
    assert tomllib.loads(text)["feed"] == [
        {"url": url, "name": "Новости долины", "topics": ["economy"], "publish": "auto"}
    ]
    # The agency's name comes from the file that it is written over.
    renamed = text.replace('name = "Vestnik"', 'name = "Herald"')
    (tmp_path / "newsroom.toml").write_text(renamed, encoding="utf-8")
    assert 'name = "Herald"' in run("newsroom", "export")
    assert "removed" in run("feed", "remove", "Новости долины")
    assert "gone" in run("feed", "remove", "1", code=2)
    assert run("feed", "list") == ""


def test_a_trial_keeps_nothing_and_asks_nobody_on_this_machine(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(("feed", "test", "http://127.0.0.1:9/feed")) == 1
    assert "private-address" in capsys.readouterr().out
    assert "not a web address" in run("feed", "test", "nonsense", code=2)
    assert run("feed", "list") == ""

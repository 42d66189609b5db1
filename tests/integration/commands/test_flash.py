"""`flash` and `undo` on the command line: by the same verbs as an editor's buttons."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.__main__ import main


@pytest.fixture(autouse=True)
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'vestnik.db'}")
    Path("copy.txt").write_text("Мост через Светлую открыли\n\nПервыми проехали автобусы.\n", "utf-8")
    assert main(["draft", "copy.txt"]) == 0
    capsys.readouterr()


def test_a_story_goes_out_pinned_and_back_while_nobody_has_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flash", "1"]) == 2
    assert "--everybody" in capsys.readouterr().err
    assert main(["flash", "1", "--everybody", "--pin", "--language", "ru", "--undo", "60"]) == 0
    assert "python -m bot undo 1" in capsys.readouterr().out
    assert main(["flash", "1", "--everybody"]) == 2
    assert "already" in capsys.readouterr().err
    assert main(["undo", "1"]) == 0
    assert "article 1 is draft" in capsys.readouterr().out
    assert main(["flash", "1", "--everybody", "--silent", "--undo", "0"]) == 0
    assert main(["undo", "1"]) == 2
    assert "too late" in capsys.readouterr().err
    assert main(["audit", "--json"]) == 0
    deeds = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    said = [(each["verb"], each["detail"]) for each in deeds if each["verb"] in ("flash", "undo")]
    assert said == [("flash", "everybody ru pinned"), ("undo", ""), ("flash", "everybody own silent")]


def test_an_update_and_a_topic_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flash", "1", "--everybody", "--undo", "0"]) == 0
    Path("more.txt").write_text("Мост через Светлую открыли утром\n\nИ трамваи.\n", "utf-8")
    assert main(["draft", "more.txt"]) == 0
    assert main(["flash", "2", "--topic", "nowhere"]) == 2
    assert main(["flash", "2", "--everybody", "--undo", "-1"]) == 2
    capsys.readouterr()
    assert main(["flash", "2", "--everybody"]) == 2
    assert "nearly the same headline" in capsys.readouterr().err
    assert main(["flash", "2", "--everybody", "--update-of", "1"]) == 0

"""`search` on the command line: what readers find, with the same words."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.__main__ import main


@pytest.fixture(autouse=True)
def newsroom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'vestnik.db'}")
    Path("copy.txt").write_text("Мост через Светлую открыли\n\nПо мосту проехали автобусы.\n", "utf-8")
    assert main(["draft", "copy.txt"]) == 0
    capsys.readouterr()


def test_what_is_published_is_found_with_its_words_marked(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "мосты"]) == 0
    assert capsys.readouterr().out == "nothing found\n"
    assert main(["flash", "1", "--everybody", "--undo", "0"]) == 0
    capsys.readouterr()
    assert main(["search", "мосты -трамвай", "за", "неделю", "--best"]) == 0
    out = capsys.readouterr().out
    assert "Мост через Светлую открыли" in out
    assert "По *мосту* проехали автобусы." in out


def test_what_is_found_instead_and_what_asks_for_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["flash", "1", "--everybody", "--undo", "0"]) == 0
    capsys.readouterr()
    assert main(["search", "мост", "жираф"]) == 0
    assert capsys.readouterr().out == "nothing found\nsomething is found without жираф\n"
    assert main(["search", "!"]) == 2
    assert main(["search", "м" * 300]) == 2

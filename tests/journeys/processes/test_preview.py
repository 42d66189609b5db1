"""`python -m bot preview` as a process of its own: no token, no database, no picture fetched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.paths import ROOT

COPY = """Мост через реку открыт
Движение пущено утром.
ДОЛИНСК (Агентство). Первые машины прошли по мосту в пять утра - на два дня раньше срока.

Строители обещали "сдать всё" к лету.
"""
PAGE = """<!doctype html><html><head><title>Порт открыт — Сайт</title></head><body><nav>Меню Контакты</nav>
<article><h1>Порт открыт</h1><p>Первые суда ждут разгрузки у причала.</p>
<figure><img src="https://example.org/port.jpg"><figcaption>Причал утром</figcaption></figure>
<p>Работы шли два года, и закончены они были раньше срока.</p></article></body></html>"""
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Лента</title>
<item><guid>a-1</guid><title>Раз</title><description>Первая новость.</description></item>
<item><guid>a-2</guid><title>Два</title><description>Вторая новость.</description></item>
</channel></rss>"""
OURS = {"id": "j-1", "headline": "Ярмарка началась", "text": "Она продлится до вечера.", "language": "ru"}
UNTOLD = ("BOT_TOKEN", "DATABASE_URL", "TEMPLATES_DIR", "NEWSROOM_FILE", "LANGUAGE")


def preview(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder of its own, and return what it said."""
    environment = {key: value for key, value in os.environ.items() if key not in UNTOLD}
    return subprocess.run(
        [sys.executable, "-m", "bot", "preview", *words],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "copy.txt").write_text(COPY, encoding="utf-8")
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "feed.xml").write_text(FEED, encoding="utf-8")
    (tmp_path / "ours.json").write_text(json.dumps(OURS), encoding="utf-8")
    return tmp_path


def test_each_story_is_a_line_of_json_as_it_would_be_sent(folder: Path) -> None:
    done = preview(folder, "copy.txt", "page.html", "feed.xml", "ours.json", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert [each["title"] for each in told] == [
        "Мост через реку открыт",
        "Порт открыт",
        "Раз",
        "Два",
        "Ярмарка началась",
    ]
    assert [each["id"] for each in told[2:]] == ["a-1", "a-2", "j-1"]
    for each in told:
        (call,) = each["calls"]
        assert call["method"] == "sendRichMessage"
        assert f"<h1>{each['title']}</h1>" in call["params"]["rich_message"]["html"]
        assert "chat_id" not in call["params"]
    html = told[1]["calls"][0]["params"]["rich_message"]["html"]
    assert '<img src="https://example.org/port.jpg"/><figcaption>Причал утром' in html
    assert "Меню" not in html
    assert "утра\u00a0— на\u00a0два" in told[0]["calls"][0]["params"]["rich_message"]["html"]


@pytest.mark.parametrize("form", ["classic", "brief", "headline", "flash"])
def test_every_form_is_shown_in_the_language_asked_for(folder: Path, form: str) -> None:
    done = preview(folder, "copy.txt", "--form", form, "--language", "en", "--json")
    assert done.returncode == 0
    call = json.loads(done.stdout)["calls"][0]
    assert call["method"] == "sendMessage"
    assert call["params"]["parse_mode"] == "HTML"
    assert "Share" in json.dumps(call["params"]["reply_markup"])
    assert ("BREAKING" in call["params"]["text"]) == (form == "flash")


@pytest.mark.parametrize(("language", "name"), [("ru", "Вестник Долины"), ("en", "Valley Herald")])
def test_the_newsroom_is_called_as_in_the_language_shown(folder: Path, language: str, name: str) -> None:
    names = 'name = { ru = "Вестник Долины", en = "Valley Herald" }\n'
    (folder / "newsroom.toml").write_text(names, encoding="utf-8")
    done = preview(folder, "ours.json", "--language", language)
    assert (done.returncode, done.stderr) == (0, "")
    assert [each for each in ("Вестник Долины", "Valley Herald") if each in done.stdout] == [name]


def test_a_picture_stands_as_its_address(folder: Path) -> None:
    done = preview(folder, "page.html", "--form", "classic", "--json")
    call = json.loads(done.stdout)["calls"][0]
    assert call["method"] == "sendPhoto"
    assert call["params"]["photo"] == "https://example.org/port.jpg"


def test_it_can_be_read_in_a_terminal(folder: Path) -> None:
    done = preview(folder, "page.html")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert "# Порт открыт" in lines
    assert "🖼 https://example.org/port.jpg" in lines
    assert "[ Поделиться ]" in lines
    assert "<" not in done.stdout.replace("<https://", "")


def test_what_can_not_be_read_is_named_and_the_others_are_shown(folder: Path) -> None:
    (folder / "empty.txt").write_bytes(b"")
    (folder / "broken.json").write_bytes(b"{nonsense")
    done = preview(folder, "none.txt", "empty.txt", "broken.json", "copy.txt", ".", "--json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["title"] == "Мост через реку открыт"
    said = done.stderr.splitlines()
    assert len(said) == 4
    assert [line.split(":")[1].strip() for line in said] == ["none.txt", "empty.txt", "broken.json", "."]
    assert "Traceback" not in done.stderr


def test_nothing_of_the_client_is_imported(folder: Path) -> None:
    asked = "import sys; from bot.__main__ import main; main(['preview', 'copy.txt', '--json']); "
    asked += "print([name for name in ('aiogram', 'aiohttp', 'sqlalchemy') if name in sys.modules], file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr.strip() == "[]"

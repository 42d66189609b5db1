"""A newsroom's own templates: taken up as they change, tried first, and passed over where they fail."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.rendering.check import checked_templates, problems_of
from bot.rendering.samples import AT, STORIES
from bot.rendering.talk import Talk
from bot.rendering.templates.environment import Templates
from bot.rendering.text.spans import text_of
from tests.support.paths import ROOT

BRIEF = {"headline": "Bridge opens", "lead": "", "topics": [], "corrected_at": None, "url": None} | {
    "published_at": AT,
    "source": "",
    "kind": "private",
    "flash": False,
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    own = tmp_path / "own"
    for name in ("article", "talk", "locale/en/LC_MESSAGES"):
        (own / name).mkdir(parents=True)
    return own


def put(folder: Path, name: str, text: str) -> None:
    """Write a file so that it looks changed, however coarse the file system's clock is."""
    path = folder / name
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))


def stayed(templates: Templates) -> str:
    return text_of(templates.render("talk/stayed.j2", "en"))


def test_what_is_written_into_the_folder_is_taken_up(folder: Path) -> None:
    templates = checked_templates(folder)
    assert "everything stays" in stayed(templates)
    assert not templates.refresh()
    put(folder, "talk/stayed.j2", "Fine, {{ agency }} stays.")
    assert templates.refresh()
    assert stayed(templates) == "Fine, Vestnik stays."
    put(folder, "talk/stayed.j2", "All right.")
    assert stayed(templates) == "Fine, Vestnik stays.", "what was not tried yet must not be used"
    assert templates.refresh()
    assert stayed(templates) == "All right."
    (folder / "talk/stayed.j2").unlink()
    assert templates.refresh()
    assert "everything stays" in stayed(templates)


def test_a_folder_that_comes_later_is_taken_up_too(tmp_path: Path) -> None:
    templates = checked_templates(tmp_path / "later")
    assert "there is no such folder" in templates.problems()[0]
    (tmp_path / "later" / "talk").mkdir(parents=True)
    put(tmp_path / "later", "talk/stayed.j2", "Here.")
    assert templates.refresh()
    assert stayed(templates) == "Here."
    assert templates.problems() == []


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("one\n{% if x %}\nthree", 3, "Unexpected end"),
        ("one\n\n{{ no_such_fact }}", 3, "no_such_fact"),
        ("{{ headline|no_such_filter }}", 1, "No filter named"),
        ("one\n{{ headline.upper.nothing.at_all }}", 2, "nothing"),
        ("{# nothing at all #}", 1, "it writes nothing"),
        ("one\n{% for n in range(10**9) %}{{ n }}{% endfor %}", 2, ""),
    ],
)
def test_a_mistake_is_named_and_the_shipped_one_stays(
    folder: Path, text: str, line: int, reason: str
) -> None:
    templates = checked_templates(folder)
    shipped = text_of(templates.render("article/brief.j2", "en", now=AT, **BRIEF))
    put(folder, "article/brief.j2", text)
    put(folder, "talk/stayed.j2", "Fine.")
    assert templates.refresh()
    problems = templates.problems()
    assert len(problems) == 1, problems
    assert problems[0].startswith(f"{folder / 'article/brief.j2'}:{line}: ")
    assert reason in problems[0]
    assert text_of(templates.render("article/brief.j2", "en", now=AT, **BRIEF)) == shipped
    assert stayed(templates) == "Fine.", "one bad file must not keep the good ones out"


def test_a_mistake_that_is_mended_is_forgotten(folder: Path) -> None:
    put(folder, "talk/stayed.j2", "{{ nothing")
    templates = checked_templates(folder)
    assert templates.problems()
    put(folder, "talk/stayed.j2", "Fine.")
    assert templates.refresh()
    assert templates.problems() == []
    assert stayed(templates) == "Fine."


def test_a_mistake_in_an_included_file_keeps_what_includes_it(folder: Path) -> None:
    put(folder, "article/brief.j2", '<b>{{ headline }}</b> OURS {% include "article/foot.j2" %}')
    put(folder, "article/foot.j2", "{{ topics.no.such.thing }}")
    templates = checked_templates(folder)
    assert [problem.split(": ")[0] for problem in templates.problems()] == [f"{folder / 'article/foot.j2'}:1"]
    assert "OURS" in text_of(templates.render("article/brief.j2", "en", now=AT, **BRIEF))


def test_a_story_unlike_any_sample_falls_back_when_it_comes(folder: Path) -> None:
    put(folder, "article/brief.j2", "{% if headline == 'Rare' %}{{ 1 // 0 }}{% endif %}{{ headline }}!")
    templates = checked_templates(folder)
    assert templates.problems() == []
    rare = text_of(templates.render("article/brief.j2", "en", now=AT, **BRIEF | {"headline": "Rare"}))
    assert "Rare" in rare
    assert "Rare!" not in rare
    assert "article/brief.j2:1: ZeroDivisionError" in templates.problems()[0]


def test_words_of_ones_own_go_before_the_shipped_ones(folder: Path) -> None:
    po = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Read in full"\nmsgstr "More"\n'
    put(folder, "locale/en/LC_MESSAGES/vestnik.po", po)
    talk = Talk(checked_templates(folder))
    assert talk.label("full", "en") == "More"
    assert talk.label("share", "en") == "Share"


def test_the_documents_worked_example_works(folder: Path) -> None:
    page = (ROOT / "docs" / "templates.md").read_text(encoding="utf-8")
    shipped, own = re.findall(r"```jinja\n(.*?)```", page, re.DOTALL)
    templates = checked_templates(folder)
    assert shipped == (templates.folder / "article/brief.j2").read_text(encoding="utf-8")
    put(folder, "article/brief.j2", own)
    assert templates.refresh()
    assert templates.problems() == []
    facts = BRIEF | {"topics": ["World"], "lead": "At six.", "url": "https://example.org/1"}
    said = text_of(templates.render("article/brief.j2", "en", now=AT, **facts))
    assert said.startswith("World\nBridge opens\nAt six.")


def test_every_sample_is_rendered_without_a_fault() -> None:
    assert problems_of(checked_templates()) == []
    assert len(STORIES) > 2

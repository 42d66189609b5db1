"""Every word that people read is there in Russian and in English, and no catalogue has a word too many."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.rendering.check import TALKS, checked_templates, problems_of
from bot.rendering.talk import Talk
from bot.rendering.templates.catalogues import extract, is_empty, languages_in, load, po_file, update
from bot.rendering.templates.shipped import shipped_templates

FOLDER = shipped_templates()
_HOLES = re.compile(r"%\((\w+)\)s")


def test_both_languages_are_there() -> None:
    assert languages_in(FOLDER)[:2] == ("ru", "en")


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_catalogue_holds_exactly_what_the_templates_say(language: str) -> None:
    catalogue = load(po_file(FOLDER, language), language)
    wanted = {message.id for message in extract(FOLDER) if message.id}
    assert {message.id for message in catalogue if message.id} == wanted
    assert [message.id for message in catalogue if is_empty(message)] == []


def test_a_translation_has_the_holes_of_what_it_translates() -> None:
    for message in load(po_file(FOLDER, "ru"), "ru"):
        if isinstance(message.id, str) and message.id:
            assert set(_HOLES.findall(str(message.string))) <= set(_HOLES.findall(message.id))


def test_no_line_of_russian_begins_with_a_dash() -> None:
    forms = [str(message.string) for message in load(po_file(FOLDER, "ru"), "ru")]
    assert [form for form in forms if re.search(r"\S —", form)] == []


def test_a_push_that_is_not_planned_yet_names_no_number_of_chats() -> None:
    facts = dict(TALKS["breaking_progress"], paused=False, done=False, accepted=0, waiting=0)
    talk = Talk(checked_templates())
    assert "Принято Telegram: 0\n" in talk.say("breaking_progress", "ru", **facts | {"audience": 0})
    assert "Принято Telegram: 0 из 3\n" in talk.say("breaking_progress", "ru", **facts | {"audience": 3})


def test_updating_changes_nothing_where_nothing_is_new(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "templates")
    assert update(tmp_path / "templates") == {language: [] for language in languages_in(FOLDER)}
    for language in languages_in(FOLDER):
        copied = po_file(tmp_path / "templates", language).read_text("utf-8")
        assert copied == po_file(FOLDER, language).read_text("utf-8")


def test_every_template_renders_in_every_language() -> None:
    assert problems_of(checked_templates()) == []

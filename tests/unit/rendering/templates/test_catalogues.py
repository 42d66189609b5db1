"""Every word that people read is there in each finished language, and no catalogue has a word too many."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.model.newsroom.role import Right
from bot.rendering.check import TALKS, checked_templates, problems_of
from bot.rendering.talk import Talk
from bot.rendering.templates.catalogues import extract, is_empty, languages_in, load, po_file, update
from bot.rendering.templates.shipped import shipped_templates
from bot.tongues import codes, drafts

FOLDER = shipped_templates()
FINISHED = [code for code in codes() if code not in drafts()]
_HOLES = re.compile(r"%\((\w+)\)s")


def test_every_language_has_its_catalogue() -> None:
    assert languages_in(FOLDER) == codes()
    assert {"ru", "en"} <= set(FINISHED)


@pytest.mark.parametrize("language", codes())
def test_a_catalogue_holds_exactly_what_the_templates_say(language: str) -> None:
    catalogue = load(po_file(FOLDER, language), language)
    wanted = {message.id for message in extract(FOLDER) if message.id}
    assert {message.id for message in catalogue if message.id} == wanted
    if language in FINISHED:
        assert [message.id for message in catalogue if is_empty(message)] == []


@pytest.mark.parametrize("language", codes())
def test_a_translation_has_the_holes_of_what_it_translates(language: str) -> None:
    for message in load(po_file(FOLDER, language), language):
        if isinstance(message.id, str) and message.id and message.string:
            assert set(_HOLES.findall(str(message.string))) == set(_HOLES.findall(message.id))


def test_kyrgyz_puts_no_ending_after_what_it_does_not_know() -> None:
    """An ending takes the vowels of its word: `%(count)sдан` would be wrong for every other word."""
    forms = [str(message.string) for message in load(po_file(FOLDER, "ky"), "ky")]
    assert [form for form in forms if re.search(r"%\(\w+\)s[\w’-]", form)] == []


def test_a_draft_is_nearly_complete_and_what_it_lacks_is_said_in_another_language() -> None:
    catalogue = load(po_file(FOLDER, "ky"), "ky")
    lacking = [message for message in catalogue if is_empty(message)]
    assert len(lacking) < 0.5 * len(catalogue)
    talk = Talk(checked_templates())
    for command, said in talk.command_menu("ky", "private", list(Right)):
        assert said, command


def test_english_has_one_kind_of_apostrophe() -> None:
    ids = [message.id for message in extract(FOLDER) if message.id]
    said = [form for each in ids for form in ((each,) if isinstance(each, str) else each)]
    assert [each for each in said if re.search(r"[A-Za-z]'", each)] == []
    assert any("’" in each for each in said)


@pytest.mark.parametrize("language", ["ru", "ky"])
def test_no_line_begins_with_a_dash(language: str) -> None:
    forms = [str(message.string) for message in load(po_file(FOLDER, language), language)]
    assert [form for form in forms if re.search(r"\S —", form)] == []


def test_a_push_that_is_not_planned_yet_names_no_number_of_chats() -> None:
    facts = dict(TALKS["breaking_progress"], paused=False, done=False, accepted=0, waiting=0)
    talk = Talk(checked_templates())
    assert "Принято Telegram: 0\n" in talk.say("breaking_progress", "ru", **facts | {"audience": 0})
    assert "Принято Telegram: 0 из 3\n" in talk.say("breaking_progress", "ru", **facts | {"audience": 3})


def test_updating_changes_nothing_where_nothing_is_new(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "templates")
    lacking = update(tmp_path / "templates")
    assert [language for language in FINISHED if lacking[language]] == []
    for language in languages_in(FOLDER):
        copied = po_file(tmp_path / "templates", language).read_text("utf-8")
        assert copied == po_file(FOLDER, language).read_text("utf-8")


def test_every_template_renders_in_every_language() -> None:
    assert problems_of(checked_templates()) == []

"""Type by the style books: what is set, and what is left alone."""

from __future__ import annotations

import pytest

from bot.model.story.content import Mark, Run
from bot.rendering.text.typography import typeset, typeset_runs

RUSSIAN = [
    ('Он сказал: "Мы дома"', "Он сказал: «Мы дома»"),
    ('"Завод "Заря" работает"', "«Завод „Заря“ работает»"),
    ("«кавычки «внутри» тут»", "«кавычки „внутри“ тут»"),
    ("“так” тоже", "«так» тоже"),
    ("Мост - это дорога", "Мост_— это дорога"),
    ("- Да, - сказал он", "— Да,_— сказал он"),
    ("В 2024-2025 годах", "В_2024–2025_годах"),
    ("цены выросли на 10-12%", "цены выросли на_10–12%"),
    ("$4,1 млрд и 5 300 км", "$4,1_млрд и_5_300_км"),
    ("№ 5, § 3, 17 %", "№_5, §_3, 17_%"),
    ("100 млрд руб. и 2 тыс. долларов", "100_млрд_руб. и_2_тыс._долларов"),
    ("25 ноября, в 5 ч", "25_ноября, в_5_ч"),
    ("А. С. Пушкин и С. П. Королёв", "А._С._Пушкин и_С._П._Королёв"),
    ("г. Бишкек, ул. Мира, т. е. тут", "г._Бишкек, ул._Мира, т._е. тут"),
    ("едва ли он бы ушёл", "едва_ли он_бы ушёл"),
    ("ёлка, ещё, моё...", "ёлка, ещё, моё…"),
]
ENGLISH = [
    ('He said "done" twice', "He said “done” twice"),
    ("The bridge - a long one - is open", "The bridge_– a_long one_– is open"),
    ("word--word", "word—word"),
    ("from 10-12 km, pages 5-7", "from 10–12_km, pages 5–7"),
    ("$4.1 billion euros, 5 kg", "$4.1_billion_euros, 5_kg"),
    ("Mr. Smith, Dr Jones, No. 5", "Mr._Smith, Dr_Jones, No._5"),
    ("wait...", "wait…"),
]
LEFT_ALONE = [
    "Ту-154, COVID-19, МиГ-29",
    "Boeing 737-800",
    "+7 (495)123-45-67",
    "2026-11-25",
    "https://example.org/a-b?c=--d...",
    "имя-фамилия",
    "#тег_1-2",
    "@name_x",
    "a-b@example.org",
    "кое-кто, где-то",
]


@pytest.mark.parametrize(("typed", "wanted"), RUSSIAN)
def test_russian_is_set_by_its_style_books(typed: str, wanted: str) -> None:
    assert typeset(typed, "ru").replace("\u00a0", "_") == wanted
    assert typeset(typeset(typed, "ru"), "ru") == typeset(typed, "ru")


@pytest.mark.parametrize(("typed", "wanted"), ENGLISH)
def test_english_is_set_by_its_style_books(typed: str, wanted: str) -> None:
    assert typeset(typed, "en").replace("\u00a0", "_") == wanted
    assert typeset(typeset(typed, "en"), "en") == typeset(typed, "en")


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_names_links_tags_and_numbers_stay_as_they_are(text: str) -> None:
    assert typeset(text, "ru") == text
    assert typeset(text, "en") == text


def test_quotes_that_do_not_come_in_pairs_stay_as_they_are() -> None:
    for text in ('экран 24" широк', '"начало без конца', 'конец" без начала', "он » она « так"):
        assert typeset(text, "ru") == text


def test_a_quotation_may_begin_in_one_run_and_end_in_another() -> None:
    text = (
        Run('Он сказал: "'),
        Run("да", frozenset({Mark.BOLD})),
        Run('" - и ввёл '),
        Run('"код"', frozenset({Mark.CODE})),
        Run(', "'),
        Run("ссылку - сюда", href="https://example.org"),
        Run('"...'),
    )
    said = [run.text.replace("\u00a0", "_") for run in typeset_runs(text, "ru")]
    assert said == ["Он сказал: «", "да", "»_— и_ввёл ", '"код"', ", «", "ссылку - сюда", "»…"]


def test_other_languages_keep_their_quotes_and_dashes() -> None:
    assert typeset('Er sagte "so" - 5 km', "de") == 'Er sagte "so" - 5\u00a0km'

"""In which language a text is: what its source says, what its alphabet contradicts, what its words tell."""

from __future__ import annotations

import pytest

from bot.model.languages import meet, primary
from bot.model.story.language import READ, detected, language_of


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Мост через реку открыли после ремонта"),
        ("ru", "Бүгүн — так называется новая выставка в городском музее"),
        ("ru", "Orion представил iPad Pro Max"),
        ("ru", "Как прошёл фестиваль The Best of Brass в Остемаре"),
        ("ru", "Погода"),
        ("uk", "Міст через річку відкрили після ремонту, повідомили в мерії"),
        ("be", "Мост праз раку адкрылі пасля рамонту, паведамілі ў мэрыі"),
        ("bg", "Мостът беше отворен след ремонт и вече е достъпен за всички"),
        ("ky", "Көпүрө оңдоодон кийин ачылды, деп билдирди мэрия"),
        ("kk", "Көпір жөндеуден кейін ашылды және бүгін қолжетімді болды"),
        ("tg", "Пул баъд аз таъмир кушода шуд ва барои мардум дастрас аст"),
        ("mn", "Гүүр засварын дараа нээгдэж байна гэж хотын захиргаа мэдээлэв"),
        ("en", "Bridge reopens after repairs"),
        ("en", "Orion unveils Pixel Max Pro"),
        ("de", "Die Brücke ist nach der Reparatur wieder für alle offen"),
        ("fr", "Le pont a été rouvert après les travaux, selon la mairie"),
        ("es", "El puente fue reabierto después de la reparación, dice la ciudad"),
        ("tr", "Köprü onarımdan sonra açıldı ve bir tören düzenlendi"),
        ("uz", "Ko'prik ta'mirdan keyin ochildi va bu haqida xabar berildi"),
        ("pl", "Most został otwarty po remoncie i jest dostępny dla kierowców"),
        ("ka", "ხიდი გაიხსნა"),
        ("", "24 : 7"),
        ("", ""),
    ],
)
def test_a_language_is_detected(language: str, text: str) -> None:
    assert detected(text) == language


@pytest.mark.parametrize(
    ("named", "text", "language"),
    [
        ("uk", "Погода", "uk"),
        ("ky", "Бишкек", "ky"),
        ("en-US", "Мост через реку открыли после ремонта", "ru"),
        ("ru", "The bridge reopens after repairs", "en"),
        ("en-GB", "The bridge reopens after repairs", "en-GB"),
        ("en", "Новый iPad", "en"),
        ("sr", "Most je otvoren posle popravke", "sr"),
        ("xx", "Мост через реку открыли после ремонта", "xx"),
        ("ru", "24 : 7", "ru"),
    ],
)
def test_a_source_is_believed_unless_the_alphabet_contradicts_it(
    named: str, text: str, language: str
) -> None:
    assert language_of(text, named) == language


def test_no_more_is_read_than_is_needed() -> None:
    assert detected("Мост открыт. " + " " * READ + "the of and to in is that for on with " * 999) == "ru"


def test_a_reader_of_any_language_and_news_for_any_meet() -> None:
    assert primary("en-GB") == primary("EN_us") == "en"
    assert meet((), ("ru",))
    assert meet(("ru",), ())
    assert not meet(("ru",), ("en",))

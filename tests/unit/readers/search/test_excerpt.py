"""Excerpts: the place where the words stand, with the words marked, from any text."""

from hypothesis import given
from hypothesis import strategies as st

from bot.model.search.query import Sought
from bot.model.story.article import Content
from bot.model.story.content import Mark, Paragraph, Run, Text
from bot.readers.search.excerpt import ROOM, excerpt

BRIDGE = Sought((("мост",), ("нов", "переправ")))
LONG = "Погода была тихой и тёплой весь день. " * 20


def made(text: str, *wanted: Sought, lead: str = "") -> Text:
    return excerpt(Content("Заголовок", lead, blocks=(Paragraph((Run(text),)),)), wanted)


def marked(text: Text) -> list[str]:
    return [run.text for run in text if Mark.BOLD in run.marks]


def whole(text: Text) -> str:
    return "".join(run.text for run in text)


def test_every_form_is_marked_and_nothing_else() -> None:
    shown = made("По мосту и у моста стоит мостовая. Новую переправу ждали.", BRIDGE)
    assert marked(shown) == ["мосту", "моста", "Новую переправу"]


def test_the_excerpt_is_where_the_words_are() -> None:
    shown = whole(made(f"{LONG}Открыт новый мост через реку. {LONG}", BRIDGE))
    assert "Открыт новый мост" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= ROOM + 2


def test_a_place_with_more_of_the_words_is_better() -> None:
    river = Sought((("рек",),))
    assert "через реку" in whole(made(f"Мост. {LONG} Мост через реку открыт. {LONG}", BRIDGE, river))


def test_without_the_words_it_is_the_beginning() -> None:
    assert whole(made(LONG, BRIDGE, lead="Лид.")).startswith("Лид. Погода")


def test_a_prefix_marks_whole_words() -> None:
    assert marked(made("Энергетики спорят об энергии.", Sought((), "энерг"))) == ["Энергетики", "энергии"]


def test_yo_and_stress_are_no_hindrance() -> None:
    assert marked(made("Ёлку и ело\u0301чку.", Sought((("елк",),)))) == ["Ёлку"]


def test_a_letter_of_two_characters_is_one() -> None:
    assert marked(made("Новыи\u0306 мост", Sought((("нов",),)))) == ["Новый"]


@given(st.text(max_size=600), st.text(alphabet="мостре ", min_size=1, max_size=8))
def test_any_text_has_an_excerpt_of_its_own_words(text: str, word: str) -> None:
    shown = whole(made(text, Sought((("мост",),), word.strip()[:3])))
    assert len(shown) <= ROOM + 2

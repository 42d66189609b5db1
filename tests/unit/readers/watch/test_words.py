"""Words to watch for are read from whatever somebody sends."""

from __future__ import annotations

import pytest

from bot.model.errors import Refusal
from bot.model.search.alert import AlertTerms, Term
from bot.readers.search.synonyms import grouped
from bot.readers.watch.words import MOST_AT_ONCE, MOST_CHARACTERS, MOST_WORDS, wanted_in

NONE = grouped(())
UNION = grouped((("Евросоюз", "Европейский союз"),))


def said(text: str) -> list[str]:
    return [each.said for each in wanted_in(text, NONE)]


def kept(text: str) -> list[str]:
    return [each.terms.dump() for each in wanted_in(text, NONE)]


def test_a_comma_a_semicolon_or_a_line_begins_another_alert_and_words_side_by_side_are_one() -> None:
    assert said("нефть, Бишкек") == ["нефть", "Бишкек"]
    assert said("нефть Бишкек; мост\nпорт") == ["нефть Бишкек", "мост", "порт"]
    assert kept("нефть Бишкек") == kept("бишкека  НЕФТИ")


def test_quotes_hold_words_together_and_commas_in() -> None:
    assert said("«новый, мост» порт") == ["«новый, мост» порт"]
    (wanted,) = wanted_in('"new bridges"', NONE)
    assert wanted.said == "“new bridges”"
    assert wanted.terms == AlertTerms((Term(("new", "bridg"), literal=True),))


def test_a_dash_leaves_out() -> None:
    (wanted,) = wanted_in("нефть -футбол −«новая дорога»", NONE)
    assert wanted.said == "нефть −футбол −«новая дорога»"
    assert wanted.terms.unwanted == (Term(("футбол",)), Term(("нов", "дорог"), literal=True))
    # Within a word, and by itself, a dash is none.
    assert kept("Нью-Йорк") == ["нью йорк"]
    assert kept("мост — порт") == kept("мост порт")


def test_a_name_of_several_words_that_the_newsroom_knows_is_one() -> None:
    (wanted,) = wanted_in("европейского союза мост", UNION)
    assert [each.stems for each in wanted.terms.wanted] == [("европейск", "союз"), ("мост",)]


def test_little_words_go_unless_they_are_all_there_is() -> None:
    assert kept("the oil of the sea") == kept("oil sea")
    assert kept("цены на нефть") == kept("цены нефть")
    for text in ("the", "the of", "на", "«в на»", "и -мост", "The, на"):
        with pytest.raises(Refusal, match="alert-little-words"):
            wanted_in(text, NONE)


@pytest.mark.parametrize(
    "text", ["", "   ", ",,;", "🔥🔥", "-футбол", "-«новый мост»", "\u200b\u200e", "***"]
)
def test_where_no_word_is_wanted_that_is_said(text: str) -> None:
    with pytest.raises(Refusal, match="alert-nothing"):
        wanted_in(text, NONE)


def test_what_is_not_seen_parts_no_word() -> None:
    assert kept("неф\u200bть") == kept("н\u2060ефть\u202e") == kept("нефть")
    assert said("\u202eнефть\u202c") == ["нефть"]
    assert kept("нефть 🔥, (мост)!") == ["нефт", "мост"]
    assert kept("نفط") == ["نفط"]


def test_too_much_is_refused_by_name() -> None:
    with pytest.raises(Refusal, match="alert-too-long"):
        wanted_in("м" * (MOST_CHARACTERS + 1), NONE)
    with pytest.raises(Refusal, match="alert-too-long"):
        wanted_in("мост, " * 10_000, NONE)
    with pytest.raises(Refusal, match="alert-too-many-words"):
        wanted_in(" ".join(f"м{at}" for at in range(MOST_WORDS + 1)), NONE)
    with pytest.raises(Refusal, match="alert-too-many"):
        wanted_in(", ".join(f"м{at}" for at in range(MOST_AT_ONCE + 1)), NONE)
    assert len(wanted_in("мост, моста, мосту, мостом, мосты, мостов, мостам", NONE)) == 1


def test_a_whole_text_is_one_alert_whatever_stands_in_it() -> None:
    (wanted,) = wanted_in("нефть, Бишкек", NONE, whole=True)
    assert wanted.said == "нефть Бишкек"


def test_terms_are_kept_in_one_order_and_read_again() -> None:
    terms = AlertTerms((Term(("мост",)), Term(("нов", "порт"), literal=True)), (Term(("футбол",)),))
    turned = AlertTerms(terms.wanted[::-1], terms.unwanted)
    assert terms.dump() == turned.dump()
    loaded = AlertTerms.load(terms.dump())
    assert (set(loaded.wanted), loaded.unwanted) == (set(terms.wanted), terms.unwanted)

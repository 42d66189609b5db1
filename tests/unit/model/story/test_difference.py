"""What became different, in few words."""

from __future__ import annotations

from dataclasses import replace

from bot.model.story.article import Content
from bot.model.story.content import Heading, Media, MediaKind, Paragraph, Run
from bot.model.story.difference import LONGEST, MOST_CHANGES, Change, difference


def content(text: str, headline: str = "Мост закрыт") -> Content:
    return Content(headline, "Лид.", blocks=(Paragraph((Run(text),)),))


def test_a_short_field_is_shown_whole() -> None:
    changed = content("Текст.", "Мост открыт")
    assert difference(content("Текст."), changed) == [Change("headline", "Мост закрыт", "Мост открыт")]


def test_of_the_body_the_words_that_changed_are_shown_with_some_around() -> None:
    before = content("Утром в долине закрыли один мост через реку, вечером его откроют.")
    after = content("Утром в долине закрыли два моста через реку, вечером их откроют.")
    made = difference(before, after)
    assert made[0].old == "в долине закрыли один мост через реку, вечером"
    assert made[0].new == "в долине закрыли два моста через реку, вечером"
    assert made[1].old.endswith("его откроют.")
    assert made[1].new.endswith("их откроют.")


def test_what_was_added_or_taken_away_has_one_side_empty() -> None:
    (added,) = difference(content("Мост закрыт."), content("Мост закрыт. Объезд есть."))
    assert (added.old, added.new) == ("", "Мост закрыт. Объезд есть.")


def test_it_is_bounded_however_much_changes() -> None:
    before = content(" ".join(f"слово{at}" for at in range(5000)))
    after = content(" ".join(f"другое{at}" for at in range(5000)), "Иной " * 200)
    made = difference(before, after)
    assert len(made) <= MOST_CHANGES
    assert all(len(each.old) <= LONGEST and len(each.new) <= LONGEST for each in made)
    scattered = content(" ".join(f"слово{at}" if at % 5 else "правка" for at in range(390)))
    assert len(difference(content(" ".join(f"слово{at}" for at in range(390))), scattered)) == MOST_CHANGES


def test_a_picture_and_a_form_are_named() -> None:
    before = content("Текст")
    shown = replace(before, picture=Media(MediaKind.PICTURE, url="https://example.org/1.png"))
    assert difference(before, shown) == [Change("picture", "", "https://example.org/1.png")]
    heading = replace(before, blocks=(Heading((Run("Текст"),), 2),))
    assert [each.field for each in difference(before, heading)] == ["form"]
    assert difference(before, before) == []

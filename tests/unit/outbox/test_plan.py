"""From what stands in a chat and what is wanted to the steps between, case by case."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.model.delivery import WITHDRAWN, Delivery, Lane, Manner, Shown, Subject, SubjectKind
from bot.model.message import PHOTO, RICH, TEXT, OutgoingMessage
from bot.model.story.content import Media, MediaKind
from bot.outbox.plan import Edit, Pin, Send, Withdraw, notice, photos_in_place, plan, without_picture

PICTURE = Media(MediaKind.PICTURE, url="https://news.example.com/bridge.jpg")
WORDS, MORE = OutgoingMessage("Мост открыт"), OutgoingMessage("Подробности")
PHOTO_OF_IT = OutgoingMessage("Мост открыт", PICTURE)
ARTICLE = OutgoingMessage("<p>Мост открыт</p>", rich=True)
ALBUM = (PHOTO_OF_IT, *(OutgoingMessage("", PICTURE, grouped=True) for _ in range(2)))


def of(*standing: Shown, wanted: int = 1, shown: int | None = None) -> Delivery:
    return Delivery(
        bot_id=1,
        chat_id=7,
        telegram_id=7,
        chat_kind="private",
        language="ru",
        zone="UTC",
        subject=Subject(SubjectKind.ARTICLE, 42),
        lane=Lane.STORY,
        wanted=wanted,
        shown=shown,
        thread_id=None,
        due_at=datetime(2026, 11, 25, 9, tzinfo=UTC),
        attempts=0,
        messages=standing,
    )


def test_where_nothing_is_shown_all_is_sent_and_only_the_first_may_sound() -> None:
    assert plan(of(), (WORDS, MORE)) == [
        Send(0, (WORDS,), silent=False),
        Send(1, (MORE,), silent=True),
    ]


def test_that_a_story_was_taken_back_makes_no_sound() -> None:
    assert plan(of()._replace(lane=Lane.KILL), (WORDS,)) == [Send(0, (WORDS,), silent=True)]


def test_an_album_goes_out_in_one_call() -> None:
    assert plan(of(), (*ALBUM, MORE)) == [
        Send(0, ALBUM, silent=False),
        Send(3, (MORE,), silent=True),
    ]


def test_what_is_shown_at_an_older_revision_is_edited() -> None:
    standing = Shown(0, 100, TEXT, 1)
    assert plan(of(standing, wanted=2, shown=1), (WORDS,)) == [Edit(standing, WORDS)]


def test_what_is_shown_as_wanted_is_left_alone() -> None:
    assert plan(of(Shown(0, 100, TEXT, 2), wanted=2, shown=2), (WORDS,)) == []


@pytest.mark.parametrize(
    ("form", "wanted"), [(TEXT, ARTICLE), (RICH, WORDS), (TEXT, WORDS), (RICH, ARTICLE), (PHOTO, PHOTO_OF_IT)]
)
def test_a_form_that_telegram_can_change_is_edited_in_place(form: str, wanted: OutgoingMessage) -> None:
    standing = Shown(0, 100, form, 1)
    (step,) = plan(of(standing, wanted=2, shown=1), (wanted,))
    assert isinstance(step, Edit)
    assert step.standing == standing


@pytest.mark.parametrize(("form", "wanted"), [(PHOTO, WORDS), (PHOTO, ARTICLE), (RICH, PHOTO_OF_IT)])
def test_a_form_that_telegram_cannot_change_is_withdrawn_and_sent_anew_without_a_sound(
    form: str, wanted: OutgoingMessage
) -> None:
    standing = Shown(0, 100, form, 1)
    assert plan(of(standing, wanted=2, shown=1), (wanted,)) == [
        Withdraw(standing),
        Send(0, (wanted,), silent=True),
    ]


def test_a_text_that_gets_a_picture_is_given_it() -> None:
    standing = Shown(0, 100, TEXT, 1)
    assert plan(of(standing, wanted=2, shown=1), (PHOTO_OF_IT,)) == [
        Edit(standing, PHOTO_OF_IT, picture=True)
    ]


def test_a_photo_changes_its_picture_only_where_that_is_another() -> None:
    standing = Shown(0, 100, PHOTO, 1)
    delivery = of(standing, wanted=2, shown=1)
    assert photos_in_place(delivery, (PHOTO_OF_IT,)) == [standing]
    assert plan(delivery, (PHOTO_OF_IT,)) == [Edit(standing, PHOTO_OF_IT, picture=True)]
    assert plan(delivery, (PHOTO_OF_IT,), {0}) == [Edit(standing, PHOTO_OF_IT)]


@pytest.mark.parametrize(
    ("standing", "parts"),
    [
        (Shown(0, 100, PHOTO, 2), (PHOTO_OF_IT,)),
        (Shown(0, 100, PHOTO, 1), (WORDS,)),
        (Shown(0, 100, TEXT, 1), (PHOTO_OF_IT,)),
        (Shown(1, 101, PHOTO, 1), (PHOTO_OF_IT,)),
    ],
)
def test_no_pictures_are_compared_where_nothing_depends_on_it(
    standing: Shown, parts: tuple[OutgoingMessage, ...]
) -> None:
    assert photos_in_place(of(standing, wanted=2, shown=1), parts) == []


def test_parts_too_many_are_withdrawn() -> None:
    first, second, third = Shown(0, 100, TEXT, 1), Shown(1, 101, TEXT, 1), Shown(2, 102, TEXT, 1)
    assert plan(of(first, second, third, wanted=2, shown=1), (WORDS,)) == [
        Edit(first, WORDS),
        Withdraw(second),
        Withdraw(third),
    ]


def test_a_part_too_few_is_sent_without_a_sound() -> None:
    standing = Shown(0, 100, TEXT, 2)
    assert plan(of(standing, wanted=2, shown=1), (WORDS, MORE)) == [Send(1, (MORE,), silent=True)]


def test_pictures_that_an_album_lacks_are_sent_as_one_of_their_own() -> None:
    standing = Shown(0, 100, PHOTO, 1)
    assert plan(of(standing), ALBUM) == [Send(1, ALBUM[1:], silent=True)]


def test_an_album_breaks_where_a_later_picture_stands_already() -> None:
    standing = Shown(2, 102, PHOTO, 1)
    assert plan(of(standing), ALBUM) == [Send(0, ALBUM[:2], silent=True)]


def test_what_was_sent_before_a_crash_is_not_sent_again() -> None:
    standing = Shown(0, 100, TEXT, 1)
    assert plan(of(standing), (WORDS, MORE)) == [Send(1, (MORE,), silent=True)]


def test_what_was_sent_before_a_crash_and_is_corrected_since_is_edited() -> None:
    standing = Shown(0, 100, TEXT, 1)
    assert plan(of(standing, wanted=2), (WORDS, MORE)) == [
        Edit(standing, WORDS),
        Send(1, (MORE,), silent=True),
    ]


def test_all_of_a_withdrawn_delivery_is_deleted() -> None:
    first, second = Shown(0, 100, PHOTO, 1), Shown(1, 101, TEXT, 1)
    assert plan(of(first, second, wanted=WITHDRAWN, shown=1), ()) == [Withdraw(first), Withdraw(second)]
    assert plan(of(wanted=WITHDRAWN), ()) == []


@pytest.mark.parametrize("form", [TEXT, PHOTO, RICH])
def test_what_is_older_than_48_hours_gives_way_to_a_notice_and_keeps_its_picture(form: str) -> None:
    standing = Shown(0, 100, form, 1)
    assert notice(standing, WORDS) == Edit(standing, WORDS, picture=False)


def test_a_picture_that_cannot_be_had_leaves_the_one_that_stands_there() -> None:
    photo, text = Shown(0, 100, PHOTO, 1), Shown(0, 100, TEXT, 1)
    assert without_picture(Edit(photo, PHOTO_OF_IT, picture=True)) == Edit(photo, PHOTO_OF_IT)
    assert without_picture(Edit(text, PHOTO_OF_IT, picture=True)) is None
    assert without_picture(Edit(photo, PHOTO_OF_IT)) is None


def test_what_is_to_be_pinned_is_pinned_once_it_stands_also_after_a_crash() -> None:
    pinned = of()._replace(manner=Manner.PINNED)
    assert plan(pinned, [WORDS]) == [Send(0, [WORDS], silent=False), Pin(None)]
    head = Shown(0, 71, TEXT)
    assert plan(pinned._replace(messages=(head,)), [WORDS]) == [Pin(head)]
    assert plan(of(head, shown=1, wanted=2)._replace(manner=Manner.PINNED), [MORE]) == [Edit(head, MORE)]
    assert plan(of(head, wanted=WITHDRAWN)._replace(manner=Manner.PINNED), []) == [Withdraw(head)]


def test_silent_news_makes_no_sound() -> None:
    assert plan(of()._replace(manner=Manner.SILENT), [WORDS]) == [Send(0, [WORDS], silent=True)]

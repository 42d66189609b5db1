import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.press import Press, pack, read_start, start_article, start_topic, unpack


def test_a_button_says_its_verb_and_arguments() -> None:
    press = unpack(pack("full", 42, 3))
    assert press == Press("full", ("42", "3"))
    assert (press.number(0), press.number(1), press.number(2)) == (42, 3, None)


def test_callback_data_is_counted_in_bytes() -> None:
    assert pack("x", "a" * 62)
    with pytest.raises(ValueError, match="too long"):
        pack("x", "я" * 32)


@given(st.text())
def test_forged_data_is_read_without_harm(data: str) -> None:
    press = unpack(data)
    assert press.number(0) is None or isinstance(press.number(0), int)


def test_deep_links_are_read_back() -> None:
    assert read_start(start_article(42)) == ("article", "42")
    assert read_start(start_topic("world-asia")) == ("topic", "world-asia")


@pytest.mark.parametrize("payload", ["", "a-", "a-x", "x-1", "t-", "t-" + "a" * 70, "t-<b>", "a42"])
def test_a_foreign_payload_is_none(payload: str) -> None:
    assert read_start(payload) is None


def test_a_payload_that_telegram_would_refuse_is_not_made() -> None:
    with pytest.raises(ValueError, match="payload"):
        start_topic("экономика")

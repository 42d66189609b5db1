"""What keeps the operator's door: sessions, attempts, Telegram's login."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from bot.web.operator.attempts import IN_ALL, PER_ADDRESS, SECONDS, Attempts
from bot.web.operator.sessions import HOLDER, Sessions
from bot.web.operator.sessions import SECONDS as SESSION_SECONDS
from bot.web.operator.telegram_login import FRESH_SECONDS, TelegramLogin

BOT_TOKEN = "123456:" + "T" * 35
NOW = 1_800_000_000


class Hand:
    """A clock that the test moves."""

    def __init__(self, at: float = NOW) -> None:
        self.at = at

    def __call__(self) -> float:
        return self.at


def test_a_session_ends_by_itself_by_its_holder_and_with_the_token() -> None:
    clock = Hand()
    sessions = Sessions("the-token-of-the-operator", clock)
    one, other = sessions.begin(HOLDER), sessions.begin("42")
    assert (sessions.who(one), sessions.who(other)) == (HOLDER, "42")
    sessions.end(one)
    assert (sessions.who(one), sessions.who(other)) == ("", "42")
    assert Sessions("another-token-of-the-operator", clock).who(other) == ""
    clock.at += SESSION_SECONDS
    assert sessions.who(other) == ""


@pytest.mark.parametrize("part", [0, 1, 2, 3])
def test_a_cookie_that_was_changed_opens_nothing(part: int) -> None:
    sessions = Sessions("the-token-of-the-operator", Hand())
    parts = sessions.begin("42").split(".")
    parts[part] = "9" * len(parts[part])
    assert sessions.who(".".join(parts)) == ""


@pytest.mark.parametrize("cookie", ["", ".", "...", "operator", "ж.1.н.п", "a.b.c.d.e"])
def test_what_is_no_cookie_of_ours_opens_nothing(cookie: str) -> None:
    assert Sessions("the-token-of-the-operator", Hand()).who(cookie) == ""


def test_attempts_are_limited_by_address_and_in_all_and_forgotten() -> None:
    clock = Hand(0)
    attempts = Attempts(clock)
    for _ in range(PER_ADDRESS):
        assert attempts.wait("a") == 0
        attempts.note("a")
    assert 0 < attempts.wait("a") <= SECONDS + 1
    assert attempts.wait("b") == 0
    for number in range(IN_ALL - PER_ADDRESS):
        attempts.note(str(number))
    assert attempts.wait("b") > 0
    clock.at = SECONDS
    assert (attempts.wait("a"), attempts.wait("b")) == (0, 0)


def signed(**fields: str) -> dict[str, str]:
    """Return fields as Telegram signs them (core.telegram.org/widgets/login-legacy)."""
    said = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hashlib.sha256(BOT_TOKEN.encode()).digest()
    return fields | {"hash": hmac.new(key, said.encode(), hashlib.sha256).hexdigest()}


def test_telegrams_login_opens_the_door_once_while_it_is_fresh() -> None:
    clock = Hand()
    login = TelegramLogin(BOT_TOKEN, clock)
    given = signed(id="42", first_name="Мария", auth_date=str(NOW - 10))
    assert login.person(given) == 42
    assert login.person(given) is None
    late = signed(id="42", first_name="Мария", auth_date=str(NOW - 11))
    clock.at += FRESH_SECONDS
    assert login.person(late) is None
    ahead = signed(id="42", auth_date=str(NOW + 10 * FRESH_SECONDS))
    assert login.person(ahead) is None


@pytest.mark.parametrize(
    "changed",
    [{"id": "43"}, {"hash": "0" * 64}, {"hash": ""}, {"hash": "ж"}, {"username": "x"}, {"id": "\ud800"}],
)
def test_a_login_that_was_changed_opens_nothing(changed: dict[str, str]) -> None:
    given = signed(id="42", first_name="Мария", auth_date=str(NOW))
    assert TelegramLogin(BOT_TOKEN, Hand()).person(given | changed) is None


def test_a_login_by_the_signature_of_mini_apps_opens_nothing() -> None:
    fields = {"id": "42", "auth_date": str(NOW)}
    key = hmac.new(b"WebAppData", BOT_TOKEN.encode(), hashlib.sha256).digest()
    said = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    given = fields | {"hash": hmac.new(key, said.encode(), hashlib.sha256).hexdigest()}
    assert TelegramLogin(BOT_TOKEN, Hand()).person(given) is None

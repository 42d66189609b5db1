from pathlib import Path

import pytest

from bot.model.errors import SetupError
from bot.settings import Settings, load_settings
from tests.support.paths import ROOT

TOKEN = "123456:" + "A" * 35


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_example_lists_every_setting_and_no_other() -> None:
    assert {name.lower() for name in example()} == set(Settings.model_fields)


def test_the_example_shows_the_defaults(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    defaults = load_settings()
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text(encoding="utf-8"), encoding="utf-8")
    assert load_settings() == defaults


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LANGUAGE", "xx", "LANGUAGE"),
        ("TIME_ZONE", "Mars/Olympus", "TIME_ZONE: 'Mars/Olympus' is not a time zone's name"),
        ("WEBHOOK_URL", "ftp://bot.example", "WEBHOOK_URL: this is not an address"),
        ("WEBHOOK_URL", "https://bot.example?x=1", "WEBHOOK_URL: this is not an address"),
        ("WEBHOOK_URL", "https://bot.example:99999", "WEBHOOK_URL: this is not an address"),
        (
            "WEBHOOK_URL",
            "https://bot.example/123456:" + "A" * 35,
            "WEBHOOK_URL: the address must not hold the token",
        ),
        (
            "WEBHOOK_URL",
            "https://bot.example/123456%3A" + "A" * 35,
            "WEBHOOK_URL: the address must not hold the token",
        ),
        ("WEBHOOK_SECRET", "with space", "WEBHOOK_SECRET: a secret of a webhook is 1 to 256"),
        ("WEBHOOK_SECRET", "x" * 257, "WEBHOOK_SECRET: a secret of a webhook is 1 to 256"),
        ("WEBHOOK_PROXIES", "10.0.0.0/99", "WEBHOOK_PROXIES: write addresses or networks"),
        ("OWNER_IDS", "12, @boss", "OWNER_IDS: '@boss' is not a Telegram user's number"),
        ("OWNER_IDS", "1" * 31, "OWNER_IDS must be less than"),
        ("CANARY_CHAT", "-" + "1" * 31, "CANARY_CHAT must be greater than"),
        ("BOT_TOKEN", "9" * 20 + ":" + "A" * 35, "BOT_TOKEN: this is not a token"),
        ("OPERATOR_TOKEN", "short-secret", "OPERATOR_TOKEN: at least 16 characters"),
        ("OPERATOR_URL", "bot.news.example", "OPERATOR_URL: 'bot.news.example' is no site's address"),
        (
            "OPERATOR_URL",
            "https://bot.news.example/admin",
            "OPERATOR_URL: 'https://bot.news.example/admin' is no",
        ),
        ("GLOBAL_RATE", "0", "GLOBAL_RATE must be greater than or equal to 0.01"),
        ("GLOBAL_RATE", "fast", "GLOBAL_RATE must be a number"),
        ("BOT_API_URL", "ftp://x", "BOT_API_URL: 'ftp://x' is not an http or https address"),
        ("WEB_PORT", "70000", "WEB_PORT"),
        ("ALLOW_PRIVATE_FEEDS", "perhaps", "ALLOW_PRIVATE_FEEDS must be true or false"),
        ("LEAVE_IN_DOUBT", "flash, kill", "LEAVE_IN_DOUBT: 'kill' is not a lane"),
        ("LOG_FORMAT", "xml", "LOG_FORMAT must be 'text' or 'json'"),
    ],
)
def test_a_wrong_setting_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SetupError) as caught:
        load_settings()
    assert str(caught.value).startswith(said)
    assert "\n" not in str(caught.value)


def test_each_wrong_setting_has_its_own_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAT_BURST", "1.5")
    monkeypatch.setenv("WEB_PORT", "70000")
    with pytest.raises(SetupError) as caught:
        load_settings()
    assert str(caught.value).splitlines() == [
        "CHAT_BURST must be a whole number",
        "WEB_PORT must be less than or equal to 65535",
    ]


def test_a_malformed_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", "my-secret-token")
    with pytest.raises(SetupError, match="BOT_TOKEN") as caught:
        load_settings()
    assert "my-secret-token" not in str(caught.value)


def test_the_token_is_not_in_the_settings_own_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", TOKEN)
    settings = load_settings()
    assert TOKEN not in repr(settings)
    assert settings.bot_id == 123456


def test_a_missing_token_is_said_where_it_is_needed() -> None:
    with pytest.raises(SetupError, match="BOT_TOKEN is not set"):
        _ = load_settings().token


def test_settings_in_another_encoding_are_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("# Новости\n".encode("cp1251"))
    with pytest.raises(SetupError, match=r"\.env: is not UTF-8"):
        load_settings()


def test_owners_are_read_by_commas_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OWNER_IDS", "1, 22 333")
    assert load_settings().owner_ids == {1, 22, 333}


@pytest.mark.parametrize(
    ("url", "port", "said"),
    [
        ("https://bot.example", "0", "nobody would listen to Telegram, WEB_PORT is 0"),
        ("http://bot.example", "8080", "https alone"),
        ("https://bot.example:8080", "8080", "443, 80, 88 and 8443"),
    ],
)
def test_a_webhook_that_can_not_be_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, url: str, port: str, said: str
) -> None:
    monkeypatch.setenv("WEBHOOK_URL", url)
    monkeypatch.setenv("WEB_PORT", port)
    with pytest.raises(SetupError, match=said):
        _ = load_settings().webhook_base


def test_a_webhook_of_a_server_of_ones_own_may_be_anywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("WEBHOOK_URL", "http://bot:9000/x/"),
        ("WEB_PORT", "9"),
        ("BOT_API_URL", "http://api"),
    ):
        monkeypatch.setenv(name, value)
    assert load_settings().webhook_base == "http://bot:9000/x"
    assert load_settings().webhook_proxies == ()

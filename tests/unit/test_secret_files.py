"""Every secret may stand in a file; what is wrong with the file is said without what stands in it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.model.errors import SetupError
from bot.settings import Settings, load_settings
from bot.settings.secret_files import MOST_BYTES, secret_fields
from bot.store.engine.database import as_written, read_url
from tests.support.paths import ROOT

TOKEN = "123456:" + "A" * 35
SECRETS = secret_fields(Settings, "database_url")


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)


def written(path: Path, content: str | bytes) -> str:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def refused() -> str:
    with pytest.raises(SetupError) as caught:
        load_settings()
    return str(caught.value)


@pytest.mark.parametrize("content", [TOKEN, f"{TOKEN}\n", f"{TOKEN}\r\n", f"\ufeff {TOKEN} \n"])
def test_a_token_is_read_from_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str) -> None:
    monkeypatch.setenv("BOT_TOKEN_FILE", written(tmp_path / "token", content))
    settings = load_settings()
    assert settings.token == TOKEN
    assert TOKEN not in repr(settings)


def test_the_file_may_be_named_in_dot_env(tmp_path: Path) -> None:
    written(tmp_path / "token", TOKEN)
    written(tmp_path / ".env", "BOT_TOKEN=\nBOT_TOKEN_FILE=token\n")
    assert load_settings().token == TOKEN


def test_a_link_is_followed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written(tmp_path / "token", TOKEN)
    (tmp_path / "link").symlink_to("token")
    monkeypatch.setenv("BOT_TOKEN_FILE", str(tmp_path / "link"))
    assert load_settings().token == TOKEN


def test_the_plain_variable_wins_and_its_file_is_not_looked_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BOT_TOKEN_FILE", str(tmp_path / "missing"))
    written(tmp_path / ".env", f"BOT_TOKEN={TOKEN}\n")
    assert load_settings().token == TOKEN


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_may_stand_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    monkeypatch.setenv(f"{name.upper()}_FILE", str(tmp_path / "missing"))
    assert refused().startswith(f"{name.upper()}_FILE: {tmp_path / 'missing'} can't be read (No such file")


def test_every_setting_that_sounds_secret_is_one() -> None:
    words = ("token", "password", "secret", "key", "dsn")
    sounding = {name for name in Settings.model_fields if any(word in name.split("_") for word in words)}
    assert sounding <= set(SECRETS)


def test_the_example_names_every_file() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert [name for name in SECRETS if f"{name.upper()}_FILE" not in example] == []


def folder(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def loop(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (folder, "is not a file (Docker makes a folder where a file to mount is missing)"),
        (pipe, "is not a file"),
        (loop, "can't be read ("),
        (lambda path: written(path, ""), "is empty"),
        (lambda path: written(path, " \n"), "is empty"),
        (lambda path: written(path, "hidden\nhidden"), "must hold one line, the secret alone"),
        (lambda path: written(path, b"hidden\xff"), "is not text in UTF-8"),
        (lambda path: written(path, "hidden" * MOST_BYTES), f"has more than {MOST_BYTES} bytes"),
    ],
)
def test_a_file_that_holds_no_secret_is_named_without_its_content(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, make: Callable[[Path], object], said: str
) -> None:
    path = tmp_path / "secret"
    make(path)
    monkeypatch.setenv("BOT_TOKEN_FILE", str(path))
    error = refused()
    assert error.startswith(f"BOT_TOKEN_FILE: {path} {said}")
    assert "hidden" not in error
    assert "\n" not in error


def test_a_wrong_token_in_a_file_is_not_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BOT_TOKEN_FILE", written(tmp_path / "token", "my-secret"))
    error = refused()
    assert error.startswith("BOT_TOKEN: this is not a token")
    assert "my-secret" not in error


def test_a_secret_written_where_its_file_belongs_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_PASSWORD_FILE", "my-secret")
    assert (
        refused()
        == "DATABASE_PASSWORD_FILE: the file that it names can't be read (No such file or directory)"
    )


def test_each_file_that_is_wrong_has_its_own_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in SECRETS:
        monkeypatch.setenv(f"{name.upper()}_FILE", str(tmp_path / "missing"))
    assert len(refused().splitlines()) == len(SECRETS)


def test_a_databases_address_is_read_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATABASE_URL_FILE", written(tmp_path / "url", "postgresql://me:hidden@there/news\n"))
    settings = load_settings()
    assert read_url(settings.database_url).password == "hidden"
    assert "hidden" not in repr(settings)


@pytest.mark.parametrize("password", ["simple", "p@ss:/w?rd #%", "пароль"])
def test_a_password_of_its_own_is_put_into_the_address(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, password: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://me@there:5433/news?ssl=require")
    monkeypatch.setenv("DATABASE_PASSWORD_FILE", written(tmp_path / "password", f"{password}\n"))
    settings = load_settings()
    url = read_url(settings.database_url)
    assert (url.username, url.password, url.host, url.port, url.database) == (
        "me",
        password,
        "there",
        5433,
        "news",
    )
    assert password not in as_written(settings.database_url)
    assert password not in repr(settings)


@pytest.mark.parametrize("address", ["postgresql://me:own@there/news", "sqlite:///data/vestnik.db"])
def test_an_address_that_needs_no_password_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("DATABASE_PASSWORD", "other")
    assert load_settings().database_url == address


def test_a_password_of_nobody_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://there/news")
    monkeypatch.setenv("DATABASE_PASSWORD", "hidden")
    assert refused() == "DATABASE_PASSWORD: DATABASE_URL names no user whose password this is"

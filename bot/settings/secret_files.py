"""Secrets in files: where `BOT_TOKEN` is not set, `BOT_TOKEN_FILE` names the file that holds it.

So it is for every secret setting. No sentence of this module holds what a file says.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Container, Iterable, Mapping
from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings

from bot.model.errors import SetupError

MOST_BYTES = 4096


def secret_fields(settings: type[BaseSettings], *others: str) -> tuple[str, ...]:
    """Return the names of the fields that hold a secret: those of the type SecretStr, and the others."""
    typed = [name for name, field in settings.model_fields.items() if field.annotation is SecretStr]
    return (*typed, *others)


def read_secrets(
    fields: Iterable[str], known: Container[str], *named_in: Mapping[str, str | None]
) -> dict[str, str]:
    """Return the secrets that stand in files, without those that are known already.

    `named_in` are the places where files are named, the most important first, their keys in small letters. Raises
    SetupError with a line for each file that can't be used.
    """
    found: dict[str, str] = {}
    wrong: list[str] = []
    for field in fields:
        named = f"{field}_file"
        path = next((place[named] for place in named_in if place.get(named)), None)
        if field in known or path is None:
            continue
        try:
            found[field] = read_secret(named.upper(), path)
        except SetupError as error:
            wrong.append(str(error))
    if wrong:
        raise SetupError("\n".join(wrong))
    return found


def secret_named(variable: str, *places: Mapping[str, str | None]) -> str:
    """Return the secret of that variable, or of the file that `variable` with _FILE names; empty where neither is set.

    `places` are looked at in their order, the variable itself before its file; their keys are in small letters. Raises
    SetupError for a file that can't be used.
    """
    key = variable.lower()
    if plain := next((place[key] for place in places if place.get(key)), None):
        return plain
    path = next((place[f"{key}_file"] for place in places if place.get(f"{key}_file")), None)
    return read_secret(f"{variable}_FILE", path) if path else ""


def read_secret(setting: str, path: str) -> str:
    """Return what a file holds, without the end of its line. Raises SetupError that names the setting."""
    # Whoever writes the secret itself where its file belongs must not read it in the log.
    where = path if Path(path).is_absolute() else "the file that it names"
    try:
        content = _content(path)
    except OSError as error:
        raise SetupError(f"{setting}: {where} can't be read ({error.strerror})") from None
    except ValueError:
        # A NUL in the path.
        raise SetupError(f"{setting}: this is not a file's name") from None
    if content is None:
        raise SetupError(
            f"{setting}: {where} is not a file (Docker makes a folder where a file to mount is missing)"
        )
    if len(content) > MOST_BYTES:
        raise SetupError(f"{setting}: {where} has more than {MOST_BYTES} bytes, it holds something else")
    try:
        text = content.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise SetupError(f"{setting}: {where} is not text in UTF-8") from None
    if not text:
        raise SetupError(f"{setting}: {where} is empty")
    if not text.isprintable():
        raise SetupError(f"{setting}: {where} must hold one line, the secret alone")
    return text


def _content(path: str) -> bytes | None:
    # Nobody may ever write into a pipe: it must not keep the start waiting.
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return os.read(descriptor, MOST_BYTES + 1)
    finally:
        os.close(descriptor)

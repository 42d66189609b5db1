"""Secrets in files: where `BOT_TOKEN` is not set, `BOT_TOKEN_FILE` names the file that holds it.

So it is for every secret setting. No sentence of this module holds what a file says.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.model.errors import SetupError

MOST_BYTES = 4096
SUFFIX = "_FILE"


class SecretFiles(PydanticBaseSettingsSource):
    """Gives the secrets that no source before it gave, from the files that the environment or `.env` names."""

    def __init__(
        self, settings: type[BaseSettings], secrets: Iterable[str], *named_in: Mapping[str, str | None]
    ) -> None:
        """Take the fields that are secret, and where files are named, the most important place first."""
        super().__init__(settings)
        self._secrets = tuple(secrets)
        self._named_in = named_in

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return a secret, or None where no file is named."""
        named = f"{field_name}{SUFFIX}"
        paths = (place.get(named.lower()) for place in self._named_in)
        path = next((path for path in paths if path), None)
        return (read_secret(named.upper(), path) if path else None), field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return the secrets of all files. Raises SetupError with a line for each file that can't be used."""
        found: dict[str, Any] = {}
        wrong: list[str] = []
        fields = self.settings_cls.model_fields
        for name in self._secrets:
            if name in self.current_state:
                continue
            try:
                value, _, _ = self.get_field_value(fields[name], name)
            except SetupError as error:
                wrong.append(str(error))
                continue
            if value is not None:
                found[name] = value
        if wrong:
            raise SetupError("\n".join(wrong))
        return found


def secret_fields(settings: type[BaseSettings], *others: str) -> tuple[str, ...]:
    """Return the names of the fields that hold a secret: those of the type SecretStr, and the others."""
    typed = [name for name, field in settings.model_fields.items() if field.annotation is SecretStr]
    return (*typed, *others)


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

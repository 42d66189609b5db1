"""A file of lines with a signature (HMAC-SHA256) over all that stands before it, written whole or not at all.

The first line says what the file is, the last one how many lines are between them, and the signature.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from bot.model.errors import SetupError

FORMAT, VERSION = "vestnik subscriptions", 1

MOST_LINE_BYTES = 16 << 20
"""A line of more is none of ours: nothing longer is read into memory."""

_MARK_CHARACTERS = 8


class SignedWriter:
    """Writes a file beside its place, and puts it there once it is whole and on the disk. Only its owner may read it.

    Raises SetupError where it can't be written.
    """

    def __init__(self, path: Path, key: str, head: dict[str, Any]) -> None:
        self._path = path
        self._half = path.with_name(path.name + ".part")
        self._key = key
        self._head = {"format": FORMAT, "version": VERSION, "key": _mark(key), **head}
        self._digest = _signature(key)
        self._lines = 0
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        with self._in_words():
            self._half.unlink(missing_ok=True)
            opened = os.open(self._half, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            self._file = os.fdopen(opened, "wb")
        self._write(_json(self._head))
        return self

    def add(self, line: bytes) -> None:
        """Write a line."""
        self._lines += 1
        self._write(line)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        assert self._file is not None
        try:
            if error is None:
                self._finish(self._file)
        finally:
            with contextlib.suppress(OSError):
                self._file.close()
            with contextlib.suppress(OSError):
                self._half.unlink()

    def _finish(self, file: BinaryIO) -> None:
        with self._in_words():
            file.write(_json({"lines": self._lines, "signature": self._digest.hexdigest()}) + b"\n")
            file.flush()
            os.fsync(file.fileno())
            self._half.replace(self._path)
            folder = os.open(self._path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)

    def _write(self, line: bytes) -> None:
        assert self._file is not None
        with self._in_words():
            self._file.write(line + b"\n")
        self._digest.update(line + b"\n")

    @contextlib.contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise SetupError(f"the export could not be written to {self._path}: {error.strerror}") from None


class SignedReader:
    """Reads a file that SignedWriter wrote. Raises SetupError that says what is wrong with it."""

    def __init__(self, path: Path, key: str) -> None:
        self._path = path
        self._key = key
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        try:
            # A pipe in its place must not keep us waiting.
            opened = os.open(self._path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            self._file = os.fdopen(opened, "rb")
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                raise self._wrong("is not a file")
        except OSError as error:
            raise self._wrong(f"can't be read ({error.strerror})") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def check(self) -> dict[str, Any]:
        """Read the whole file, and return its head where every byte is as it was signed."""
        digest = _signature(self._key)
        lines = self._lines()
        first = next(lines, b"")
        head = self._read_head(first)
        digest.update(first)
        count, before = -1, b""
        for line in lines:
            digest.update(before)
            before = line
            count += 1
        end = _read(before)
        if not before.endswith(b"\n") or "signature" not in end:
            raise self._wrong("is cut off: its last line is not there. Take another copy of it")
        if end.get("lines") != count or not hmac.compare_digest(
            str(end["signature"]).encode(), digest.hexdigest().encode()
        ):
            raise self._wrong("was changed since it was signed: nothing of it is taken")
        return head

    def entries(self) -> Iterator[bytes]:
        """Yield the lines between the first and the last; the file must be checked before."""
        lines = self._lines()
        next(lines, b"")
        before = next(lines, b"")
        for line in lines:
            yield before
            before = line

    def _lines(self) -> Iterator[bytes]:
        assert self._file is not None
        self._file.seek(0)
        try:
            while line := self._file.readline(MOST_LINE_BYTES):
                if len(line) == MOST_LINE_BYTES:
                    raise self._wrong("is not an export of subscriptions")
                yield line
        except OSError as error:
            raise self._wrong(f"can't be read ({error.strerror})") from None

    def _read_head(self, line: bytes) -> dict[str, Any]:
        head = _read(line)
        if head.get("format") != FORMAT:
            raise self._wrong("is not an export of subscriptions")
        if head.get("version") != VERSION:
            raise self._wrong(
                f"has version {head.get('version')!r:.20} of the format, and this Vestnik reads version {VERSION}"
            )
        if head.get("key") != _mark(self._key):
            raise self._wrong("was signed with another key: set SUBSCRIPTIONS_KEY to that of its server")
        return head

    def _wrong(self, what: str) -> SetupError:
        return SetupError(f"{self._path} {what}")


def _signature(key: str) -> hmac.HMAC:
    return hmac.new(hmac.digest(key.encode(), b"vestnik subscriptions export", "sha256"), digestmod="sha256")


def _mark(key: str) -> str:
    """Return by what a key is told from another, and which gives nothing of it away."""
    return hmac.new(key.encode(), b"vestnik subscriptions mark", "sha256").hexdigest()[:_MARK_CHARACTERS]


def _json(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def _read(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}

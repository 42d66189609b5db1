"""Files of the sandbox: uploaded, fetched or drawn, by the ids under which bots know them.

As on Telegram a file id is a bot's own: another bot can use it only once it has been shown the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from bot.sandbox.calls.answers import Json
from bot.sandbox.world.pictures import measure

_EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
ANY = "application/octet-stream"
_THUMBNAIL_BOX = 320  # pixels


@dataclass(slots=True)
class StoredFile:
    """One file; a picture has a size in pixels, a document a `name`."""

    id: str
    unique_id: str
    content: bytes
    mime: str
    width: int
    height: int
    seen_by: set[int] = field(default_factory=set)
    name: str = ""

    @property
    def path(self) -> str:
        """Where `getFile` says it can be downloaded: the name is the server's own, but for its ending."""
        if self.name:
            ending = PurePosixPath(self.name).suffix
            return f"documents/{self.unique_id}{ending if ending.isascii() else ''}"
        return f"photos/{self.unique_id}.{_EXTENSIONS.get(self.mime, 'bin')}"


class Files:
    """All files, by id and by path."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self.offered: dict[str, bytes] = {}  # what stands behind a URL, without a network

    def add_picture(self, content: bytes, seen_by: Iterable[int]) -> StoredFile | None:
        """Keep a picture; None where the content is no picture that can be read."""
        measured = measure(content)
        if measured is None:
            return None
        mime, width, height = measured
        unique = hashlib.sha256(content).hexdigest()[:14]
        file_id = f"AgACAgIAAxk{len(self._files):06d}{unique}"
        stored = StoredFile(file_id, f"AQAD{unique}", content, mime, width, height, set(seen_by))
        self._files[file_id] = self._by_path[stored.path] = stored
        return stored

    def add_document(
        self, content: bytes, name: str = "", mime: str = ANY, seen_by: Iterable[int] = ()
    ) -> StoredFile:
        """Keep a file of any kind under the name that its sender gave it."""
        unique = hashlib.sha256(content + name.encode()).hexdigest()[:14]
        file_id = f"BQACAgIAAxk{len(self._files):06d}{unique}"
        stored = StoredFile(file_id, f"AgAD{unique}", content, mime, 0, 0, set(seen_by), name=name or "file")
        self._files[file_id] = self._by_path[stored.path] = stored
        return stored

    def get(self, file_id: str) -> StoredFile | None:
        """Return a file by its id, or by that of its small size."""
        return self._files.get(file_id.removesuffix("_s"))

    def at_path(self, path: str) -> StoredFile | None:
        """Return a file by its download path."""
        return self._by_path.get(path)

    def expire(self) -> None:
        """Let every id go bad: a bot can use it again once it has been shown the file anew."""
        for stored in self._files.values():
            stored.seen_by.clear()

    def show(self, body: Json, bot_id: int) -> None:
        """Let a bot use the files of a message that it is sent."""
        media = [body[kind] for kind in ("document", "video") if kind in body]
        for each in (*(body.get("photo") or ()), *media):
            if stored := self.get(each["file_id"]):
                stored.seen_by.add(bot_id)


def file_object(stored: StoredFile) -> Json:
    """Return a document as a Message names it."""
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_name": stored.name,
        "mime_type": stored.mime,
        "file_size": len(stored.content),
    }


def photo_sizes(stored: StoredFile) -> list[Json]:
    """Return the sizes of a photo as a Message lists them, the largest last."""
    largest = {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "width": stored.width,
        "height": stored.height,
        "file_size": len(stored.content),
    }
    side = max(stored.width, stored.height)
    if side <= _THUMBNAIL_BOX:
        return [largest]
    small = {
        "file_id": f"{stored.id}_s",
        "file_unique_id": f"{stored.unique_id}s",
        "width": max(1, stored.width * _THUMBNAIL_BOX // side),
        "height": max(1, stored.height * _THUMBNAIL_BOX // side),
        "file_size": len(stored.content),
    }
    return [small, largest]

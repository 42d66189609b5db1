"""Downloading."""

from __future__ import annotations

from bot.sandbox.answers import Json, bad_request
from bot.sandbox.call import Call, Handler

MAX_DOWNLOAD = 20 << 20  # bytes


def get_file(call: Call) -> Json:
    """Say where a file can be downloaded."""
    stored = call.world.files.get(call.params.text("file_id"))
    if stored is None or call.bot.id not in stored.seen_by:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(stored.content) > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": stored.id,
        "file_unique_id": stored.unique_id,
        "file_size": len(stored.content),
        "file_path": stored.path,
    }


METHODS: dict[str, Handler] = {"getFile": get_file}

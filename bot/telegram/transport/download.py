"""Files that people send, brought from the Bot API: never more bytes than asked for."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiohttp import ClientError

from bot.model.errors import MediaError

SECONDS = 60
TOO_LARGE = "too-large"
"""Why a file is not brought that holds more than was asked for, whatever Telegram had said of its size."""


async def download(client: Bot, file_id: str, most: int) -> bytes:
    """Return the file's bytes. Raises MediaError: `too-large` above `most` bytes, else why it can't be had now."""
    kept = _Bounded(most)
    try:
        file = await client.get_file(file_id)
        if not file.file_path:
            raise MediaError("no-path")
        await client.download_file(file.file_path, kept, timeout=SECONDS)
    except (TelegramAPIError, ClientError, TimeoutError, OSError) as error:
        # The error's own text may carry the address, and with it the token.
        raise MediaError(type(error).__name__) from None
    return kept.getvalue()


class _Bounded(BytesIO):
    """A buffer that refuses to hold more than so many bytes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: Any) -> int:
        """Keep the bytes. Raises MediaError where that is too many."""
        if self.tell() + len(data) > self._most:
            raise MediaError(TOO_LARGE)
        return super().write(data)

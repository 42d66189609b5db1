"""Brings pictures to Telegram: one call uploads, the others wait for the id that it gets.

It stands before the pace, so that nobody holds a slot while a picture is on its way.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager

from aiogram import Bot
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods.base import Response, TelegramMethod, TelegramType
from aiogram.types import BufferedInputFile, InputFile

from bot.media.pictures import Address, FileId, Given, Pictures, Upload
from bot.model.delivery import Lane
from bot.model.errors import MediaError, PictureRefused
from bot.telegram.pictures.names import is_address
from bot.telegram.pictures.slots import file_ids, filled, places
from bot.telegram.transport.errors import translate
from bot.telegram.transport.ticket import CallTicket

WAITS = {Lane.FLASH: 2.0, Lane.REPLY: 3.0}
"""Seconds that breaking news, and a person who asked, wait for a picture at most."""

TAKES_OVER_SECONDS = 5.0
"""After so long another one uploads too: the first may be waiting for its own chat's turn."""


class PictureUpload:
    """Gives calls their pictures: by id, as a file, or where only Telegram may, by address."""

    def __init__(self, pictures: Pictures, seconds: float) -> None:
        """Take how long a story waits for its pictures at most."""
        self._pictures = pictures
        self._seconds = seconds
        self._under_way: dict[str, asyncio.Event] = {}

    async def __call__(
        self,
        make_request: NextRequestMiddlewareType[TelegramType],
        bot: Bot,
        method: TelegramMethod[TelegramType],
        ticket: CallTicket,
    ) -> Response[TelegramType]:
        """Make the call with its pictures. Raises PictureRefused with those that can't be had."""
        asked = places(method)
        urls = list(dict.fromkeys(filter(is_address, asked)))
        while urls:
            given = await self._ready(urls, ticket)
            async with self._leading(url for url, one in given.items() if not isinstance(one, FileId)):
                call = filled(method, {url: _input(one) for url, one in given.items()})
                try:
                    answer = await make_request(bot, call)
                except TelegramBadRequest as error:
                    await self._refused(asked, given, error)
                else:
                    await self._learn(asked, given, file_ids(answer))
                    return answer
        return await make_request(bot, method)

    async def _ready(self, urls: Sequence[str], ticket: CallTicket) -> dict[str, Given]:
        """Return what each picture is given as, once nobody else brings any of them."""
        while True:
            given = self._newest(await self._get(urls, ticket))
            if given is None:
                continue
            busy = [
                url for url, one in given.items() if url in self._under_way and not isinstance(one, FileId)
            ]
            if not busy:
                return given
            try:
                await ticket.aside(self._under_way[busy[0]].wait(), TAKES_OVER_SECONDS)
            except TimeoutError:
                return given

    def _newest(self, given: Mapping[str, Given]) -> dict[str, Given] | None:
        """Return what is given with the ids that were learnt while others were waited for.

        None where one was refused meanwhile: it is not to be tried in vain again.
        """
        if any(self._pictures.failed(url) for url, one in given.items() if not isinstance(one, FileId)):
            return None
        return {
            url: FileId(known) if (known := self._pictures.known(url)) else one for url, one in given.items()
        }

    async def _get(self, urls: Sequence[str], ticket: CallTicket) -> dict[str, Given]:
        known = {url: self._pictures.known(url) for url in urls}
        if all(known.values()):
            return {url: FileId(value) for url, value in known.items() if value}
        lane = ticket.lane
        seconds = min(self._seconds, WAITS.get(lane, self._seconds))
        found = await ticket.aside(asyncio.gather(*(self._one(url, lane, seconds) for url in urls)))
        given = dict(zip(urls, found, strict=True))
        if missing := {url: one for url, one in given.items() if isinstance(one, MediaError)}:
            raise PictureRefused("picture", ", ".join(map(str, missing.values())), tuple(missing))
        return {url: one for url, one in given.items() if not isinstance(one, MediaError)}

    async def _one(self, url: str, lane: Lane, seconds: float) -> Given | MediaError:
        try:
            async with asyncio.timeout(seconds):
                return await self._pictures.get(url, checked=lane is not Lane.REPLY)
        except TimeoutError:
            return MediaError("late")
        except MediaError as error:
            return error

    @asynccontextmanager
    async def _leading(self, urls: Iterable[str]) -> AsyncIterator[None]:
        """Let others wait for these pictures meanwhile."""
        brought = asyncio.Event()
        mine = dict.fromkeys(urls, brought)
        self._under_way.update(mine)
        try:
            yield
        finally:
            brought.set()
            for url in mine:
                if self._under_way.get(url) is brought:
                    del self._under_way[url]

    async def _refused(
        self, asked: Sequence[str], given: Mapping[str, Given], error: TelegramBadRequest
    ) -> None:
        """Return where the pictures can be given in another way; else raise what the refusal means."""
        meant = translate(error)
        if not isinstance(meant, PictureRefused):
            raise error
        named = asked[meant.place] if meant.place is not None and meant.place < len(asked) else ""
        urls = [named] if named in given else list(given)
        if meant.by_address:
            # What has an id or was uploaded is not meant.
            urls = [url for url in urls if isinstance(given[url], Address)]
        if not any([await self._pictures.refused(url, given[url]) for url in urls]):
            meant.pictures = tuple(urls)
            raise meant from error

    async def _learn(self, asked: Sequence[str], given: Mapping[str, Given], ids: Sequence[str]) -> None:
        pairs = dict(zip(asked, ids, strict=True)) if len(asked) == len(ids) else {}
        for url, one in given.items():
            await self._pictures.learn(url, pairs.get(url), one)


def _input(given: Given) -> str | InputFile:
    match given:
        case FileId(value):
            return value
        case Address(url):
            return url
        case Upload():
            return BufferedInputFile(given.content, given.name)

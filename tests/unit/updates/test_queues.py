"""Turns of chats: in order within a chat, side by side between chats, so many at once at most."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.updates.albums import Albums, Turn
from bot.updates.queues import Queues
from bot.updates.update import Incoming, read

ANNA, BORIS, JAMES = 21, 22, 23


def said(number: int, chat: int, album: str | None = None) -> Incoming:
    message = {"message_id": number, "chat": {"id": chat}, "from": {"id": chat}, "text": str(number)}
    update = read({"update_id": number, "message": message | ({"media_group_id": album} if album else {})})
    assert update is not None
    return update


class Handlers:
    """Handlers that end when they are told to."""

    def __init__(self, at_once: int = 100) -> None:
        self.begun: list[int] = []
        self.ended: list[int] = []
        self.gates: dict[int, asyncio.Event] = {}
        self.queues = Queues(self.serve, at_once)
        self.moved = asyncio.Event()

    async def serve(self, turn: Turn) -> None:
        number = turn.parts[0].id
        self.begun.append(number)
        self.moved.set()
        await self.gates.setdefault(number, asyncio.Event()).wait()
        self.ended.append(number)

    async def begin(self, *numbers: int) -> None:
        """Wait until exactly these handlers have begun, in this order."""
        while len(self.begun) < len(numbers):
            self.moved.clear()
            await asyncio.wait_for(self.moved.wait(), 60)
        assert self.begun == list(numbers)

    def end(self, number: int) -> None:
        self.gates.setdefault(number, asyncio.Event()).set()


async def test_a_chats_turns_are_served_one_after_the_other_and_other_chats_go_on() -> None:
    handlers = Handlers()
    for number, chat in ((1, ANNA), (2, ANNA), (3, BORIS), (4, ANNA)):
        handlers.queues.put(Turn([said(number, chat)]))
    await handlers.begin(1, 3)
    handlers.end(1)
    await handlers.begin(1, 3, 2)
    for number in (3, 2, 4):
        handlers.end(number)
    await asyncio.wait_for(handlers.queues.fewer(1), 60)
    assert [number for number in handlers.ended if number != 3] == [1, 2, 4]


async def test_so_many_chats_are_served_at_once_and_they_take_turns() -> None:
    handlers = Handlers(at_once=1)
    for number, chat in ((1, ANNA), (2, ANNA), (3, BORIS), (4, JAMES)):
        handlers.queues.put(Turn([said(number, chat)]))
        handlers.end(number)
    await asyncio.wait_for(handlers.queues.fewer(1), 60)
    assert handlers.ended == [1, 3, 4, 2]


async def test_room_is_waited_for() -> None:
    handlers = Handlers()
    for number in (1, 2):
        handlers.queues.put(Turn([said(number, ANNA)]))
    waiting = asyncio.create_task(handlers.queues.fewer(2))
    await handlers.begin(1)
    assert not waiting.done()
    handlers.end(1)
    await asyncio.wait_for(waiting, 60)
    handlers.end(2)
    await handlers.queues.close(10)
    assert handlers.ended == [1, 2]


async def test_a_close_serves_what_it_can_and_cancels_the_rest() -> None:
    handlers = Handlers()
    for number, chat in ((1, ANNA), (2, BORIS), (3, BORIS)):
        handlers.queues.put(Turn([said(number, chat)]))
    handlers.end(1)
    await handlers.begin(1, 2)
    await handlers.queues.close(0.05)
    assert (handlers.begun, handlers.ended) == ([1, 2], [1])


def test_an_albums_messages_join_the_first_while_it_waits(simulated: Any) -> None:
    async def play() -> None:
        albums = Albums(quiet=0.5)
        first, other = albums.turn(said(1, ANNA, "a")), albums.turn(said(2, ANNA))
        assert first is not None
        assert other is not None
        assert albums.turn(said(3, ANNA, "a")) is None
        assert albums.turn(said(4, BORIS, "a")) is not None, "albums of two chats may be named alike"
        waiting = asyncio.create_task(albums.whole(first))
        await asyncio.sleep(0.4)
        assert albums.turn(said(5, ANNA, "a")) is None
        await albums.whole(other)
        assert simulated.time() == 0.4, "what is no album waits for nothing"
        await waiting
        assert simulated.time() == 0.9
        assert [part.id for part in first.parts] == [1, 3, 5]
        assert albums.turn(said(6, ANNA, "a")) is not None, "a late message is an album of its own"

    simulated.run_until_complete(play())

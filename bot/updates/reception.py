"""From an update as Telegram sent it to the handler of a conversation."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any

import orjson
from aiogram import Bot as Client
from aiogram import Dispatcher
from aiogram.types import Message, Update
from pydantic import ValidationError

from bot.log import Event, Outage
from bot.metrics import UPDATES_SKIPPED
from bot.store.engine.database import UNAVAILABLE, Database, is_outage, why
from bot.store.operations import inbox
from bot.updates.albums import Albums, Turn
from bot.updates.floods import Answer, Floods
from bot.updates.moments import Moments
from bot.updates.outage import Patience, Unkept
from bot.updates.queues import Queues
from bot.updates.settlement import AGAIN_SECONDS, Settlement
from bot.updates.update import Incoming, read

log = logging.getLogger(__name__)

MOST_WAITING = 4_000
"""Turns in memory above which no more are taken: the rest waits at Telegram, which keeps it for a day. One takes
some 5 KB, and it needs sixty floods at once to fill them all."""

SERVE_SECONDS = 300.0
"""What a handler may take: a long story in a busy hour goes out in minutes; what takes longer hangs."""


class Reception:
    """Keeps each update in the inbox until it is handled; has a chat's handled in order, and cuts off floods.

    What only looks at the desk is handled while it is being written, and settled after that: were the bot killed
    between, Telegram would send the look again, and a page would be shown twice. What is worth an answer for a moment
    alone is answered in that moment, and never kept.
    """

    def __init__(self, dispatcher: Dispatcher, client: Client, db: Database) -> None:
        self._client = client
        self._dispatcher = dispatcher
        self._db = db
        self._albums = Albums()
        self._floods = Floods()
        self._queues = Queues(self._serve)
        self._moments = Moments(self._serve_fleeting, self._floods.over)
        self._settling = Settlement(db, client.id)
        self._telling: set[asyncio.Task[object]] = set()
        self._known: set[int] = set()
        """What was queued or handled, and may be sent by Telegram again."""
        self._unkept = Unkept()
        self._closing = asyncio.Event()
        self._left: set[int] = set()
        """Chats in which something is left to the next start."""

    async def resume(self) -> None:
        """Have those updates handled that an earlier process took and did not get to."""
        async with self._db.read() as tx:
            left = await inbox.unhandled(tx, self._client.id)
            self._known |= await inbox.handled(tx, self._client.id)
        for update in map(read, map(orjson.loads, left)):
            if update is not None and self._floods.judge(update) is Answer.TAKE:
                self._queue(update)
            elif update is not None:
                self._settling.finish([update.id])

    async def room(self) -> None:
        """Wait until there is room for more updates in memory."""
        await self._queues.fewer(MOST_WAITING)

    async def take(self, bodies: Sequence[Any], confirmed: int) -> int:
        """Write updates into the inbox, and have those handled that were not handled before.

        Return the offset that tells Telegram of them; `confirmed` is the one that it has heard last. What is below
        needs no row any more once it is handled; what is fleeting gets none. Raises UNAVAILABLE's errors where
        nothing could be written.
        """
        updates = [update for update in map(read, bodies) if update is not None]
        UPDATES_SKIPPED.inc(len(bodies) - len(updates))
        asked = [update for update in updates if not self._unkept.was_refused(update)]
        admitted = [update for update in asked if self._admits(update)]
        fleeting = [update for update in admitted if update.fleeting]
        taken = [update for update in admitted if not update.fleeting]
        self._known = {number for number in self._known if number >= confirmed}
        self._settling.unwritten &= self._known
        waiting = self._begin_looks(taken)
        try:
            new = await self._keep(taken, confirmed)
        except BaseException as error:
            self._forget([*waiting, *fleeting])
            if is_outage(error):
                for update in self._unkept.untold(each for each in waiting if each.id not in self._known):
                    self._aside(self._hand_over([update], outage="unkept"))
            raise
        self._unkept.over(confirmed)
        self._settling.written(update.id for update in taken)
        for update in waiting:
            if update.id in new and update.id not in self._known:
                self._queue(update)
            else:
                self._floods.over(update)
        for update in fleeting:
            self._moments.put(update)
        return max((update.id + 1 for update in updates), default=confirmed)

    async def close(self, seconds: float) -> None:
        """Handle what waits within so many seconds; what is left stays in the inbox.

        What is left of that time, and a second at least, is there to write down what was handled: were it not
        written, the next start would handle it again.
        """
        loop = asyncio.get_running_loop()
        ends = loop.time() + seconds
        self._closing.set()
        await self._moments.close()
        await self._queues.close(seconds)
        broken_off = {*self._telling}
        for task in broken_off:
            task.cancel()
        self._floods.close()
        if (settling := await self._settling.close(max(AGAIN_SECONDS, ends - loop.time()))) is not None:
            broken_off.add(settling)
        if broken_off:
            await asyncio.wait(broken_off, timeout=AGAIN_SECONDS)

    def _admits(self, update: Incoming) -> bool:
        answer = self._floods.judge(update)
        if answer is Answer.DROP_AND_TELL:
            self._aside(self._hand_over([update], flooded=True))
        return answer is Answer.TAKE

    def _begin_looks(self, taken: Iterable[Incoming]) -> list[Incoming]:
        """Queue what only looks, unless something of its chat waits to be written first; return the rest."""
        rest, held = [], set()
        for update in taken:
            if update.looks and update.id not in self._known and update.chat not in held:
                self._settling.unwritten.add(update.id)
                self._queue(update)
                continue
            rest.append(update)
            if update.id not in self._known:
                held.add(update.chat)
        return rest

    async def _keep(self, taken: Sequence[Incoming], confirmed: int) -> set[int]:
        if not taken:
            return set()
        bodies = {update.id: orjson.dumps(update.body).decode() for update in taken}
        # Telegram forgets what it is told of: not even a power cut may lose a /stop.
        async with self._db.write(durable=True) as tx:
            await inbox.forget(tx, self._client.id, confirmed)
            return await inbox.put(tx, self._client.id, bodies)

    def _forget(self, updates: Iterable[Incoming]) -> None:
        for update in updates:
            self._floods.over(update)

    def _queue(self, update: Incoming) -> None:
        self._known.add(update.id)
        turn = self._albums.turn(update)
        if turn is not None:
            self._queues.put(turn)

    def _aside(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _serve(self, turn: Turn) -> None:
        await self._albums.whole(turn)
        if turn.chat in self._left or not await self._see_through(turn):
            # In the inbox, with whatever else the chat said after it.
            self._left.add(turn.chat)
            return
        self._forget(turn.parts)
        self._settling.finish([part.id for part in turn.parts])

    async def _serve_fleeting(self, update: Incoming) -> None:
        await self._hand_over([update])

    async def _see_through(self, turn: Turn) -> bool:
        """Have a turn handled, after an outage again; return False where the bot stops before."""
        patience, facts = Patience(), dict[str, Any]()
        try:
            while not await self._handled_in_time(turn, **facts):
                # A handler may say something before it fails: nobody is told so again and again.
                writes = False
                while not writes:
                    if not await patience.wait(self._closing):
                        return False
                    writes = await self._can_write(turn)
                if patience.is_over():
                    log.error(Event("updates.given_up", update=turn.parts[0].id, reason="outage"))
                    await self._hand_over(turn.parts, outage="given-up")
                    break
                facts["outage"] = "again"
        except TimeoutError:
            log.error(Event("updates.given_up", update=turn.parts[0].id, after=SERVE_SECONDS))
        return True

    async def _can_write(self, turn: Turn) -> bool:
        try:
            async with self._db.write() as tx:
                await inbox.touch(tx, self._client.id, [part.id for part in turn.parts])
        except UNAVAILABLE as error:
            log.error(Outage("updates.failed", update=turn.parts[0].id, reason=why(error)))
            return False
        return True

    async def _handled_in_time(self, turn: Turn, **facts: Any) -> bool:
        async with asyncio.timeout(SERVE_SECONDS):
            return await self._hand_over(turn.parts, **facts)

    async def _hand_over(self, parts: Sequence[Incoming], **facts: Any) -> bool:
        """Have the dispatcher handle an update, an album's with all its messages as `album`.

        Return False where nothing could be written, and it can be handled later.
        """
        updates = [update for update in map(self._decoded, parts) if update is not None]
        if parts[0].album and updates:
            album = sorted((each.message for each in updates if each.message), key=_place)
            facts["album"] = album
            first = next((each for each in album if each.caption), album[0])
            updates = [each for each in updates if each.message is first]
        try:
            for update in updates[:1]:
                await self._dispatcher.feed_update(self._client, update, **facts)
        except Exception as error:
            if not is_outage(error):
                log.exception(Event("updates.failed", update=parts[0].id))
                return True
            log.error(Outage("updates.failed", update=parts[0].id, reason=why(error)))
            return False
        return True

    def _decoded(self, update: Incoming) -> Update | None:
        try:
            return Update.model_validate(update.body, context={"bot": self._client})
        except ValidationError as error:
            UPDATES_SKIPPED.inc()
            at = ".".join(map(str, error.errors()[0]["loc"]))
            log.warning(Event("updates.unreadable", update=update.id, at=at))
            return None


def _place(message: Message) -> int:
    return message.message_id

"""What becomes of an update that came: it is kept, waits for its chat's turn, is handled, and settled."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from typing import Any

import orjson
from aiogram import Bot as Client
from aiogram import Dispatcher

from bot.metrics import ANSWER_SECONDS
from bot.model.clock import Clock
from bot.store.engine.database import Database, is_outage
from bot.store.operations import inbox
from bot.updates.albums import Albums, Turn
from bot.updates.floods import Answer, Floods
from bot.updates.handover import Handover
from bot.updates.moments import Moments
from bot.updates.outage import Unkept
from bot.updates.queues import Queues
from bot.updates.settlement import AGAIN_SECONDS, Settlement
from bot.updates.unread import Unread
from bot.updates.update import Incoming, read

MOST_WAITING = 4_000
"""Turns in memory above which no more are taken: the rest waits at Telegram, which keeps it for a day. One takes
some 5 KB, and it needs sixty floods at once to fill them all."""


class Reception:
    """Keeps each update in the inbox until it is handled; has a chat's handled in order, and cuts off floods.

    What only looks at the desk is handled while it is being written, and settled after that: were the bot killed
    between, Telegram would send the look again, and a page would be shown twice. What is worth an answer for a moment
    alone is answered in that moment, and never kept.
    """

    def __init__(
        self,
        dispatcher: Dispatcher,
        client: Client,
        db: Database,
        clock: Clock | None = None,
        *,
        by_rows: bool = False,
    ) -> None:
        """Take what an update passes through.

        Where updates come `by_rows`, Telegram says never up to which it has heard: their rows alone, which stay for a
        day, tell what was handled.
        """
        self._client = client
        self._db = db
        self._clock = clock or Clock()
        self._by_rows = by_rows
        self._albums = Albums()
        self._floods = Floods()
        self._queues = Queues(self._serve)
        self._unread = Unread(db, client.id, self._clock)
        self._handover = Handover(dispatcher, client, db, self._unread)
        self._moments = Moments(self._serve_fleeting, self._floods.over)
        self._settling = Settlement(db, client.id, self._settled)
        self._telling: set[asyncio.Task[object]] = set()
        self._known: set[int] = set()
        """What was queued or handled, and may be sent by Telegram again."""
        self._unkept = Unkept()
        self._closing = asyncio.Event()
        self._looking = asyncio.Lock()
        self._left: set[int] = set()
        """Chats in which something is left to the next start."""

    async def resume(self) -> None:
        """Have those updates handled that an earlier process took and did not get to."""
        async with self._db.read() as tx:
            left = await inbox.unhandled(tx, self._client.id)
            self._known |= await inbox.handled(tx, self._client.id)
        self._take_up(left)

    async def look(self) -> None:
        """Have those updates handled that another process has written into the inbox, as many as there is room for."""
        async with self._looking:
            # As of before the rows are read: what is settled meanwhile is known no more, and was read as waiting.
            known, room = {*self._known}, MOST_WAITING - self._queues.waiting
            if room <= 0:
                return
            async with self._db.read() as tx:
                new = [each for each in await inbox.waiting(tx, self._client.id) if each not in known]
                bodies = await inbox.bodies(tx, self._client.id, new[:room]) if new else []
            self._take_up(bodies)

    @property
    def is_full(self) -> bool:
        """Whether there is no room for more updates in memory."""
        return self._queues.waiting >= MOST_WAITING

    async def room(self) -> None:
        """Wait until there is room for more updates in memory."""
        await self._queues.fewer(MOST_WAITING)

    async def take(self, bodies: Sequence[Any], confirmed: int | None = None) -> int | None:
        """Write updates into the inbox, and have those handled that were not handled before.

        Return the offset that tells Telegram of them; `confirmed` is the one that it has heard last, None where none
        is told. What is below needs no row any more once it is handled; what is fleeting gets none. Raises
        UNAVAILABLE's errors where nothing could be written.
        """
        updates = self._updates(bodies)
        texts = self._texts(updates)
        asked = [each for each in updates if each.id in texts and not self._unkept.was_refused(each)]
        admitted = [update for update in asked if self._admits(update)]
        fleeting = [update for update in admitted if update.fleeting]
        taken = [update for update in admitted if not update.fleeting]
        if confirmed is not None:
            self._known = {number for number in self._known if number >= confirmed}
            self._settling.unwritten &= self._known
        # What is settled while the rows are written is known no more, and may have been written as new.
        known = {update.id for update in taken if update.id in self._known}
        waiting = self._begin_looks(taken)
        try:
            new = await self._keep({update.id: texts[update.id] for update in taken}, confirmed)
        except BaseException as error:
            self._forget([*waiting, *fleeting])
            if is_outage(error):
                for update in self._unkept.untold(each for each in waiting if each.id not in self._known):
                    self._aside(self._handover.hand_over([update], outage="unkept"))
            raise
        self._unkept.over(confirmed)
        self._settling.written(update.id for update in taken)
        for update in waiting:
            if update.id in new and update.id not in known and update.id not in self._known:
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

    def _updates(self, bodies: Sequence[Any]) -> list[Incoming]:
        """Return what is an update, and keep aside what is none."""
        updates = []
        for body in bodies:
            if (update := read(body)) is not None:
                updates.append(update)
            else:
                self._aside(self._unread.keep(0, "no number of an update", body))
        return updates

    def _texts(self, updates: Sequence[Incoming]) -> dict[int, str]:
        """Return updates as JSON, by id, and keep aside what is nested too deep to be written."""
        texts = {}
        for update in updates:
            try:
                texts[update.id] = orjson.dumps(update.body).decode()
            except TypeError:
                self._aside(self._unread.keep(update.id, "nested too deep", update.body))
        return texts

    def _take_up(self, kept: Iterable[str]) -> None:
        """Queue updates that have their rows, and let be what is too much or nobody waits for any more."""
        for update in map(read, map(orjson.loads, kept)):
            if update is None or update.id in self._known:
                continue
            self._known.add(update.id)
            if not self._admits(update):
                self._settling.finish([update.id])
            elif update.fleeting:
                self._settling.finish([update.id])
                self._moments.put(update)
            else:
                self._queue(update)

    def _settled(self, update_ids: Iterable[int]) -> None:
        if self._by_rows:
            self._known.difference_update(update_ids)

    def _admits(self, update: Incoming) -> bool:
        answer = self._floods.judge(update)
        if answer is Answer.DROP_AND_TELL:
            self._aside(self._handover.hand_over([update], flooded=True))
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

    async def _keep(self, texts: Mapping[int, str], confirmed: int | None) -> set[int]:
        if not texts:
            return set()
        # Telegram forgets what it is told of: not even a power cut may lose a /stop.
        async with self._db.write(durable=True) as tx:
            if confirmed is not None:
                await inbox.forget(tx, self._client.id, confirmed)
            return await inbox.put(tx, self._client.id, texts, self._clock.now())

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
        if turn.chat in self._left or not await self._handover.see_through(turn, self._closing):
            # In the inbox, with whatever else the chat said after it.
            self._left.add(turn.chat)
            return
        if (first := turn.parts[0]).asks:
            waited = asyncio.get_running_loop().time() - turn.at
            ANSWER_SECONDS.labels("press" if first.is_press else "message").observe(waited)
        self._forget(turn.parts)
        self._settling.finish([part.id for part in turn.parts])

    async def _serve_fleeting(self, update: Incoming) -> None:
        await self._handover.hand_over([update])

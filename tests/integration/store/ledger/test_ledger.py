"""The ledger under anything that may happen to it: whatever the order, nobody is missed and nothing doubled.

Real statements on real databases, and the real reconciler; only Telegram and the rendering are stood in for.
"""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from bot.bell import LocalBell
from bot.matching import matcher
from bot.matching.matcher import Matcher
from bot.model.delivery import Delivery, Lane, Outcome, Placed, State
from bot.outbox.lanes import LANES
from bot.outbox.ledger import LEASE
from bot.outbox.reconcile import Reconciler
from bot.store.engine.database import open_database
from bot.store.engine.migrate import migrate
from bot.store.engine.schema import metadata
from bot.store.ledger import claims, deliveries, results
from bot.store.newsroom import topics
from bot.store.operations import bots
from bot.store.tables.ledger import delivery, message
from bot.telegram.transport.ticket import CallTicket
from tests.integration.store.ledger.decisions import BOT, Newsroom
from tests.integration.store.ledger.phones import LONG, Died, Fate, Held, Parts, texts_of
from tests.support.transactions import reads, writes

FIRST_READERS, MOST_READERS, MOST_STORIES = 4, 7, 4
READERS_AND_EDITORS = ("reader_acts", "editor_acts", "publish")
DRAWING = (*READERS_AND_EDITORS, "plan", "claim", "carry", "meet_fate", "break_off", "settle", "wait")


async def empty(tx: Any) -> None:
    """Drop every row and begin to count anew: pages are counted in chats' numbers. Nobody drops the audit's."""
    tables = [table.name for table in metadata.sorted_tables if table.name != "audit"]
    if tx.dialect.name == "postgresql":
        names = ", ".join(f'"{name}"' for name in tables)
        await tx.exec_driver_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        return
    for name in (*reversed(tables), "sqlite_sequence"):
        await tx.exec_driver_sql(f'DELETE FROM "{name}"')


class Ledger(Newsroom, RuleBasedStateMachine):
    """A newsroom, its readers and a bot that dies now and then.

    `hands` are the deliveries that the bot has claimed, `held.results` what it has not written yet.
    """

    def __init__(self) -> None:
        super().__init__()
        self.held = Held()
        self.hands: list[Delivery] = []
        self.astray: set[tuple[int, int, int]] = set()
        self.reconciler = Reconciler(
            self.db,
            self.clock,
            sender=self.phones,  # type: ignore[arg-type]
            renders=Parts(),  # type: ignore[arg-type]
            writer=self.held,  # type: ignore[arg-type]
            token_refused=self._refused,
        )
        self.matcher = Matcher(
            self.db,
            self.clock,
            LocalBell(),
            lives=dict.fromkeys(Lane, LONG),
            planned=lambda _lane: None,
        )

    async def _refused(self) -> None:
        raise AssertionError("nobody refused the token")

    @initialize()
    def open(self) -> None:
        @writes
        async def opening(tx: Any) -> tuple[int, int]:
            await empty(tx)
            await bots.put(tx, BOT, "vestnik_bot", self.clock.now())
            world = await topics.put(tx, "world", {"ru": "Мир"}, origin="file")
            asia = await topics.put(tx, "asia", {"ru": "Азия"}, parent_id=world, origin="file")
            return world, asia

        self.world, self.asia = self.do(opening(self.db))
        for _ in range(FIRST_READERS):
            self.choose(self.join(), self.world, on=True)
        for lane in (Lane.STORY, Lane.FLASH):
            self.tell([self.asia], lane, everybody=False)

    # One rule that draws what happens: rules of their own would be left out of most runs by and by.
    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        may = ["plan", "claim", "claim", "reader_acts", "wait", "crash"]
        may += ["publish"] * 2 * (len(self.told) < MOST_STORIES)
        may += ["join"] * (len(self.chats) < MOST_READERS)
        may += ["editor_acts"] * bool(self.told)
        may += ["carry", "carry", "meet_fate", "meet_fate", "break_off"] * bool(self.hands)
        may += ["settle"] * 3 * bool(self.held.results)
        may += ["leases_run_out"] * (bool(self.astray) and not self.hands and not self.held.results)
        act = data.draw(st.sampled_from(may))
        getattr(self, act)(*([data] if act in DRAWING else []))

    # What the bot does.

    def plan(self, data: st.DataObject) -> None:
        for _ in range(data.draw(st.integers(1, 4))):
            self.do(self.matcher.step())

    def claim(self, data: st.DataObject) -> None:
        room = data.draw(st.integers(1, 8))
        for lane in LANES:
            if room > 0:
                taken = self.take(lane, room)
                self.hold_that_they_are_wanted(taken)
                self.hands.extend(taken)
                room -= len(taken)

    def reconcile(self, one: Delivery) -> Outcome:
        return self.do(self.reconciler.reconcile(one, CallTicket(one.lane)))

    def take(self, lane: Lane, most: int) -> list[Delivery]:
        now = self.clock.now()
        return self.do(writes(claims.claim)(self.db, BOT, lane, now, limit=most, lease=LEASE)).deliveries

    def hold_that_they_are_wanted(self, taken: list[Delivery]) -> None:
        under_way = self.under_way()
        for one in taken:
            story, blocked = self.told[one.subject.id], self.chats[one.chat_id] in self.phones.blocked
            assert one.key not in under_way
            if not one.shown and not one.messages:
                assert not story.killed
                assert not story.stopped
                assert blocked or self.wants(one.chat_id, story)

    def carry(self, data: st.DataObject) -> None:
        count = data.draw(st.integers(1, 6))
        carried, self.hands = self.hands[:count], self.hands[count:]
        for one in carried:
            self.held.results.append(self.reconcile(one))

    def meet_fate(self, data: st.DataObject) -> None:
        one = self.hands.pop(data.draw(st.integers(0, len(self.hands) - 1)))
        self.phones.fate = data.draw(st.sampled_from(list(Fate)))
        self.phones.calls_before = data.draw(st.integers(0, 2))
        try:
            outcome = self.reconcile(one)
        except Died:
            self.crash()
        else:
            self.held.results.append(outcome)
            if outcome.reason == "refused":
                self.told[one.subject.id].refused = True
        self.phones.fate, self.phones.calls_before = Fate.WELL, 0

    def break_off(self, data: st.DataObject) -> None:
        """A mistake in the program itself: the claim is left to its lease."""
        one = self.hands.pop(data.draw(st.integers(0, len(self.hands) - 1)))
        self.astray.add(one.key)

    def settle(self, data: st.DataObject) -> None:
        self.write(data.draw(st.integers(1, len(self.held.results))))

    def write(self, count: int) -> None:
        written, self.held.results = self.held.results[:count], self.held.results[count:]
        kept = {(row.kind, row.subject_id, row.chat_id) for row in self.do(self.ledger())[0]}
        for one in written:
            # Of a reader who left meanwhile nothing is kept.
            if isinstance(one, Placed) and one.delivery.key not in kept:
                self.phones.lose(one.message_id)
        self.do(writes(results.settle)(self.db, written, self.clock.now()))

    def crash(self) -> None:
        for one in self.held.results:
            if isinstance(one, Placed) and one.message_id not in {
                it.message_id for it in one.delivery.messages
            }:
                self.phones.lose(one.message_id)
        self.hands, self.held.results = [], []
        self.astray.clear()
        self.do(writes(claims.take_back)(self.db, BOT))

    def wait(self, data: st.DataObject) -> None:
        self.clock.advance(timedelta(seconds=data.draw(st.sampled_from((1, 10, 60, 400)))))

    def leases_run_out(self) -> None:
        self.clock.advance(LEASE)
        self.do(writes(claims.take_back)(self.db, BOT, self.clock.now()))
        self.astray.clear()

    def under_way(self) -> set[tuple[int, int, int]]:
        return {one.key for one in self.hands} | {one.delivery.key for one in self.held.results}

    # What must be so, whatever happened.

    @invariant()
    def the_ledger_is_sound(self) -> None:
        rows, messages = self.do(self.ledger())
        under_way = self.under_way()
        keys = {(row.kind, row.subject_id, row.chat_id) for row in rows}
        for row in rows:
            key = (row.kind, row.subject_id, row.chat_id)
            newest = self.told[row.subject_id].revision
            assert row.wanted == 0 or (row.shown or 0) <= row.wanted <= newest
            assert row.state is not State.CLAIMED or key in under_way | self.astray
            assert row.chat_id <= self.told[row.subject_id].ceiling
        for row in messages:
            assert (row.kind, row.subject_id, row.chat_id) in keys, "a message of no delivery"
        places = [(row.chat_id, row.message_id) for row in messages]
        assert len(places) == len(set(places))

    @invariant()
    def nothing_is_sent_twice(self) -> None:
        """But what nobody can know to have arrived."""
        for key, count in self.phones.sent.items():
            assert count <= 1 + self.phones.unknown[key], f"{key} was sent {count} times"

    async def ledger(self) -> tuple[Any, Any]:
        async with self.db.reader.connect() as tx:
            rows = (await tx.execute(select(delivery))).all()
            return rows, (await tx.execute(select(message))).all()

    def teardown(self) -> None:
        if not self.chats:
            return
        self.crash()
        for _ in range(30):
            while self.do(self.matcher.step()):
                pass
            waiting = self.do(reads(deliveries.waiting)(self.db, BOT))
            if not waiting:
                break
            for lane in sorted(waiting):
                for one in self.take(lane, 100):
                    self.held.results.append(self.reconcile(one))
            self.write(len(self.held.results))
            self.clock.advance(LEASE)
        self.everyone_has_the_newest()

    def everyone_has_the_newest(self) -> None:
        rows, messages = self.do(self.ledger())
        assert {row.state for row in rows} <= {State.DONE, State.FAILED, State.SKIPPED}
        known = {row.message_id: row for row in messages}
        shown: dict[tuple[int, int], list[str]] = {}
        for number, (at, text) in sorted(self.phones.standing.items()):
            if number in known:
                assert known[number].chat_id == next(one for one, its in self.chats.items() if its == at)
                shown.setdefault((known[number].chat_id, known[number].subject_id), []).append(text)
            else:
                assert number in self.phones.orphans, f"{text} stands in {at} and nobody knows"
        for row in rows:
            story = self.told[row.subject_id]
            texts = shown.get((row.chat_id, row.subject_id), [])
            if story.killed and self.chats[row.chat_id] not in self.phones.blocked:
                assert texts == [], f"a killed story stands: {row}"
            elif row.state is State.DONE:
                assert sorted(texts) == texts_of(row.subject_id, story.revision), row
        for article, story in self.told.items():
            if story.killed or story.stopped or story.refused:
                continue
            for chat_id in story.due:
                texts = shown.get((chat_id, article), [])
                row = [each for each in rows if (each.subject_id, each.chat_id) == (article, chat_id)]
                assert sorted(texts) == texts_of(article, story.revision), f"{chat_id} was missed: {row}"


@pytest.mark.timeout(300)
def test_whatever_happens_nobody_is_missed_and_nothing_doubled(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matcher, "FIRST_PAGE", 2)
    monkeypatch.setattr(matcher, "PAGE", 3)
    examples, steps = (30, 50) if database_url.startswith("sqlite") else (10, 40)
    with asyncio.Runner() as runner:
        db = open_database(database_url)
        runner.run(migrate(db))
        machine = type("Machine", (Ledger,), {"db": db, "runner": runner})
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=int(os.environ.get("LEDGER_EXAMPLES", examples)),
                    stateful_step_count=steps,
                    deadline=None,
                    # The same runs every time; more of them, and others, where one looks for mistakes.
                    derandomize="LEDGER_EXAMPLES" not in os.environ,
                    phases=[Phase.generate],
                    database=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(db.close())

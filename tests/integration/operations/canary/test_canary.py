"""The canary on its way through matcher, courier and the sandbox: timed, deleted, hidden, missed when lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select, update

from bot.conversations.alerts import tell_owners
from bot.model.story.article import Content
from bot.operations.canary import LATE, Canary
from bot.operations.reports import TroubleReports
from bot.store.desk import lists
from bot.store.desk import search as desk_search
from bot.store.ledger import push_ends
from bot.store.newsroom import articles
from bot.store.operations import canaries
from bot.store.tables.ledger import bulletin
from tests.support.engine import Engine
from tests.support.people import OWNER
from tests.support.readers import BOT

EVERY = timedelta(minutes=10)
WORDS = "Проверка связи"


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


class Machine:
    """An engine with a test chat, its canary, and a past that the test moves away."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.chat = 5000

    @property
    def now(self) -> datetime:
        return self.engine.clock.now()

    async def prepare(self) -> None:
        await self.engine.readers(3)
        await self.engine.readers(1, self.chat)
        self.canary = self.restarted()

    def restarted(self) -> Canary:
        engine = self.engine
        return Canary(engine.db, BOT, self.chat, EVERY, content=Content(WORDS), rings=engine.ring)

    async def passes(self, time: timedelta) -> None:
        """Let what was decided so far be so much older."""
        async with self.engine.db.write() as tx:
            for row in (await tx.execute(select(bulletin.c.id, bulletin.c.created_at))).all():
                older = {"created_at": row.created_at - time}
                await tx.execute(update(bulletin).where(bulletin.c.id == row.id).values(older))

    async def kept(self) -> list[Any]:
        async with self.engine.db.read() as tx:
            return await canaries.of_bot(tx, BOT)

    async def until(self, so: Callable[[list[Any]], bool]) -> list[Any]:
        """Look again and again until the canaries that are kept stand so."""
        async with asyncio.timeout(30):
            while not so(found := await self.kept()):
                await self.canary.look(self.now)
                await asyncio.sleep(0.05)
        return found

    def shown(self, chat: int) -> int:
        return self.engine.count(chat, WORDS)


@pytest.fixture
async def machine(engine: Engine) -> Machine:
    made = Machine(engine)
    await made.prepare()
    return made


async def test_a_canary_arrives_at_one_chat_is_timed_and_goes_away(machine: Machine) -> None:
    before = value("vestnik_canary_seconds_count")
    news, lanes = value("vestnik_accept_seconds_count", lane="flash"), ("flash", "canary")
    sent = [value("vestnik_deliveries_total", lane=lane, outcome="sent", reason="") for lane in lanes]
    await machine.canary.look(machine.now)
    await machine.engine.eventually(lambda: machine.shown(machine.chat))
    (one,) = await machine.kept()
    await hidden(machine.engine, one)
    await machine.until(lambda found: found[0].withdrawn and found[0].settled)
    await machine.engine.eventually(lambda: not machine.shown(machine.chat))
    assert [machine.shown(each) for each in (1000, 1001, 1002)] == [0, 0, 0]
    assert value("vestnik_canary_seconds_count") == before + 1
    assert value("vestnik_accept_seconds_count", lane="flash") == news
    after = [value("vestnik_deliveries_total", lane=lane, outcome="sent", reason="") for lane in lanes]
    assert [now - was for now, was in zip(after, sent, strict=True)] == [0, 1]
    assert value("vestnik_canary_accepted_time_seconds") > 0
    # Not again before its time, also by a process that has just started.
    await machine.restarted().look(machine.now)
    assert len(await machine.kept()) == 1
    await machine.passes(EVERY)
    await machine.until(lambda found: found[-1].article_id != one.article_id and found[-1].settled)
    assert len(await machine.kept()) == 1


async def hidden(engine: Engine, one: Any) -> None:
    """Nobody but the test chat meets a canary that is on its way."""
    now = engine.clock.now()
    async with engine.db.read() as tx:
        assert await articles.newest(tx, 10) == []
        assert await lists.going_out(tx, [BOT], 10, now) == []
        assert (await desk_search.newest(tx, [], now, limit=10)).stories == []
        assert await push_ends.newer(tx, 0, now - timedelta(days=1)) == {}
        uncounted = select(bulletin.c.id).where(bulletin.c.count_at.is_not(None))
        assert (await tx.execute(uncounted)).all() == []
        kept = await articles.get(tx, one.article_id)
        assert kept is not None
        shelves = [lists.newest_out(), lists.for_review(), lists.next_scheduled()]
        assert [await lists.page(tx, each, now, limit=10) for each in shelves] == [[], [], []]


async def test_lost_canaries_are_told_to_owners_once_and_so_is_their_return(machine: Machine) -> None:
    engine = machine.engine
    engine.sandbox.add_user("Владелец", id=OWNER)
    engine.sandbox.send(OWNER, OWNER, "/start")
    fault = engine.sandbox.faults.add(
        "reset_before", {"method": "sendMessage", "chat_id": machine.chat}, times=None
    )
    lost = value("vestnik_canary_late_total", reason="canary-lost")

    reports = TroubleReports(engine.db, BOT)

    async def told() -> list[str]:
        await reports.note("canary", machine.canary.troubles(), machine.now)
        # Whoever tells owners need not be the process that has the canary.
        await tell_owners(engine.services, machine.now)
        await asyncio.sleep(0)
        return [text for text in engine.texts(OWNER) if "роверочное" in text]

    await machine.canary.look(machine.now)
    await machine.passes(LATE + timedelta(seconds=5))
    await machine.until(lambda found: found[0].given_up == "canary-lost")
    assert await told() == []
    await machine.passes(EVERY)
    await machine.until(lambda found: len(found) == 2)
    # A restart forgets nothing of it.
    machine.canary = machine.restarted()
    await machine.passes(LATE + timedelta(seconds=5))
    await machine.until(lambda found: found[-1].given_up == "canary-lost")
    assert len(await told()) == 1
    assert len(await told()) == 1
    assert value("vestnik_canary_late_total", reason="canary-lost") == lost + 2
    fault.times = fault.hits
    await machine.passes(EVERY)
    await machine.until(lambda found: found[-1].accepted_at is not None and found[-1].withdrawn)
    assert len(await told()) == 2
    assert len(await told()) == 2


async def test_a_test_chat_that_the_bot_does_not_know_is_told_to_owners(machine: Machine) -> None:
    engine = machine.engine
    canary = Canary(engine.db, BOT, 999, EVERY, content=Content(WORDS), rings=engine.ring)
    await canary.look(machine.now)
    assert await machine.kept() == []
    (trouble,) = canary.troubles()
    said = engine.services.talk.say(trouble.talk, "ru", **trouble.facts)
    assert "CANARY_CHAT" in said
    assert "999" in said

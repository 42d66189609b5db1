"""What the courier does with Telegram's answers, over HTTP against the sandbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.model.chat import ChatKind, ChatState
from bot.model.delivery import Delivery, Outcome
from bot.model.story.content import Media, MediaKind
from bot.outbox import courier
from bot.outbox.reconcile import Reconciler
from bot.store.audience import chats, subscriptions
from bot.store.newsroom import topics
from bot.telegram.transport.ticket import CallTicket
from tests.support.engine import Engine
from tests.support.transactions import writes


async def test_overlapping_topics_send_a_story_once(engine: Engine) -> None:
    (anna,) = await engine.readers(1)

    @writes
    async def follow_above(tx: Any) -> None:
        world = await topics.put(tx, "world", {"ru": "Мир"}, origin="file")
        await topics.put(tx, "economy", {"ru": "Экономика"}, parent_id=world, origin="file")
        await subscriptions.subscribe(tx, (await engine.row(anna)).id, world, engine.clock.now())

    await follow_above(engine.db)
    _, bulletin = await engine.publish("Мост открыт")
    assert (await engine.done(bulletin)).accepted == 1
    assert engine.count(anna, "Мост открыт") == 1


async def test_everyone_gets_it_once_and_the_ledger_knows_the_message(engine: Engine) -> None:
    readers = await engine.readers(60)
    _, bulletin = await engine.publish("Мост открыт")
    told = await engine.done(bulletin)
    assert (told.accepted, told.audience, told.failed, told.skipped) == (60, 60, {}, {})
    assert all(engine.count(reader, "Мост открыт") == 1 for reader in readers)
    assert len(await engine.messages()) == 60


async def test_a_reader_who_blocked_the_bot_is_suspended_and_the_others_get_it(engine: Engine) -> None:
    readers = await engine.readers(5)
    engine.sandbox.fault(
        "error",
        match={"chat_id": readers[2], "method": "sendMessage"},
        code=403,
        description="Forbidden: bot was blocked by the user",
    )
    _, bulletin = await engine.publish("Мост открыт")
    told = await engine.done(bulletin)
    assert (told.accepted, told.failed) == (4, {"blocked": 1})
    assert (await engine.row(readers[2])).state is ChatState.BLOCKED
    _, second = await engine.publish("Ярмарка началась")
    assert (await engine.done(second)).audience == 4


async def test_a_deleted_account_is_gone_for_good(engine: Engine) -> None:
    (anna,) = await engine.readers(1)
    engine.sandbox.deactivate(anna)
    _, bulletin = await engine.publish("Мост открыт")
    assert (await engine.done(bulletin)).failed == {"deactivated": 1}
    assert (await engine.row(anna)).state is ChatState.GONE


async def test_an_upgraded_group_gets_it_under_its_new_number(engine: Engine) -> None:
    engine.sandbox.add_user("Ольга", id=11)
    group = engine.sandbox.add_chat("group", title="Редакция", creator=11, members=[700700])["id"]

    @writes
    async def join(tx: Any) -> None:
        await engine.join(tx, group, ChatKind.GROUP)

    await join(engine.db)
    upgraded = engine.sandbox.upgrade(group)
    _, bulletin = await engine.publish("Мост открыт")
    assert (await engine.done(bulletin)).accepted == 1
    assert engine.count(upgraded, "Мост открыт") == 1
    assert (await engine.row(upgraded)).kind is ChatKind.SUPERGROUP


async def test_a_deleted_thread_lets_the_story_go_to_general(engine: Engine) -> None:
    engine.sandbox.add_user("Ольга", id=11)
    forum = engine.sandbox.add_chat("supergroup", title="Форум", creator=11, is_forum=True, members=[700700])[
        "id"
    ]
    thread = engine.sandbox.add_thread(forum, "Экономика")

    @writes
    async def join(tx: Any) -> None:
        ours = await engine.join(tx, forum, ChatKind.SUPERGROUP)
        await subscriptions.subscribe(tx, ours, engine.topic, engine.clock.now(), thread_id=thread)

    await join(engine.db)
    _, first = await engine.publish("Мост открыт")
    await engine.done(first)
    assert engine.sandbox.messages(forum)[-1]["message_thread_id"] == thread
    engine.sandbox.change_thread(forum, thread, deleted=True)
    _, second = await engine.publish("Ярмарка началась")
    assert (await engine.done(second)).accepted == 1
    assert "message_thread_id" not in engine.sandbox.messages(forum)[-1]


async def test_a_flood_wait_of_one_chat_costs_only_time(engine: Engine) -> None:
    readers = await engine.readers(20)
    engine.sandbox.fault("429", match={"chat_id": readers[3]}, retry_after=1, scope="chat")
    _, bulletin = await engine.publish("Мост открыт")
    told = await engine.done(bulletin)
    assert told.accepted == 20
    assert all(engine.count(reader, "Мост открыт") == 1 for reader in readers)
    assert all(row.attempts == 0 for row in await engine.rows())


async def test_a_flood_wait_of_all_stops_all_and_nothing_is_lost(engine: Engine) -> None:
    readers = await engine.readers(40)
    engine.sandbox.fault("429", match={"method": "sendMessage"}, after=10, retry_after=1, scope="global")
    _, bulletin = await engine.publish("Мост открыт")
    assert (await engine.done(bulletin)).accepted == 40
    assert all(engine.count(reader, "Мост открыт") == 1 for reader in readers)


async def test_server_errors_and_dropped_connections_are_tried_again(engine: Engine) -> None:
    readers = await engine.readers(30)
    for kind in ("500", "502", "reset_before"):
        engine.sandbox.fault(kind, match={"method": "sendMessage"}, after=5, times=3)
    _, bulletin = await engine.publish("Мост открыт")
    assert (await engine.done(bulletin)).accepted == 30
    assert all(engine.count(reader, "Мост открыт") == 1 for reader in readers)


async def test_a_call_whose_outcome_is_unknown_is_made_again(engine: Engine) -> None:
    (anna,) = await engine.readers(1)
    engine.sandbox.fault("reset_after", match={"method": "sendMessage"})
    _, bulletin = await engine.publish("Мост открыт")
    assert (await engine.done(bulletin)).accepted == 1
    assert engine.count(anna, "Мост открыт") == 2


async def test_a_refused_picture_leaves_the_story_as_text_for_all(engine: Engine) -> None:
    readers = await engine.readers(8)
    picture = Media(MediaKind.PICTURE, url="http://127.0.0.1:9/none.jpg")
    _, bulletin = await engine.publish("Мост открыт", picture=picture)
    assert (await engine.done(bulletin)).accepted == 8
    assert all(engine.count(reader, "Мост открыт") == 1 for reader in readers)


async def test_our_own_mistake_stops_the_story_and_no_chat_pays_for_it(engine: Engine) -> None:
    readers = await engine.readers(30)
    engine.sandbox.fault(
        "error",
        match={"text_contains": "Мост"},
        times=None,
        code=400,
        description='Bad Request: can\'t parse entities: Unsupported start tag "p" at byte offset 0',
    )
    article, bulletin = await engine.publish("Мост открыт")
    told = await engine.done(bulletin)
    assert told.stopped
    assert told.accepted == 0
    assert {(await engine.row(reader)).state for reader in readers} == {ChatState.ACTIVE}
    engine.sandbox.clear_faults()
    await engine.correct(article, "Переправа открыта")
    await engine.reached(bulletin, lambda found: found.accepted == 30)
    assert all(engine.count(reader, "Переправа открыта") == 1 for reader in readers)


async def test_a_refused_token_stops_all_and_loses_nothing(engine: Engine) -> None:
    await engine.readers(3)
    engine.sandbox.fault("error", times=None, code=401, description="Unauthorized")
    _, bulletin = await engine.publish("Мост открыт")
    await engine.eventually(lambda: engine.tokens_refused)
    assert (await engine.progress(bulletin)).waiting == 3


async def test_what_a_blocked_reader_could_not_be_told_is_made_good_on_their_return(engine: Engine) -> None:
    (anna,) = await engine.readers(1)
    stays, first = await engine.publish("Мост открыт")
    goes, second = await engine.publish("Ярмарка началась")
    for bulletin in (first, second):
        await engine.done(bulletin)
    engine.sandbox.block(anna)
    for bulletin in (await engine.correct(stays, "Мост закрыт"), await engine.take_away(goes)):
        await engine.done(bulletin)
    assert len(engine.texts(anna)) == 2
    engine.sandbox.block(anna, blocked=False)
    await writes(chats.revive)(engine.db, (await engine.row(anna)).id, engine.clock.now())
    engine.ring()
    for bulletin in (first, second):
        await engine.done(bulletin)
    await engine.eventually(lambda: engine.count(anna, "Мост закрыт") == 1 and len(engine.texts(anna)) == 1)


@pytest.mark.parametrize("error", [ZeroDivisionError("a slip"), OSError("the database is gone")])
async def test_a_mistake_of_our_own_loses_neither_its_delivery_nor_those_behind_it(
    still_sqlite: Engine, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    for wait in ("AFTER_MISTAKE", "AFTER_UNAVAILABLE"):
        monkeypatch.setattr(courier, wait, timedelta(seconds=0.2))
    slips: list[Delivery] = []

    reconcile = Reconciler.reconcile

    async def slipping(self: Reconciler, delivery: Delivery, ticket: CallTicket) -> Outcome:
        if len(slips) < 4:
            slips.append(delivery)
            raise error
        return await reconcile(self, delivery, ticket)

    monkeypatch.setattr(Reconciler, "reconcile", slipping)
    still = still_sqlite
    readers = await still.readers(3)
    told = [(await still.publish(f"Сводка {number}"))[1] for number in range(3)]
    await still.start()
    for bulletin in told:
        assert (await still.done(bulletin)).accepted == 3
    assert len(slips) == 4
    for reader in readers:
        assert [text.splitlines()[0] for text in still.texts(reader)] == [f"Сводка {n}" for n in range(3)]

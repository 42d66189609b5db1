"""What the courier does with Telegram's answers, over HTTP against the sandbox."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.model.chat import ChatKind, ChatState
from bot.model.content import Media, MediaKind
from bot.model.delivery import Lane, State
from bot.outbox import courier
from bot.store import bulletins, chats, topics
from bot.store.database import writes


async def test_overlapping_topics_send_a_story_once(engine: Any) -> None:
    (anna,) = await engine.readers(1)

    @writes
    async def follow_above(tx: Any) -> None:
        world = await topics.put(tx, "world", {"ru": "Мир"}, origin="file")
        await topics.put(tx, "economy", {"ru": "Экономика"}, parent_id=world, origin="file")
        await chats.subscribe(tx, (await engine.chat(anna)).id, world, engine.clock.now())

    await follow_above(engine.db)
    _, bulletin = await engine.publish("Мост открыт")
    assert (await engine.done(bulletin)).accepted == 1
    assert engine.count(anna, "Мост открыт") == 1


async def test_everyone_gets_it_once_and_the_ledger_knows_the_message(engine: Any) -> None:
    readers = await engine.readers(60)
    _, bulletin = await engine.publish("Мост открыт")
    told = await engine.done(bulletin)
    assert (told.accepted, told.audience, told.failed, told.skipped) == (60, 60, {}, {})
    assert all(engine.count(reader, "Мост открыт") == 1 for reader in readers)
    assert len(await engine.messages()) == 60


async def test_a_reader_who_blocked_the_bot_is_suspended_and_the_others_get_it(engine: Any) -> None:
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
    assert (await engine.chat(readers[2])).state is ChatState.BLOCKED
    _, second = await engine.publish("Ярмарка началась")
    assert (await engine.done(second)).audience == 4


async def test_a_deleted_account_is_gone_for_good(engine: Any) -> None:
    (anna,) = await engine.readers(1)
    engine.sandbox.deactivate(anna)
    _, bulletin = await engine.publish("Мост открыт")
    assert (await engine.done(bulletin)).failed == {"deactivated": 1}
    assert (await engine.chat(anna)).state is ChatState.GONE


async def test_an_upgraded_group_gets_it_under_its_new_number(engine: Any) -> None:
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
    assert (await engine.chat(upgraded)).kind is ChatKind.SUPERGROUP


async def test_a_closed_thread_lets_the_story_go_to_general(engine: Any) -> None:
    engine.sandbox.add_user("Ольга", id=11)
    forum = engine.sandbox.add_chat("supergroup", title="Форум", creator=11, is_forum=True, members=[700700])[
        "id"
    ]
    thread = engine.sandbox.add_thread(forum, "Экономика")

    @writes
    async def join(tx: Any) -> None:
        ours = await engine.join(tx, forum, ChatKind.SUPERGROUP)
        await chats.subscribe(tx, ours, engine.topic, engine.clock.now(), thread)

    await join(engine.db)
    _, first = await engine.publish("Мост открыт")
    await engine.done(first)
    assert engine.sandbox.messages(forum)[-1]["message_thread_id"] == thread
    engine.sandbox.change_thread(forum, thread, deleted=True)
    _, second = await engine.publish("Ярмарка началась")
    assert (await engine.done(second)).accepted == 1
    assert "message_thread_id" not in engine.sandbox.messages(forum)[-1]


async def test_a_flood_wait_of_one_chat_costs_only_time(engine: Any) -> None:
    readers = await engine.readers(20)
    engine.sandbox.fault("429", match={"chat_id": readers[3]}, retry_after=1, scope="chat")
    _, bulletin = await engine.publish("Мост открыт")
    told = await engine.done(bulletin)
    assert told.accepted == 20
    assert all(engine.count(reader, "Мост открыт") == 1 for reader in readers)
    assert all(row.attempts == 0 for row in await engine.rows())


async def test_a_flood_wait_of_all_stops_all_and_nothing_is_lost(engine: Any) -> None:
    readers = await engine.readers(40)
    engine.sandbox.fault("429", match={"method": "sendMessage"}, after=10, retry_after=1, scope="global")
    _, bulletin = await engine.publish("Мост открыт")
    assert (await engine.done(bulletin)).accepted == 40
    assert all(engine.count(reader, "Мост открыт") == 1 for reader in readers)


async def test_server_errors_and_dropped_connections_are_tried_again(engine: Any) -> None:
    readers = await engine.readers(30)
    for kind in ("500", "502", "reset_before"):
        engine.sandbox.fault(kind, match={"method": "sendMessage"}, after=5, times=3)
    _, bulletin = await engine.publish("Мост открыт")
    assert (await engine.done(bulletin)).accepted == 30
    assert all(engine.count(reader, "Мост открыт") == 1 for reader in readers)


async def test_a_call_whose_outcome_is_unknown_is_made_again(engine: Any) -> None:
    (anna,) = await engine.readers(1)
    engine.sandbox.fault("reset_after", match={"method": "sendMessage"})
    _, bulletin = await engine.publish("Мост открыт")
    assert (await engine.done(bulletin)).accepted == 1
    assert engine.count(anna, "Мост открыт") == 2


async def test_a_refused_picture_leaves_the_story_as_text_for_all(engine: Any) -> None:
    readers = await engine.readers(8)
    picture = Media(MediaKind.PICTURE, url="http://127.0.0.1:9/none.jpg")
    _, bulletin = await engine.publish("Мост открыт", picture=picture)
    assert (await engine.done(bulletin)).accepted == 8
    assert all(engine.count(reader, "Мост открыт") == 1 for reader in readers)


async def test_our_own_mistake_stops_the_story_and_no_chat_pays_for_it(engine: Any) -> None:
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
    assert {(await engine.chat(reader)).state for reader in readers} == {ChatState.ACTIVE}
    engine.sandbox.clear_faults()
    await engine.correct(article, "Переправа открыта")
    await engine.until(bulletin, lambda found: found.accepted == 30)
    assert all(engine.count(reader, "Переправа открыта") == 1 for reader in readers)


async def test_a_stop_in_the_middle_ends_the_push(still: Any) -> None:
    still.rates["global_rate"] = 10
    readers = await still.readers(120)
    await still.start()
    _, bulletin = await still.publish("Мост открыт", lane=Lane.FLASH, everybody=True)
    await still.until(bulletin, lambda found: found.accepted >= 10)
    # From here on nothing leaves by itself: what the stop leaves waiting would wait for ever.
    still.pace.pause(3_600)

    @writes
    async def stop(tx: Any) -> bool:
        return await bulletins.stop(tx, bulletin, 11, "stopped", still.clock.now())

    assert await stop(still.db)
    assert not await stop(still.db)
    told = await still.done(bulletin)
    assert told.accepted + told.skipped.get("stopped", 0) == 120
    assert sum(still.count(reader, "Мост открыт") for reader in readers) == told.accepted


async def test_a_correction_edits_what_is_shown_and_is_sent_to_who_waits(still: Any) -> None:
    still.rates["global_rate"] = 60
    readers = await still.readers(60)
    await still.start()
    article, bulletin = await still.publish("Мост открыт")
    await still.until(bulletin, lambda found: found.accepted >= 10)
    corrected = await still.correct(article, "Мост закрыт")
    await still.done(bulletin)
    await still.done(corrected)
    for reader in readers:
        assert (still.count(reader, "Мост открыт"), still.count(reader, "Мост закрыт")) == (0, 1)


async def test_a_killed_story_vanishes_and_is_sent_to_nobody_more(still: Any) -> None:
    still.rates["global_rate"] = 30
    readers = await still.readers(60)
    await still.start()
    article, bulletin = await still.publish("Мост открыт")
    await still.until(bulletin, lambda found: found.accepted >= 10)
    killed = await still.take_away(article)
    await still.done(bulletin)
    await still.done(killed)
    assert sum(still.count(reader, "Мост открыт") for reader in readers) == 0
    sent = {call["chat_id"] for call in still.sandbox.calls(method="sendMessage")}
    assert len(sent) < 50


async def test_a_story_older_than_two_days_gives_way_to_a_notice(engine: Any) -> None:
    (anna,) = await engine.readers(1)
    article, bulletin = await engine.publish("Мост открыт")
    await engine.done(bulletin)
    engine.sandbox.advance(49 * 3600)
    await engine.done(await engine.take_away(article))
    assert engine.count(anna, "Мост открыт") == 0
    assert len(engine.texts(anna)) == 1


async def test_a_flash_overtakes_a_thousand_waiting_stories(still: Any) -> None:
    still.rates["global_rate"] = 200
    readers = await still.readers(100)
    await still.start()
    for number in range(10):
        await still.publish(f"Сводка {number}")
    await asyncio.sleep(0.3)
    _, flash = await still.publish("Срочно: мост закрыт", lane=Lane.FLASH, everybody=True)
    await still.until(flash, lambda found: found.planned)
    before = len(still.sandbox.calls(method="sendMessage"))
    await still.done(flash)
    sent = [call["params"]["text"] for call in still.sandbox.calls(method="sendMessage")][before:]
    flashes = [at for at, text in enumerate(sent) if "Срочно" in text]
    assert len(flashes) > len(readers) // 2
    assert flashes[0] < still.window
    assert flashes[-1] - flashes[0] < len(readers) + still.window


async def test_a_chat_gets_its_stories_in_the_order_of_publication(still: Any) -> None:
    readers = await still.readers(6)
    for number in range(8):
        await still.publish(f"Сводка {number}")
    still.sandbox.fault("500", match={"chat_id": readers[0]}, times=1)
    still.sandbox.fault("slow", match={"chat_id": readers[1]}, seconds=0.5)
    still.sandbox.fault("429", match={"chat_id": readers[2]}, retry_after=1, scope="chat")
    await still.start()
    for number in range(1, 9):
        await still.done(number)
    for reader in readers:
        assert [text for text in still.texts(reader) if "Сводка" in text] == sorted(still.texts(reader))


async def test_what_waited_too_long_is_skipped_with_that_reason(still: Any) -> None:
    await still.readers(3)
    _, bulletin = await still.publish("Мост открыт")
    await still.start()
    still.courier.halted = "for now"
    await still.until(bulletin, lambda found: found.planned)
    still.clock.advance(timedelta(days=2))
    still.courier.halted = None
    assert (await still.done(bulletin)).skipped == {"too-late": 3}


async def test_who_unsubscribed_after_the_plan_gets_nothing(still: Any) -> None:
    anna, boris = await still.readers(2)
    await still.start()
    still.courier.halted = "for now"
    _, bulletin = await still.publish("Мост открыт")
    await still.until(bulletin, lambda found: found.planned)

    @writes
    async def leave(tx: Any) -> None:
        await chats.unsubscribe(tx, (await still.chat(anna)).id, still.topic)

    await leave(still.db)
    still.courier.halted = None
    told = await still.done(bulletin)
    assert (told.accepted, sum(told.skipped.values())) == (1, 1)
    assert (still.count(anna, "Мост"), still.count(boris, "Мост")) == (0, 1)


async def test_a_refused_token_stops_all_and_loses_nothing(engine: Any) -> None:
    await engine.readers(3)
    engine.sandbox.fault("error", times=None, code=401, description="Unauthorized")
    _, bulletin = await engine.publish("Мост открыт")
    async with asyncio.timeout(5):
        while not engine.tokens_refused:
            await asyncio.sleep(0.02)
    assert (await engine.progress(bulletin)).waiting == 3


async def test_a_message_that_the_reader_deleted_is_not_corrected_and_not_sent_again(engine: Any) -> None:
    (anna,) = await engine.readers(1)
    article, bulletin = await engine.publish("Мост открыт")
    await engine.done(bulletin)
    engine.sandbox.fault(
        "error",
        match={"method": "editMessageText"},
        code=400,
        description="Bad Request: message to edit not found",
    )
    await engine.done(await engine.correct(article, "Мост закрыт"))
    assert engine.count(anna, "Мост закрыт") == 0
    (row,) = await engine.rows()
    assert row.state in (State.DONE, State.SKIPPED)


async def test_a_correction_that_a_kill_overtakes_brings_nothing_back(still: Any) -> None:
    (anna,) = await still.readers(1)
    still.sandbox.fault(
        "error", match={"text_contains": "Мост"}, code=400, description="Bad Request: can't parse entities"
    )
    await still.start()
    article, bulletin = await still.publish("Мост открыт")
    await still.until(bulletin, lambda found: found.stopped and not found.waiting)
    await still.stop()
    corrected = await still.correct(article, "Переправа открыта")
    killed = await still.take_away(article)
    await still.start()
    for each in (killed, corrected, bulletin):
        await still.done(each)
    assert still.texts(anna) == []


async def test_who_forgets_one_topic_still_gets_the_others(still: Any) -> None:
    (anna,) = await still.readers(1)
    economy = still.topic

    @writes
    async def follow_another(tx: Any) -> None:
        still.topic = await topics.put(tx, "sport", {"ru": "Спорт"}, origin="file")
        await chats.subscribe(tx, (await still.chat(anna)).id, still.topic, still.clock.now())

    _, first = await still.publish("Мост открыт")
    await follow_another(still.db)
    _, second = await still.publish("Матч начался")
    await still.start()
    still.courier.halted = "for now"
    for bulletin in (first, second):
        await still.until(bulletin, lambda found: found.planned)
    await writes(chats.unsubscribe)(still.db, (await still.chat(anna)).id, economy)
    still.courier.halted = None
    await still.done(first)
    assert (await still.done(second)).accepted == 1
    assert (still.count(anna, "Мост"), still.count(anna, "Матч")) == (0, 1)


async def test_what_a_blocked_reader_could_not_be_told_is_made_good_on_their_return(engine: Any) -> None:
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
    await writes(chats.revive)(engine.db, (await engine.chat(anna)).id, engine.clock.now())
    engine.ring()
    for bulletin in (first, second):
        await engine.done(bulletin)
    async with asyncio.timeout(10):
        while engine.count(anna, "Мост закрыт") != 1 or len(engine.texts(anna)) != 1:
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("error", [ZeroDivisionError("a slip"), OSError("the database is gone")])
async def test_a_mistake_of_our_own_loses_neither_its_delivery_nor_those_behind_it(
    still_sqlite: Any, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    for wait in ("AFTER_MISTAKE", "AFTER_UNAVAILABLE"):
        monkeypatch.setattr(courier, wait, timedelta(seconds=0.2))
    still = still_sqlite
    readers = await still.readers(3)
    told = [(await still.publish(f"Сводка {number}"))[1] for number in range(3)]
    await still.start()
    carry, slips = still.courier._carrier.carry, []

    async def slip(delivery: Any) -> Any:
        if len(slips) < 4:
            slips.append(delivery)
            raise error
        return await carry(delivery)

    still.courier._carrier.carry = slip
    for bulletin in told:
        assert (await still.done(bulletin)).accepted == 3
    assert len(slips) == 4
    for reader in readers:
        assert [text.splitlines()[0] for text in still.texts(reader)] == [f"Сводка {n}" for n in range(3)]

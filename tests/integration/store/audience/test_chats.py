"""Chats come, choose, move and go."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from sqlalchemy import insert, select

from bot.model.chat import Chat, ChatKind, ChatState, Subscription
from bot.model.delivery import Lane, SubjectKind
from bot.model.following.mode import Mode
from bot.model.following.mute import MuteKind, MuteTarget
from bot.store.audience import chats, choices, subscriptions
from bot.store.audience.places import threads
from bot.store.engine.database import Database
from bot.store.following import mutes
from bot.store.newsroom import topics
from bot.store.tables.audience import chat, digest
from bot.store.tables.ledger import delivery, message
from bot.store.tables.operations import bot
from tests.support.transactions import reads, writes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
BOT = 77

_join, suspend, revive, move = (writes(f) for f in (chats.join, chats.suspend, chats.revive, chats.move))
choose, subscribe, unsubscribe = (
    writes(f) for f in (choices.change, subscriptions.subscribe, subscriptions.unsubscribe)
)
set_mode, erase, lose_thread = writes(subscriptions.set_mode), writes(chats.erase), writes(threads.lose)
get, followed, counts = reads(chats.get), reads(subscriptions.of_chat), reads(chats.counts)
set_menu = writes(chats.set_menu)


async def _bot(db: Database) -> None:
    async with db.writer.begin() as tx:
        if (await tx.execute(select(bot.c.id))).first() is None:
            await tx.execute(insert(bot).values(id=BOT))


async def join(
    db: Database, telegram_id: int = 5, kind: ChatKind = ChatKind.PRIVATE, at: datetime = NOW
) -> tuple[Chat, bool]:
    await _bot(db)
    return await _join(db, BOT, telegram_id, kind, title="Анна", language="ru", zone="Europe/Moscow", at=at)


async def state(db: Database, chat_id: int) -> ChatState:
    found = await get(db, chat_id)
    assert found is not None
    return found.state


async def topic(db: Database, slug: str) -> int:
    return await writes(topics.put)(db, slug, {"ru": slug}, origin="file")


async def deliver(db: Database, chat_id: int, *subjects: int) -> None:
    async with db.writer.begin() as tx:
        key = {"bot_id": BOT, "kind": SubjectKind.ARTICLE, "chat_id": chat_id}
        for subject in subjects:
            row = {**key, "subject_id": subject, "lane": Lane.STORY, "wanted": 1, "due_at": NOW}
            await tx.execute(insert(delivery).values(row))
            part = {"part": 0, "message_id": subject, "revision": 1, "form": "text", "sent_at": NOW}
            await tx.execute(insert(message).values({**key, "subject_id": subject} | part))


async def test_a_chat_is_new_once_and_keeps_its_choices(db: Database) -> None:
    first, new = await join(db)
    assert new
    assert (first.state, first.language, first.zone) == (ChatState.ACTIVE, "ru", "Europe/Moscow")
    await choose(db, first.id, NOW, language="en", instant=False)
    again, new = await join(db)
    assert not new
    assert (again.id, again.language, again.instant) == (first.id, "en", False)


async def test_two_bots_have_their_own_chats(db: Database) -> None:
    mine, _ = await join(db)
    async with db.writer.begin() as tx:
        await tx.execute(insert(bot).values(id=78))
    other, new = await _join(db, 78, 5, ChatKind.PRIVATE, title="", language="en", zone="UTC", at=NOW)
    assert new
    assert other.id != mine.id


async def test_a_digest_falls_due_in_the_chats_own_zone(db: Database) -> None:
    known, _ = await join(db)
    known = await choose(db, known.id, NOW, digest_at=(time(9, 30),), zone="Asia/Bishkek")
    assert known.digest_at == (time(9, 30),)
    assert known.digest_due == datetime(2026, 3, 2, 3, 30, tzinfo=UTC)
    known = await choose(db, known.id, NOW, zone="UTC")
    assert known.digest_due == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    known = await choose(db, known.id, NOW, digest_at=())
    assert (known.digest_at, known.digest_due) == ((), None)


async def test_a_suspended_chat_has_no_digest_due_until_it_is_back(db: Database) -> None:
    known, _ = await join(db)
    await choose(db, known.id, NOW, digest_at=(time(9),), zone="UTC")
    await suspend(db, known.id, ChatState.BLOCKED, reason="blocked", at=NOW)
    gone = await get(db, known.id)
    assert gone is not None
    assert (gone.state, gone.state_reason, gone.digest_due) == (ChatState.BLOCKED, "blocked", None)
    assert await revive(db, known.id, LATER)
    back = await get(db, known.id)
    assert back is not None
    assert (back.state, back.digest_due) == (ChatState.ACTIVE, datetime(2026, 3, 4, 9, tzinfo=UTC))


async def test_learning_twice_that_a_chat_blocked_keeps_the_first_reason(db: Database) -> None:
    known, _ = await join(db)
    await suspend(db, known.id, ChatState.BLOCKED, reason="first", at=NOW)
    await suspend(db, known.id, ChatState.BLOCKED, reason="second", at=LATER)
    found = await get(db, known.id)
    assert found is not None
    assert found.state_reason == "first"


async def test_who_asked_to_be_left_alone_is_not_revived_by_unblocking(db: Database) -> None:
    known, _ = await join(db)
    await erase(db, known.id, NOW)
    await suspend(db, known.id, ChatState.BLOCKED, reason="blocked", at=NOW)
    assert await state(db, known.id) is ChatState.STOPPED
    assert not await revive(db, known.id, NOW)
    assert await state(db, known.id) is ChatState.STOPPED


async def test_erasing_keeps_nothing_but_that_the_chat_is_to_be_left_alone(db: Database) -> None:
    known, _ = await join(db)
    await subscribe(db, known.id, await topic(db, "port"), NOW)
    await choose(db, known.id, NOW, digest_at=(time(9),), thread_id=4)
    await deliver(db, known.id, 1)
    async with db.writer.begin() as tx:
        await tx.execute(insert(digest).values(chat_id=known.id, since=NOW, created_at=NOW))
    await erase(db, known.id, LATER)
    assert await followed(db, known.id) == {}
    async with db.reader.connect() as tx:
        for table in (delivery, message, digest):
            assert (await tx.execute(select(table))).first() is None
        row = (await tx.execute(select(chat))).one()
    assert (row.title, row.digest_times, row.thread_id, row.state) == ("", (), None, ChatState.STOPPED)
    again, new = await join(db, at=LATER)
    assert new
    assert again.state is ChatState.ACTIVE
    assert again.title == "Анна"


async def test_topics_are_followed_switched_off_and_forgotten(db: Database) -> None:
    known, _ = await join(db)
    port, sea = await topic(db, "port"), await topic(db, "sea")
    await subscribe(db, known.id, port, NOW, thread_id=12)
    await set_mode(db, known.id, sea, NOW, mode=Mode.OFF)
    assert await followed(db, known.id) == {
        port: Subscription(known.id, port, Mode.USUAL, 12, NOW),
        sea: Subscription(known.id, sea, Mode.OFF, None, NOW),
    }
    await subscribe(db, known.id, sea, NOW)
    await unsubscribe(db, known.id, port)
    assert await followed(db, known.id) == {sea: Subscription(known.id, sea, since=NOW)}
    assert await reads(subscriptions.followers)(db, BOT) == {sea: 1}


async def test_an_upgraded_group_stays_one_chat(db: Database) -> None:
    known, _ = await join(db, -5, ChatKind.GROUP)
    await move(db, known.id, -1005)
    await move(db, known.id, -1005)
    found = await get(db, known.id)
    assert found is not None
    assert (found.telegram_id, found.kind) == (-1005, ChatKind.SUPERGROUP)


async def test_a_groups_menu_is_forgotten_with_its_old_id_and_with_its_choices(db: Database) -> None:
    known, _ = await join(db, -5, ChatKind.GROUP)
    await set_menu(db, known.id, 7)
    await move(db, known.id, -1005)
    assert (found := await get(db, known.id)) is not None
    assert found.menu_id is None
    await set_menu(db, known.id, 8)
    await move(db, known.id, -1005)
    assert (found := await get(db, known.id)) is not None
    assert found.menu_id == 8
    await erase(db, known.id, NOW)
    assert (found := await get(db, known.id)) is not None
    assert found.menu_id is None


async def test_an_upgraded_group_that_came_in_twice_is_merged(db: Database) -> None:
    old, _ = await join(db, -5, ChatKind.GROUP)
    double, _ = await join(db, -1005, ChatKind.SUPERGROUP)
    port, sea = await topic(db, "port"), await topic(db, "sea")
    await subscribe(db, old.id, port, NOW)
    await set_mode(db, double.id, port, NOW, mode=Mode.OFF)
    await subscribe(db, double.id, sea, NOW)
    for each, until in ((old, None), (double, LATER)):
        await writes(mutes.keep)(db, each.id, MuteTarget(MuteKind.TOPIC, port), NOW, until=until)
    await writes(mutes.keep)(db, double.id, MuteTarget(MuteKind.FEED, 1), NOW)
    await deliver(db, old.id, 1)
    await deliver(db, double.id, 1, 2)
    await suspend(db, old.id, ChatState.BLOCKED, reason="moved", at=NOW)
    await move(db, old.id, -1005)
    assert await get(db, double.id) is None
    assert await state(db, old.id) is ChatState.ACTIVE
    assert {each.topic_id: each.mode for each in (await followed(db, old.id)).values()} == {
        port: Mode.USUAL,
        sea: Mode.USUAL,
    }
    kept = await reads(mutes.of_chat)(db, old.id, NOW)
    assert {each.target.word: each.until for each in kept} == {f"t{port}": None, "f1": None}
    async with db.reader.connect() as tx:
        for table in (delivery, message):
            rows = (await tx.execute(select(table.c.chat_id, table.c.subject_id))).all()
            assert sorted(map(tuple, rows)) == [(old.id, 1), (old.id, 2)]


async def test_a_lost_thread_is_forgotten_and_others_stay(db: Database) -> None:
    known, _ = await join(db, -1005, ChatKind.SUPERGROUP)
    port, sea = await topic(db, "port"), await topic(db, "sea")
    await subscribe(db, known.id, port, NOW, thread_id=12)
    await subscribe(db, known.id, sea, NOW, thread_id=13)
    await choose(db, known.id, NOW, thread_id=12)
    await lose_thread(db, known.id, 12)
    found = await get(db, known.id)
    assert found is not None
    assert found.thread_id is None
    chosen = await followed(db, known.id)
    assert (chosen[port].thread_id, chosen[sea].thread_id) == (None, 13)


async def test_chats_are_counted_by_state(db: Database) -> None:
    known, _ = await join(db)
    await join(db, 6)
    await suspend(db, known.id, ChatState.GONE, reason="deactivated", at=NOW)
    found = await counts(db, BOT)
    assert found == {
        ChatState.ACTIVE: 1,
        ChatState.STOPPED: 0,
        ChatState.BLOCKED: 0,
        ChatState.GONE: 1,
    }

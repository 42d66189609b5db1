"""A bot that is lost: another one takes its readers over, with all that they chose."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from sqlalchemy import select

from bot.commands.takeover import take_over_chats
from bot.model.chat import ChatKind, ChatState
from bot.model.clock import Clock
from bot.model.delivery import Lane, State, SubjectKind
from bot.model.errors import SetupError
from bot.operations.roles.lease import Lease
from bot.readers import membership
from bot.sandbox import Sandbox
from bot.store.audience import choices as kept_choices
from bot.store.engine.database import Database
from bot.store.newsroom.tables import audit
from bot.store.operations import bots
from bot.store.tables.ledger import delivery
from bot.store.transfer.takeovers import REASON
from tests.support.readers import choices, join
from tests.support.transactions import writes
from tests.support.world import ASIA, BOT, ECONOMY, WORLD, World, settings_for

OLD, ANNA, BORIS, LEFT, GROUP = 600600, 21, 22, 23, -1001


@pytest.fixture
async def world(db: Database, sandbox: Sandbox) -> World:
    """A newsroom whose readers are all another bot's, but for one who has begun with the new one too."""
    made = World(sandbox, db, settings_for(sandbox, global_rate=1000, fallback_channel="@valley_news"))
    await made.prepare()

    @writes
    async def fill(tx: object) -> None:
        now = datetime.now(UTC)
        await bots.put(tx, OLD, "old_bot", now)  # type: ignore[arg-type]
        anna = await join(tx, OLD, ANNA, now, WORLD, ECONOMY)
        await kept_choices.change(tx, anna, now, digest_at=(time(8),))  # type: ignore[arg-type]
        await join(tx, OLD, BORIS, now, WORLD)
        await join(tx, OLD, GROUP, now, ASIA, kind=ChatKind.SUPERGROUP)
        await join(tx, BOT, BORIS, now, ECONOMY)
        row = {"bot_id": OLD, "kind": SubjectKind.ARTICLE, "subject_id": 5, "chat_id": anna, "wanted": 1}
        row |= {"lane": Lane.STORY, "due_at": now, "state": State.WAITING}
        await tx.execute(delivery.insert().values(row))  # type: ignore[attr-defined]

    await fill(db)
    return made


async def test_readers_have_what_they_chose_once_they_press_start(world: World) -> None:
    found = await take_over_chats(world.db, OLD, BOT)
    assert found == (1, 1, 1)
    anna = await world.chat(ANNA)
    assert (anna.state, anna.state_reason) == (ChatState.BLOCKED, REASON)
    async with world.listening():
        await world.say(ANNA, "/start")
    anna = await world.chat(ANNA)
    assert anna.state is ChatState.ACTIVE
    assert [each.at for each in anna.digest_times] == [time(8)]
    assert anna.digest_due is not None
    assert await choices(world.db, anna.id) == {WORLD: True, ECONOMY: True}
    # Who had begun with the new bot keeps what was chosen there.
    boris = await world.chat(BORIS)
    assert await choices(world.db, boris.id) == {ECONOMY: True}
    async with world.db.read() as tx:
        left = list((await tx.execute(select(delivery.c.bot_id))).scalars())
        deeds = list((await tx.execute(select(audit.c.verb))).scalars())
    # A correction would wait for good for a bot that is lost.
    assert left == []
    assert deeds == ["takeover"]
    assert await membership.find(world.db, OLD, ANNA) is None


async def test_help_names_the_channel_where_readers_find_the_newsroom(world: World) -> None:
    await take_over_chats(world.db, OLD, BOT)
    async with world.listening():
        for reader in (ANNA, LEFT):
            await world.say(reader, "/start")
        russian, english = [await world.say(reader, "/help") for reader in (ANNA, LEFT)]
    assert "Если я надолго замолчу, ищите новости здесь: @valley_news" in russian["text"].replace("\xa0", " ")
    assert "If I ever fall silent for long, look for news here: @valley_news" in english["text"]


async def test_what_can_not_be_taken_over_is_said(world: World) -> None:
    with pytest.raises(SetupError, match="BOT_TOKEN is still that of 700700"):
        await take_over_chats(world.db, BOT, BOT)
    with pytest.raises(SetupError, match=r"knows no bot 5; it knows 600600 \(@old_bot\), 700700"):
        await take_over_chats(world.db, 5, BOT)
    assert await Lease(world.db, f"courier:{BOT}", Clock(), holder="elsewhere:1:x").take_if_free()
    with pytest.raises(SetupError, match="stop it, then take over"):
        await take_over_chats(world.db, OLD, BOT)
    assert await membership.find(world.db, OLD, ANNA) is not None

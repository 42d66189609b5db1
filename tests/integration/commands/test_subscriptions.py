"""What readers chose goes into a signed file, and from there to another server's bot."""

from __future__ import annotations

import json
import resource
import shutil
import stat
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.commands.subscriptions.export import write_export
from bot.commands.subscriptions.intake import take_export
from bot.commands.subscriptions.signed_file import SignedReader, SignedWriter
from bot.model.chat import ChatKind, ChatState
from bot.model.errors import SetupError
from bot.model.following.mode import WIRE, Mode
from bot.model.following.mute import MuteKind, MuteTarget
from bot.model.hours import DigestTime
from bot.model.search.alert import AlertTerms, Term
from bot.readers import membership
from bot.sandbox import Sandbox
from bot.store.all_tables import metadata
from bot.store.audience import chats, saved, subscriptions
from bot.store.audience import choices as kept_choices
from bot.store.audience.places import footers, threads
from bot.store.engine.database import Database, open_database
from bot.store.following import mutes
from bot.store.newsroom import topics
from bot.store.newsroom.tables import staff
from bot.store.operations import bots
from bot.store.tables.audience import chat
from bot.store.transfer.subscriptions.arrivals import ArrivalCounts
from bot.store.transfer.subscriptions.layout import LEFT_OUT, PARTS, columns_of
from bot.store.transfer.takeovers import REASON
from bot.store.watch import alerts, stories
from tests.support.readers import choices, join
from tests.support.transactions import given_back
from tests.support.world import ASIA, BOT, ECONOMY, WORLD, World, settings_for

OLD, ANNA, BORIS, JAMES, LEFT, GROUP = 600600, 21, 22, 23, 24, -1001
KEY, ZONE = "k" * 32, "Europe/Moscow"
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class Servers:
    """The old server with its file, and the new one, whose topics have other numbers."""

    old: World
    new: World
    file: Path

    async def bring(self, key: str = KEY, *, dry: bool = False) -> ArrivalCounts:
        """Import the file into the new server."""
        with SignedReader(self.file, key) as file:
            file.check()
            return await take_export(self.new.db, BOT, file, zone=ZONE, dry=dry)

    async def count(self) -> int:
        """Return how many chats the new server has."""
        async with self.new.db.read() as tx:
            return int((await tx.execute(select(func.count()).select_from(chat))).scalar_one())


@pytest.fixture
async def servers(
    migrated_file: Path, db: Database, sandbox: Sandbox, tmp_path: Path
) -> AsyncIterator[Servers]:
    """An old server on SQLite, and a new one on either kind of database."""
    shutil.copyfile(migrated_file, tmp_path / "old.db")
    before = open_database(f"sqlite:///{tmp_path / 'old.db'}")
    old = World(sandbox, before, settings_for(sandbox))
    await old.prepare()
    async with db.write() as tx:
        await topics.put(tx, "sport", {"ru": "Спорт"}, origin="file")
    new = World(sandbox, db, settings_for(sandbox, subscriptions_key=KEY))
    await new.prepare()
    made = Servers(old, new, tmp_path / "out" / "readers.jsonl")
    made.file.parent.mkdir()
    await fill(old)
    await write_export(before, OLD, made.file, KEY)
    yield made
    await given_back()
    await before.close()


def read(file: Path) -> dict[int, Any]:
    """Return what a file says of each chat, by its number at Telegram."""
    lines = [json.loads(each) for each in file.read_bytes().splitlines()[1:-1]]
    return {each["telegram_id"]: each for each in lines}


def write(file: Path, lines: Sequence[bytes]) -> None:
    """Write a signed file with those lines."""
    with SignedWriter(file, KEY, {"bot": OLD}) as written:
        for line in lines:
            written.add(line)


async def fill(old: World) -> None:
    """Let three readers and a group of the old bot choose; a fourth asked to be left alone."""
    async with old.db.write() as tx:
        await bots.put(tx, OLD, "old_bot", AT)
        gone = await topics.put(tx, "gone", {"ru": "Было"}, origin="file")
        anna = await join(tx, OLD, ANNA, AT, WORLD, gone)
        await subscriptions.set_mode(tx, anna, ECONOMY, AT, mode=Mode.DIGEST)
        await subscriptions.set_most(tx, anna, WORLD, 3)
        await kept_choices.change(
            tx,
            anna,
            AT,
            digest_times=(DigestTime(time(8)), DigestTime(time(18), 31)),
            quiet=(time(23), time(7)),
            zone="Asia/Bishkek",
            language="en",
            news_languages=("ru", "en"),
            most_day=20,
            form="brief",
        )
        await mutes.keep(tx, anna, MuteTarget(MuteKind.TOPIC, ASIA), AT, until=AT + timedelta(days=900))
        terms = AlertTerms((Term(("мост",)),))
        await alerts.add(tx, anna, "мост", terms, rarest=["мост"], at=AT)
        await join(tx, OLD, BORIS, AT, WIRE)
        await join(tx, OLD, JAMES, AT, WORLD)
        group = await join(tx, OLD, GROUP, AT, kind=ChatKind.SUPERGROUP)
        await subscriptions.subscribe(tx, group, ASIA, AT, thread_id=7)
        await threads.note(tx, group, 7, "Новости")
        await chats.change(tx, group, title="Соседи", footer_id=await footers.put(tx, "<b>Вестник</b>"))
        left = await join(tx, OLD, LEFT, AT, WORLD)
        await chats.erase(tx, left, AT)
        await tx.execute(
            staff.insert().values(bot_id=OLD, user_id=ANNA, rights=["flash"], given_by=1, given_at=AT)
        )
    story = await old.story("Мост открыт", ECONOMY)
    async with old.db.write() as tx:
        await saved.add(tx, anna, story, AT)
        await stories.follow(tx, anna, story, AT, message_id=5)


async def test_readers_find_what_they_chose_on_another_server(servers: Servers) -> None:
    assert stat.S_IMODE(servers.file.stat().st_mode) == 0o600
    assert [each.name for each in servers.file.parent.iterdir()] == [servers.file.name]
    assert "Анна" not in servers.file.read_text()
    # Boris had begun with the new bot and chose there; James had begun, and chose nothing.
    async with servers.new.db.write() as tx:
        known = await topics.load(tx)
        numbers = {each.slug: each.id for each in known.all}
        await join(tx, BOT, BORIS, AT, numbers["sport"])
        await join(tx, BOT, JAMES, AT)
    rehearsed = await servers.bring(dry=True)
    assert await servers.count() == 2
    found = await servers.bring()
    assert (found.waiting, found.filled, found.known) == (2, 1, 1)
    assert found == rehearsed
    assert (found.topics, found.left) == ({"gone": 1}, 2)
    assert numbers["world"] != WORLD
    anna = await servers.new.chat(ANNA)
    assert (anna.state, anna.state_reason, anna.digest_due) == (ChatState.BLOCKED, REASON, None)
    async with servers.new.db.read() as tx:
        chosen = await subscriptions.of_chat(tx, anna.id)
        muted = await mutes.of_chat(tx, anna.id, AT)
        watched = await alerts.of_chat(tx, anna.id)
        group = await servers.new.chat(GROUP)
        where = await threads.whereabouts(tx, group.id)
        line = await footers.words_of(tx, group.footer_id)
        rights = list((await tx.execute(select(staff.c.user_id))).scalars())
    assert {at: (one.mode, one.most) for at, one in chosen.items()} == {
        numbers["world"]: (Mode.USUAL, 3),
        numbers["economy"]: (Mode.DIGEST, None),
    }
    assert [each.target for each in muted] == [MuteTarget(MuteKind.TOPIC, numbers["asia"])]
    assert [each.said for each in watched] == ["мост"]
    assert (where.topics, where.threads[7].name) == ({numbers["asia"]: 7}, "Новости")
    assert (group.title, line, rights) == ("Соседи", "<b>Вестник</b>", [])
    assert await choices(servers.new.db, (await servers.new.chat(BORIS)).id) == {numbers["sport"]: True}
    james = await servers.new.chat(JAMES)
    assert james.state is ChatState.ACTIVE
    assert await choices(servers.new.db, james.id) == {numbers["world"]: True}
    assert await membership.find(servers.new.db, BOT, LEFT) is None
    # From here it could go on to a third server.
    onward = servers.file.with_name("onward.jsonl")
    await write_export(servers.new.db, BOT, onward, KEY)
    assert read(onward)[GROUP] == read(servers.file)[GROUP]
    async with servers.new.listening():
        await servers.new.say(ANNA, "/start")
    anna = await servers.new.chat(ANNA)
    assert (anna.state, anna.zone, anna.language, anna.form) == (
        ChatState.ACTIVE,
        "Asia/Bishkek",
        "en",
        "brief",
    )
    assert (anna.quiet, anna.bounds.most_day, anna.news_languages) == ((time(23), time(7)), 20, ("ru", "en"))
    assert [each.at for each in anna.digest_times] == [time(8), time(18)]
    assert anna.digest_due is not None


async def test_a_second_import_changes_nothing_but_brings_a_topic_that_was_missing(servers: Servers) -> None:
    first = await servers.bring()
    again = await servers.bring()
    assert (again.waiting, again.filled, again.subscriptions, again.changed) == (0, 0, 0, False)
    assert again.waited == first.waiting == 4
    async with servers.new.db.write() as tx:
        gone = await topics.put(tx, "gone", {"ru": "Было"}, origin="file")
    assert (await servers.bring()).subscriptions == 1
    assert gone in await choices(servers.new.db, (await servers.new.chat(ANNA)).id)


def _edit(said: bytes) -> bytes:
    return said.replace(b'"quiet_from":1380', b'"quiet_from":1381')


def _newer(said: bytes) -> bytes:
    return said.replace(b'"version":1', b'"version":2')


@pytest.mark.parametrize(
    ("spoil", "key", "words"),
    [
        (_edit, KEY, "was changed since it was signed"),
        (lambda said: said[:-30], KEY, "is cut off"),
        (lambda said: b"\n".join(said.split(b"\n")[:-2]) + b"\n", KEY, "is cut off"),
        (lambda said: b"\n".join([*said.split(b"\n")[:1], *said.split(b"\n")[2:]]), KEY, "was changed"),
        (_newer, KEY, "has version 2 of the format"),
        (lambda said: said, "x" * 32, "was signed with another key"),
        (lambda said: b'{"items": []}\n', KEY, "is not an export"),
        (lambda said: b"", KEY, "is not an export"),
        (lambda said: b"\xff\x00" * 1000, KEY, "is not an export"),
    ],
)
async def test_a_file_that_is_not_as_it_was_signed_is_refused_in_words(
    tmp_path: Path, spoil: Any, key: str, words: str
) -> None:
    path = tmp_path / "readers.jsonl"
    lines = [b'{"telegram_id":21,"quiet_from":1380}', b'{"telegram_id":22}']
    write(path, lines)
    with SignedReader(path, KEY) as good:
        assert good.check()["bot"] == OLD
        assert [each.strip() for each in good.entries()] == lines
    path.write_bytes(spoil(path.read_bytes()))
    with SignedReader(path, key) as wrong, pytest.raises(SetupError, match=words):
        wrong.check()


async def test_a_file_of_a_newer_vestnik_and_a_server_without_topics_write_nothing(
    servers: Servers, migrated_file: Path, tmp_path: Path
) -> None:
    lines = list(read(servers.file).values())
    strange = lines[0] | {"telegram_id": 99, "mood": "bright"}
    write(servers.file, [json.dumps(each).encode() for each in (*lines, strange)])
    with pytest.raises(SetupError, match="'mood' of a chat, which this version does not know"):
        await servers.bring()
    assert await servers.count() == 0
    with pytest.raises(SetupError, match=r"knows no bot 5; it knows 600600, 700700"):
        await write_export(servers.old.db, 5, servers.file, KEY)
    with pytest.raises(SetupError, match=r"could not be written to .*No such file"):
        await write_export(servers.old.db, OLD, tmp_path / "nowhere" / "readers.jsonl", KEY)
    shutil.copyfile(migrated_file, tmp_path / "empty.db")
    empty = open_database(f"sqlite:///{tmp_path / 'empty.db'}")
    await write_export(servers.old.db, OLD, servers.file, KEY)
    with SignedReader(servers.file, KEY) as good:
        good.check()
        with pytest.raises(SetupError, match="has no topics yet"):
            await take_export(empty, BOT, good, zone=ZONE)
    await given_back()
    await empty.close()


def test_a_full_disk_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    path = tmp_path / "readers.jsonl"
    path.write_bytes(b"yesterday's")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        with pytest.raises(SetupError, match="could not be written to"):
            write(path, [b"x" * 1000] * 200)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == b"yesterday's"
    assert list(tmp_path.iterdir()) == [path]


def test_whatever_a_chat_has_is_exported_or_named_as_left_out() -> None:
    of_chats = {each.name for each in metadata.sorted_tables if _hangs_on_chats(each)}
    # What was made for a chat or sent to it, and what the old bot has still to tell.
    assert of_chats - {each.name for each in PARTS} == {
        *("digest", "chat_notice", "delivery", "message"),
    }
    for table in (chat, *PARTS):
        names = {each.name for each in table.columns}
        assert names == {each.name for each in columns_of(table)} | LEFT_OUT[table.name]


def _hangs_on_chats(table: Any) -> bool:
    return any(key.column.table is chat for key in table.foreign_keys)

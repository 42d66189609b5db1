from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from bot.model.chat import Subscription
from bot.model.errors import SetupError
from bot.model.figures.counts import Flow
from bot.model.following.mode import WIRE, Mode
from bot.model.newsroom.role import Right
from bot.store.audience import chats, flow, subscriptions
from bot.store.engine.database import Database, open_database, read_url
from bot.store.engine.database_file import make_file
from bot.store.engine.migrate import SCRIPTS, migrate, pending
from bot.store.engine.types import from_millis
from bot.store.newsroom import articles, audit, feeds, staff, tellings
from bot.store.operations.troubles import told
from bot.store.tables.audience import chat


async def test_migrations_make_exactly_the_tables(db: Database) -> None:
    # The index of full text is the database's own, with tables that SQLite makes for it.
    options = {"include_name": lambda name, kind, _: kind != "table" or not name.startswith("search_text")}
    async with db.reader.connect() as tx:
        differences = await tx.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync, opts=options), chat.metadata)
        )
    assert differences == []


async def test_migrating_twice_changes_nothing(db: Database) -> None:
    await migrate(db)
    assert not await pending(db)


async def test_a_newer_database_is_refused_in_a_sentence(db: Database) -> None:
    async with db.writer.begin() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SetupError, match="newer than this version"):
        await migrate(db)


async def test_an_empty_database_wants_migrating(tmp_path: Path) -> None:
    db = open_database(f"sqlite:///{tmp_path / 'new.db'}")
    assert await pending(db)
    await db.close()


@pytest.mark.parametrize("address", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "nonsense"])
def test_an_address_that_will_not_do_is_named(address: str) -> None:
    with pytest.raises(SetupError, match="DATABASE_URL"):
        read_url(address)


async def test_a_database_of_two_bots_from_before_they_were_told_apart_opens(
    database_url: str,
) -> None:
    db = open_database(database_url)
    if db.file:
        make_file(db.file)
    async with db.write() as tx:
        await tx.run_sync(lambda sync: _at(sync, "0006"))
        for bot in (1, 2):
            await tx.execute(text(f"INSERT INTO bot (id, username) VALUES ({bot}, 'bot{bot}')"))
        await tx.execute(text("INSERT INTO told (key, at) VALUES ('feed:1', 5)"))
        await tx.execute(
            text(
                "INSERT INTO feed (url, topics, language, publish, interval, origin, next_poll_at, etag) "
                """VALUES ('https://example.org/', '["world"]', 'ru', 'auto', 60, 'file', 0, '"1"')"""
            )
        )
        await tx.execute(text("INSERT INTO audit (at, verb) VALUES (5, 'publish')"))
    await migrate(db)
    async with db.read() as tx:
        (feed,) = await feeds.all_in_use(tx)
        assert (feed.kind, feed.cursor) == ("feed", {"etag": '"1"'})
        for bot in (1, 2):
            assert await told.already(tx, bot, "feed:1", from_millis(4))
        (deed,) = await audit.recent(tx, 5)
        assert (deed.verb, deed.bot_id) == ("publish", None)
    async with db.write() as tx:
        await tx.run_sync(lambda sync: _at(sync, "0006", back=True))
        kept = await tx.execute(text("SELECT url, etag, last_modified FROM feed"))
        assert [tuple(row) for row in kept] == [("https://example.org/", '"1"', None)]
        assert (await tx.execute(text("SELECT count(*) FROM told"))).scalar_one() == 1
    await db.close()


async def test_chats_of_before_get_news_of_every_language(database_url: str) -> None:
    db = open_database(database_url)
    await migrate(db)
    async with db.write() as tx:
        await tx.run_sync(lambda sync: _at(sync, "0008", back=True))
        await tx.execute(text("INSERT INTO bot (id, username) VALUES (1, 'bot1')"))
        await tx.execute(
            text(
                "INSERT INTO chat (bot_id, telegram_id, kind, state, state_at, created_at, language, zone) "
                "VALUES (1, 21, 'private', 'active', 0, 0, 'ru', 'UTC')"
            )
        )
    await migrate(db)
    async with db.read() as tx:
        found = await chats.by_telegram(tx, 1, 21)
        assert found is not None
        assert (found.language, found.news_languages) == ("ru", ())
    async with db.write() as tx:
        await tx.run_sync(lambda sync: _at(sync, "0008", back=True))
    await db.close()


async def test_an_editor_of_before_keeps_what_an_editor_could_do(database_url: str) -> None:
    db = open_database(database_url)
    await migrate(db)
    async with db.write() as tx:
        await tx.run_sync(lambda sync: _at(sync, "0010", back=True))
        await tx.execute(text("INSERT INTO bot (id, username) VALUES (1, 'bot1')"))
        added = "INSERT INTO editor (bot_id, user_id, name, added_by, added_at) VALUES (1, 12, 'Анна', 11, 5)"
        await tx.execute(text(added))
    await migrate(db)
    async with db.read() as tx:
        (kept,) = await staff.listing(tx, 1)
        assert (kept.name, kept.given_by, kept.topics, kept.until) == ("Анна", 11, None, None)
        assert kept.rights == {Right.WRITE, Right.PUBLISH, Right.FLASH}
    async with db.write() as tx:
        author = replace(kept, user_id=13, version=0, rights=frozenset({Right.WRITE}))
        assert await staff.put(tx, 1, author)
        await tx.run_sync(lambda sync: _at(sync, "0010", back=True))
        rows = await tx.execute(text("SELECT user_id, name, added_by FROM editor"))
        assert [tuple(row) for row in rows] == [(12, "Анна", 11)]
    await db.close()


async def test_chats_that_came_and_went_before_are_counted_by_their_own_times(database_url: str) -> None:
    db = open_database(database_url)
    await migrate(db)
    quarter = flow.QUARTER
    async with db.write() as tx:
        await tx.run_sync(lambda sync: _at(sync, "0014", back=True))
        await tx.execute(text("INSERT INTO bot (id, username) VALUES (1, 'bot1')"))
        for user, state, left in (
            (21, "active", 0),
            (22, "stopped", 3 * quarter + 7),
            (23, "blocked", quarter),
        ):
            await tx.execute(
                text(
                    "INSERT INTO chat (bot_id, telegram_id, kind, state, state_at, created_at, language, zone) "
                    f"VALUES (1, {user}, 'private', '{state}', {left}, {user}, 'ru', 'UTC')"
                )
            )
    await migrate(db)
    async with db.read() as tx:
        found = await flow.between(tx, 1, from_millis(0), from_millis(9 * quarter))
    assert found == [
        Flow(from_millis(0), 3, 0),
        Flow(from_millis(quarter), 0, 1),
        Flow(from_millis(3 * quarter), 0, 1),
    ]
    await db.close()


async def test_what_was_muted_before_modes_is_off_and_all_else_as_usual(database_url: str) -> None:
    db = open_database(database_url)
    await migrate(db)
    columns = "topic_id, chat_id, muted, thread_id, since, position"
    rows = [(1, 1, False, 7, 5, 2), (2, 1, True, None, 6, None)]
    async with db.write() as tx:
        await tx.run_sync(lambda sync: _at(sync, "0023", back=True))
        await tx.execute(text("INSERT INTO bot (id, username) VALUES (1, 'bot1')"))
        for slug in ("world", "asia"):
            empty = "'{}', '[]', '[]', 'file'"
            await tx.execute(
                text(f"INSERT INTO topic (slug, names, aliases, keywords, origin) VALUES ('{slug}', {empty})")
            )
        await tx.execute(
            text(
                "INSERT INTO chat (id, bot_id, telegram_id, kind, state, state_at, created_at, language, zone) "
                "VALUES (1, 1, 21, 'private', 'active', 0, 0, 'ru', 'UTC')"
            )
        )
        for row in rows:
            values = ", ".join("NULL" if each is None else str(each).lower() for each in row)
            await tx.execute(text(f"INSERT INTO subscription ({columns}) VALUES ({values})"))
    await migrate(db)
    async with db.write() as tx:
        chosen = await subscriptions.of_chat(tx, 1)
        since = {1: from_millis(5), 2: from_millis(6)}
        assert chosen == {
            1: Subscription(1, 1, Mode.USUAL, 7, since[1], 2),
            2: Subscription(1, 2, Mode.OFF, None, since[2]),
        }
        await subscriptions.set_mode(tx, 1, WIRE, since[1], mode=Mode.DIGEST)
    async with db.write() as tx:
        await tx.run_sync(lambda sync: _at(sync, "0023", back=True))
        found = [
            tuple(row) for row in await tx.execute(text(f"SELECT {columns} FROM subscription ORDER BY 1"))
        ]
    assert [(*row[:2], bool(row[2]), *row[3:]) for row in found] == rows
    await db.close()


async def test_a_story_from_before_tellings_were_kept_keeps_its_identity(database_url: str) -> None:
    db = open_database(database_url)
    if db.file:
        make_file(db.file)
    async with db.write() as tx:
        await tx.run_sync(lambda sync: _at(sync, "0008"))
        await tx.execute(
            text(
                "INSERT INTO article (id, source, source_uid, status, revision, created_at) "
                "VALUES (7, 'feed:1', 'a', 'published', 1, 5)"
            )
        )
        await tx.execute(
            text(
                "INSERT INTO revision (article_id, number, headline, lead, dateline, blocks, language, "
                "fingerprint, created_at) VALUES (7, 1, 'Мост', '', '', '[]', 'ru', 'x', 5)"
            )
        )
    await migrate(db)
    async with db.read() as tx:
        found = await articles.by_source(tx, "feed:1", "a")
        assert found is not None
        assert found.id == 7
        assert await tellings.of_articles(tx, [7]) == []
    async with db.write() as tx:
        await tx.run_sync(lambda sync: _at(sync, "0008", back=True))
        assert (await tx.execute(text("SELECT source_uid FROM article"))).scalar_one() == "a"
    await db.close()


async def test_every_step_is_taken_up_and_down_and_up_again(database_url: str) -> None:
    db = open_database(database_url)
    if db.file:
        make_file(db.file)
    steps = [each.revision for each in ScriptDirectory(str(SCRIPTS)).walk_revisions()][::-1]
    assert steps == [f"{number:04}" for number in range(1, len(steps) + 1)]
    async with db.write() as tx:
        for step in steps:
            await tx.run_sync(_at, step)
        await tx.execute(text("INSERT INTO audit (at, verb) VALUES (5, 'publish')"))
        for _ in steps[1:]:
            await tx.run_sync(lambda sync: _at(sync, "-1", back=True))
        await tx.execute(text("UPDATE audit SET verb = 'kill'"))
        for _ in steps[1:]:
            await tx.run_sync(_at, "+1")
    assert not await pending(db)
    for change in ("UPDATE audit SET verb = 'publish'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError, match="only ever added to"):
            async with db.write() as tx:
                await tx.execute(text(change))
    async with db.read() as tx:
        assert [deed.verb for deed in await audit.recent(tx, 5)] == ["kill"]
    await db.close()


def _at(connection: Connection, revision: str, *, back: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["connection"] = connection
    (command.downgrade if back else command.upgrade)(config, revision)


async def test_stories_from_before_the_desk_keep_their_states(database_url: str) -> None:
    db = open_database(database_url)
    await migrate(db)
    async with db.write() as tx:
        await tx.run_sync(lambda sync: _at(sync, "0010", back=True))
        for number, status in enumerate(("draft", "scheduled", "published", "killed"), 1):
            await tx.execute(
                text(
                    "INSERT INTO article (id, source, source_uid, status, revision, created_at, release_at) "
                    f"VALUES ({number}, 'feed:1', 'a{number}', '{status}', 1, 5, 9)"
                )
            )
            await tx.execute(
                text(
                    "INSERT INTO revision "
                    "(article_id, number, headline, lead, dateline, blocks, language, fingerprint, created_at) "
                    f"VALUES ({number}, 1, 'Мост открыт', '', '', '[]', 'ru', '', 5)"
                )
            )
    await migrate(db)
    async with db.write() as tx:
        for number, status in enumerate(("draft", "scheduled", "published", "killed"), 1):
            found = await articles.get(tx, number)
            assert found is not None
            assert (found.status, found.approval, found.languages, found.unreviewed) == (
                status,
                None,
                (),
                False,
            )
        await tx.execute(text("UPDATE article SET status = 'approved' WHERE id = 1"))
        await tx.execute(text("UPDATE article SET status = 'taken-down' WHERE id = 4"))
        await tx.run_sync(lambda sync: _at(sync, "0010", back=True))
        kept = await tx.execute(text("SELECT status FROM article ORDER BY id"))
        assert list(kept.scalars()) == ["draft", "scheduled", "published", "killed"]
    await db.close()

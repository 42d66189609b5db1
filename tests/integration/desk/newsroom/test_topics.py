"""Topics are added, renamed, merged and paused; whatever hung on a merged topic hangs on the other."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bot.desk.newsroom import feeds, topics
from bot.model.audience import Followers
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.model.following.mode import Mode
from bot.model.following.mute import MuteKind, MuteTarget
from bot.model.newsroom.grant import Grant
from bot.model.newsroom.role import EDITOR
from bot.model.newsroom.sources import slug_of, topic_words
from bot.model.story.article import Content
from bot.model.story.topic import Topic, Topics
from bot.readers import membership
from bot.readers import topics as reading
from bot.store.audience import subscriptions
from bot.store.engine.database import Database
from bot.store.following import mutes
from bot.store.ledger import plan
from bot.store.newsroom import articles, audit, staff
from bot.store.newsroom import topics as kept
from bot.store.operations import bots
from tests.support.transactions import reads, writes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BOT, OLGA, EGOR = 700, 11, 12
load, deeds = reads(kept.load), reads(audit.recent)


async def add(db: Database, ru: str, en: str, *, parent_id: int | None = None) -> Topic:
    return await topics.add(db, {"ru": ru, "en": en}, at=NOW, by=OLGA, parent_id=parent_id)


async def chat(db: Database, number: int) -> int:
    await writes(bots.put)(db, BOT, "herald_bot", NOW)
    joined, _ = await membership.join(
        db, BOT, number, kind=ChatKind.PRIVATE, title="", language="ru", zone="UTC", at=NOW
    )
    return joined.id


async def followed(db: Database, chat_id: int) -> dict[int, bool]:
    return {
        at: one.mode is not Mode.OFF for at, one in (await reads(subscriptions.of_chat)(db, chat_id)).items()
    }


def test_names_are_read_line_by_line_and_a_slug_is_made() -> None:
    assert topic_words("Экономика", "ru").names == {"ru": "Экономика"}
    said = topic_words("ru: Экономика\nen: Economy\nslug: money", "ru")
    assert (said.names, said.slug) == ({"ru": "Экономика", "en": "Economy"}, "money")
    assert slug_of({"ru": "Происшествия в области"}) == "proisshestviya-v-oblasti"
    assert slug_of({"ru": "Объявления, щит"}) == "obyavleniya-shchit"
    for wrong in ("", "ru:", "x" * 65, "ru: " + "y" * 65):
        with pytest.raises(Refusal, match="no-topic-name"):
            topic_words(wrong, "ru")
    with pytest.raises(Refusal, match="no-slug"):
        topic_words("Экономика\nslug: С пробелом", "ru")


async def test_a_topic_is_added_at_the_end_and_its_words_are_its_own(db: Database) -> None:
    economy = await add(db, "Экономика", "Economy")
    bank = await add(db, "Банки", "Banks", parent_id=economy.id)
    known = await load(db)
    assert (known.path(bank.id), bank.origin, bank.position) == ("economy/banks", "desk", 1)
    with pytest.raises(Refusal, match="topic-there"):
        await add(db, "экономика", "Money")
    with pytest.raises(Refusal, match="no-topic"):
        await add(db, "Спорт", "Sport", parent_id=99)
    made = (await deeds(db, 1))[0]
    assert (made.verb, made.detail, made.actor) == ("add-topic", "banks", OLGA)


async def test_a_renamed_topic_is_still_found_by_its_old_name(db: Database) -> None:
    economy = await add(db, "Экономика", "Economy")
    after = await topics.rename(db, economy.id, {"ru": "Деньги"}, at=NOW, by=OLGA)
    assert after.names == {"ru": "Деньги", "en": "Economy"}
    found = (await load(db)).find("Экономика")
    assert found is not None
    assert found.id == economy.id
    with pytest.raises(Refusal, match="unchanged"):
        await topics.rename(db, economy.id, {"ru": "Деньги"}, at=NOW, by=OLGA)


async def test_of_two_who_rename_at_once_the_second_is_told(db: Database) -> None:
    economy = await add(db, "Экономика", "Economy")
    both = await asyncio.gather(
        topics.rename(db, economy.id, {"ru": "Деньги"}, at=NOW, by=OLGA, seen=economy.version),
        topics.rename(db, economy.id, {"ru": "Рынок"}, at=NOW, by=EGOR, seen=economy.version),
        return_exceptions=True,
    )
    refused = [each for each in both if isinstance(each, Refusal)]
    done = [each for each in both if isinstance(each, Topic)]
    assert [each.code for each in refused] == ["source-changed"]
    assert refused[0].facts["by"] == (OLGA if done[0].names["ru"] == "Деньги" else EGOR)


async def test_what_hung_on_a_merged_topic_hangs_on_the_other(db: Database) -> None:
    economy, money = await add(db, "Экономика", "Economy"), await add(db, "Деньги", "Money")
    bank = await add(db, "Банки", "Banks", parent_id=money.id)
    first, both, silent = [await chat(db, number) for number in (1, 2, 3)]
    for reader, topic in ((first, money), (both, money), (both, economy)):
        await reading.follow(db, reader, topic.id, NOW)
    await writes(subscriptions.set_mode)(db, silent, money.id, NOW, mode=Mode.OFF)
    off, digest = [await chat(db, number) for number in (4, 5)]
    for reader, topic, mode in (
        (off, economy, Mode.OFF),
        (off, money, Mode.FLASH),
        (digest, economy, Mode.DIGEST),
        (digest, money, Mode.AT_ONCE),
    ):
        await writes(subscriptions.set_mode)(db, reader, topic.id, NOW, mode=mode)
    await writes(mutes.keep)(db, both, MuteTarget(MuteKind.TOPIC, money.id), NOW)
    async with db.write() as tx:
        story = await articles.add(
            tx, Content("Банк открылся"), source="f", uid="1", at=NOW, topic_ids=(money.id, economy.id)
        )
        only = await articles.add(
            tx, Content("Курс вырос"), source="f", uid="2", at=NOW, topic_ids=(money.id,)
        )
        given = Grant(
            EGOR, "Егор", EDITOR.rights, frozenset({money.id, bank.id}), given_by=OLGA, given_at=NOW
        )
        assert await staff.put(tx, BOT, given)
    feed = await feeds.add(db, "https://example.org/f.xml", at=NOW, by=OLGA, topics_of=("money",))
    after = await topics.merge(db, money.id, economy.id, at=NOW, by=OLGA, seen=money.version)
    known = await load(db)
    assert {each.slug for each in known.all} == {"economy", "banks"}
    assert known.by_id[bank.id].parent_id == economy.id
    for words in ("money", "Деньги", "Money"):
        assert known.find(words) == after
    assert await followed(db, first) == {economy.id: True}
    for reader, mode in ((off, Mode.FLASH), (digest, Mode.DIGEST)):
        chosen = await reads(subscriptions.of_chat)(db, reader)
        assert {at: one.mode for at, one in chosen.items()} == {economy.id: mode}
    assert await reads(mutes.of_chat)(db, both, None) == []
    assert await followed(db, both) == {economy.id: True}
    assert await followed(db, silent) == {}
    for number in (story.id, only.id):
        found = await reads(articles.get)(db, number)
        assert found is not None
        assert found.topic_ids == (economy.id,)
    grant = await reads(staff.get)(db, BOT, EGOR)
    assert grant is not None
    assert grant.topics == {economy.id, bank.id}
    assert (await feeds.find(db, feed.id, NOW)).feed.topics == ("economy",)
    assert (await deeds(db, 1))[0].detail == "money → economy"
    with pytest.raises(Refusal, match="source-removed"):
        await topics.merge(db, money.id, economy.id, at=NOW, by=OLGA)
    with pytest.raises(Refusal, match="same-topic"):
        await topics.merge(db, economy.id, economy.id, at=NOW, by=OLGA)


async def test_a_topic_is_merged_into_one_below_it(db: Database) -> None:
    world = await add(db, "Мир", "World")
    asia = await add(db, "Азия", "Asia", parent_id=world.id)
    japan = await add(db, "Япония", "Japan", parent_id=asia.id)
    await topics.merge(db, world.id, japan.id, at=NOW, by=None)
    known = await load(db)
    assert known.path(japan.id) == "japan"
    assert known.path(asia.id) == "japan/asia"


async def test_a_paused_topic_is_not_offered_and_comes_back(db: Database) -> None:
    economy = await add(db, "Экономика", "Economy")
    bank = await add(db, "Банки", "Banks", parent_id=economy.id)
    await topics.pause(db, economy.id, at=NOW, by=OLGA)
    known: Topics = await load(db)
    assert known.children(None) == []
    assert known.is_paused(bank.id)
    with pytest.raises(Refusal, match="already-paused"):
        await topics.pause(db, economy.id, at=NOW, by=EGOR)
    await topics.resume(db, economy.id, at=NOW, by=OLGA)
    assert [each.slug for each in (await load(db)).children(None)] == ["economy"]
    with pytest.raises(Refusal, match="not-paused"):
        await topics.resume(db, economy.id, at=NOW, by=OLGA)


async def test_nothing_is_pushed_by_a_paused_topic_nor_by_those_below(db: Database) -> None:
    world = await add(db, "Мир", "World")
    asia = await add(db, "Азия", "Asia", parent_id=world.id)
    sport = await add(db, "Спорт", "Sport")
    reader, fan = await chat(db, 1), await chat(db, 2)
    await reading.follow(db, reader, world.id, NOW)
    await reading.follow(db, fan, sport.id, NOW)

    async def reached(*about: int) -> int:
        async with db.read() as tx:
            return sum((await plan.count(tx, Followers(about))).values())

    assert [await reached(asia.id), await reached(asia.id, sport.id)] == [1, 2]
    await topics.pause(db, world.id, at=NOW, by=OLGA)
    assert [await reached(asia.id), await reached(world.id), await reached(asia.id, sport.id)] == [0, 0, 1]
    assert await followed(db, reader) == {world.id: True}
    await topics.resume(db, world.id, at=NOW, by=OLGA)
    assert await reached(asia.id) == 1

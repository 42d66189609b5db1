"""/setup: from an empty bot to the first story in a test channel, in both languages and across restarts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.desk.newsroom import setup
from bot.desk.publish import publish
from bot.desk.story import release
from bot.model.newsroom.role import Right
from bot.readers import topics
from bot.sandbox import Sandbox
from bot.store.audience import subscriptions
from bot.store.engine.database import Database
from bot.store.newsroom import topics as kept_topics
from bot.store.operations import bots
from tests.support.desk.editors import BRIDGE, draft, hire
from tests.support.messages import Message, labels, plain
from tests.support.people import ANNA, JAMES
from tests.support.people import OWNER as OLGA
from tests.support.servers.feeds import Site
from tests.support.world import BOT, TOKEN, World, settings_for


def empty(sandbox: Sandbox, db: Database, owner: int) -> World:
    """Return a bot with nothing but an owner."""
    rates = {"global_rate": 1000, "chat_rate": 1000, "chat_burst": 100, "group_rate": 60_000}
    more = {"allow_private_feeds": True, "feed_min_interval": 1, "owner_ids": frozenset({owner})}
    world = World(sandbox, db, settings_for(sandbox, **rates, **more))
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    world.arrive()
    return world


@asynccontextmanager
async def running(world: World) -> AsyncIterator[World]:
    """Run the whole bot for as long as the block lasts."""
    app = await world.whole()
    try:
        yield world
    finally:
        await app.stop()


@dataclass(frozen=True)
class Words:
    """What the bot says to the owner on the way."""

    go_on: str
    usual: str
    feed: str
    address: str
    add: str
    topic: str
    done: str
    channel: str
    choose: str
    story: str
    sent: str
    ready: str


SAID = {
    OLGA: Words(
        "Продолжить",
        "Взять обычные темы",
        "Прислать адрес",
        "Какой у ленты адрес?",
        "Добавить, публиковать сразу",
        "Общество",
        "Готово",
        "Выбрать канал",
        "Нажмите кнопку внизу",
        "Покажите новость",
        "Отправлено. Загляните в канал.",
        "Всё готово",
    ),
    JAMES: Words(
        "Go on",
        "Take the usual topics",
        "Send the address",
        "The feed’s address?",
        "Add, publish at once",
        "Society",
        "Done",
        "Choose the channel",
        "Press the button below",
        "Show a story",
        "Sent. Look at the channel.",
        "All is ready",
    ),
}


async def pressed(room: World, user: int, page: Message, label: str, after: str) -> Message:
    """Press a button, and wait for what stands in the page's place then."""
    await room.press(user, room.again(page), label)
    return await room.changed(page, after)


@pytest.mark.parametrize("owner", [OLGA, JAMES])
async def test_an_owner_goes_from_an_empty_bot_to_the_first_story_in_a_test_channel(
    sandbox: Sandbox, sqlite_db: Database, site: Site, owner: int
) -> None:
    room, said = empty(sandbox, sqlite_db, owner), SAID[owner]
    async with running(room):
        assert "/setup" in plain(await room.say(owner, "/start"))
        await room.say(ANNA, "/start")
        page = await room.say(owner, "/setup")
        assert "Europe/Moscow" in plain(page)
        page = await pressed(room, owner, page, said.go_on, said.usual)
    # Each step is in the store: a restart changes nothing.
    async with running(room):
        page = await pressed(room, owner, page, said.usual, said.feed)
        await room.press(owner, page, said.feed)
        asked = await room.answer(owner, said.address)
    async with running(room):
        trial = await room.say(owner, site.url, reply_to=asked["message_id"])
        trial = await room.changed(trial, said.add)
        page = await pressed(room, owner, trial, said.add, said.topic)
        page = await pressed(room, owner, page, said.topic, f"✅ {said.topic}")
        page = await pressed(room, owner, page, said.done, said.channel)
        await room.press(owner, page, said.channel)
        await room.answer(owner, said.choose)
        channel = sandbox.add_chat("channel", title="Проба пера", creator=owner)["id"]
        sandbox.share_chat(owner, owner, 2, channel)
        page = await room.answer(owner, said.story)
        if "Мост через Светлую" not in "".join(labels(page)):
            # The feed is looked at within a second or two.
            page = await refreshed(room, owner, page, "Мост через Светлую")
        assert (await room.press(owner, page, "Мост через Светлую"))["text"] == said.sent
        page = await room.changed(page, said.ready)
        assert "▫️" not in plain(page)
    (shown,) = room.shown(channel)
    assert "Мост через Светлую" in plain(shown)
    assert "Мост" not in "".join(room.texts(ANNA))
    assert (await setup.state(room.db, BOT)).next == ""


async def refreshed(room: World, owner: int, page: Message, words: str) -> Message:
    """Press 'Refresh' until the words are on the page."""
    while words not in "".join(labels(page := room.again(page))):
        await room.forge(owner, page, "setup:step:story", forge=False)
    return page


async def begun(room: World) -> Message:
    """Keep the bot, and open the set-up at the channel's step."""
    async with room.db.write() as tx:
        await bots.put(tx, BOT, "vestnik_bot", room.clock.now())
    await room.say(OLGA, "/start")
    page = await room.say(OLGA, "/setup")
    return await pressed(room, OLGA, page, "Тестовый канал", "Выбрать канал")


async def shared(room: World, channel: int, *, forge: bool = False) -> str:
    before = len(room.shown(OLGA))
    room.sandbox.share_chat(OLGA, OLGA, 2, channel, forge=forge)
    await room.until(lambda: len(room.shown(OLGA)) > before)
    return plain(room.shown(OLGA)[before])


async def test_the_channel_follows_every_topic_at_the_top(room: World) -> None:
    page = await begun(room)
    await room.press(OLGA, page, "Выбрать канал")
    await room.answer(OLGA, "Нажмите кнопку внизу")
    channel = room.sandbox.add_chat("channel", title="Проба", creator=OLGA)["id"]
    assert "Тестовый канал — «Проба»" in await shared(room, channel)
    # What a channel is otherwise told, with topics to choose, is not said beside.
    assert not [said for said in room.texts(OLGA) if "Теперь я могу публиковать" in said]
    chat = await room.chat(channel)
    async with room.db.read() as tx:
        followed = await subscriptions.of_chat(tx, chat.id)
    known = await topics.all_topics(room.db)
    assert set(followed) == {each.id for each in known.children(None)}


async def test_a_channel_where_the_bot_may_not_post_is_not_taken(room: World) -> None:
    await begun(room)
    plain_channel = room.sandbox.add_chat("channel", title="Чужой", creator=ANNA)["id"]
    mute = room.sandbox.add_chat("channel", title="Немой", creator=OLGA)["id"]
    room.sandbox.set_member(mute, BOT, "administrator", by=OLGA, rights={"can_manage_chat": True})
    for channel in (plain_channel, mute, -1_009_999):
        assert "пока нельзя писать" in await shared(room, channel, forge=True)
    annas = room.sandbox.add_chat("channel", title="Аннин", creator=ANNA)["id"]
    room.sandbox.set_member(annas, BOT, "administrator", by=ANNA)
    assert "администратор" in await shared(room, annas, forge=True)
    assert (await setup.state(room.db, BOT)).channel is None


async def test_a_sample_goes_to_the_channel_while_there_is_no_story(room: World) -> None:
    page = await begun(room)
    own = await room.say(OLGA, "/id")
    assert "Сначала выберите тестовый канал" in (await room.forge(OLGA, own, "setup:show:0"))["text"]
    await room.press(OLGA, page, "Выбрать канал")
    await room.answer(OLGA, "Нажмите кнопку внизу")
    channel = room.sandbox.add_chat("channel", title="Проба", creator=OLGA)["id"]
    await shared(room, channel)
    page = await room.answer(OLGA, "Настройка редакции")
    page = await pressed(room, OLGA, page, "Первая новость", "Лента пока ничего не принесла")
    assert "Загляните" in (await room.press(OLGA, page, "Пробный текст"))["text"]
    assert "Это проба" in plain(await room.answer(channel, "Это проба"))
    room.sandbox.set_member(channel, BOT, "left", by=OLGA)
    told = await room.forge(OLGA, own, "setup:show:0")
    assert told["text"]
    assert len(room.shown(channel)) == 1


async def test_the_channel_gets_only_what_the_person_may_publish(room: World) -> None:
    page = await begun(room)
    await room.press(OLGA, page, "Выбрать канал")
    channel = room.sandbox.add_chat("channel", title="Проба", creator=OLGA)["id"]
    await shared(room, channel)
    async with room.db.write() as tx:
        topic = await kept_topics.put(tx, "economy", {"ru": "Экономика"}, origin="desk")
    now = room.clock.now()
    ours = await draft(room, replace(BRIDGE, headline="Мост открыт"), topic=topic)
    secret = await draft(room, replace(BRIDGE, headline="Снег сошёл"), topic=topic)
    await release.embargo(room.db, secret.id, now + timedelta(hours=1), at=now, by=OLGA, zone="UTC")
    out = await draft(room, replace(BRIDGE, headline="Паром вернулся"), topic=topic)
    await publish(room.db, out.id, now)
    await hire(room, ANNA, "Анна", frozenset({Right.SOURCES}))
    page = await room.say(ANNA, "/setup")
    page = await pressed(room, ANNA, page, "Первая новость", "Паром вернулся")
    assert "Мост открыт" not in "".join(labels(page))
    for number, why in ((ours.id, "нет такого права: публиковать"), (secret.id, "нет такого права")):
        assert why in (await room.forge(ANNA, page, f"setup:show:{number}"))["text"]
    own = await room.say(OLGA, "/id")
    assert "эмбарго" in (await room.forge(OLGA, own, f"setup:show:{secret.id}"))["text"]
    await room.press(ANNA, page, "Паром вернулся")
    await room.answer(channel, "Паром вернулся")
    assert len(room.shown(channel)) == 1


async def test_a_step_can_be_gone_back_to_and_own_topics_written(room: World) -> None:
    page = await begun(room)
    page = await pressed(room, OLGA, page, "Темы", "Уже есть:")
    await room.press(OLGA, page, "Написать свою")
    asked = await room.answer(OLGA, "Как назвать тему?")
    page = await room.say(OLGA, "Наука", reply_to=asked["message_id"])
    assert "Наука" in plain(page)
    assert (await topics.all_topics(room.db)).find("nauka") is not None
    page = await pressed(room, OLGA, page, "Язык и время", "LANGUAGE и TIME_ZONE")
    await pressed(room, OLGA, page, "Продолжить", "Откуда брать новости?")


async def test_usual_topics_are_added_once(room: World) -> None:
    await begun(room)
    own = await room.say(OLGA, "/id")
    first = await room.forge(OLGA, own, "setup:usual")
    assert first["text"] == "Добавлено 5 тем."
    assert (await room.forge(OLGA, own, "setup:usual"))["text"] == "Добавлено 0 тем."
    slugs = [each.slug for each in (await topics.all_topics(room.db)).all]
    assert len(slugs) == len(set(slugs)) == 8

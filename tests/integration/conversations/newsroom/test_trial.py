"""/feed: an address is tried, what is wrong with it is said in words, and it is added from the trial."""

from __future__ import annotations

import pytest

from bot.desk.newsroom import feeds
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from bot.store.newsroom.feeds import Feed
from tests.support.messages import labels, plain
from tests.support.people import JAMES
from tests.support.people import OWNER as OLGA
from tests.support.servers.feeds import Site, item
from tests.support.world import World, settings_for


async def only_feed(room: World) -> Feed:
    (state,) = await feeds.listing(room.db, room.clock.now())
    return state.feed


WORDS = {
    OLGA: {
        "there": "Сейчас там 2 новости",
        "topic": "Экономика",
        "none": "У 1 новости нет темы: её получат только подписчики всех новостей",
        "kept": "Пока ничего не сохранено",
        "add": "Добавить, в черновики",
        "added": "Её новости будут ждать редактора",
        "which": "Под какими темами",
        "done": "Готово",
        "feed": "Её новости ждут редактора",
    },
    JAMES: {
        "there": "2 stories are there now",
        "topic": "Economy",
        "none": "1 story has no topic: only those who follow all the news would get it",
        "kept": "Nothing is kept yet",
        "add": "Add, as drafts",
        "added": "Its stories will wait for an editor",
        "which": "Which topics for stories",
        "done": "Done",
        "feed": "Its stories wait for an editor",
    },
}


@pytest.mark.parametrize("owner", [OLGA, JAMES])
async def test_an_address_is_tried_and_then_added_with_its_topics(
    local: World, site: Site, owner: int
) -> None:
    said = WORDS[owner]
    await local.say(owner, "/start")
    trial = await local.say(owner, f"/feed test {site.url}")
    trial = await local.changed(trial, said["there"])
    for words in ("Мост через Светлую", "Дожди идут", said["topic"], said["none"], said["kept"], "· ru ·"):
        assert words in plain(trial), words
    assert not await feeds.listing(local.db, local.clock.now())
    assert said["added"] in (await local.press(owner, trial, said["add"]))["text"]
    choice = await local.changed(trial, said["which"])
    await local.press(owner, choice, said["topic"])
    choice = await local.changed(trial, f"✅ {said['topic']}")
    await local.press(owner, choice, said["done"])
    page = await local.changed(trial, said["feed"])
    assert site.url in plain(page)
    feed = await only_feed(local)
    assert (feed.url, feed.publish, feed.topics) == (site.url, "draft", ("economy",))


async def test_a_trial_goes_on_after_a_restart_by_its_own_button(
    sandbox: Sandbox, sqlite_db: Database, site: Site
) -> None:
    room = World(sandbox, sqlite_db, settings_for(sandbox, allow_private_feeds=True))
    await room.prepare()
    async with room.listening():
        await room.say(OLGA, "/start")
        trial = await room.say(OLGA, f"/feed {site.url}")
        await room.changed(trial, "Сейчас там")
    site.items.append(item(3, hour=2, title="Рынок закрыт"))
    async with room.listening():
        await room.press(OLGA, room.again(trial), "Посмотреть ещё раз")
        trial = await room.changed(trial, "Сейчас там 3 новости")
        await room.press(OLGA, trial, "Добавить, публиковать сразу")
        await room.changed(trial, "Под какими темами")
    assert (await only_feed(room)).url == site.url


@pytest.mark.parametrize(
    ("status", "headers", "body", "words"),
    [
        (404, {}, None, "По этому адресу больше ничего нет"),
        (503, {}, None, "На самом сайте что-то сломалось"),
        (200, {}, b"<html><body><p>A page</p></body></html>", "Это не лента"),
        (200, {}, b"x" * (11 * 1024 * 1024), "слишком много данных"),
        (302, {"Location": "/feed"}, None, "без конца перенаправляет"),
        (302, {"Location": "file:///etc/passwd"}, None, "Это не веб-адрес"),
    ],
)
async def test_what_is_wrong_with_an_address_is_said_in_words(
    local: World, site: Site, status: int, headers: dict[str, str], body: bytes | None, words: str
) -> None:
    site.status, site.headers, site.body = status, headers, body
    await local.say(OLGA, "/start")
    trial = await local.say(OLGA, f"/feed {site.url}")
    trial = await local.changed(trial, words)
    assert "Добавить" not in "".join(labels(trial))
    assert not await feeds.listing(local.db, local.clock.now())


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080/feed", "http://localhost/feed", "http://[::1]/", "http://2130706433/"]
)
async def test_an_address_of_this_machine_is_not_asked(room: World, address: str) -> None:
    await room.say(OLGA, "/start")
    trial = await room.say(OLGA, f"/feed {address}")
    await room.changed(trial, "нет в общей сети")

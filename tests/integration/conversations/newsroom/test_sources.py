"""/sources and /feed: an owner tries, adds, changes and removes feeds and topics by buttons and answers."""

from __future__ import annotations

import asyncio
import tomllib

import pytest

from bot.desk.newsroom import feeds, topics
from bot.model.newsroom.grant import Grant
from bot.model.newsroom.role import DUTY_EDITOR, OWNER, Right
from bot.readers import topics as reading
from bot.store.newsroom import feeds as kept_feeds
from bot.store.newsroom import staff as kept_staff
from bot.store.newsroom.feeds import Feed
from tests.support.messages import Message, data_of, labels, plain
from tests.support.people import ANNA, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.servers.feeds import Site
from tests.support.world import ASIA, BOT, ECONOMY, WORLD, World


async def only_feed(room: World) -> Feed:
    (state,) = await feeds.listing(room.db, room.clock.now())
    return state.feed


async def added(room: World, url: str, *slugs: str) -> Feed:
    return await feeds.add(room.db, url, at=room.clock.now(), by=OLGA, topics_of=slugs)


async def opened(room: World, user: int, label: str) -> Message:
    """Open a page from /sources by the button of that label."""
    page = await room.say(user, "/sources")
    await room.press(user, page, label)
    return page


async def answered(room: World, user: int, words: str, question: str) -> Message:
    asked = await room.answer(user, question)
    return await room.say(user, words, reply_to=asked["message_id"])


async def test_a_feed_is_paused_renamed_and_removed(local: World, site: Site) -> None:
    await local.say(OLGA, "/start")
    await added(local, site.url, "economy")
    page = await opened(local, OLGA, "127.0.0.1")
    page = await local.changed(page, "Ещё не опрашивалась")
    await local.press(OLGA, page, "Пауза")
    page = await local.changed(page, "На паузе: лента не опрашивается")
    await local.press(OLGA, page, "Продолжить")
    page = await local.changed(page, "Ещё не опрашивалась")
    await local.press(OLGA, page, "Переименовать")
    await answered(local, OLGA, "Вести долины", "Какой источник увидят")
    page = await local.answer(OLGA, "Вести долины\nhttp")
    await local.press(OLGA, page, "Удалить")
    page = await local.changed(page, "Удалить эту ленту?")
    assert (await local.press(OLGA, page, "Да, удалить"))["text"] == "Удалена."
    await local.changed(page, "Лент пока нет")
    assert not await feeds.listing(local.db, local.clock.now())


async def test_a_feed_that_fails_is_seen_with_why_and_when_it_is_tried_again(room: World) -> None:
    await room.say(OLGA, "/start")
    feed = await added(room, "https://example.org/feed.xml")
    async with room.db.write() as tx:
        at = room.clock.now()
        await kept_feeds.record_failure(tx, feed.id, reason="timeout: no whole answer", next_poll_at=at)
    page = await room.say(OLGA, "/sources")
    assert "⚠️ example.org — не загружается" in plain(page)
    await room.press(OLGA, page, "example.org")
    page = await room.changed(page, "Адрес отвечает слишком медленно")
    assert "Не удалось 1 раз подряд" in plain(page)
    assert "Следующая попытка" in plain(page)


async def test_a_feed_that_is_gone_for_good_is_told(room: World) -> None:
    await room.say(OLGA, "/start")
    feed = await added(room, "https://example.org/feed.xml")
    async with room.db.write() as tx:
        await kept_feeds.retire(tx, [feed.id], room.clock.now(), "gone for good (410)")
    page = await room.say(OLGA, "/sources")
    assert "Исчезли насовсем, больше не опрашиваются: example.org" in plain(page)
    again = await added(room, "https://example.org/feed.xml")
    assert (again.id, again.last_error) == (feed.id, None)


async def test_a_topic_is_added_renamed_paused_and_merged(room: World) -> None:
    await room.say(OLGA, "/start")
    page = await opened(room, OLGA, "Темы")
    page = await room.changed(page, "economy")
    await room.press(OLGA, page, "Добавить тему")
    made = await answered(room, OLGA, "ru: Спорт\nen: Sport", "Как назвать тему?")
    assert "Спорт sport" in plain(made)
    await room.press(OLGA, made, "Добавить подтему")
    below = await answered(room, OLGA, "Футбол", "Спорт ›")
    assert "Над ней: Спорт" in plain(below)
    await room.press(OLGA, below, "Переименовать")
    page = await answered(room, OLGA, "en: Football", "Новое название?")
    assert "en: Football" in plain(page)
    await room.press(OLGA, page, "Пауза")
    page = await room.changed(page, "На паузе: тему никому не предлагают")
    offered = await room.say(OLGA, "/topics")
    assert data_of(offered, "Спорт")
    assert "Футбол" not in "".join(labels(offered))
    await room.press(OLGA, page, "Объединить")
    page = await room.changed(page, "Частью какой темы")
    await room.press(OLGA, page, "Экономика")
    page = await room.changed(page, "Объединить с темой «Экономика»?")
    assert (await room.press(OLGA, page, "Да, объединить"))["text"] == "Теперь это часть темы «Экономика»."
    found = (await reading.all_topics(room.db)).find("футбол")
    assert found is not None
    assert found.id == ECONOMY


async def test_of_two_owners_the_second_is_told_who_was_faster(local: World, site: Site) -> None:
    for owner in (OLGA, JAMES):
        await local.say(owner, "/start")
    await added(local, site.url)
    pages = {}
    for owner, words in ((OLGA, "Её новости выходят"), (JAMES, "Its stories are published")):
        pages[owner] = await local.changed(await opened(local, owner, "127.0.0.1"), words)
    pressed = await asyncio.gather(
        local.press(OLGA, pages[OLGA], "Ждать редактора"), local.press(JAMES, pages[JAMES], "Pause")
    )
    told = [each["text"] for each in pressed]
    olga_first, james_first = ["Сохранено.", "Ольга was faster"], ["Вас опередили: James", "Saved."]
    assert any(
        all(words in said for words, said in zip(order, told, strict=True))
        for order in (olga_first, james_first)
    )
    feed = await only_feed(local)
    assert (feed.publish == "draft") is (feed.paused_at is None)
    now = "Its stories wait for an editor" if feed.publish == "draft" else "Paused: the feed is not asked"
    await local.changed(pages[JAMES], now)


async def test_an_answer_to_an_old_question_changes_nothing(room: World) -> None:
    await room.say(OLGA, "/start")
    page = await opened(room, OLGA, "Темы")
    await room.press(OLGA, await room.changed(page, "economy"), "Экономика")
    await room.press(OLGA, await room.changed(page, "Подписан"), "Переименовать")
    asked = await room.answer(OLGA, "Новое название?")
    await topics.rename(room.db, ECONOMY, {"ru": "Рынок"}, at=room.clock.now(), by=EGOR)
    room.send(OLGA, "Деньги и дело", reply_to=asked["message_id"])
    await room.answer(OLGA, "Вас опередили")
    await room.answer(OLGA, "ru: Рынок")
    known = await reading.all_topics(room.db)
    assert known.by_id[ECONOMY].name("ru") == "Рынок"


async def test_the_newsroom_file_comes_as_a_document(room: World) -> None:
    await room.say(OLGA, "/start")
    await added(room, "https://example.org/feed.xml", "economy")
    page = await room.say(OLGA, "/sources")
    await room.press(OLGA, page, "newsroom.toml")
    sent = await room.answer(OLGA, "На сервере этот файл")
    assert sent["document"]["file_name"] == "newsroom.toml"
    stored = room.sandbox.world.files.get(sent["document"]["file_id"])
    assert stored is not None
    read = tomllib.loads(stored.content.decode())
    assert read["name"] == "Вестник Долины"
    assert [each["slug"] for each in read["topic"]] == ["world", "asia", "economy"]
    assert read["feed"] == [
        {
            "url": "https://example.org/feed.xml",
            "name": "example.org",
            "topics": ["economy"],
            "publish": "auto",
        }
    ]


async def hire(room: World, *about: int) -> None:
    """Let Egor run the feeds of some topics."""
    await room.say(EGOR, "/start")
    async with room.db.write() as tx:
        rights = frozenset({Right.SOURCES})
        given = Grant(EGOR, "Егор", rights, frozenset(about), given_by=OLGA, given_at=room.clock.now())
        assert await kept_staff.put(tx, BOT, given)


async def test_an_editor_learns_which_right_is_missing_and_who_gives_it(room: World) -> None:
    await room.say(EGOR, "/start")
    async with room.db.write() as tx:
        given = Grant(EGOR, "Егор", DUTY_EDITOR.rights, None, given_by=OLGA, given_at=room.clock.now())
        assert await kept_staff.put(tx, BOT, given)
    for words in ("/sources", "/feed https://example.org/", "/setup"):
        refused = plain(await room.say(EGOR, words))
        assert "вести темы и ленты" in refused, words
        assert "владельцы и те, кому" in refused, words


async def test_whose_right_is_for_one_topic_runs_its_feeds_alone(local: World, site: Site) -> None:
    await hire(local, ECONOMY)
    other = await added(local, "https://example.org/asia.xml", "asia")
    own = await local.say(EGOR, "/sources")
    for data in (f"src:feed:{other.id}", f"src:fgone:{other.id}:{other.version}", f"src:topic:{ASIA}"):
        assert "не распространяются" in (await local.forge(EGOR, own, data))["text"]
    assert "не распространяются" in (await local.forge(EGOR, own, f"src:tdone:{ECONOMY}:1:{WORLD}"))["text"]
    trial = await local.say(EGOR, f"/feed {site.url}")
    trial = await local.changed(trial, "Сейчас там")
    await local.press(EGOR, trial, "Добавить, публиковать сразу")
    await local.changed(trial, "✅ Экономика")
    found = [each.feed for each in await feeds.listing(local.db, local.clock.now())]
    assert [each.topics for each in found if each.url == site.url] == [("economy",)]


async def test_a_reader_presses_and_answers_in_vain(room: World) -> None:
    feed = await added(room, "https://example.org/feed.xml")
    own = await room.say(ANNA, "/start")
    for data in (
        *(f"src:fgone:{feed.id}:{feed.version}", "src:export", "src:add:auto", "setup:usual", "setup:show:0"),
        *(f"src:tdone:{ASIA}:1:{WORLD}", "src:look", f"src:fout:{feed.id}:1:draft"),
    ):
        assert "только владельцам" in (await room.forge(ANNA, own, data))["text"], data
    for words in ("/sources", "/feed https://example.org/", "/setup"):
        assert "только владельцам" in plain(await room.say(ANNA, words))
    assert (await only_feed(room)).publish == "auto"


@pytest.mark.parametrize(
    "data",
    [
        "src:feed:0",
        "src:feed:x",
        "src:feed:99",
        "src:fout:1:1:loud",
        "src:ftopic:1:1:99",
        "src:topic:99",
        "src:add:loud",
        "setup:step:last",
        "setup:show:-5",
        "setup:show:99",
        "src:look",
    ],
)
async def test_what_no_button_says_is_refused_in_words(room: World, data: str) -> None:
    await room.say(OLGA, "/start")
    await added(room, "https://example.org/feed.xml")
    own = await room.say(OLGA, "/id")
    assert (await room.forge(OLGA, own, data))["text"]
    assert OWNER.may(Right.SOURCES)

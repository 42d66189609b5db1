"""Less like this: under a story, on a topic's page; what is muted, and coming again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.desk.amend import kill
from bot.desk.publish import publish
from bot.model.following.mute import MOST, MuteKind, MuteSpan, MuteTarget
from bot.model.story.article import Content
from bot.readers.following import mutes
from bot.store.following import mutes as kept_mutes
from bot.store.newsroom import articles, feeds
from tests.support.messages import labels, plain, text_of
from tests.support.world import World

BOT, ANNA, BORIS, JAMES = 700700, 21, 22, 23
WORLD, ASIA, ECONOMY = 1, 2, 3


async def muted(room: World, user: int) -> list[str]:
    """Return what the chat has muted, in Russian."""
    here = await room.chat(user)
    return [each.what.name("ru") for each in await mutes.listing(room.db, here.id, room.clock.now())]


async def told_by_a_feed(room: World, headline: str, *topic_ids: int, name: str = "Пример") -> int:
    """Publish a story of a feed's, and return its id."""
    now = room.clock.now()
    async with room.db.write() as tx:
        feed_id = await feeds.put(
            tx,
            "https://www.example.org/rss",
            name=name,
            language="ru",
            publish="auto",
            interval=600,
            origin="file",
            at=now,
        )
        kept = await articles.add(
            tx, Content(headline, "Лид."), source=f"feed:{feed_id}", uid=headline, at=now, topic_ids=topic_ids
        )
    await publish(room.db, kept.id, now)
    return kept.id


@pytest.mark.parametrize(
    ("user", "less", "source", "week", "until"),
    [
        (ANNA, "Меньше такого", "Источник: Пример", "На неделю", "Скрыто до"),
        (JAMES, "Less like this", "Source: Пример", "For a week", "Muted until"),
    ],
)
async def test_under_a_story_its_topics_and_its_source_are_offered(
    room: World, user: int, less: str, source: str, week: str, until: str
) -> None:
    article = await told_by_a_feed(room, "Порт", ASIA, ECONOMY)
    await room.say(user, "/follow economy")
    await room.press(user, await room.brief(user, article), less)
    asked = await room.answer(user, "Что больше не присылать" if user == ANNA else "What should come no more")
    assert len(labels(asked)) == 4
    await room.press(user, asked, source)
    asked = await room.changed(asked, week)
    await room.press(user, asked, "‹")
    asked = await room.changed(asked, source)
    await room.press(user, asked, source)
    asked = await room.changed(asked, week)
    answer = await room.press(user, asked, week)
    assert until in answer["text"]
    asked = await room.changed(asked, until)
    assert await muted(room, user) == ["Пример"]
    assert "Пример" in text_of(asked)


async def test_what_is_muted_is_listed_with_its_end_and_taken_out_again(room: World) -> None:
    await room.say(ANNA, "/start")
    here, now = await room.chat(ANNA), room.clock.now()
    for topic_id, span in ((ECONOMY, MuteSpan.GOOD), (ASIA, MuteSpan.TOMORROW)):
        await mutes.mute(room.db, here.id, MuteTarget(MuteKind.TOPIC, topic_id), now, span=span)
    page = await room.say(ANNA, "/muted")
    assert "Экономика — навсегда" in plain(page)
    assert "00:00" in plain(page)
    assert "Скрыто: " in plain(await room.say(ANNA, "/settings"))
    await room.press(ANNA, page, "Вернуть: Экономика")
    page = await room.changed(page, "Азия")
    assert await muted(room, ANNA) == ["Азия"]
    for _ in range(2):
        assert "Снова приходит" in (await room.forge(ANNA, page, f"unmute:t{ASIA}:0:0"))["text"]
    assert "Ничего." in text_of(room.again(page))


async def test_a_topics_page_mutes_and_the_list_of_topics_shows_until_when(room: World) -> None:
    page = await room.say(ANNA, "/topics")
    await room.press(ANNA, page, "Мир")
    page = await room.changed(page, "🔔 сразу")
    await room.press(ANNA, page, "🔔 сразу")
    page = await room.changed(page, "Скрыть…")
    await room.press(ANNA, page, "Скрыть…")
    page = await room.changed(page, "Навсегда")
    await room.press(ANNA, page, "Навсегда")
    page = await room.changed(page, "Скрыто навсегда")
    page = await room.say(ANNA, "/topics")
    assert labels(page)[1:3] == ["▫️ Мир", "🔇 навсегда"]
    await room.press(ANNA, page, "Мир ›")
    page = await room.changed(page, "▫️ Азия")
    answer = await room.press(ANNA, page, "🔇 навсегда")
    assert answer["answered"]
    page = await room.changed(page, "вместе с темой «Мир»")
    await room.press(ANNA, page, "‹")
    page = await room.changed(page, "▫️ Азия")
    assert "скрыто" in (await room.press(ANNA, page, "Азия"))["text"]
    await room.press(ANNA, page, "‹")
    page = await room.changed(page, "▫️ Мир")
    await room.press(ANNA, page, "▫️ Мир")
    page = await room.changed(page, "✅ Мир")
    assert await muted(room, ANNA) == [], "whoever presses a muted topic wants it again"
    assert "✅ Мир" in labels(page)


async def test_a_topic_is_unmuted_where_it_was_muted(room: World) -> None:
    await room.say(ANNA, "/start")
    target = MuteTarget(MuteKind.TOPIC, ECONOMY)
    here = await room.chat(ANNA)
    await mutes.mute(room.db, here.id, target, room.clock.now(), span=MuteSpan.WEEK)
    page = await room.say(ANNA, "/topics")
    await room.press(ANNA, page, "🔇 до")
    page = await room.changed(page, "Вернуть")
    assert "Скрыто до" in plain(page)
    await room.press(ANNA, page, "Вернуть")
    page = await room.changed(page, "Скрыть…")
    assert await muted(room, ANNA) == []
    assert labels(page)[0].startswith("Как обычно")


async def test_a_button_of_before_still_leads_to_the_question_for_how_long(room: World) -> None:
    article = await room.story("Порт", ASIA, ECONOMY)
    brief = await room.brief(ANNA, article)
    await room.forge(ANNA, brief, f"mute:{article}:{ECONOMY}")
    asked = await room.answer(ANNA, "Скрыть тему «Экономика»")
    await room.press(ANNA, asked, "До завтра")
    await room.changed(asked, "Скрыто до")
    assert await muted(room, ANNA) == ["Экономика"]


async def test_nothing_to_mute_and_things_that_are_gone_are_said_kindly(room: World) -> None:
    page = await room.say(ANNA, "/start")
    bare = await room.story("Погода")
    assert "ни темы, ни источника" in (await room.forge(ANNA, page, f"mute:{bare}"))["text"]
    gone = await room.story("Ошибка", ECONOMY)
    await kill(room.db, gone, room.clock.now())
    for data in (
        f"mute:{gone}",
        "mute:999",
        "mute:x",
        "mute:1:99",
        "less:999",
        "hush:t99:0:-:week",
        "hush:f9:0",
    ):
        assert (await room.forge(ANNA, page, data))["text"], data
    for data in ("hush:t3:0:-:year", "hush:x3:0", "hush:", "unmute:", "unmute:t99:0", "hush:t3:0:a1:"):
        assert (await room.forge(ANNA, page, data))["text"], data
    assert "администратор" in (await room.forge(ANNA, page, f"hush:t3:{BORIS}:-:week"))["text"]
    assert "администратор" in (await room.forge(ANNA, page, f"muted:{BORIS}:0"))["text"]
    assert await muted(room, ANNA) == []


async def test_a_press_twice_mutes_once_and_later_for_longer(room: World) -> None:
    page = await room.say(ANNA, "/start")
    for span in ("week", "week", "good"):
        await room.forge(ANNA, page, f"hush:t{ECONOMY}:0:-:{span}")
    here = await room.chat(ANNA)
    (only,) = await mutes.listing(room.db, here.id, room.clock.now())
    assert only.until is None


async def test_more_than_a_hundred_mutes_are_refused_and_the_list_has_pages(room: World) -> None:
    page = await room.say(ANNA, "/start")
    here, now = await room.chat(ANNA), room.clock.now()
    async with room.db.write() as tx:
        for number in range(MOST):
            feed_id = await feeds.put(
                tx,
                f"https://{number}.example.org/",
                name=f"Лента {number}",
                language="ru",
                publish="auto",
                interval=600,
                origin="file",
                at=now,
            )
            at = now + timedelta(seconds=number)
            await kept_mutes.keep(tx, here.id, MuteTarget(MuteKind.FEED, feed_id), at, until=None)
    assert "больше нельзя" in (await room.forge(ANNA, page, f"hush:t{ECONOMY}:0:-:week"))["text"]
    assert "навсегда" in (await room.forge(ANNA, page, f"hush:f{feed_id}:0:-:good"))["text"]
    listed = await room.say(ANNA, "/muted")
    assert "1/10" in labels(listed)
    await room.press(ANNA, listed, "›")
    await room.changed(listed, "2/10")
    await room.forge(ANNA, listed, "muted:0:999")
    await room.changed(listed, "10/10")


async def test_in_a_group_administrators_alone_mute(room: World) -> None:
    chat = room.sandbox.add_chat("supergroup", title="Соседи", creator=ANNA, members=[BORIS, BOT])["id"]
    hello = await room.answer(chat, "Администраторы")
    article = await room.story("Порт", ECONOMY)
    for data in (f"mute:{article}", f"hush:t{ECONOMY}:0:-:week", f"unmute:t{ECONOMY}:0", "muted:0:0"):
        assert "администратор" in (await room.forge(BORIS, hello, data))["text"], data
    await room.forge(ANNA, hello, f"hush:t{ECONOMY}:0:-:week")
    assert await muted(room, chat) == ["Экономика"]

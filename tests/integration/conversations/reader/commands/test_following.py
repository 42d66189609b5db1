"""Following and muting in words, in either language, as people write."""

from __future__ import annotations

from datetime import time

import pytest

from bot.model.following.mode import WIRE, Mode
from bot.model.following.mute import MuteKind, MuteTarget
from bot.readers import topics
from bot.readers.following import mutes
from bot.store.following import mutes as kept_mutes
from bot.store.newsroom import feeds
from tests.support.messages import labels, plain, text_of
from tests.support.world import World

BOT, ANNA, BORIS, JAMES = 700700, 21, 22, 23
WORLD, ASIA, ECONOMY = 1, 2, 3


async def modes(room: World, user: int) -> dict[int, Mode]:
    here = await room.chat(user)
    return dict((await topics.following(room.db, here.id, room.clock.now())).chosen)


async def muted(room: World, user: int) -> list[MuteTarget]:
    here = await room.chat(user)
    return [each.what.target for each in await mutes.listing(room.db, here.id, room.clock.now())]


@pytest.mark.parametrize(
    ("user", "words", "answer", "kept"),
    [
        (ANNA, "экономику", "Экономика: сразу", {ECONOMY: Mode.USUAL}),
        (ANNA, "Экономика в дайджест", "Экономика: в дайджест", {ECONOMY: Mode.DIGEST}),
        (ANNA, "деньги только срочное", "Экономика: только срочные", {ECONOMY: Mode.FLASH}),
        (ANNA, "всё в дайджест", "Все новости: в дайджест", {WIRE: Mode.DIGEST}),
        (JAMES, "economy at once", "Economy: at once", {ECONOMY: Mode.AT_ONCE}),
        (JAMES, "everything flash", "All the news: breaking news only", {WIRE: Mode.FLASH}),
    ],
)
async def test_a_topic_is_followed_in_words(
    room: World, user: int, words: str, answer: str, kept: dict[int, Mode]
) -> None:
    said = await room.say(user, f"/follow {words}")
    assert answer in plain(said)
    assert await modes(room, user) == kept
    assert len(labels(said)) == 1
    await room.press(user, said, labels(said)[0])
    await room.changed(said, "✅")


async def test_the_hour_that_comes_with_the_digest_is_said(room: World) -> None:
    assert "09:00" in plain(await room.say(ANNA, "/follow экономика дайджест"))
    assert (await room.chat(ANNA)).digest_at == (time(9),)
    assert "09:00" not in plain(await room.say(ANNA, "/follow азия дайджест"))


async def test_leaving_in_words_and_what_names_no_topic(room: World) -> None:
    await room.say(ANNA, "/follow мир")
    await room.say(ANNA, "/follow экономика")
    assert "отписались: Азия" in plain(await room.say(ANNA, "/unfollow Азию"))
    assert await modes(room, ANNA) == {WORLD: Mode.USUAL, ASIA: Mode.OFF, ECONOMY: Mode.USUAL}
    assert "отписались: Мир" in plain(await room.say(ANNA, "/unfollow мир"))
    assert await modes(room, ANNA) == {ECONOMY: Mode.USUAL}
    for command in ("/follow котики", "/unfollow котики сразу"):
        assert "Экономика" in plain(await room.say(ANNA, command)), "what there is"
    for command in ("/follow", "/unfollow"):
        assert "✅ Экономика" in labels(await room.say(ANNA, command))
    assert await modes(room, ANNA) == {ECONOMY: Mode.USUAL}


async def test_muting_in_words(room: World) -> None:
    async with room.db.write() as tx:
        feed_id = await feeds.put(
            tx,
            "https://www.example.org/rss",
            name="",
            language="ru",
            publish="auto",
            interval=600,
            origin="file",
            at=room.clock.now(),
        )
    economy, source = MuteTarget(MuteKind.TOPIC, ECONOMY), MuteTarget(MuteKind.FEED, feed_id)
    assert "Ничего." in text_of(await room.say(ANNA, "/mute"))
    assert "Скрыто до" in plain(await room.say(ANNA, "/mute экономику на неделю"))
    assert "навсегда" in plain(await room.say(ANNA, "/mute example.org навсегда"))
    assert set(await muted(room, ANNA)) == {economy, source}
    asked = await room.say(ANNA, "/mute Азия")
    await room.press(ANNA, asked, "До завтра")
    await room.changed(asked, "Скрыто до")
    assert "Снова приходит: Экономика" in plain(await room.say(ANNA, "/unmute экономика"))
    assert set(await muted(room, ANNA)) == {MuteTarget(MuteKind.TOPIC, ASIA), source}
    assert "котики" in plain(await room.say(ANNA, "/mute котики на неделю"))
    assert "котики" in plain(await room.say(ANNA, "/unmute котики"))
    assert "example.org" in plain(await room.say(ANNA, "/unmute"))


async def test_in_reply_to_a_story_mute_asks_what_of_it(room: World) -> None:
    article = await room.story("Порт", ASIA, ECONOMY)
    brief = await room.brief(ANNA, article)
    room.send(ANNA, "/mute", reply_to=brief["message_id"])
    asked = await room.answer(ANNA, "Что больше не присылать")
    assert labels(asked)[:2] == ["Тема: Азия", "Тема: Экономика"]


async def test_in_a_group_the_commands_are_its_administrators(room: World) -> None:
    chat = room.sandbox.add_chat("supergroup", title="Соседи", creator=ANNA, members=[BORIS, BOT])["id"]
    await room.answer(chat, "Администраторы")
    room.sandbox.set_member(chat, BOT, "administrator", by=ANNA)
    for words in ("follow", "unfollow", "mute", "unmute", "muted"):
        said = await room.refused(BORIS, f"/{words}@vestnik_bot экономика", chat)
        assert "администратор" in plain(said), words
    await room.say(ANNA, "/follow@vestnik_bot экономика в дайджест", chat)
    assert await modes(room, chat) == {ECONOMY: Mode.DIGEST}


async def test_who_stopped_is_told_so_and_nothing_of_theirs_is_kept(room: World) -> None:
    await room.say(ANNA, "/follow экономика")
    await room.say(ANNA, "/mute азия навсегда")
    here = await room.chat(ANNA)
    await room.press(ANNA, await room.say(ANNA, "/stop"), "Да, остановить")
    await room.until(lambda: any("/start" in text for text in room.texts(ANNA)[-1:]))
    assert "/start" in plain(await room.say(ANNA, "/mute экономика навсегда"))
    async with room.db.read() as tx:
        assert await kept_mutes.of_chat(tx, here.id, None) == []

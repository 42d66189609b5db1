"""Modes and mutes over days: at once, breaking news, the morning's digest, and a mute that ends by itself."""

from __future__ import annotations

from datetime import timedelta

from bot.model.hours import next_at
from bot.readers import membership
from bot.readers.topics import USUAL_HOUR
from tests.journeys.newsroom.conftest import Newsroom
from tests.support.messages import Message, plain
from tests.support.people import ANNA, BORIS, OWNER


def has(newsroom: Newsroom, user: int, words: str) -> bool:
    return any(words in told(each) for each in newsroom.shown(user))


def told(message: Message) -> str:
    return plain(message) or str(message.get("rich_message", {}).get("html", ""))


async def test_a_topic_in_the_digest_brings_flashes_at_once_and_the_rest_in_the_morning(
    newsroom: Newsroom,
) -> None:
    newsroom.send(ANNA, "/start")
    await newsroom.say(ANNA, "/follow экономика в дайджест")
    await newsroom.follow(BORIS, "Экономика")
    await newsroom.first_look()
    newsroom.wire.put("1", "Курс вырос", "Коротко.")
    await newsroom.answer(BORIS, "Курс вырос")
    newsroom.send(OWNER, "/breaking Рынок закрыт")
    await newsroom.answer(OWNER, "Кому: всем")
    await newsroom.press_newest(OWNER, "Экономика")
    await newsroom.answer(OWNER, "Кому: Экономика")
    await newsroom.press_newest(OWNER, "Отправить: 2")
    await newsroom.answer(ANNA, "Рынок закрыт")
    assert not has(newsroom, ANNA, "Курс вырос")
    here = await membership.find(newsroom.db, newsroom.settings.bot_id, ANNA)
    assert here is not None
    now = newsroom.clock.now()
    assert here.digest_due == next_at(now, USUAL_HOUR, here.zone)
    newsroom.clock.advance(here.digest_due - now + timedelta(seconds=1))
    await newsroom.tick()
    await newsroom.until(lambda: has(newsroom, ANNA, "Дайджест") and has(newsroom, ANNA, "Курс вырос"))
    digest = next(told(each) for each in newsroom.shown(ANNA) if "Курс вырос" in told(each))
    assert "Рынок закрыт" not in digest, "what came at once is not told twice"


async def test_a_source_muted_until_tomorrow_is_silent_today_and_speaks_tomorrow(newsroom: Newsroom) -> None:
    await newsroom.follow(ANNA, "Экономика")
    await newsroom.follow(BORIS, "Экономика")
    await newsroom.first_look()
    said = await newsroom.say(ANNA, "/mute 127.0.0.1 до завтра")
    assert "Скрыто до" in plain(said)
    newsroom.wire.put("1", "Курс вырос", "Коротко.")
    await newsroom.answer(BORIS, "Курс вырос")
    here = await membership.find(newsroom.db, newsroom.settings.bot_id, ANNA)
    assert here is not None
    now = newsroom.clock.now()
    newsroom.clock.advance(next_at(now, USUAL_HOUR, here.zone) - now + timedelta(hours=16))
    newsroom.wire.put("2", "Мост открыт", "Коротко.")
    await newsroom.answer(ANNA, "Мост открыт")
    assert not has(newsroom, ANNA, "Курс вырос")
    assert "Ничего." in plain(await newsroom.say(ANNA, "/muted"))

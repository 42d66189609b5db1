"""Two bots of one newsroom: a story goes to the readers of those that carry it, a flash to the readers of all."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk import amend
from bot.model.following.link import LinkSigner, TopicsLink, mark_of
from bot.model.press import start_topics
from bot.outbox.failures import refusals
from bot.readers import latest
from bot.store.ledger import deliveries
from tests.journeys.bots.conftest import KEY, TOPICS, WORLD_BOT, TwoBots
from tests.support.figures import figure
from tests.support.messages import labels, text_of
from tests.support.people import ANNA, BORIS, JAMES, OWNER

WORLD, ECONOMY, ASIA = 1, 2, 3
"""The topics as the file brings them: those above first."""


async def readers(two: TwoBots) -> None:
    """Let Anna read all in Russian, James the world in English, and Boris everything that the second bot has."""
    two.send(ANNA, "/start")
    await two.press_newest(ANNA, "Мир")
    await two.press_newest(ANNA, "Экономика")
    two.world.send(JAMES, "/start")
    await two.world.press_newest(JAMES, "World")
    await two.world.say(BORIS, "/start")
    await two.world.say(BORIS, "/follow всё")


async def test_a_story_goes_to_the_readers_of_the_bots_that_carry_it(two: TwoBots) -> None:
    await readers(two)
    greeting = two.world.shown(JAMES)[-1]
    offered = " ".join(labels(greeting))
    assert "Valley World" in " ".join(map(text_of, two.world.shown(JAMES)))
    assert "World" in offered
    assert "Economy" not in offered
    await two.story("Tunnel opened", ASIA, language="en")
    await two.world.answer(JAMES, "Tunnel opened")
    await two.world.answer(BORIS, "Tunnel opened")
    await two.story("Prices rose", ECONOMY, language="en")
    await two.story("Тоннель открыт", WORLD)
    await two.story("Цены выросли", ECONOMY)
    await two.answer(ANNA, "Тоннель открыт")
    await two.answer(ANNA, "Цены выросли")
    await two.story("Bridge closed", WORLD, language="en")
    await two.world.answer(JAMES, "Bridge closed")
    await two.world.answer(BORIS, "Bridge closed")
    for user in (JAMES, BORIS):
        told = " ".join(two.world.texts(user))
        assert not [each for each in ("Prices", "Тоннель", "Цены") if each in told]
    assert not [each for each in two.texts(ANNA) if "Tunnel" in each or "Bridge" in each or "Prices" in each]


async def test_what_is_looked_for_is_found_within_what_the_bot_carries(two: TwoBots) -> None:
    await readers(two)
    await two.story("Tunnel opened", ASIA, language="en")
    await two.story("Tunnel prices rose", ECONOMY, language="en")
    await two.world.answer(BORIS, "Tunnel opened")
    for words in ("/latest", "/search tunnel", "/digest"):
        answer = text_of(await two.world.say(JAMES, words))
        assert "Tunnel prices" not in answer, words
    assert "Tunnel opened" in text_of(await two.world.say(JAMES, "/latest"))
    assert "Tunnel opened" in text_of(await two.world.say(JAMES, "/search tunnel"))
    assert "Economy" not in text_of(await two.world.say(JAMES, "/follow economy")).partition(":")[2]


async def test_a_link_sets_up_what_the_bot_carries_of_its_topics(two: TwoBots) -> None:
    signer = LinkSigner(KEY)
    both = start_topics(signer.pack(TopicsLink(frozenset(map(mark_of, ("asia", "economy"))))))
    said = text_of(await two.world.say(JAMES, f"/start {both}"))
    assert "Asia" in said
    assert "Economy" not in said
    alone = start_topics(signer.pack(TopicsLink(frozenset({mark_of("economy")}))))
    assert "no longer works" in text_of(await two.world.say(JAMES, f"/start {alone}"))
    await two.story("Tunnel opened", ASIA, language="en")
    await two.world.answer(JAMES, "Tunnel opened")


async def test_a_flash_is_counted_sent_and_killed_in_the_chats_of_all_bots(two: TwoBots) -> None:
    await readers(two)
    two.send(OWNER, "/start")
    await two.say(OWNER, "/breaking Tunnel closed\nTraffic has stopped at both ends.")
    await two.press_newest(OWNER, "Отправить: 2")
    await two.press_newest(OWNER, "Да, отправить: 2")
    await two.world.answer(JAMES, "Tunnel closed")
    await two.world.answer(BORIS, "Tunnel closed")
    await two.answer(OWNER, "Готово")
    assert not any("Tunnel closed" in each for each in two.texts(ANNA))
    [story] = (await latest.newest(two.db, None, None, 1)).articles
    await amend.kill(two.db, story.id, two.clock.now())
    await two.until(lambda: not any("Tunnel" in each for each in two.world.texts(JAMES)))


async def test_one_whose_token_is_refused_is_left_out_and_the_other_goes_on(
    two: TwoBots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "AFTER_TOKEN_REFUSED", timedelta(seconds=1))
    await readers(two)
    two.send(OWNER, "/start")
    refused = two.sandbox.world.bots.pop(WORLD_BOT)
    await two.story("Tunnel opened", ASIA, language="en")
    await two.until(lambda: two.app.failure.refused)
    await two.app.schedule.do_all()
    await two.answer(OWNER, "не принимает токен бота @world_bot")
    assert figure("vestnik_bots_refused") == 1
    await two.story("Тоннель открыт", WORLD)
    await two.answer(ANNA, "Тоннель открыт")
    await two.app.stop()
    await two.begin()
    await two.story("Мост открыт", WORLD)
    await two.answer(ANNA, "Мост открыт")
    await two.app.stop()
    # With a token that is known again, what waited goes out.
    two.sandbox.world.bots[WORLD_BOT] = refused
    await two.begin()
    await two.world.answer(JAMES, "Tunnel opened")


async def test_stories_wait_for_no_bot_that_was_taken_out(two: TwoBots, tmp_path: Path) -> None:
    await readers(two)
    await two.app.stop()
    (tmp_path / "newsroom.toml").write_text(TOPICS, encoding="utf-8")
    await two.begin()
    await two.story("Tunnel opened", ASIA, language="en")
    await two.story("Тоннель открыт", WORLD)
    await two.answer(ANNA, "Тоннель открыт")
    async with two.db.read() as tx:
        assert not await deliveries.waiting(tx, WORLD_BOT)

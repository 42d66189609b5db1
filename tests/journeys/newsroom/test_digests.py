"""A digest's life: at its hour, corrected and thinned out where it stands, in the form that the chat takes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from bot.desk.amend import correct, kill
from bot.model.story.article import Content
from bot.readers import latest, membership, settings
from bot.sandbox import Sandbox
from bot.store.ledger import bulletins
from tests.journeys.newsroom.conftest import Newsroom
from tests.support.messages import plain
from tests.support.people import ANNA, BORIS
from tests.support.transactions import reads

unplanned = reads(bulletins.unplanned)


async def quiet_reader(newsroom: Newsroom, **choices: Any) -> None:
    """Let Anna read the economy in digests alone, and Boris at once."""
    await newsroom.follow(ANNA, "Экономика")
    await newsroom.follow(BORIS, "Экономика")
    here = await membership.find(newsroom.db, newsroom.settings.bot_id, ANNA)
    assert here is not None
    now = newsroom.clock.now()
    await settings.choose(newsroom.db, here.id, now, instant=False, **choices)


async def published(newsroom: Newsroom, count: int) -> dict[str, int]:
    """Publish stories through the feed, and return their ids by headline."""
    await newsroom.first_look()
    for number in range(1, count + 1):
        newsroom.wire.put(str(number), f"Сводка {number}", f"Коротко о сводке {number}.")
    await newsroom.answer(BORIS, f"Сводка {count}")
    found = await latest.newest(newsroom.db, None, None, 50)
    return {each.content.headline: each.id for each in found.articles}


def digest_of(sandbox: Sandbox) -> dict[str, Any] | None:
    """Return Anna's digest, a rich message or a text."""
    for message in reversed(sandbox.messages(ANNA)):
        if "Дайджест" in words(message) and "Настройки" not in words(message):
            return message
    return None


def words(message: dict[str, Any]) -> str:
    return plain(message) or str(message.get("rich_message", {}).get("html", ""))


async def test_a_digest_asked_for_is_corrected_and_thinned_out_in_place(newsroom: Newsroom) -> None:
    await quiet_reader(newsroom)
    found = await published(newsroom, 2)
    newsroom.send(ANNA, "/digest")
    digest = await newsroom.answer(ANNA, "Сводка 2")
    now = newsroom.clock.now()
    await correct(newsroom.db, found["Сводка 1"], Content("Сводка первая", "Лид."), now)
    await newsroom.until(lambda: "Сводка первая" in words(digest_of(newsroom.sandbox) or {}))
    await kill(newsroom.db, found["Сводка 2"], now)
    await newsroom.until(lambda: "Сводка 2" not in words(digest_of(newsroom.sandbox) or {}))
    left = digest_of(newsroom.sandbox)
    assert left is not None
    assert left["message_id"] == digest["message_id"]
    assert "1 новость" in words(left)
    await kill(newsroom.db, found["Сводка 1"], now)
    await newsroom.until(lambda: digest_of(newsroom.sandbox) is None)


@pytest.mark.parametrize("verb", ["correct", "kill"])
async def test_what_is_decided_while_a_digest_is_being_shown_reaches_it(
    newsroom: Newsroom, verb: str
) -> None:
    await quiet_reader(newsroom)
    found = await published(newsroom, 2)
    newsroom.sandbox.fault(
        "slow", match={"method": "sendMessage", "chat_id": ANNA}, seconds=3_600, times=None
    )
    newsroom.send(ANNA, "/digest")
    await newsroom.met(0)
    now = newsroom.clock.now()
    if verb == "correct":
        await correct(newsroom.db, found["Сводка 1"], Content("Сводка первая", "Лид."), now)
    else:
        await kill(newsroom.db, found["Сводка 1"], now)
    async with asyncio.timeout(60):
        while await unplanned(newsroom.db, found["Сводка 1"]):
            await asyncio.sleep(0.01)
    newsroom.sandbox.clear_faults()
    await newsroom.answer(ANNA, "Сводка 2")
    await newsroom.until(lambda: "Сводка 1" not in words(digest_of(newsroom.sandbox) or {}))
    left = words(digest_of(newsroom.sandbox) or {})
    assert ("Сводка первая" in left) == (verb == "correct")


async def test_a_long_one_comes_at_its_hour_as_an_article_and_is_corrected_there(newsroom: Newsroom) -> None:
    hour = (newsroom.clock.now() + timedelta(hours=2)).time().replace(minute=0, second=0, microsecond=0)
    await quiet_reader(newsroom, digest_at=(hour,), digest_size=10, zone="UTC")
    found = await published(newsroom, 9)
    newsroom.clock.advance(timedelta(hours=2))
    await newsroom.tick()
    digest = await newsroom.until(lambda: digest_of(newsroom.sandbox))
    assert "Сводка 9" in digest["rich_message"]["html"]
    assert "Коротко о сводке 3." in digest["rich_message"]["html"].replace("\u00a0", " ")
    await correct(newsroom.db, found["Сводка 3"], Content("Сводка третья"), newsroom.clock.now())
    await newsroom.until(lambda: "Сводка третья" in words(digest_of(newsroom.sandbox) or {}))


async def test_where_telegram_refuses_rich_messages_the_digest_comes_as_text(newsroom: Newsroom) -> None:
    refused = "Bad Request: can't parse rich message: RICH_MESSAGE_INVALID"
    newsroom.sandbox.fault(
        "error", match={"method": "sendRichMessage"}, times=None, code=400, description=refused
    )
    hour = (newsroom.clock.now() + timedelta(hours=2)).time().replace(minute=0, second=0, microsecond=0)
    await quiet_reader(newsroom, digest_at=(hour,), digest_size=10, zone="UTC")
    await published(newsroom, 9)
    newsroom.clock.advance(timedelta(hours=2))
    await newsroom.tick()
    digest = await newsroom.until(lambda: digest_of(newsroom.sandbox))
    assert "Сводка 9" in digest["text"]


async def test_an_empty_one_says_so_where_that_is_wanted(newsroom: Newsroom) -> None:
    hour = (newsroom.clock.now() + timedelta(hours=2)).time().replace(minute=0, second=0, microsecond=0)
    await quiet_reader(newsroom, digest_at=(hour,), digest_empty=True, zone="UTC")
    newsroom.clock.advance(timedelta(hours=2))
    await newsroom.tick()
    assert "ничего нового" in words(await newsroom.until(lambda: digest_of(newsroom.sandbox)))

"""Breaking news is pinned after it was sent: also after a death, and without harm where that is refused."""

from __future__ import annotations

from typing import Any

from bot.desk import amend
from bot.desk.flash.send import Choice, send_story
from bot.desk.story import draft
from bot.model.audience import EVERYBODY
from bot.model.delivery import Manner
from bot.model.desk.rules import DeskRules
from bot.model.story.article import Content
from bot.store.ledger import bulletins
from tests.support.engine import Engine
from tests.support.transactions import reads

BORIS = 12
REFUSED = "Bad Request: not enough rights to manage pinned messages in the chat"


FIXED: dict[str, Any] = {"code": 400, "description": "Bad Request: message can't be deleted for everyone"}


async def flash(engine: Engine, headline: str) -> int:
    """Send breaking news to everybody, pinned, and return its bulletin."""
    now, content = engine.clock.now(), Content(headline)
    made = await draft.make(engine.db, content, at=now, by=BORIS, topic_ids=(engine.topic,))
    choice = Choice(EVERYBODY, Manner.PINNED)
    await send_story(engine.db, made.id, choice, at=now, by=BORIS, rules=DeskRules())
    engine.ring()
    return (await reads(bulletins.of_article)(engine.db, made.id))[0]


def pinned(engine: Engine, reader: int) -> list[Any]:
    chat = engine.sandbox.chat(reader)
    return [each for each in engine.sandbox.messages(reader) if each["message_id"] in chat.pinned]


async def test_a_death_between_the_message_and_its_pin_pins_without_sending_again(still: Engine) -> None:
    (anna,) = await still.readers(1)
    still.sandbox.fault("hang", match={"method": "pinChatMessage"}, seconds=3_600, times=2)
    await still.start()
    bulletin = await flash(still, "Мост закрыт")
    await still.eventually(lambda: still.sandbox.faults.waiting()[0].hits)
    await still.writer.written()
    await still.kill()
    assert pinned(still, anna) == []
    still.sandbox.clear_faults()
    await still.start()
    assert (await still.done(bulletin)).accepted == 1
    assert still.count(anna, "Мост закрыт") == 1
    assert [each["text"] for each in pinned(still, anna)]


async def test_a_pin_that_is_refused_is_no_failure(engine: Engine) -> None:
    (anna,) = await engine.readers(1)
    engine.sandbox.fault("error", match={"method": "pinChatMessage"}, description=REFUSED)
    done = await engine.done(await flash(engine, "Мост закрыт"))
    assert (done.accepted, done.failed) == (1, {})
    assert engine.count(anna, "Мост закрыт") == 1
    assert pinned(engine, anna) == []


async def test_a_notice_in_the_place_of_what_can_not_be_deleted_is_not_pinned(engine: Engine) -> None:
    (anna,) = await engine.readers(1)
    bulletin = await flash(engine, "Мост закрыт")
    await engine.done(bulletin)
    assert pinned(engine, anna)
    told = await reads(bulletins.get)(engine.db, bulletin)
    assert told
    engine.sandbox.fault("error", match={"method": "deleteMessage"}, **FIXED)
    await amend.kill(engine.db, told.article_id, engine.clock.now(), BORIS)
    engine.ring()
    await engine.eventually(lambda: engine.count(anna, "Мост закрыт") == 0)
    await engine.eventually(lambda: pinned(engine, anna) == [])

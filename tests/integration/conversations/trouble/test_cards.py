"""Cards of a desk group while nothing can be written: nobody is sent the same card again and again."""

from __future__ import annotations

import pytest

from bot.desk.story import draft, review
from tests.integration.conversations.desk.live.test_group import cards, founded
from tests.integration.conversations.trouble.conftest import Shaken
from tests.support.desk import live
from tests.support.desk.editors import BRIDGE
from tests.support.messages import plain
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import ECONOMY

KINDS = ("locked", "read-only")


@pytest.mark.parametrize("kind", KINDS)
async def test_a_card_that_moves_is_not_sent_until_that_can_be_written_down(
    shaken: Shaken, kind: str
) -> None:
    assert shaken.trouble is not None
    await shaken.say(OLGA, "/start")
    group, now = await founded(shaken), shaken.clock.now()
    made = await draft.make(shaken.db, BRIDGE, at=now, by=EGOR, topic_ids=(ECONOMY,))
    await live.desk(shaken)
    (card,) = cards(shaken, group)
    await review.submit(shaken.db, made.id, at=now, by=EGOR, seen=1)
    await live.desk(shaken, after=live.LATER)
    (moved,) = cards(shaken, group)
    assert moved["message_id"] > card["message_id"]
    await review.approve(shaken.db, made.id, at=now, by=OLGA, seen=1, rules=shaken.services.rules)
    # What happened is taken up before the database is gone, so that the card is to move.
    await live.taken_up(shaken)
    with shaken.trouble.of(kind):
        for _ in range(3):
            await live.cards(shaken)
        assert [each["message_id"] for each in cards(shaken, group)] == [moved["message_id"]]
    await live.cards(shaken)
    (last,) = cards(shaken, group)
    assert last["message_id"] > moved["message_id"]
    assert "Одобрена" in plain(last)


async def test_a_card_whose_move_can_not_be_noted_is_taken_away_again(shaken: Shaken) -> None:
    assert shaken.trouble is not None
    await shaken.say(OLGA, "/start")
    group, now = await founded(shaken), shaken.clock.now()
    made = await draft.make(shaken.db, BRIDGE, at=now, by=EGOR, topic_ids=(ECONOMY,))
    await live.desk(shaken)
    (card,) = cards(shaken, group)
    await review.submit(shaken.db, made.id, at=now, by=EGOR, seen=1)
    await live.taken_up(shaken)
    shaken.trouble.creep()
    for _ in range(8):
        await live.cards(shaken)
    shaken.trouble.end()
    await live.cards(shaken)
    (last,) = cards(shaken, group)
    assert last["message_id"] > card["message_id"]
    assert "На проверке" in plain(last)

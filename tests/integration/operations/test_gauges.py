"""What /metrics says of the ledger and the pace."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.metrics import FEED_AGE_SECONDS
from bot.model.delivery import Lane
from bot.operations.gauges import show_figures
from bot.store.newsroom import feeds
from bot.store.newsroom.tables import feed
from tests.support.engine import Engine
from tests.support.figures import figure

BOT = 700700


async def test_what_became_of_deliveries_is_counted_by_lane_and_reason(still_sqlite: Engine) -> None:
    still = still_sqlite
    _, boris = await still.readers(2)
    still.sandbox.block(boris)

    def counted() -> list[float]:
        return [
            figure("vestnik_deliveries_total", lane=lane, outcome=outcome, reason=reason)
            for lane, outcome, reason in (
                ("flash", "sent", ""),
                ("flash", "failed", "blocked"),
                ("correction", "edited", ""),
                ("kill", "withdrawn", ""),
                ("story", "skipped", "too-late"),
            )
        ]

    before, accepted = counted(), figure("vestnik_accept_seconds_count", lane="flash")
    await still.start()
    article, flash = await still.publish("Мост открыт", lane=Lane.FLASH, everybody=True)
    await still.done(flash)
    await still.done(await still.correct(article, "Мост закрыт"))
    await still.done(await still.take_away(article))
    await still.stop()
    _, old = await still.publish("Вчерашнее")
    still.clock.advance(timedelta(days=2))
    await still.start()
    await still.done(old)
    assert [after - was for after, was in zip(counted(), before, strict=True)] == [1] * 5
    assert figure("vestnik_accept_seconds_count", lane="flash") == accepted + 1


async def test_the_age_of_each_feed_in_use_is_shown(still_sqlite: Engine) -> None:
    still, now = still_sqlite, still_sqlite.clock.now()
    told = {"name": "Лента", "language": "ru", "publish": "auto", "interval": 60, "origin": "bot", "at": now}
    async with still.db.write() as tx:
        read, unread = [await feeds.put(tx, f"https://feeds.example/{each}", **told) for each in range(2)]
        await tx.execute(update(feed).where(feed.c.id == read).values(last_ok_at=now))
    await show_figures(still.db, now + timedelta(seconds=90))
    assert figure("vestnik_feed_age_seconds", feed=str(read)) == pytest.approx(90, abs=1)
    assert unread not in {int(each.labels["feed"]) for each in FEED_AGE_SECONDS.collect()[0].samples}


async def test_what_waits_and_who_reads_is_shown(still_sqlite: Engine) -> None:
    still = still_sqlite
    await still.readers(4)
    await still.start()
    still.courier.halted = "for the test"
    _, bulletin = await still.publish("Мост открыт")
    await still.reached(bulletin, lambda found: found.audience == 4)
    await show_figures(still.db, still.clock.now() + timedelta(seconds=90))
    assert figure("vestnik_waiting", lane="story") == 4
    assert figure("vestnik_waiting", lane="flash") == 0
    assert 85 < figure("vestnik_oldest_seconds", lane="story") < 120
    assert figure("vestnik_chats", state="active") == 4

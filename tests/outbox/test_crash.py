"""A process that dies at any moment costs at most the calls in flight."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.model.delivery import State


async def test_a_death_between_claim_and_settlement_loses_nobody(still: Any) -> None:
    still.rates["global_rate"] = 400
    readers = await still.readers(200)
    await still.start()
    _, bulletin = await still.publish("Мост открыт")
    for accepted in (20, 70, 130):
        await still.until(bulletin, lambda found, least=accepted: found.accepted >= least)
        await still.kill()
        await still.start()
    assert (await still.done(bulletin)).accepted == 200
    counts = [still.count(reader, "Мост открыт") for reader in readers]
    assert min(counts) == 1
    assert sum(counts) - 200 <= 3 * 64
    assert max(counts) <= 4


async def test_a_graceful_stop_repeats_nothing(still: Any) -> None:
    still.rates["global_rate"] = 400
    readers = await still.readers(150)
    await still.start()
    _, bulletin = await still.publish("Мост открыт")
    for accepted in (20, 90):
        await still.until(bulletin, lambda found, least=accepted: found.accepted >= least)
        async with asyncio.timeout(10):
            await still.stop()
        assert all(row.state is not State.CLAIMED for row in await still.rows())
        await still.start()
    assert (await still.done(bulletin)).accepted == 150
    assert [still.count(reader, "Мост открыт") for reader in readers] == [1] * 150


async def test_a_message_that_was_placed_before_the_death_is_not_sent_again(still: Any) -> None:
    (anna,) = await still.readers(1)
    await still.start()
    _, bulletin = await still.publish("Мост открыт")
    await still.done(bulletin)
    await still.stop()
    from sqlalchemy import update

    from bot.store.tables import delivery

    async with still.db.writer.begin() as tx:
        await tx.execute(update(delivery).values(state=State.CLAIMED, shown=None, accepted_at=None))
    await still.start()
    await still.done(bulletin)
    assert still.count(anna, "Мост открыт") == 1

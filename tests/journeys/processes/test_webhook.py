"""What people said to a bot with a webhook that died, or was restarted, again and again: each is answered once.

`EXPLORE=1` has a thousand updates over ten kills and ten restarts.
"""

from __future__ import annotations

import os
from pathlib import Path

from bot.sandbox import Sandbox
from tests.support.lives.restarts import Telephone, live_again_and_again

UPDATES, ENDS = (1000, 10) if "EXPLORE" in os.environ else (200, 2)


async def test_updates_over_restarts_and_kills_are_answered_once(tmp_path: Path) -> None:
    sandbox = Sandbox(calls_kept=100_000)
    await sandbox.start()
    phone = Telephone(tmp_path, f"sqlite:///{tmp_path / 'vestnik.db'}", sandbox)
    try:
        tally = await live_again_and_again(phone, updates=UPDATES, ends=ENDS)
    finally:
        await phone.lives.kill()
        await sandbox.stop()
    log = phone.lives.log
    assert (tally.kills, tally.restarts, {*tally.codes}) == (ENDS, ENDS, {0}), log
    assert tally.asked.total() == UPDATES
    assert (tally.lost, tally.twice) == ({}, {}), log
    assert tally.answered == tally.asked + tally.doubt
    assert "Traceback" not in log

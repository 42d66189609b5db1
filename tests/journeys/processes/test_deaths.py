"""Deaths at random instants of a push with corrections and a kill under way."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.deaths import push_under_kills


async def test_deaths_at_random_instants_cost_nothing_but_what_was_on_its_way(tmp_path: Path) -> None:
    found = await push_under_kills(tmp_path, count=300, kills=6, rate=600)
    assert (found.kills, found.missed) == (6, 0), (tmp_path / "bot.log").read_text()
    assert found.damage == []
    assert found.repeated <= found.allowed
    assert found.strangers <= found.allowed


@pytest.mark.postgres
async def test_the_same_holds_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    found = await push_under_kills(tmp_path, count=200, kills=4, rate=600, url=postgres_url)
    assert (found.kills, found.missed) == (4, 0), (tmp_path / "bot.log").read_text()
    assert max(found.repeated, found.strangers) <= found.allowed

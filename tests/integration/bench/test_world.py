"""The benchmarks' own parts: a server that is as strict as it says, and the whole bot running against it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.support import mock as mocks
from bench.support.figures import Figure, as_markdown, as_text
from bench.support.mock import Server
from bench.support.world import accepted, mock, newsroom, planned, running, settled, tell

CHATS = 40


@pytest.fixture(autouse=True)
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no time pass for a server in this process: a second is over soon on a busy machine."""
    monkeypatch.setattr(mocks, "monotonic", lambda: 100.0)


def send(server: Server, chat: int) -> tuple[int, Any]:
    body = json.dumps({"chat_id": chat, "text": "Мост открыт"}).encode()
    answer, _ = server.answer(b"sendMessage", body)
    head, said = answer.split(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(said)


async def test_the_server_lets_no_more_pass_than_it_says_and_then_bans() -> None:
    server = Server(latency=0, rate=3, ban=600)
    answers = [send(server, chat) for chat in (1, 2, 3, 4, 5)]
    assert [status for status, _ in answers] == [200, 200, 200, 429, 429]
    assert answers[3][1]["parameters"]["retry_after"] == 600
    assert (server.counts["sendMessage"], server.counts["429"]) == (3, 2)


async def test_the_server_lets_a_chat_have_one_a_second() -> None:
    server = Server(latency=0, rate=1000, ban=0)
    assert [send(server, 1)[0] for _ in range(2)] == [200, 429]


async def test_the_whole_bot_runs_on_it_and_its_ledger_knows_every_message(tmp_path: Path) -> None:
    with mock() as server:
        async with newsroom(tmp_path, CHATS) as db, running(db, tmp_path, server) as app:
            bulletin_id = await tell(db, app)
            await planned(db, bulletin_id)
            await settled(db, bulletin_id, CHATS, seconds=60)
            assert await accepted(db, bulletin_id) == CHATS
        assert server.counts_of("sendMessage") == CHATS


@pytest.mark.parametrize(("met", "mark"), [(True, "yes"), (False, "**no**"), (None, "")])
def test_a_figure_says_plainly_whether_it_was_met(met: bool | None, mark: str) -> None:
    figure = Figure("a core's share", "9 %", "", "10 %", met)
    assert as_markdown([figure]).splitlines()[-1] == f"| a core's share | 9 % |  | 10 % | {mark} |"
    assert mark in as_text([figure])

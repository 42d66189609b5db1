"""A database that can't be written: each person is told, and the log gets no traceback."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from bot.log import Outage
from tests.support.people import ANNA, BORIS
from tests.support.world import World


async def test_a_full_disk_is_an_outage_and_no_mistake(room: World, caplog: pytest.LogCaptureFixture) -> None:
    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO chat"):
            raise OperationalError(statement, {}, sqlite3.OperationalError("database or disk is full"))

    event.listen(room.db.writer.sync_engine, "before_cursor_execute", fail)
    for person in (ANNA, BORIS):
        assert (await room.say(person, "/start"))["text"]
    failed = [record for record in caplog.records if "conversation.failed" in record.getMessage()]
    assert [record.getMessage() for record in failed] == [
        'conversation.failed reason="database or disk is full"'
    ] * 2
    assert all(isinstance(record.msg, Outage) and record.exc_info is None for record in failed)

"""A database that can't be written: each person is told, and the log gets no traceback."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.log import Outage
from tests.support.people import ANNA, BORIS
from tests.support.world import World


async def test_a_full_disk_is_an_outage_and_no_mistake(room: World, caplog: pytest.LogCaptureFixture) -> None:
    full = True

    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if full and statement.startswith("INSERT INTO chat"):
            raise OperationalError(statement, {}, sqlite3.OperationalError("database or disk is full"))

    event.listen(room.db.writer.sync_engine, "before_cursor_execute", fail)
    for person in (ANNA, BORIS):
        assert "не потеряно" in (await room.say(person, "/start"))["text"]
    failed = [record for record in caplog.records if "updates.failed" in record.getMessage()]
    assert {each.getMessage().partition("reason=")[2] for each in failed} == {'"database or disk is full"'}
    assert all(isinstance(record.msg, Outage) and record.exc_info is None for record in failed)
    full = False
    for person in (ANNA, BORIS):
        await room.until(lambda person=person: len(room.shown(person)) == 2)


async def test_a_statement_that_is_wrong_is_a_mistake_and_not_tried_again(
    room: World, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO chat"):
            raise IntegrityError(statement, {}, sqlite3.IntegrityError("NOT NULL constraint failed"))

    event.listen(room.db.writer.sync_engine, "before_cursor_execute", fail)
    assert "Что-то пошло не так" in (await room.say(ANNA, "/start"))["text"]
    assert "Этот чат" in (await room.say(ANNA, "/id"))["text"]
    assert [each.exc_info is not None for each in caplog.records if each.levelname == "ERROR"] == [True]

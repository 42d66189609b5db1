"""A newsroom's desk with a moment to take breaking news back, on each kind of database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.model.desk.rules import DeskRules
from tests.support.desk.verbs import Desk
from tests.support.readers import Newsroom


@pytest.fixture
def desk(newsroom: Newsroom) -> Desk:
    made = Desk(newsroom.db)
    made.rules = DeskRules(flash_undo=timedelta(seconds=5))
    return made

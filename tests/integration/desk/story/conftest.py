"""A newsroom's desk, on each kind of database."""

from __future__ import annotations

import pytest

from tests.support.desk.verbs import Desk
from tests.support.readers import Newsroom


@pytest.fixture
def desk(newsroom: Newsroom) -> Desk:
    return Desk(newsroom.db)

from __future__ import annotations

import pytest

from bot.model.newsroom.role import DUTY_EDITOR
from bot.readers import topics
from tests.support.desk.editors import hire
from tests.support.people import BORIS
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import ECONOMY, World


@pytest.fixture
async def out(running: World) -> World:
    """A whole bot with an owner, a duty editor, and Boris, who reads about the economy."""
    await running.say(BORIS, "/start")
    await topics.toggle(running.db, (await running.chat(BORIS)).id, ECONOMY, running.clock.now())
    await running.say(OLGA, "/start")
    await hire(running, EGOR, "Егор", DUTY_EDITOR.rights)
    return running

"""A slip in a newsroom's own template is told to its owners."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.conversations.alerts import tell_owners
from bot.rendering.check import checked_templates
from bot.rendering.talk import Talk
from tests.support.world import World

OWNER = 11


async def test_owners_are_told_once_which_template_is_wrong_and_where(room: World, tmp_path: Path) -> None:
    await room.say(OWNER, "/start")
    (tmp_path / "talk").mkdir()
    (tmp_path / "talk" / "stayed.j2").write_text("one\n{{ nothing")
    services = replace(room.services, talk=Talk(checked_templates(tmp_path)))
    await tell_owners(services, room.clock.now())
    await room.answer(OWNER, "stayed.j2:2: ")
    before = len(room.shown(OWNER))
    await tell_owners(services, room.clock.now())
    assert len(room.shown(OWNER)) == before

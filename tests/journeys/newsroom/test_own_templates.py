"""A newsroom rewords its bot while it runs."""

from __future__ import annotations

import os
from pathlib import Path

from tests.journeys.newsroom.conftest import Newsroom
from tests.support.people import ANNA, OWNER


def put(folder: Path, text: str, second: int) -> None:
    """Write the help's template so that it looks changed, however coarse the file system's clock is."""
    path = folder / "talk" / "help.j2"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (second, second))


async def test_a_template_takes_effect_without_a_restart_and_a_slip_is_told(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    newsroom.send(OWNER, "/start")
    await newsroom.answer(OWNER, "темы")
    newsroom.settings = newsroom.settings.model_copy(update={"templates_dir": own})
    await newsroom.restart()
    put(own, "Наша помощь: {{ agency }}.", 1)
    await newsroom.tick()
    newsroom.send(ANNA, "/help")
    await newsroom.answer(ANNA, "Наша помощь: ")
    put(own, "раз\n{{ agency", 2)
    await newsroom.tick()
    await newsroom.answer(OWNER, "help.j2:2: ")
    newsroom.send(ANNA, "/help")
    await newsroom.answer(ANNA, "/topics — ")

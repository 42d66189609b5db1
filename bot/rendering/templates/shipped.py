"""Where the templates lie that come with the bot."""

from __future__ import annotations

from pathlib import Path

from bot.model.errors import SetupError


def shipped_templates() -> Path:
    """Return the folder of the shipped templates: beside the package `bot`, or inside its wheel.

    Raises SetupError where neither folder has catalogues.
    """
    package = Path(__file__).resolve().parents[2]
    for folder in (package / "_templates", package.parent / "templates"):
        if (folder / "locale").is_dir():
            return folder
    raise SetupError("The bot's templates are missing: neither bot/_templates nor templates/ is there.")

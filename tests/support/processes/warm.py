"""What every process of the bot does first: imported once, before it forks into the processes of the tests."""

import gc

import bot.__main__
import bot.commands.check
import bot.commands.imports
import bot.commands.run  # noqa: F401
from bot.rendering.check import checked_templates, render_all

render_all(checked_templates())
gc.freeze()

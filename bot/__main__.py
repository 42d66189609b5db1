"""The command line: `python -m bot COMMAND`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from bot import __version__
from bot.commands.options.add import Command
from bot.commands.options.afterwards import add_amending, add_record
from bot.commands.options.pushes import add_pushes
from bot.commands.options.server import add_keeping, add_running
from bot.commands.options.sources import add_sources
from bot.commands.options.stories import add_stories
from bot.commands.options.subscriptions import add_subscriptions
from bot.log import say
from bot.model.errors import SetupError

EXIT_SETUP = 2

ADDED = (
    add_running,
    add_stories,
    add_amending,
    add_pushes,
    add_sources,
    add_record,
    add_keeping,
    add_subscriptions,
)
"""The groups of commands, in the order in which the help lists them."""


def main(words: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 for success, 1 where something failed, 2 where it could not start."""
    options = _parser().parse_args(words)
    command: Command = options.command
    try:
        return command(options)
    except SetupError as error:
        say(f"vestnik: {error}", sys.stderr)
        return EXIT_SETUP
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The program that reads our output (`| head`) has ended; Python would complain again at its own end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    called = Path(sys.argv[0]).stem
    parser = argparse.ArgumentParser(
        prog=called if called == "vestnik" else "python -m bot",
        description="Vestnik: a Telegram bot for a news agency.",
    )
    parser.add_argument("--version", action="version", version=f"Vestnik {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, about: str, command: Command) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=about, description=about)
        one.set_defaults(command=command, name=name)
        return one

    for each in ADDED:
        each(add)
    return parser


if __name__ == "__main__":
    sys.exit(main())

"""What the declarations of all commands share."""

from __future__ import annotations

import argparse
from collections.abc import Callable

Command = Callable[[argparse.Namespace], int]
Add = Callable[[str, str, Command], argparse.ArgumentParser]
"""Adds a command by its name, with what it does in a few words, and the function that does it."""


def add_article(one: argparse.ArgumentParser, *, optional: bool = False) -> None:
    """Add the story that a command is about: its number, or the id that the story has at its source."""
    about = "the story's number, or its id at the source"
    if optional:
        one.add_argument("article", nargs="?", default="", metavar="ARTICLE", help=about)
    else:
        one.add_argument("article", metavar="ARTICLE", help=about)


def add_topics(one: argparse.ArgumentParser, about: str = "may be repeated") -> None:
    """Add the topics that a command takes, by their slugs."""
    one.add_argument("--topic", action="append", default=[], metavar="SLUG", help=about)

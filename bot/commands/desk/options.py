"""The options of the desk's commands that are many. Nothing heavy is imported here: each command's start reads it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

Command = Callable[[argparse.Namespace], int]
Adds = Callable[[str, str, Command], argparse.ArgumentParser]

FIELDS = ("headline", "lead", "dateline", "language")
"""Fields of a story that `edit` takes, by their names."""

STORIES = (
    ("review", "ask for a review of a draft", ""),
    ("approve", "approve a story as it stands", ""),
    ("send-back", "make a story in review a draft again", "NOTE"),
    ("publish", "publish a story now", ""),
    ("schedule", "let a story go out at a time: 18:30, tomorrow 9am, in 20 minutes", "WHEN"),
    ("unschedule", "take a story's time away", ""),
    ("embargo", "let nobody see a story before a time; without a time, lift the embargo", "WHEN"),
)
"""Verbs on one story: the command, what it does, and the words that it takes."""


def add_story(one: argparse.ArgumentParser, words: str) -> None:
    """Add what a verb on one story takes; `words` names those beside the story, if there are any."""
    one.add_argument("article", metavar="ARTICLE", help="the story's number, or its id at the source")
    if words:
        least = "*" if one.get_default("name") == "embargo" else "+"
        one.add_argument("words", nargs=least, metavar=words, help="in words, as an editor writes it")
    passing = "pass a warning by its name"
    one.add_argument("--pass", dest="passing", action="append", default=[], metavar="WARNING", help=passing)


def add_edit(one: argparse.ArgumentParser) -> None:
    """Add what `edit` takes."""
    one.add_argument("article", metavar="ARTICLE", help="the story's number, or its id at the source")
    for field in FIELDS[:-1]:
        one.add_argument(f"--{field}", metavar="WORDS", help=f"the {field} from now on")
    one.add_argument("--language", metavar="CODE", help="the language that the story is in: ru, en")
    one.add_argument("--topic", action="append", default=[], metavar="SLUG", help="may be repeated")
    readers = "a language whose readers it is for, may be repeated; own: that of the story"
    one.add_argument("--for", dest="readers", action="append", metavar="CODE", help=readers)


def edit_of(options: argparse.Namespace) -> dict[str, str | None]:
    """Return the fields that were named, None for the others."""
    return {name: getattr(options, name) for name in FIELDS}


def add_flash(add: Adds, command: Command) -> None:
    """Add `flash` (for whom, in which manner, and how long it can be taken back) and `undo`."""
    undo = add("undo", "take back what was sent a moment ago and has not started yet", command)
    undo.add_argument("article", metavar="ARTICLE", help="the story's number, or its id at the source")
    flash = add("flash", "send a story as breaking news", command)
    flash.add_argument("article", metavar="ARTICLE", help="the story's number, or its id at the source")
    to = flash.add_mutually_exclusive_group()
    to.add_argument("--topic", action="append", default=[], metavar="SLUG", help="may be repeated")
    to.add_argument("--everybody", action="store_true", help="whatever the chats follow")
    flash.add_argument("--language", action="append", default=[], metavar="CODE", help="may be repeated")
    how = flash.add_mutually_exclusive_group()
    how.add_argument("--silent", action="store_true", help="without a sound")
    how.add_argument("--pin", action="store_true", help="pinned where the bot may pin")
    flash.add_argument("--undo", type=float, metavar="SECONDS", help="how long it can be taken back")
    flash.add_argument("--update-of", metavar="ARTICLE", help="the story that this one goes on with")
    flash.add_argument("--anyway", action="store_true", help="though another story says the same")


def add_doubts(add: Adds, command: Command) -> None:
    """Add `doubts`: list what is in doubt, or decide it."""
    doubts = add("doubts", "list the deliveries that are in doubt, or decide them", command)
    doubts.add_argument(
        "decision",
        nargs="?",
        choices=("send", "drop"),
        help="send the story again to those chats, or leave it",
    )
    doubts.add_argument(
        "article", nargs="?", metavar="ARTICLE", help="the story's number, or its id at the source"
    )


def add_draft(add: Adds, command: Command) -> None:
    """Add `draft`: what is known of a story when it comes to the desk."""
    draft = add("draft", "keep the story of a file as a draft", command)
    draft.add_argument("files", nargs="+", type=Path, metavar="FILE", help="the story")
    draft.add_argument("--topic", action="append", default=[], metavar="SLUG", help="may be repeated")
    draft.add_argument("--flash", action="store_true", help="breaking news")
    draft.add_argument("--update-of", metavar="ARTICLE", help="the story that this one follows up")

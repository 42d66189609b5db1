"""The commands that steer what goes out: breaking news, pauses, what is in doubt."""

from __future__ import annotations

import argparse

from bot.commands.options.add import Add, add_article


def add_pushes(add: Add) -> None:
    """Add the commands that steer what goes out."""
    for name, about in (
        ("pause", "pause the push of a story"),
        ("resume", "let a paused push go on"),
        ("stop", "stop the push of a story for good"),
    ):
        add_article(add(name, about, _steer))
    _add_flash(add)
    _add_doubts(add)


def _add_flash(add: Add) -> None:
    """Add `flash` (for whom, in which manner, and how long it can be taken back) and `undo`."""
    undo = add("undo", "take back what was sent a moment ago and has not started yet", _flash)
    add_article(undo)
    flash = add("flash", "send a story as breaking news", _flash)
    add_article(flash)
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


def _add_doubts(add: Add) -> None:
    """Add `doubts`: list what is in doubt, or decide it."""
    doubts = add("doubts", "list the deliveries that are in doubt, or decide them", _doubts)
    doubts.add_argument(
        "decision",
        nargs="?",
        choices=("send", "drop"),
        help="send the story again to those chats, or leave it",
    )
    doubts.add_argument(
        "article", nargs="?", metavar="ARTICLE", help="the story's number, or its id at the source"
    )


def _steer(options: argparse.Namespace) -> int:
    from bot.commands.desk.push import steer

    return steer(options.name, options.article)


def _flash(options: argparse.Namespace) -> int:
    from bot.commands.desk.flash import flash, undo

    return undo(options.article) if options.name == "undo" else flash(options)


def _doubts(options: argparse.Namespace) -> int:
    from bot.commands.desk.push import doubts

    return doubts(options.decision, options.article)

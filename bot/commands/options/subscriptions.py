"""The words of `subscriptions` on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.commands.options.add import Add
from bot.tongues import codes


def add_subscriptions(add: Add) -> None:
    """Add what takes readers' choices to another server, and the links that set topics up."""
    one = add("subscriptions", "export and import what readers chose; make links that set topics up", _do)
    verbs = one.add_subparsers(title="verbs", required=True, metavar="VERB", dest="verb")
    out = verbs.add_parser("export", help="write what every chat chose into one signed file")
    out.add_argument("file", type=Path, help="the file to write; one that is there is replaced")
    out.add_argument("--bot", type=int, metavar="BOT", help="the bot's number (that of BOT_TOKEN)")
    take = verbs.add_parser(
        "import", help="let the chats of such a file wait for this bot; it may be running"
    )
    take.add_argument("file", type=Path)
    take.add_argument("--dry-run", action="store_true", help="say what would come of it, and write nothing")
    link = verbs.add_parser("link", help="print a link by which whoever presses Start follows topics")
    link.add_argument("--topics", default="", metavar="SLUG[,SLUG]", help="the topics, ten at most")
    link.add_argument("--all", action="store_true", help="all news")
    link.add_argument("--digest", action="store_true", help="in the digest, not at once")
    link.add_argument("--language", choices=codes(), default="", help="the language that the bot speaks")
    link.add_argument("--days", type=_days, help="for how many days the link holds (for good)")
    link.add_argument("--bot", default="", metavar="NAME", help="the bot's @name (that of BOT_TOKEN)")


def _days(word: str) -> int:
    if not word.isdecimal() or not 0 < int(word) <= 3650:
        raise argparse.ArgumentTypeError("a number of days from 1 to 3650")
    return int(word)


def _do(options: argparse.Namespace) -> int:
    if options.verb == "export":
        from bot.commands.subscriptions.export import export_subscriptions

        return export_subscriptions(options.file, options.bot)
    if options.verb == "import":
        from bot.commands.subscriptions.intake import import_subscriptions

        return import_subscriptions(options.file, dry=options.dry_run)
    from bot.commands.subscriptions.link import print_links

    return print_links(
        [slug for slug in options.topics.replace(",", " ").split() if slug],
        everything=options.all,
        digest=options.digest,
        language=options.language,
        days=options.days,
        name=options.bot,
    )

"""The words of `topic`, `feed` and `newsroom` on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.commands.options.add import Add


def add_sources(add: Add) -> None:
    """Add the commands of whoever runs topics and feeds."""
    _add_topic(add("topic", "list, add, rename, merge, pause or resume topics", _topic))
    _add_feed(add("feed", "list, test, add, change, pause, resume or remove feeds", _feed))
    newsroom = add("newsroom", "print newsroom.toml with what was changed from the chat", _newsroom)
    newsroom.add_argument("verb", choices=("export",))
    newsroom.add_argument("file", nargs="?", type=Path, help="the file to write, which may be newsroom.toml")


def _add_topic(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB", dest="verb")
    verbs.add_parser("list", help="list the topics")
    new = verbs.add_parser("add", help="add a topic")
    new.add_argument("slug", metavar="SLUG")
    new.add_argument("names", nargs="+", metavar="LANGUAGE=NAME", help="ru=Экономика en=Economy")
    new.add_argument("--parent", dest="other", default="", metavar="SLUG", help="the topic above")
    called = verbs.add_parser("rename", help="call a topic otherwise, in the languages named")
    called.add_argument("slug", metavar="SLUG")
    called.add_argument("names", nargs="+", metavar="LANGUAGE=NAME")
    merged = verbs.add_parser("merge", help="let a topic become part of another, with whatever hangs on it")
    merged.add_argument("slug", metavar="SLUG")
    merged.add_argument("other", metavar="INTO")
    for name, about in (("pause", "push nothing by a topic"), ("resume", "push by a topic again")):
        verbs.add_parser(name, help=about).add_argument("slug", metavar="SLUG")


def _add_feed(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(title="verbs", required=True, metavar="VERB", dest="verb")
    verbs.add_parser("list", help="list the feeds and how each is doing")
    verbs.add_parser("test", help="show what would be published; nothing is kept").add_argument(
        "feed", metavar="URL"
    )
    new = verbs.add_parser("add", help="add a feed; what it has now is archive")
    new.add_argument("feed", metavar="URL")
    new.add_argument("--name", default="", help="what its stories give as their source")
    new.add_argument("--topic", action="append", default=[], dest="topics", metavar="SLUG")
    new.add_argument("--draft", action="store_true", help="let its stories wait for an editor")
    called = verbs.add_parser("rename", help="call a feed otherwise")
    called.add_argument("feed", metavar="FEED", help="the feed's number, address or name")
    called.add_argument("name", metavar="NAME")
    chosen = verbs.add_parser("topics", help="the topics of its stories that choose none by themselves")
    chosen.add_argument("feed", metavar="FEED", help="the feed's number, address or name")
    chosen.add_argument("topics", nargs="*", metavar="SLUG")
    for name, about in (
        ("publish", "publish its next stories at once"),
        ("draft", "let its next stories wait for an editor"),
        ("pause", "ask the feed no more until it is resumed"),
        ("resume", "ask the feed again"),
        ("remove", "ask the feed no more, and take it from the list"),
    ):
        one = verbs.add_parser(name, help=about)
        one.add_argument("feed", metavar="FEED", help="the feed's number, address or name")


def _topic(options: argparse.Namespace) -> int:
    from bot.commands.desk.sources import topic

    slug, names = getattr(options, "slug", ""), getattr(options, "names", ())
    return topic(options.verb, slug, names, other=getattr(options, "other", ""))


def _feed(options: argparse.Namespace) -> int:
    from bot.commands.desk.sources import feed

    return feed(
        options.verb,
        getattr(options, "feed", ""),
        choices=getattr(options, "topics", ()),
        publish="draft" if getattr(options, "draft", False) else "",
        name=getattr(options, "name", "") if options.verb in ("add", "rename") else "",
    )


def _newsroom(options: argparse.Namespace) -> int:
    from bot.commands.desk.sources import export

    return export(options.file)

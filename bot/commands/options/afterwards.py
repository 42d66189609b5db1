"""The commands about what is out: correct it, take it back, look what was done and how it went."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.commands.options.add import Add, add_article, add_topics


def add_amending(add: Add) -> None:
    """Add what changes a published story, and what takes a story back."""
    amend = add(
        "correct", "change a published story in every chat that has it; the bot may be running", _correct
    )
    add_article(amend)
    amend.add_argument("files", nargs="+", type=Path, metavar="FILE", help="the corrected story")
    add_topics(amend, "a topic of the story from now on; may be repeated")
    voice = amend.add_mutually_exclusive_group()
    voice.add_argument("--quiet", action="store_true", help="a typo: no line says that it was corrected")
    voice.add_argument("--loud", default="", metavar="WORDS", help="also reply to the story with these words")
    kept = add("held", "list the edits of sources that are held, or show what one of them says", _held)
    add_article(kept, optional=True)
    for name, about in (
        ("accept", "let the held edit of a story go out to every chat that has the story"),
        ("refuse", "drop the held edit of a story: readers keep what they have"),
    ):
        add_article(add(name, about, _decide))
    for name, about in (
        ("kill", "take a story back from every chat; run it again to see which chats still show the story"),
        ("takedown", "like kill, for legal reasons"),
        ("unpublish", "like kill, silently"),
    ):
        back = add(name, about, _take_back)
        add_article(back)
        back.add_argument("--reason", default="", help="why; kept with the story and in the audit")
        back.add_argument("--again", action="store_true", help="try again where the story still stands")
        back.add_argument(
            "--wait", type=float, default=10, metavar="SECONDS", help="how long to wait for the bot (10)"
        )


def add_record(add: Add) -> None:
    """Add what lists stories, what was done to them, and how they went."""
    apart = add("part", "list who else tells a story, or make one of these a story of its own", _part)
    add_article(apart)
    apart.add_argument("number", nargs="?", type=int, metavar="NUMBER", help="which telling is another story")
    apart.add_argument("--publish", action="store_true", help="publish that story at once")
    listing = add("articles", "list the newest stories with their numbers", _articles)
    listing.add_argument("words", nargs="*", metavar="WORD", help="list only headlines with these words")
    listing.add_argument("--limit", type=int, default=20, help="the most stories to list (20)")
    found = add("search", 'search the archive as readers do: words, "a phrase", #topic, a date', _search)
    words = 'what readers would write; in quotes: "bridge -railway"'
    found.add_argument("words", nargs="+", metavar="WORD", help=words)
    found.add_argument("--limit", type=int, default=10, help="the most stories to list (10)")
    found.add_argument("--best", action="store_true", help="those with the words in the headline first")
    record = add("audit", "print what was done at the desk, by whom and when, oldest first", _audit)
    record.add_argument("--json", action="store_true", help="print a JSON object for each deed")
    record.add_argument(
        "--since", metavar="TIME", help="from this day or time on: 2026-12-01, 2026-12-01T10:00"
    )
    record.add_argument("--story", metavar="ARTICLE", help="the story's number, or its id at the source")
    figures = add(
        "stats", "print what went out, how fast, and who came and went; or a story's figures", _stats
    )
    figures.add_argument("--days", type=int, default=1, help="of how many days, today among them (1)")
    figures.add_argument("--story", metavar="ARTICLE", help="the story's number, or its id at the source")
    figures.add_argument("--json", action="store_true", help="print a JSON object")


def _correct(options: argparse.Namespace) -> int:
    from bot.commands.desk.correct import correct

    return correct(
        options.article,
        options.files,
        options.topic,
        quiet=options.quiet,
        loud=" ".join(options.loud.split()),
    )


def _held(options: argparse.Namespace) -> int:
    from bot.commands.desk.correct import held

    return held(options.article)


def _decide(options: argparse.Namespace) -> int:
    from bot.commands.desk import correct

    decide = correct.accept if options.name == "accept" else correct.refuse
    return decide(options.article)


def _take_back(options: argparse.Namespace) -> int:
    from bot.commands.desk.kill import take_back

    return take_back(options.name, options.article, options.wait, reason=options.reason, again=options.again)


def _part(options: argparse.Namespace) -> int:
    from bot.commands.desk.articles import part

    return part(options.article, options.number, publish=options.publish)


def _articles(options: argparse.Namespace) -> int:
    from bot.commands.desk.articles import list_articles

    return list_articles(" ".join(options.words), options.limit)


def _search(options: argparse.Namespace) -> int:
    from bot.commands.search import search_archive

    return search_archive(" ".join(options.words), options.limit, best=options.best)


def _audit(options: argparse.Namespace) -> int:
    from bot.commands.desk.audit import audit

    return audit(as_json=options.json, since=options.since, story=options.story)


def _stats(options: argparse.Namespace) -> int:
    from bot.commands.desk.figures import stats

    return stats(days=options.days, article=options.story, as_json=options.json)

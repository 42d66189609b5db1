"""The commands that bring a story out, as the desk's buttons do."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.commands.options.add import Add, add_article, add_topics
from bot.model.errors import SetupError

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


def add_stories(add: Add) -> None:
    """Add what the desk does until a story is out."""
    listing = add("desk", "list what waits, is in review, approved, scheduled, going out, and out", _desk)
    listing.add_argument("words", nargs="*", metavar="WORD", help="find stories by words of the headline")
    listing.add_argument("--limit", type=int, default=10, help="the most stories of each list (10)")
    picks = add("highlights", "pick stories by hand, and send them as a digest", _highlights)
    picks.add_argument(
        "verb", metavar="VERB", help="list, pick, headline, everybody, send, at, head, drop, stop"
    )
    picks.add_argument("words", nargs="*", metavar="WORD", help="stories, a headline, or a time")
    _add_draft(add("draft", "keep the story of a file as a draft", _draft))
    _add_edit(add("edit", "change what a story says that is not out yet: it is a draft again", _edit))
    for name, about, words in STORIES:
        _add_story(add(name, about, _story), words)


def _add_draft(draft: argparse.ArgumentParser) -> None:
    """Add what `draft` takes: what is known of a story when it comes to the desk."""
    draft.add_argument("files", nargs="+", type=Path, metavar="FILE", help="the story")
    add_topics(draft)
    draft.add_argument("--flash", action="store_true", help="breaking news")
    draft.add_argument("--update-of", metavar="ARTICLE", help="the story that this one follows up")


def _add_edit(one: argparse.ArgumentParser) -> None:
    """Add what `edit` takes."""
    add_article(one)
    for field in FIELDS[:-1]:
        one.add_argument(f"--{field}", metavar="WORDS", help=f"the {field} from now on")
    one.add_argument("--language", metavar="CODE", help="the language that the story is in: ru, en")
    add_topics(one)
    readers = "a language whose readers it is for, may be repeated; own: that of the story"
    one.add_argument("--for", dest="readers", action="append", metavar="CODE", help=readers)


def _add_story(one: argparse.ArgumentParser, words: str) -> None:
    """Add what a verb on one story takes; `words` names those beside the story, if there are any."""
    add_article(one)
    if words:
        least = "*" if one.get_default("name") == "embargo" else "+"
        one.add_argument("words", nargs=least, metavar=words, help="in words, as an editor writes it")
    passing = "pass a warning by its name"
    one.add_argument("--pass", dest="passing", action="append", default=[], metavar="WARNING", help=passing)


def _desk(options: argparse.Namespace) -> int:
    from bot.commands.desk.lists import desk

    return desk(" ".join(options.words), options.limit)


def _highlights(options: argparse.Namespace) -> int:
    from bot.commands.desk.highlights import VERBS, highlights

    if options.verb not in VERBS:
        raise SetupError(f"`highlights` does: {', '.join(VERBS)}")
    return highlights(options.verb, options.words)


def _draft(options: argparse.Namespace) -> int:
    from bot.commands.desk.stories import draft

    return draft(options.files, options.topic, flash=options.flash, update_of=options.update_of)


def _edit(options: argparse.Namespace) -> int:
    from bot.commands.desk.stories import edit

    fields = {name: getattr(options, name) for name in FIELDS}
    return edit(options.article, fields, options.topic, options.readers)


def _story(options: argparse.Namespace) -> int:
    from bot.commands.desk.stories import take

    said = " ".join(getattr(options, "words", ()))
    told = {"note": said} if options.name == "send-back" else {"when": said}
    return take(options.name, options.article, passing=options.passing, **told)

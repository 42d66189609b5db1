"""The command line: `python -m bot COMMAND`."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import __version__
from bot.commands.arguments import add_sources
from bot.commands.desk.options import STORIES, add_doubts, add_draft, add_edit, add_flash, add_story, edit_of
from bot.log import say
from bot.model.errors import SetupError

EXIT_SETUP = 2

Command = Callable[[argparse.Namespace], int]


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
    parser = argparse.ArgumentParser(
        prog="python -m bot", description="Vestnik: a Telegram bot for a news agency."
    )
    parser.add_argument("--version", action="version", version=f"Vestnik {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, about: str, command: Command) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=about, description=about)
        one.set_defaults(command=command, name=name)
        return one

    add("run", "run the bot; BOT_TOKEN must be set", _run)
    demo = add("demo", "run the bot with a sample newsroom, and a sandbox in place of Telegram", _demo)
    demo.add_argument(
        "--port", type=int, default=8088, help="the port of the page (8088); 0 takes any free port"
    )
    demo.add_argument("--folder", type=Path, help="the folder for the demo's files (data/demo)")
    demo.add_argument("--language", choices=("ru", "en"), help="the language of the demo's messages here")
    check = add(
        "check", "look at the settings, the database, the templates and the feeds before a start", _check
    )
    check.add_argument("--offline", action="store_true", help="do not ask Telegram or the feeds")
    take = add("import", "read stories from files: agency copy, .docx, pages, feeds, JSON", _import)
    take.add_argument("files", nargs="+", type=Path, metavar="FILE")
    take.add_argument(
        "--topic",
        action="append",
        default=[],
        metavar="SLUG",
        help="a topic for the stories; may be repeated",
    )
    take.add_argument("--publish", action="store_true", help="publish the stories at once")
    _add_stories(add)
    _add_desk(add)
    _add_pushes(add)
    add_sources(add)
    figures = add(
        "stats", "print what went out, how fast, and who came and went; or a story's figures", _stats
    )
    figures.add_argument("--days", type=int, default=1, help="of how many days, today among them (1)")
    figures.add_argument("--story", metavar="ARTICLE", help="the story's number, or its id at the source")
    figures.add_argument("--json", action="store_true", help="print a JSON object")
    show = add("preview", "show stories from files or addresses as a reader would see them", _preview)
    show.add_argument("names", nargs="+", metavar="FILE_OR_URL", help=".txt .html .json .xml, or an address")
    forms = ("rich", "classic", "brief", "headline", "flash")
    show.add_argument("--form", choices=forms, default="rich", help="the form of the story (rich)")
    show.add_argument(
        "--language", choices=("ru", "en"), help="the language of the bot's own words (LANGUAGE)"
    )
    show.add_argument(
        "--json", action="store_true", help="print a line for each story: the calls to Telegram"
    )
    add("migrate", "bring the database to this version of Vestnik", _migrate)
    save = add("backup", "copy the database to one file; the bot may be running", _backup)
    save.add_argument("file", nargs="?", type=Path, help="the file to write (by default beside the database)")
    restore = add("restore", "replace the database with a backup; the bot must be stopped", _restore)
    restore.add_argument("file", type=Path, help="the backup")
    return parser


def _add_desk(add: Callable[[str, str, Command], argparse.ArgumentParser]) -> None:
    """Add the commands of an editor. ARTICLE is a story's number, or the id that the story has at its source."""
    amend = add(
        "correct", "change a published story in every chat that has it; the bot may be running", _correct
    )
    amend.add_argument("article", metavar="ARTICLE", help="the story's number, or its id at the source")
    amend.add_argument("files", nargs="+", type=Path, metavar="FILE", help="the corrected story")
    amend.add_argument(
        "--topic",
        action="append",
        default=[],
        metavar="SLUG",
        help="a topic of the story from now on; may be repeated",
    )
    voice = amend.add_mutually_exclusive_group()
    voice.add_argument("--quiet", action="store_true", help="a typo: no line says that it was corrected")
    voice.add_argument("--loud", default="", metavar="WORDS", help="also reply to the story with these words")
    kept = add("held", "list the edits of sources that are held, or show what one of them says", _held)
    kept.add_argument(
        "article",
        nargs="?",
        default="",
        metavar="ARTICLE",
        help="the story's number, or its id at the source",
    )
    for name, about in (
        ("accept", "let the held edit of a story go out to every chat that has the story"),
        ("refuse", "drop the held edit of a story: readers keep what they have"),
    ):
        add(name, about, _decide).add_argument(
            "article", metavar="ARTICLE", help="the story's number, or its id at the source"
        )
    for name, about in (
        ("kill", "take a story back from every chat; run it again to see which chats still show the story"),
        ("takedown", "like kill, for legal reasons"),
        ("unpublish", "like kill, silently"),
    ):
        back = add(name, about, _take_back)
        back.add_argument("article", metavar="ARTICLE", help="the story's number, or its id at the source")
        back.add_argument("--reason", default="", help="why; kept with the story and in the audit")
        back.add_argument("--again", action="store_true", help="try again where the story still stands")
        back.add_argument(
            "--wait", type=float, default=10, metavar="SECONDS", help="how long to wait for the bot (10)"
        )
    apart = add("part", "list who else tells a story, or make one of these a story of its own", _part)
    apart.add_argument("article", metavar="ARTICLE", help="the story's number, or its id at the source")
    apart.add_argument("number", nargs="?", type=int, metavar="NUMBER", help="which telling is another story")
    apart.add_argument("--publish", action="store_true", help="publish that story at once")
    listing = add("articles", "list the newest stories with their numbers", _articles)
    listing.add_argument("words", nargs="*", metavar="WORD", help="list only headlines with these words")
    listing.add_argument("--limit", type=int, default=20, help="the most stories to list (20)")
    record = add("audit", "print what was done at the desk, by whom and when, oldest first", _audit)
    record.add_argument("--json", action="store_true", help="print a JSON object for each deed")
    record.add_argument(
        "--since", metavar="TIME", help="from this day or time on: 2026-12-01, 2026-12-01T10:00"
    )
    record.add_argument("--story", metavar="ARTICLE", help="the story's number, or its id at the source")


def _add_pushes(add: Callable[[str, str, Command], argparse.ArgumentParser]) -> None:
    """Add the commands that steer what goes out."""
    for name, about in (
        ("pause", "pause the push of a story"),
        ("resume", "let a paused push go on"),
        ("stop", "stop the push of a story for good"),
    ):
        add(name, about, _steer).add_argument(
            "article", metavar="ARTICLE", help="the story's number, or its id at the source"
        )
    add_flash(add, _flash)
    add_doubts(add, _doubts)


def _add_stories(add: Callable[[str, str, Command], argparse.ArgumentParser]) -> None:
    """Add the commands that bring a story out: as the desk's buttons do."""
    listing = add("desk", "list what waits, is in review, approved, scheduled, going out, and out", _desk)
    listing.add_argument("words", nargs="*", metavar="WORD", help="find stories by words of the headline")
    listing.add_argument("--limit", type=int, default=10, help="the most stories of each list (10)")
    picks = add("highlights", "pick stories by hand, and send them as a digest", _highlights)
    picks.add_argument(
        "verb", metavar="VERB", help="list, pick, headline, everybody, send, at, head, drop, stop"
    )
    picks.add_argument("words", nargs="*", metavar="WORD", help="stories, a headline, or a time")
    add_draft(add, _draft)
    add_edit(add("edit", "change what a story says that is not out yet: it is a draft again", _edit))
    for name, about, words in STORIES:
        add_story(add(name, about, _story), words)


def _run(_options: argparse.Namespace) -> int:
    # Imports make hundreds of thousands of objects that stay; a search for waste among them costs a sixth.
    gc.disable()
    from bot.commands.run import run

    gc.freeze()
    gc.enable()
    return run()


def _demo(options: argparse.Namespace) -> int:
    from bot.demo.run import main as demo

    return demo(options.port, "127.0.0.1", options.folder, options.language)


def _check(options: argparse.Namespace) -> int:
    from bot.commands.check import check

    return check(offline=options.offline)


def _import(options: argparse.Namespace) -> int:
    from bot.commands.imports import import_files

    return import_files(options.files, options.topic, publish=options.publish)


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

    return edit(options.article, edit_of(options), options.topic, options.readers)


def _story(options: argparse.Namespace) -> int:
    from bot.commands.desk.stories import take

    said = " ".join(getattr(options, "words", ()))
    told = {"note": said} if options.name == "send-back" else {"when": said}
    return take(options.name, options.article, passing=options.passing, **told)


def _part(options: argparse.Namespace) -> int:
    from bot.commands.desk.articles import part

    return part(options.article, options.number, publish=options.publish)


def _articles(options: argparse.Namespace) -> int:
    from bot.commands.desk.articles import list_articles

    return list_articles(" ".join(options.words), options.limit)


def _audit(options: argparse.Namespace) -> int:
    from bot.commands.desk.audit import audit

    return audit(as_json=options.json, since=options.since, story=options.story)


def _stats(options: argparse.Namespace) -> int:
    from bot.commands.desk.figures import stats

    return stats(days=options.days, article=options.story, as_json=options.json)


def _steer(options: argparse.Namespace) -> int:
    from bot.commands.desk.push import steer

    return steer(options.name, options.article)


def _flash(options: argparse.Namespace) -> int:
    from bot.commands.desk.flash import flash, undo

    return undo(options.article) if options.name == "undo" else flash(options)


def _doubts(options: argparse.Namespace) -> int:
    from bot.commands.desk.push import doubts

    return doubts(options.decision, options.article)


def _preview(options: argparse.Namespace) -> int:
    from bot.commands.preview import preview

    return preview(options.names, options.form, options.language, as_json=options.json)


def _migrate(_options: argparse.Namespace) -> int:
    from bot.commands.database import migrate

    return migrate()


def _backup(options: argparse.Namespace) -> int:
    from bot.commands.database import backup

    return backup(options.file)


def _restore(options: argparse.Namespace) -> int:
    from bot.commands.database import restore

    return restore(options.file)


if __name__ == "__main__":
    sys.exit(main())

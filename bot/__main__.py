"""The command line: `python -m bot COMMAND`."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import __version__
from bot.model.errors import SetupError

EXIT_SETUP = 2

Command = Callable[[argparse.Namespace], int]


def main(words: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 well, 1 not all is well, 2 could not start."""
    options = _parser().parse_args(words)
    command: Command = options.command
    try:
        return command(options)
    except SetupError as error:
        print(f"vestnik: {error}", file=sys.stderr)
        return EXIT_SETUP
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read on has read enough; Python would complain once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Vestnik, a news agency's herald.")
    parser.add_argument("--version", action="version", version=f"Vestnik {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def add(name: str, about: str, command: Command) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=about, description=about)
        one.set_defaults(command=command, name=name)
        return one

    add("run", "run the bot (BOT_TOKEN)", _run)
    demo = add("demo", "run it with a sample newsroom and a sandbox in place of Telegram", _demo)
    demo.add_argument("--port", type=int, default=8088, help="where the page is served (0: any free port)")
    demo.add_argument("--folder", type=Path, help="where the demo keeps its files (data/demo)")
    demo.add_argument("--language", choices=("ru", "en"), help="what the terminal speaks")
    check = add("check", "say what is wrong before a start", _check)
    check.add_argument("--offline", action="store_true", help="ask neither Telegram nor the feeds")
    take = add("import", "take stories from files: agency copy, pages, feeds, JSON", _import)
    take.add_argument("files", nargs="+", type=Path, metavar="FILE")
    take.add_argument("--topic", action="append", default=[], metavar="SLUG", help="may be repeated")
    take.add_argument("--publish", action="store_true", help="publish them at once")
    _add_desk(add)
    show = add("preview", "show what a reader would get of files and addresses", _preview)
    show.add_argument("names", nargs="+", metavar="FILE_OR_URL", help=".txt .html .json .xml, or an address")
    forms = ("rich", "classic", "brief", "headline", "flash")
    show.add_argument("--form", choices=forms, default="rich", help="how it is shown (rich)")
    show.add_argument("--language", choices=("ru", "en"), help="what the bot speaks (LANGUAGE)")
    show.add_argument("--json", action="store_true", help="a line per story: the calls as they would be sent")
    add("migrate", "bring the database to this version", _migrate)
    save = add("backup", "copy the database to one file, also while the bot runs", _backup)
    save.add_argument("file", nargs="?", type=Path, help="where to (beside the database)")
    restore = add("restore", "put a backup in the database's place", _restore)
    restore.add_argument("file", type=Path)
    return parser


def _add_desk(add: Callable[[str, str, Command], argparse.ArgumentParser]) -> None:
    """Add what an editor may do from here; ARTICLE is a story's number, or the id that its source gave it."""
    amend = add(
        "correct", "correct a published story where it was delivered, also while the bot runs", _correct
    )
    amend.add_argument("article", metavar="ARTICLE", help="its number, or its source's id")
    amend.add_argument("files", nargs="+", type=Path, metavar="FILE", help="the corrected story")
    amend.add_argument("--topic", action="append", default=[], metavar="SLUG", help="its topics from now on")
    kill = add("kill", "take a story back everywhere; again: say where it still stands", _kill)
    kill.add_argument("article", metavar="ARTICLE", help="its number, or its source's id")
    kill.add_argument("--wait", type=float, default=10, metavar="SECONDS", help="for the bot to do it (10)")
    listing = add("articles", "list the newest stories with their numbers", _articles)
    listing.add_argument("words", nargs="*", metavar="WORD", help="in the headline")
    listing.add_argument("--limit", type=int, default=20, help="how many at most (20)")
    for name, about in (
        ("pause", "let what is going out of a story wait"),
        ("resume", "let it go on"),
        ("stop", "send it to nobody more"),
    ):
        add(name, about, _steer).add_argument("article", metavar="ARTICLE")
    doubts = add("doubts", "list what may or may not have arrived, or decide it", _doubts)
    doubts.add_argument("decision", nargs="?", choices=("send", "drop"), help="send it again, or let it be")
    doubts.add_argument("article", nargs="?", metavar="ARTICLE")


def _run(_options: argparse.Namespace) -> int:
    # Importing makes hundreds of thousands of objects that stay: to look for waste among them costs a sixth.
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
    from bot.commands.importing import import_files

    return import_files(options.files, options.topic, publish=options.publish)


def _correct(options: argparse.Namespace) -> int:
    from bot.commands.amending import correct

    return correct(options.article, options.files, options.topic)


def _kill(options: argparse.Namespace) -> int:
    from bot.commands.amending import kill

    return kill(options.article, options.wait)


def _articles(options: argparse.Namespace) -> int:
    from bot.commands.amending import list_articles

    return list_articles(" ".join(options.words), options.limit)


def _steer(options: argparse.Namespace) -> int:
    from bot.commands.steering import steer

    return steer(options.name, options.article)


def _doubts(options: argparse.Namespace) -> int:
    from bot.commands.steering import doubts

    return doubts(options.decision, options.article)


def _preview(options: argparse.Namespace) -> int:
    from bot.commands.preview import preview

    return preview(options.names, options.form, options.language, as_json=options.json)


def _migrate(_options: argparse.Namespace) -> int:
    from bot.commands.databases import migrate

    return migrate()


def _backup(options: argparse.Namespace) -> int:
    from bot.commands.databases import backup

    return backup(options.file)


def _restore(options: argparse.Namespace) -> int:
    from bot.commands.databases import restore

    return restore(options.file)


if __name__ == "__main__":
    sys.exit(main())

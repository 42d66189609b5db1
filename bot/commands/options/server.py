"""The commands of whoever runs the bot: start it, look it over, keep its database, try what it would show."""

from __future__ import annotations

import argparse
import gc
from pathlib import Path

from bot.commands.options.add import Add, add_topics
from bot.tongues import codes


def add_running(add: Add) -> None:
    """Add what starts the bot, and what looks at it and its stories before a start."""
    run = add("run", "run the bot; BOT_TOKEN must be set", _run)
    run.add_argument(
        "--role",
        default="",
        metavar="ROLE[,ROLE]",
        help="what this process does, of courier, poller, matcher, ticks, feeds, web (all); PostgreSQL alone",
    )
    run.add_argument(
        "--bot",
        default="",
        metavar="VARIABLE[,VARIABLE]",
        help="which bots this process runs, by the variables of their tokens (all); PostgreSQL alone",
    )
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
    check.add_argument(
        "--fix", action="store_true", help="mend what can safely be mended, and say what was done"
    )
    take = add("import", "read stories from files: agency copy, .docx, pages, feeds, JSON", _import)
    take.add_argument("files", nargs="+", type=Path, metavar="FILE")
    add_topics(take, "a topic for the stories; may be repeated")
    take.add_argument("--publish", action="store_true", help="publish the stories at once")


def add_keeping(add: Add) -> None:
    """Add what shows stories without sending any, and what keeps the database."""
    show = add("preview", "show stories from files or addresses as a reader would see them", _preview)
    show.add_argument("names", nargs="+", metavar="FILE_OR_URL", help=".txt .html .json .xml, or an address")
    forms = ("rich", "classic", "brief", "headline", "flash")
    show.add_argument("--form", choices=forms, default="rich", help="the form of the story (rich)")
    show.add_argument("--language", choices=codes(), help="the language of the bot's own words (LANGUAGE)")
    show.add_argument(
        "--json", action="store_true", help="print a line for each story: the calls to Telegram"
    )
    add("migrate", "bring the database to this version of Vestnik", _migrate)
    save = add("backup", "copy the database to one file; the bot may be running", _backup)
    save.add_argument("file", nargs="?", type=Path, help="the file to write (by default beside the database)")
    hook = add("webhook", "say how updates come, and whether Telegram knows the same", _webhook)
    hook.add_argument(
        "--delete", action="store_true", help="have Telegram forget its webhook; nothing is dropped"
    )
    aside = add("unread", "list the updates of Telegram that could not be read, and were kept aside", _unread)
    aside.add_argument("update", nargs="?", type=int, metavar="UPDATE", help="print what Telegram sent")
    restore = add("restore", "replace the database with a backup; the bot must be stopped", _restore)
    restore.add_argument("file", type=Path, help="the backup")
    move = add("move", "copy the database from SQLite to PostgreSQL or back; the bot must be stopped", _move)
    move.add_argument("address", help="the new DATABASE_URL: an empty database of the other kind")
    taken = add("takeover", "let the bot of BOT_TOKEN take over the chats of one that is lost", _takeover)
    taken.add_argument(
        "bot", type=int, metavar="BOT", help="the lost bot's number: its token up to the colon"
    )


def _takeover(options: argparse.Namespace) -> int:
    from bot.commands.takeover import take_over_from

    return take_over_from(options.bot)


def _run(options: argparse.Namespace) -> int:
    # Imports make hundreds of thousands of objects that stay; a search for waste among them costs a sixth.
    gc.disable()
    from bot.commands.run import run

    gc.freeze()
    gc.enable()
    return run(options.role, options.bot)


def _demo(options: argparse.Namespace) -> int:
    from bot.demo.run import main as demo

    return demo(options.port, "127.0.0.1", options.folder, options.language)


def _check(options: argparse.Namespace) -> int:
    from bot.commands.check import check

    return check(offline=options.offline, fix=options.fix)


def _import(options: argparse.Namespace) -> int:
    from bot.commands.imports import import_files

    return import_files(options.files, options.topic, publish=options.publish)


def _preview(options: argparse.Namespace) -> int:
    from bot.commands.preview import preview

    return preview(options.names, options.form, options.language, as_json=options.json)


def _migrate(_options: argparse.Namespace) -> int:
    from bot.commands.storage.database import migrate

    return migrate()


def _webhook(options: argparse.Namespace) -> int:
    from bot.commands.updates.webhook import webhook

    return webhook(delete=options.delete)


def _unread(options: argparse.Namespace) -> int:
    from bot.commands.updates.unread import unread

    return unread(options.update)


def _backup(options: argparse.Namespace) -> int:
    from bot.commands.storage.database import backup

    return backup(options.file)


def _restore(options: argparse.Namespace) -> int:
    from bot.commands.storage.database import restore

    return restore(options.file)


def _move(options: argparse.Namespace) -> int:
    from bot.commands.storage.move import move_database

    return move_database(options.address)

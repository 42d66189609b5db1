"""`highlights`: stories picked by hand, in an order, as a digest of their own or at the head of others."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.commands.session import at_the_desk
from bot.desk import highlights as picks
from bot.desk import lookup
from bot.log import say
from bot.model.desk.highlights import Highlights
from bot.model.errors import SetupError
from bot.model.newsroom.moment import moment
from bot.settings import Settings, load_settings
from bot.store.engine.database import Database
from bot.store.operations import bots

VERBS = ("list", "pick", "headline", "everybody", "send", "at", "head", "drop", "stop")


def highlights(verb: str, words: list[str]) -> int:
    """List the highlights at work, pick stories, or do a verb with the newest highlights; print them."""
    settings = load_settings()

    async def work(db: Database) -> int:
        bot_id = await _bot(db)
        if verb == "pick":
            for each in words:
                article = await lookup.find(db, each)
                await picks.pick(db, article.id, bot_id, at=datetime.now(UTC), by=None)
        elif verb != "list":
            await _do(db, bot_id, verb, " ".join(words), settings=settings)
        for one in await picks.at_work(db, bot_id):
            await _print(db, one)
        return 0

    return at_the_desk(settings, work)


async def _bot(db: Database) -> int:
    async with db.read() as tx:
        known = await bots.ids(tx)
    if len(known) != 1:
        raise SetupError("highlights belong to a bot: start the bot once, with one token")
    return known[0]


async def _do(db: Database, bot_id: int, verb: str, words: str, *, settings: Settings) -> None:
    found = await picks.at_work(db, bot_id)
    if not found:
        raise SetupError("nothing is picked: `highlights pick ARTICLE ...` begins")
    number, now = found[0].id, datetime.now(UTC)
    match verb:
        case "headline":
            await picks.change(db, number, bot_id, lambda one: one.name(words))
        case "everybody":
            await picks.change(db, number, bot_id, lambda one: one.address(everybody=True))
        case "at":
            when = moment(words, now, settings.time_zone)
            await picks.schedule(db, number, bot_id, when.at, at=now, by=None, zone=when.zone)
        case _:
            decide = {"send": picks.send, "head": picks.head, "drop": picks.drop, "stop": picks.stop}[verb]
            await decide(db, number, bot_id, at=now, by=None)


async def _print(db: Database, one: Highlights) -> None:
    at = f", {one.release_at:%Y-%m-%d %H:%M} UTC" if one.release_at else ""
    say(f"{one.id:>4}  {one.state}{at}  {one.headline or '(no headline)'}")
    for each in one.stories:
        say(f"      {each:>6}  {(await lookup.get(db, each)).content.headline}")

"""`pause`, `resume`, `stop` and `doubts`: what is going out, and what may or may not have arrived."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.commands.session import at_the_desk
from bot.desk import in_doubt as undecided
from bot.desk import lookup, pushes
from bot.log import say
from bot.model.errors import SetupError
from bot.settings import load_settings
from bot.store.engine.database import Database

VERBS = {"pause": pushes.pause, "resume": pushes.resume, "stop": pushes.stop}
DONE = {"pause": "paused", "resume": "resumed", "stop": "stopped"}


def steer(verb: str, words: str) -> int:
    """Pause, resume or stop what is going out of a story, and say how far it has come."""

    async def work(db: Database) -> int:
        article = await lookup.find(db, words)
        for bulletin_id in await pushes.of_article(db, article.id):
            done = await VERBS[verb](db, bulletin_id, datetime.now(UTC))
            progress = await pushes.progress(db, bulletin_id)
            say(
                f"{DONE[verb] if done else 'nothing to ' + verb}: {article.content.headline} "
                f"(sent to {progress.accepted} chats, {progress.waiting} wait)"
            )
        return 0

    return at_the_desk(load_settings(), work)


def doubts(decision: str | None, words: str | None) -> int:
    """List what is in doubt; or send it again, or let it be, for one story."""

    async def work(db: Database) -> int:
        if decision is None:
            found = await undecided.listing(db)
            for article_id, headline, count in found:
                say(f"{article_id:>6}  in doubt in {count} chats  {headline}")
            if not found:
                say("nothing is in doubt")
            return 0
        if words is None:
            raise SetupError(f"name the story: `doubts {decision} ARTICLE`; `doubts` alone lists the stories")
        article = await lookup.find(db, words)
        decide = undecided.send if decision == "send" else undecided.drop
        count = await decide(db, article.id, datetime.now(UTC))
        say(f"{'sent again' if decision == 'send' else 'left as it is'} in {count} chats")
        return 0

    return at_the_desk(load_settings(), work)

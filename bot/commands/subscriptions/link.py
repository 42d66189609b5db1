"""`subscriptions link`: a link by which whoever presses Start follows the topics that it names."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from bot.commands.session import opened
from bot.commands.subscriptions.key import key_of
from bot.log import say
from bot.model.errors import SetupError
from bot.model.following.link import MOST_TOPICS, LinkSigner, TopicsLink, alike, mark_of
from bot.model.press import start_topics
from bot.settings import load_settings
from bot.store.engine.database import Database
from bot.store.newsroom import topics
from bot.store.transfer.takeovers import usernames


def print_links(
    slugs: Sequence[str],
    *,
    everything: bool = False,
    digest: bool = False,
    language: str = "",
    days: int | None = None,
    name: str = "",
) -> int:
    """Print the link for people, and the one for groups. `days` is how long it holds; `name` is the bot's @name.

    Raises SetupError for a topic that there is not, for too many, and where the bot's name is not known.
    """
    settings = load_settings()
    signer = LinkSigner(key_of(settings))
    until = datetime.now(UTC).date() + timedelta(days) if days else None

    async def work() -> tuple[str, str]:
        async with opened(settings.database_url, begins=False) as db:
            called = name.lstrip("@") or await _name_of(db, settings.bot_id)
            marks = await marks_of(db, slugs)
        if not marks and not everything:
            raise SetupError("name topics by --topics economy,world, or --all for all news")
        link = TopicsLink(marks, everything=everything, digest=digest, language=language, until=until)
        return called, start_topics(signer.pack(link))

    called, payload = asyncio.run(work())
    _tell(called, payload, until)
    return 0


async def marks_of(db: Database, slugs: Sequence[str]) -> frozenset[int]:
    """Return the marks of topics in use. Raises SetupError where a topic is none, or a link can't name it."""
    if len(set(slugs)) > MOST_TOPICS:
        raise SetupError(
            f"a link holds {MOST_TOPICS} topics at most: name a section, which counts with all below it"
        )
    async with db.read() as tx:
        known = await topics.load(tx)
        ever = [each.topic.slug for each in await topics.every(tx)]
    there = {each.slug for each in known.all}
    if missing := [slug for slug in slugs if slug not in there]:
        raise SetupError(f"there is no topic {missing[0]!r}; there are {', '.join(sorted(there)) or 'none'}")
    if double := alike(ever) & set(slugs):
        raise SetupError(f"a link can't tell {min(double)} from another topic: leave it out")
    return frozenset(map(mark_of, slugs))


async def _name_of(db: Database, bot_id: int) -> str:
    async with db.read() as tx:
        name = (await usernames(tx)).get(bot_id, "")
    if not name:
        raise SetupError(
            f"the name of the bot {bot_id} is not known before its first start: give it by --bot NAME"
        )
    return name


def _tell(name: str, payload: str, until: date | None) -> None:
    say(f"for people: https://t.me/{name}?start={payload}")
    say(f"for groups: https://t.me/{name}?startgroup={payload}")
    span = f"up to and on {until} (UTC)" if until else "for good"
    say(f"holds {span}, and as long as SUBSCRIPTIONS_KEY stays the same")

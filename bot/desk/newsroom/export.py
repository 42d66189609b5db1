"""The newsroom file as the store has it: what was changed from the chat is in it, and it reads back as the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import tomli_w

from bot.model.newsroom.agency import Agency
from bot.model.story.topic import Topic, Topics
from bot.store.engine.database import Database
from bot.store.newsroom import feeds, topics
from bot.store.newsroom.feeds import Feed
from bot.store.newsroom.search import synonyms

HEAD = """\
# The newsroom file, written by Vestnik on {day}: topics, feeds and synonyms as they are now.
# docs/newsroom.md explains every key.

"""


async def newsroom_file(db: Database, agency: Agency, at: datetime) -> str:
    """Return the text of `newsroom.toml` with the topics and the feeds in use."""
    async with db.read() as tx:
        known, asked = await topics.load(tx), await feeds.all_in_use(tx)
        groups = await synonyms.load(tx)
    head: dict[str, Any] = {
        "name": dict(agency.names) or agency.name,
        "form": str(agency.style.form),
        "pictures": agency.style.pictures,
    }
    parts = [HEAD.format(day=f"{at:%Y-%m-%d}") + tomli_w.dumps(head)]
    parts += [_topic(each, known) for each in known.all]
    parts += ["[[feed]]\n" + tomli_w.dumps(_feed(each, known)) for each in asked]
    parts += ["[[synonyms]]\n" + tomli_w.dumps({"words": list(each)}) for each in groups]
    parts += ["[[bot]]\n" + tomli_w.dumps(each) for each in agency.bots]
    return "\n".join(parts)


def _topic(topic: Topic, known: Topics) -> str:
    parent = known.by_id.get(topic.parent_id or 0)
    entry: dict[str, Any] = {"slug": topic.slug}
    if parent is not None:
        entry["parent"] = parent.slug
    if topic.aliases:
        entry["aliases"] = list(topic.aliases)
    if topic.keywords:
        entry["keywords"] = list(topic.keywords)
    if topic.paused:
        entry["paused"] = True
    # Tables of their own, as an operator writes them: the library would set short ones in a line.
    return f"[[topic]]\n{tomli_w.dumps(entry)}[topic.names]\n{tomli_w.dumps(dict(topic.names))}"


def _feed(feed: Feed, known: Topics) -> dict[str, Any]:
    slugs = {each.slug for each in known.all}
    values = {
        "kind": "" if feed.kind == "feed" else feed.kind,
        "name": feed.name,
        "topics": [each for each in feed.topics if each in slugs],
        "language": feed.language,
        "publish": feed.publish,
        "backfill": feed.backfill,
        "interval": feed.interval,
        "paused": feed.paused_at is not None,
    }
    return {"url": feed.url, **{key: value for key, value in values.items() if value}}

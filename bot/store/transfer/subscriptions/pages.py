"""Reads what chats chose, page by page: a page is one moment, and memory holds one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Row, Table, select

from bot.model.chat import ChatKind, ChatState
from bot.model.following.mute import MuteKind
from bot.model.places.thread import PER_SECTION
from bot.store.engine.array_param import among
from bot.store.engine.database import Transaction
from bot.store.newsroom.tables import article
from bot.store.tables.audience import chat
from bot.store.tables.places import footer
from bot.store.tables.watch import alert_condition, word_alert
from bot.store.transfer.subscriptions.layout import PARTS, Values, columns_of, dumped
from bot.store.transfer.subscriptions.names import Names

_THREADS = ("thread_id", "digest_thread", "flash_thread")


class Page(NamedTuple):
    """The chats of a page, a line each; how many subscriptions they have; the last chat's number."""

    lines: list[bytes]
    subscriptions: int
    last: int


async def read_page(tx: Transaction, bot_id: int, known: Names, *, after: int, limit: int) -> Page | None:
    """Return the next chats of a bot; None where there are no more.

    Whoever asked to be left alone, and who is gone for good, is in no export.
    """
    there = chat.c.state.in_((ChatState.ACTIVE, ChatState.BLOCKED))
    wanted = select(*columns_of(chat), chat.c.id, footer.c.words)
    wanted = wanted.outerjoin(footer, footer.c.id == chat.c.footer_id)
    wanted = wanted.where(chat.c.bot_id == bot_id, there, chat.c.id > after).order_by(chat.c.id).limit(limit)
    rows = (await tx.execute(wanted)).all()
    if not rows:
        return None
    made = {row.id: _chat(row) for row in rows}
    for table in PARTS:
        await _add(tx, table, made, known)
    count = sum(len(each["subscription"]) for each in made.values())
    return Page([orjson.dumps(_bare(each)) for each in made.values()], count, rows[-1].id)


def _chat(row: Any) -> Values:
    said = dumped(chat, dict(row._mapping))
    if row.kind is ChatKind.PRIVATE:
        # A person's name is learnt anew at Start.
        said.pop("title", None)
        _without_threads(said)
    return said | ({"footer": row.words} if row.words else {}) | {each.name: [] for each in PARTS}


async def _add(tx: Transaction, table: Table, made: dict[int, Values], known: Names) -> None:
    found = select(table)
    if table is word_alert:
        found = found.add_columns(*(each.label(f"of_{each.name}") for each in columns_of(alert_condition)))
        found = found.join(alert_condition, alert_condition.c.id == table.c.condition_id)
    elif "article_id" in table.c:
        found = found.add_columns(article.c.source, article.c.source_uid)
        found = found.join(article, article.c.id == table.c.article_id)
    found = found.where(among(table.c.chat_id, "b_chats")).order_by(*table.primary_key.columns)
    for row in await tx.execute(found, {"b_chats": list(made)}):
        whole = made[row.chat_id]
        said = dumped(table, dict(row._mapping)) | _named(table, row, known)
        if whole["kind"] == ChatKind.PRIVATE:
            if table.name == "thread":
                continue
            _without_threads(said)
        whole[table.name].append(said)


def _named(table: Table, row: Row[Any], known: Names) -> Values:
    """Return by what names a row is known elsewhere."""
    if table is word_alert:
        of_it = {each.name: row._mapping[f"of_{each.name}"] for each in columns_of(alert_condition)}
        return {"condition": dumped(alert_condition, of_it)}
    if "article_id" in table.c:
        return {"story": known.story(row.source, row.source_uid)}
    if table.name == "mute" and row.kind is MuteKind.FEED:
        return {"feed": known.addresses.get(row.target_id, "")}
    topic = row.target_id if table.name == "mute" else row.topic_id
    return {} if topic is None else {"topic": known.slugs.get(topic, "")}


def _without_threads(said: Values) -> None:
    """Leave out the threads that the old bot opened in a private chat; that there are threads by section stays."""
    for name in _THREADS:
        if said.get(name) not in (None, PER_SECTION):
            del said[name]


def _bare(whole: Values) -> Values:
    return {str(name): value for name, value in whole.items() if not isinstance(value, Sequence) or value}

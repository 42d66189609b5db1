"""What chats chose of topics, in the form that digests are made from, read by set."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Integer, String, cast, func, select, type_coerce

from bot.model.following.mode import Mode
from bot.model.following.mute import MuteTarget
from bot.model.following.news import TopicChoice, choice_among
from bot.model.story.topic import Topics
from bot.store.engine.array_param import PackedRows, among, joined
from bot.store.engine.database import Transaction
from bot.store.following import mutes
from bot.store.newsroom.tables import topic
from bot.store.tables.audience import subscription

_LAST = 2**15
"""Behind every position that a chat can give a topic."""

_MODES = 8
"""A topic and its mode are one number: the topic so many times, and the mode."""

# Ordered here, as `bot.model.chat.topic_order` has it. With the times in the text hardly two chats would read alike.
_ORDERED = (
    select(
        subscription.c.chat_id,
        (subscription.c.topic_id * _MODES + type_coerce(subscription.c.mode, Integer)).label("chosen"),
    )
    .outerjoin(topic, topic.c.id == subscription.c.topic_id)
    .where(among(subscription.c.chat_id, "b_chats"))
    .order_by(
        subscription.c.chat_id,
        func.coalesce(subscription.c.position, _LAST),
        subscription.c.since,
        topic.c.position,
        topic.c.id,
    )
    .subquery()
)
# One text a chat: a row for each topic would take as long as all the rest. Both databases join what is ordered in its
# order (postgresql.org/docs/current/functions-aggregate.html; sqlite.org/optoverview.html, 11.2).
_CHOSEN = PackedRows(
    select(_ORDERED.c.chat_id, joined(cast(_ORDERED.c.chosen, String)).label("chosen")).group_by(
        _ORDERED.c.chat_id
    )
)

_NOTHING: frozenset[MuteTarget] = frozenset()


class TopicChoices:
    """Reads what chats chose of topics and have muted at a moment; what reads alike is made once."""

    def __init__(self, known: Topics, now: datetime) -> None:
        self._used = {topic.id for topic in known.all}
        self._now = now
        self._found: dict[tuple[str, frozenset[MuteTarget]], TopicChoice] = {}

    async def of_chats(self, tx: Transaction, chat_ids: Sequence[int]) -> dict[int, TopicChoice]:
        """Return what each of the chats chose."""
        chosen: dict[int, str] = dict(await _CHOSEN.all(tx, {"b_chats": list(chat_ids)}))  # type: ignore[arg-type]
        muted = await mutes.of_chats(tx, chat_ids, self._now)
        return {each: self._of(chosen.get(each, ""), muted.get(each, _NOTHING)) for each in chat_ids}

    def _of(self, chosen: str, muted: frozenset[MuteTarget]) -> TopicChoice:
        found = self._found.get((chosen, muted))
        if found is None:
            found = self._found[chosen, muted] = self._read(chosen, muted)
        return found

    def _read(self, chosen: str, muted: frozenset[MuteTarget]) -> TopicChoice:
        numbers = [divmod(int(each), _MODES) for each in chosen.split(",")] if chosen else []
        modes = {topic_id: Mode(mode) for topic_id, mode in numbers}
        order = (each for each, mode in modes.items() if each in self._used and mode is not Mode.OFF)
        return choice_among(order, modes, muted)

"""Reactions: Telegram tells of each in private chats and groups, and of their totals in channels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from aiogram import Router
from aiogram.types import (
    MessageReactionCountUpdated,
    MessageReactionUpdated,
    ReactionTypeCustomEmoji,
    ReactionTypeEmoji,
)

from bot.readers import reactions
from bot.services import Services

router = Router(name="reactions")

OWN, PAID = "✨", "⭐"
"""Signs for an emoji of somebody's own making, and for a paid reaction."""


@router.message_reaction()
async def reacted(event: MessageReactionUpdated, services: Services) -> None:
    """Count a reaction that somebody put under a story, or took back."""
    await reactions.change(
        services.db,
        services.bot.id,
        event.chat.id,
        event.message_id,
        gone=_signs(event.old_reaction),
        new=_signs(event.new_reaction),
    )


@router.message_reaction_count()
async def counted(event: MessageReactionCountUpdated, services: Services) -> None:
    """Keep how many reactions a story has in a channel."""
    totals: Counter[str] = Counter()
    for each in event.reactions:
        totals.update(dict.fromkeys(_signs([each.type]), each.total_count))
    await reactions.total(services.db, services.bot.id, event.chat.id, event.message_id, totals=totals)


def _signs(reacted: Iterable[object]) -> list[str]:
    return [_sign(each) for each in reacted]


def _sign(one: object) -> str:
    if isinstance(one, ReactionTypeEmoji):
        return one.emoji
    return OWN if isinstance(one, ReactionTypeCustomEmoji) else PAID

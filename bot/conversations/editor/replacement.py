"""A card's new text, in an editor's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aiogram.types import Message

from bot.conversations.dictation.message import after_command, dictated, text_of
from bot.conversations.editor.cards import change_card, send_card
from bot.conversations.visit import Visit
from bot.desk import breaking
from bot.model.desk.card import Card
from bot.model.errors import Refusal
from bot.model.story.content import is_blank


async def reword_card(
    visit: Visit, card: Card, message: Message, album: Sequence[Message] | None = None
) -> None:
    """Change the card's text or picture, and its preview in place; another picture needs another message.

    A command that the message begins with is none of its words; without any the card stays as it is.
    """
    services = visit.services
    _, article, known = await breaking.find(services.db, card.id)
    if article is None:
        raise Refusal("stale")
    skip = after_command(text_of(message))
    former = article.content
    content = dictated(message, album, known, services.bot.language, skip=skip).content
    if content.picture is None:
        content = replace(content, picture=former.picture)
    if is_blank(content.headline):
        content = replace(former, picture=content.picture)
    await breaking.rewrite(services.db, card.id, content, services.now())
    if card.preview_id is None or content.picture != former.picture:
        await send_card(visit, card.id)
    else:
        change_card(visit, card.id)

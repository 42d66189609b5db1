"""/breaking: an editor's message becomes a card, and an answer to the card changes its story."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.enums import ContentType
from aiogram.filters import BaseFilter, Command, CommandObject
from aiogram.types import Message

from bot.conversations.access import may, need
from bot.conversations.answers import send
from bot.conversations.chats import SAID
from bot.conversations.dictation.message import Draft, commanded, dictated, key_in
from bot.conversations.editor.card_pages import question_page, rewording_page
from bot.conversations.editor.cards import send_card
from bot.conversations.editor.replacement import reword_card
from bot.conversations.visit import Visit
from bot.desk import breaking
from bot.model.desk.card import Card, CardState
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right
from bot.model.story.content import is_blank
from bot.readers import topics

router = Router(name="breaking")


class Awaited(BaseFilter):
    """Passes an editor's message for which a card waits: `card` is that one."""

    async def __call__(self, message: Message, visit: Visit) -> bool | dict[str, Card]:
        """Look whether this person was asked for a text."""
        if visit.user_id is None or not await may(visit, Right.FLASH):
            return False
        services = visit.services
        now = services.now()
        card = await breaking.awaited(services.db, services.bot.id, message.chat.id, visit.user_id, at=now)
        return {"card": card} if card else False


class Previewed(BaseFilter):
    """Passes an editor's message while a preview of theirs is open: `card` is that one."""

    async def __call__(self, _message: Message, visit: Visit) -> bool | dict[str, Card]:
        """Look whether this person has a preview open."""
        if visit.user_id is None or not await may(visit, Right.FLASH):
            return False
        services = visit.services
        now = services.now()
        card = await breaking.in_preview(
            services.db, services.bot.id, visit.telegram_id, visit.user_id, at=now
        )
        return {"card": card} if card else False


class AnswersPreview(BaseFilter):
    """Passes an answer to a card's preview or controls: `card` is that one. Its question comes before them."""

    async def __call__(self, message: Message, visit: Visit) -> bool | dict[str, Card]:
        """Look whether the message answered is a card's."""
        if message.reply_to_message is None:
            return False
        services = visit.services
        at = message.reply_to_message.message_id
        card = await breaking.of_message(services.db, services.bot.id, message.chat.id, at)
        return {"card": card} if card and card.state is not CardState.ASKED else False


@router.message(Command("breaking"))
async def begin(
    message: Message, command: CommandObject, visit: Visit, album: list[Message] | None = None
) -> None:
    """Make a card of the text given, of the message replied to, or of the next message."""
    editor = await need(visit, Right.FLASH)
    if message.chat.type != "private":
        raise Refusal("private-only")
    services = visit.services
    card = await breaking.ask(services.db, services.bot.id, message.chat.id, editor, at=services.now())
    known = await topics.all_topics(services.db)
    draft = commanded(message, album, command.args or "", known=known, language=services.bot.language)
    if draft is None:
        asked = await send(visit, question_page(visit, card.id))
        await breaking.place(services.db, card.id, None, asked.message_id)
        return
    await _make(visit, card, draft, message)


@router.message(F.chat.type == "private", F.text | F.photo, ~F.text.startswith("/"), AnswersPreview())
async def rewrite(message: Message, visit: Visit, card: Card, album: list[Message] | None = None) -> None:
    """Change the card's text or picture."""
    await need(visit, Right.FLASH)
    await reword_card(visit, card, message, album)


@router.message(F.chat.type == "private", F.text | F.photo, ~F.text.startswith("/"), Awaited())
async def take(message: Message, visit: Visit, card: Card, album: list[Message] | None = None) -> None:
    """Take the message that was asked for."""
    services = visit.services
    known = await topics.all_topics(services.db)
    draft = dictated(message, album, known, services.bot.language)
    if is_blank(draft.content.headline):
        raise Refusal("no-headline")
    await _make(visit, card, draft, message)


@router.message(F.chat.type == "private", F.content_type.in_(SAID - {ContentType.TEXT}), Awaited())
async def not_taken(_message: Message) -> None:
    """Say what could be taken: a card's story is text, with a photo or without."""
    raise Refusal("text-or-photo")


@router.message(F.chat.type == "private", F.text, ~F.text.startswith("/"), Previewed())
async def offer_rewording(message: Message, visit: Visit, card: Card) -> None:
    """Ask whether what was written is the new text of the story whose preview is open."""
    await send(visit, rewording_page(visit, card.id), reply_to=message.message_id)


async def _make(visit: Visit, card: Card, draft: Draft, message: Message) -> None:
    services = visit.services
    key = key_in(message, services.bot.id)
    await breaking.draft(services.db, card, draft.content, services.now(), topic_ids=draft.topic_ids, key=key)
    await send_card(visit, card.id)

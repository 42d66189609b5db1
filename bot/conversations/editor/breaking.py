"""/breaking: from text to preview, to whom, and out; changed by answering the preview."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from aiogram import F, Router
from aiogram.enums import ContentType
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import BaseFilter, Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import is_editor, need_editor
from bot.conversations.context import Visit
from bot.conversations.editor.albums import Albums
from bot.conversations.editor.cards import control_page, preview_page, refresh, show_control
from bot.conversations.editor.wording import content_of, story_of, topics_in, without_topics
from bot.conversations.heard import SAID
from bot.conversations.visits import answer_press
from bot.desk import breaking, doubts, pushes
from bot.desk.breaking import Card, CardState
from bot.model.article import Content
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack, unpack
from bot.readers import topics
from bot.telegram.buttons import change, show

router = Router(name="breaking")
router.message.outer_middleware(Albums())


class Awaited(BaseFilter):
    """Passes an editor's message for which a card waits: `card` is that one."""

    async def __call__(self, message: Message, visit: Visit) -> bool | dict[str, Card]:
        """Look whether this person was asked for a text."""
        if visit.user_id is None or not await is_editor(visit):
            return False
        context = visit.context
        now = context.clock.now()
        card = await breaking.awaited(context.db, context.bot_id, message.chat.id, visit.user_id, now)
        return {"card": card} if card else False


class AnswersPreview(BaseFilter):
    """Passes an answer to a card's preview or controls: `card` is that one."""

    async def __call__(self, message: Message, visit: Visit) -> bool | dict[str, Card]:
        """Look whether the message answered is a card's."""
        if message.reply_to_message is None:
            return False
        context = visit.context
        at = message.reply_to_message.message_id
        card = await breaking.of_message(context.db, context.bot_id, message.chat.id, at)
        return {"card": card} if card else False


@router.message(Command("breaking"))
async def begin(
    message: Message, command: CommandObject, visit: Visit, album: list[Message] | None = None
) -> None:
    """Make a card of the text given, of the message replied to, or of the next message."""
    editor = await need_editor(visit)
    if message.chat.type != "private":
        raise Refusal("private-only")
    context = visit.context
    known = await topics.all_topics(context.db)
    card = await breaking.ask(context.db, context.bot_id, message.chat.id, editor, context.clock.now())
    words = (command.args or "").strip()
    text = message.text or message.caption or ""
    content: Content | None = None
    if message.reply_to_message is not None and not _only_topics(words, known.find):
        words_content = story_of(message, album, context.language, skip=_after_command(text))
        content = words_content if words_content.headline else None
    elif words and not _only_topics(words, known.find):
        content = story_of(message, album, context.language, skip=_after_command(text))
    if content is None and message.reply_to_message is not None:
        content = content_of(message.reply_to_message, context.language)
    if content is None and message.photo:
        content = story_of(message, album, context.language, skip=_after_command(text))
    if content is None or not content.headline:
        drop = Button(visit.label("drop"), press=pack("flash", "drop", card.id))
        page = OutgoingMessage(visit.say("breaking_ask"), buttons=((drop,),))
        asked = await show(visit.bot, message.chat.id, page)
        await breaking.place(context.db, card.id, None, asked.message_id)
        return
    await _make(visit, card, without_topics(content, known), topics_in(text, known))


@router.message(F.chat.type == "private", F.text | F.photo, ~F.text.startswith("/"), AnswersPreview())
async def rewrite(message: Message, visit: Visit, card: Card, album: list[Message] | None = None) -> None:
    """Change the card's text or picture, and its preview in place; another picture needs another message."""
    await need_editor(visit)
    context = visit.context
    _, article, known = await breaking.find(context.db, card.id)
    if article is None:
        raise Refusal("stale")
    former, content = article.content, without_topics(story_of(message, album, context.language), known)
    if content.picture is None:
        content = replace(content, picture=former.picture)
    elif not content.headline:
        content = replace(former, picture=content.picture)
    await breaking.rewrite(context.db, card.id, content, context.clock.now())
    if card.preview_id is None or content.picture != former.picture:
        await _show(visit, card.id)
        return
    await _preview_again(visit, card.id)
    await show_control(visit, card.id)


@router.message(F.chat.type == "private", F.text | F.photo, ~F.text.startswith("/"), Awaited())
async def take(message: Message, visit: Visit, card: Card, album: list[Message] | None = None) -> None:
    """Take the message that was asked for."""
    context = visit.context
    known = await topics.all_topics(context.db)
    content = without_topics(story_of(message, album, context.language), known)
    if not content.headline:
        raise Refusal("no-headline")
    await _make(visit, card, content, topics_in(message.text or message.caption or "", known))


@router.message(F.chat.type == "private", F.content_type.in_(SAID - {ContentType.TEXT}), Awaited())
async def not_taken(_message: Message) -> None:
    """Say what could be taken: a card's story is text, with a photo or without."""
    raise Refusal("text-or-photo")


@router.callback_query(F.data.startswith("flash:"))
async def pressed(press: CallbackQuery, visit: Visit) -> None:
    """Choose to whom, send, drop; pause, resume or stop what is going out, and decide what is in doubt."""
    editor = await need_editor(visit)
    said = unpack(press.data or "")
    card_id = said.number(1)
    if card_id is None:
        raise Refusal("stale")
    context = visit.context
    now = context.clock.now()
    match said.args[0]:
        case "to":
            await breaking.address(context.db, card_id, said.number(2) or None)
            await _preview_again(visit, card_id)
            await show_control(visit, card_id)
        case "send":
            sent = await breaking.send(context.db, card_id, editor, now)
            context.news_bell()
            await answer_press(press, visit.notice("sent" if sent else "sent_before"))
            if sent:
                await refresh(context, visit.bot, now, force=card_id)
        case "drop":
            if await breaking.drop(context.db, card_id):
                card, _, _ = await breaking.find(context.db, card_id)
                page = OutgoingMessage(visit.say("breaking_dropped"))
                if card.control_id is not None:
                    await change(visit.bot, card.telegram_chat_id, card.control_id, page, photo=False)
            await answer_press(press, visit.notice("dropped"))
        case "stop" | "pause" | "resume" | "again" | "leave" as verb:
            await answer_press(press, visit.notice(await _steer(visit, card_id, verb, editor)))
            await refresh(context, visit.bot, now, force=card_id)
        case _:
            raise Refusal("stale")


async def _steer(visit: Visit, card_id: int, verb: str, editor: int) -> str:
    """Change the course of what is going out; return the notice that says so."""
    context = visit.context
    db, now = context.db, context.clock.now()
    bulletin_id, article_id = await breaking.push_of(db, card_id)
    match verb:
        case "pause":
            await pushes.pause(db, bulletin_id, now, editor)
        case "resume":
            await pushes.resume(db, bulletin_id, now, editor)
        case "stop":
            await pushes.stop(db, bulletin_id, now, editor)
        case "again":
            await doubts.send(db, article_id, now, editor)
        case "leave":
            await doubts.drop(db, article_id, now, editor)
    await breaking.watch(db, card_id)
    context.news_bell()
    return f"push_{verb}"


async def _make(visit: Visit, card: Card, content: Content, topic_ids: tuple[int, ...]) -> None:
    context = visit.context
    await breaking.draft(context.db, card, content, topic_ids, context.clock.now())
    await _show(visit, card.id)


async def _show(visit: Visit, card_id: int) -> None:
    """Send preview and controls anew; the former ones go."""
    card, _, _ = await breaking.find(visit.context.db, card_id)
    preview = await show(visit.bot, visit.telegram_id, await preview_page(visit, card_id))
    control = await show(visit.bot, visit.telegram_id, await control_page(visit, card_id))
    await breaking.place(visit.context.db, card_id, preview.message_id, control.message_id)
    for former in filter(None, (card.preview_id, card.control_id)):
        with suppress(TelegramAPIError):
            await visit.bot.delete_message(card.telegram_chat_id, former)


async def _preview_again(visit: Visit, card_id: int) -> None:
    card, article, _ = await breaking.find(visit.context.db, card_id)
    if card.preview_id is not None and article is not None and card.state is CardState.OPEN:
        photo = article.content.picture is not None
        page = await preview_page(visit, card_id)
        await change(visit.bot, card.telegram_chat_id, card.preview_id, page, photo=photo)


def _after_command(text: str) -> int:
    """Return where the text goes on after its command."""
    if not text.startswith("/"):
        return 0
    command = text.split(maxsplit=1)[0]
    return len(command)


def _only_topics(words: str, find: object) -> bool:
    assert callable(find)
    return all(word.startswith("#") and find(word) for word in words.split())

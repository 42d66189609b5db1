"""What somebody who may write sends to the bot becomes a draft: a text, a forward, pictures, a document."""

from __future__ import annotations

from collections.abc import Sequence

from aiogram import F, Router
from aiogram.filters import BaseFilter
from aiogram.types import CallbackQuery, InaccessibleMessage, Message, MessageOriginUser

from bot.conversations.access import may, need, need_for, role_of
from bot.conversations.answers import change, send
from bot.conversations.desk.card import story_card
from bot.conversations.dictation import document
from bot.conversations.dictation.guess import TopicGuess, guessed, renewed, with_figures
from bot.conversations.dictation.message import key_in, text_of
from bot.conversations.dictation.tags import topics_in
from bot.conversations.search.keys import FIND
from bot.conversations.visit import Visit
from bot.desk.story import draft
from bot.desk.story.message import of_message, reword
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.newsroom.role import Right
from bot.model.press import pack
from bot.model.story.article import IN_THE_MAKING, Article, Content
from bot.readers import topics
from bot.sources.parser_pool import ParserPool

router = Router(name="desk_writing")

FEW_WORDS, FEW_CHARACTERS = 5, 30
"""Below either a line alone may as well be a thank-you: the bot asks. The shortest headlines have five words."""

MOST_STORIES = 10
"""How many drafts one document makes: more cards than these at once nobody reads."""


class Writes(BaseFilter):
    """Passes what somebody who may write says of their own accord: no command, no answer to the bot.

    A message that the bot itself had sent, and that is forwarded to it, is no new story.
    """

    async def __call__(self, message: Message, visit: Visit) -> bool:
        """Look what the message is before asking for the right."""
        answered, origin, bot_id = message.reply_to_message, message.forward_origin, visit.services.bot.id
        if visit.kind is not ChatKind.PRIVATE or text_of(message).startswith("/"):
            return False
        if answered is not None and answered.from_user is not None and answered.from_user.id == bot_id:
            return False
        if isinstance(origin, MessageOriginUser) and origin.sender_user.id == bot_id:
            return False
        return await may(visit, Right.WRITE)


@router.message(F.text | F.photo | F.video | F.animation, Writes())
async def write(message: Message, visit: Visit, album: list[Message] | None = None) -> None:
    """Make a draft of what was said and shown; of a few words only after a question."""
    if _small(message):
        await send(visit, _question(visit), reply_to=message.message_id)
        return
    article = await _made(visit, message, album)
    await send(visit, await story_card(visit, article.id), reply_to=message.message_id)


@router.message(F.document, Writes())
async def write_document(
    message: Message, visit: Visit, parsers: ParserPool, album: list[Message] | None = None
) -> None:
    """Make drafts of a document's stories. A file of another kind goes with the words that stand below it."""
    files = [each for each in album or [message] if each.document]
    unread = not any(each.document and document.readable(each.document) for each in files)
    if unread and text_of(message) and not _small(message):
        await write(message, visit, album)
        return
    for each in files:
        try:
            await _read(visit, each, parsers, said=text_of(message))
        except Refusal as refusal:
            words = visit.services.talk.refusal(refusal.code, visit.language, **refusal.facts)
            await each.reply(words, parse_mode=None)


@router.callback_query(F.data == "write:make")
async def make(press: CallbackQuery, visit: Visit) -> None:
    """Make a draft of the few words that the message with the button answers."""
    message = await answered_by(press, visit)
    article = await _made(visit, message, None)
    await change(visit, press, await story_card(visit, article.id))


async def answered_by(press: CallbackQuery, visit: Visit) -> Message:
    """Return the visitor's own message that the message with the button answers. Refused where it is none."""
    await need(visit, Right.WRITE)
    own = press.message
    if visit.kind is not ChatKind.PRIVATE or own is None or isinstance(own, InaccessibleMessage):
        raise Refusal("stale")
    asked = own.reply_to_message
    if asked is None or asked.from_user is None or asked.from_user.id != visit.user_id:
        raise Refusal("stale")
    return asked


async def _made(visit: Visit, message: Message, album: Sequence[Message] | None) -> Article:
    """Return the draft that the message is, made now or before; a part of an album that came late is added."""
    services, parts = visit.services, [message, *(album or ())]
    key, known = key_in(message, services.bot.id), await topics.all_topics(services.db)
    before = await of_message(services.db, key)
    if before is None:
        content = with_figures(guessed(message, known, services.bot.language), parts)
        return await _kept(visit, content, key, said=text_of(message))
    if message.media_group_id is None or before.status not in IN_THE_MAKING:
        return before
    whole = with_figures(before.content, parts)
    if text_of(message) and not before.content.headline:
        whole = renewed(message, whole, known, services.bot.language)
    if whole.fingerprint() == before.content.fingerprint():
        return before
    by = await need(visit, Right.WRITE)
    return await reword(services.db, before.id, whole, at=services.now(), by=by)


async def _kept(
    visit: Visit, content: Content, key: str, *, said: str, categories: Sequence[str] = ()
) -> Article:
    services = visit.services
    known, role = await topics.all_topics(services.db), await role_of(services, visit.user_id)
    by = await need(visit, Right.WRITE)
    if named := topics_in(said, known):
        await need_for(visit, Right.WRITE, named)
    chosen = TopicGuess(known, role).choose(content, said, categories)
    return await draft.make(services.db, content, at=services.now(), by=by, topic_ids=chosen, key=key)


async def _read(visit: Visit, message: Message, parsers: ParserPool, *, said: str) -> None:
    """Make a draft of each of the document's stories, show their cards, and say what was left out."""
    assert message.document is not None
    language = visit.services.bot.language
    told = await document.read(visit, message.document, parsers)
    for place, item in enumerate(told.items[:MOST_STORIES], 1):
        key, content = (
            key_in(message, visit.services.bot.id, place),
            document.content_of(item, language),
        )
        made = await of_message(visit.services.db, key) or await _kept(
            visit, content, key, said=said, categories=item.categories
        )
        await send(visit, await story_card(visit, made.id), reply_to=message.message_id)
    left = max(0, len(told.items) - MOST_STORIES)
    if left or told.lost:
        page = OutgoingMessage(
            visit.say("document_left", stories=left, most=MOST_STORIES, pictures=told.lost)
        )
        await send(visit, page, reply_to=message.message_id)


def _small(message: Message) -> bool:
    """Return whether a message may be small talk: one short line without a picture, written here and now.

    A file's caption is small where there is none.
    """
    text = text_of(message).strip()
    if message.forward_origin or message.photo or message.video or message.animation or "\n" in text:
        return False
    return len(text.split()) < FEW_WORDS or len(text) < FEW_CHARACTERS


def _question(visit: Visit) -> OutgoingMessage:
    make_one = Button(visit.label("make_draft"), press=pack("write", "make"), style="primary")
    return OutgoingMessage(
        visit.say("write_ask"), buttons=((make_one,), (Button(visit.label("search"), press=FIND),))
    )

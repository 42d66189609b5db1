"""An edited message changes its draft, or the card of breaking news that it became."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import BaseFilter
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import may, need, need_for
from bot.conversations.answers import change, send
from bot.conversations.desk.card import story_card
from bot.conversations.desk.entrance import refused_words
from bot.conversations.desk.writing import MOST_STORIES, answered_by
from bot.conversations.dictation import document
from bot.conversations.dictation.guess import renewed
from bot.conversations.dictation.message import key_in, text_of
from bot.conversations.editor.replacement import reword_card
from bot.conversations.presses import answer_press
from bot.conversations.visit import Visit
from bot.desk import breaking, lookup
from bot.desk.story.message import of_message, reword
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.newsroom.role import Right
from bot.model.press import pack, unpack
from bot.model.story.article import Article, Content
from bot.readers import topics
from bot.sources.parser_pool import ParserPool

router = Router(name="desk_edits")

HELD_UP = ("changed-on-card", "locked", "changed-meanwhile")
"""Why an edit is not taken by itself, though it can be."""


class BecameStory(BaseFilter):
    """Passes an edited message that has become a story: `article` is that one."""

    async def __call__(self, message: Message, visit: Visit) -> bool | dict[str, Article]:
        """Look for the story by the message."""
        if not (await may(visit, Right.WRITE) or await may(visit, Right.FLASH)):
            return False
        found = await of_message(visit.services.db, key_in(message, visit.services.bot.id))
        return {"article": found} if found else False


@router.edited_message(F.text | F.photo | F.video | F.animation, BecameStory())
async def rewrite(message: Message, visit: Visit, article: Article) -> None:
    """Make the message's new words the draft's, or those of its open card of breaking news."""
    if message.media_group_id is not None and not text_of(message):
        # Which picture of the album it was nobody says.
        await _tell(visit, message, article, album=True)
    elif article.flash:
        await _rewrite_card(visit, message, article)
    else:
        await _rewrite(visit, message, article, await _said(visit, message, article))


@router.edited_message(F.document, BecameStory())
async def rewrite_document(message: Message, visit: Visit, article: Article, parsers: ParserPool) -> None:
    """Read the document anew: it may be another one now. What is said below it is only the editor's note."""
    if not _is_read(message):
        await _rewrite(visit, message, article, await _said(visit, message, article))
        return
    for place, content in enumerate(await _read(visit, message, parsers), 1):
        known = await of_message(visit.services.db, key_in(message, visit.services.bot.id, place))
        if known is not None:
            await _rewrite(visit, message, known, content)


@router.callback_query(F.data.startswith("write:take:"))
async def take(press: CallbackQuery, visit: Visit, parsers: ParserPool) -> None:
    """Replace what the story says now, whoever wrote it, by what its message says."""
    message = await answered_by(press, visit)
    data = unpack(press.data or "")
    article_id, seen = data.number(1), data.version(2)
    article = await lookup.get(visit.services.db, article_id) if article_id else None
    keys = [key_in(message, visit.services.bot.id, place) for place in range(1, MOST_STORIES + 1)]
    if article is None or article.source_uid not in keys or not seen:
        raise Refusal("stale")
    try:
        if _is_read(message):
            told = await _read(visit, message, parsers)
            content = told[min(keys.index(article.source_uid), len(told) - 1)]
        else:
            content = await _said(visit, message, article)
        await _save(visit, article, content, seen=seen)
    except Refusal as refusal:
        await answer_press(press, await refused_words(visit, refusal), alert=True)
    await change(visit, press, await story_card(visit, article.id))


def _is_read(message: Message) -> bool:
    return message.document is not None and document.readable(message.document)


async def _read(visit: Visit, message: Message, parsers: ParserPool) -> list[Content]:
    assert message.document is not None
    told = await document.read(visit, message.document, parsers)
    return [document.content_of(each, visit.services.bot.language) for each in told.items]


async def _said(visit: Visit, message: Message, article: Article) -> Content:
    services = visit.services
    known = await topics.all_topics(services.db)
    return renewed(message, article.content, known, services.bot.language)


async def _save(visit: Visit, article: Article, content: Content, *, seen: int | None = None) -> Article:
    services = visit.services
    by = await need(visit, Right.WRITE)
    if article.topic_ids:
        await need_for(visit, Right.WRITE, article.topic_ids)
    return await reword(services.db, article.id, content, at=services.now(), by=by, seen=seen)


async def _rewrite(visit: Visit, message: Message, article: Article, content: Content) -> None:
    """Change the draft and say so; where that can't be, say why, with the buttons of what can."""
    try:
        after = await _save(visit, article, content)
    except Refusal as refusal:
        if refusal.code != "unchanged":
            await _refuse(visit, message, article, refusal)
        return
    void = after.status is not article.status
    await _tell(visit, message, after, revision=after.revision, void=void)


async def _rewrite_card(visit: Visit, message: Message, article: Article) -> None:
    services = visit.services
    await need(visit, Right.FLASH)
    card = await breaking.of_article(services.db, services.bot.id, article.id)
    if card is None:
        return
    try:
        await reword_card(visit, card, message)
    except Refusal as refusal:
        await _refuse(visit, message, article, refusal)


async def _refuse(visit: Visit, message: Message, article: Article, refusal: Refusal) -> None:
    why, late = await refused_words(visit, refusal), refusal.code == "already-published"
    await _tell(visit, message, article, take=refusal.code in HELD_UP, why=why, late=late)


async def _tell(
    visit: Visit, message: Message, article: Article, *, take: bool = False, **facts: object
) -> None:
    """Answer the edited message, with a button to the story's card, and one that takes the message's text."""
    rows = [(Button(visit.label("open_card"), press=pack("desk", "card", article.id)),)]
    if take:
        press = pack("write", "take", article.id, article.revision)
        rows.insert(0, (Button(visit.label("take_words"), press=press, style="primary"),))
    page = OutgoingMessage(visit.say("edit_answer", **{**_NOTHING, **facts}), buttons=tuple(rows))
    await send(visit, page, reply_to=message.message_id)


_NOTHING = {"album": False, "why": "", "late": False, "revision": 0, "void": False}

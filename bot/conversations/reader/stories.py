"""Stories on request: /latest, in full in place, mute from under a story."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import is_editor, need_manager
from bot.conversations.context import Visit
from bot.conversations.joining import joined
from bot.conversations.reader import reading
from bot.conversations.reader.reading import is_photo
from bot.conversations.visits import answer_press
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.model.form import Form
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack, unpack
from bot.model.topic import Topics
from bot.readers import stories, topics
from bot.rendering.story import Story
from bot.telegram.buttons import change, show

router = Router(name="stories")

USUAL, MOST = 5, 10
RELATED = 3


@router.message(Command("latest"))
async def latest(message: Message, command: CommandObject, visit: Visit) -> None:
    """Show the latest stories: `/latest [topic] [n]`, in any order and inflection."""
    known = await topics.all_topics(visit.context.db)
    words, limit = _split(command.args or "", known)
    topic = topics.meant(known, words) if words else None
    if words and topic is None:
        names = [each.name(visit.language) for each in known.children(None)]
        await message.answer(visit.say("unknown_topic", words=words, topics=names))
        return
    page = await _latest_page(visit, topic.id if topic else None, limit)
    await show(visit.bot, message.chat.id, page, visit.thread_id)


@router.callback_query(F.data.startswith("brief:"))
async def collapse(press: CallbackQuery, visit: Visit) -> None:
    """Show the brief again in the place of the full story."""
    story = await _story(visit, unpack(press.data or "").number(0))
    await _put(visit, press, visit.context.articles.short(story, visit.audience, visit.style))


@router.callback_query(F.data.startswith("close"))
async def close(press: CallbackQuery, visit: Visit) -> None:
    """Delete the full story that was sent below its brief. In private chats alone: nobody else reads it."""
    if isinstance(press.message, Message) and press.message.chat.type == ChatKind.PRIVATE:
        await press.message.delete()


@router.callback_query(F.data.startswith("full:") | F.data.startswith("open:"))
async def read(press: CallbackQuery, visit: Visit) -> None:
    """Show a story in full: as an article in its brief's place, or below a picture; else page by page."""
    said = unpack(press.data or "")
    opened = said.verb == "open"
    if opened:
        page, back = 0, pack("list", *said.args[1:]) if len(said.args) > 1 else None
    else:
        page, back = said.number(1) or 0, ":".join(said.args[2:]) or None
    story = await _story(visit, said.number(0))
    photo = is_photo(press)
    if page == 0 and await reading.open_rich(visit, press, story, back, below=photo):
        return
    await _put(visit, press, visit.context.articles.full(story, visit.audience, page, photo=photo, back=back))


@router.callback_query(F.data.startswith("rich:"))
async def turn_page(press: CallbackQuery, visit: Visit) -> None:
    """Show another page of a story that is longer than one rich message."""
    said = unpack(press.data or "")
    story = await _story(visit, said.number(0))
    way = ":".join(said.args[2:]) or None
    if not await reading.put_rich(visit, press, story, said.number(1) or 0, way):
        await _put(visit, press, visit.context.articles.full(story, visit.audience))


@router.callback_query(F.data.startswith("list:latest:"))
async def back_to_list(press: CallbackQuery, visit: Visit) -> None:
    """Show the list again from which a story was opened."""
    said = unpack(press.data or "")
    if press.message is None:
        raise Refusal("stale")
    limit = max(1, min(MOST, said.number(2) or USUAL))
    page = await _latest_page(visit, said.number(1) or None, limit)
    await change(visit.bot, press.message.chat.id, press.message.message_id, page, photo=False)


@router.callback_query(F.data.startswith("mute:"))
async def mute(press: CallbackQuery, visit: Visit) -> None:
    """Mute the story's topic; where it has several, ask which."""
    said = unpack(press.data or "")
    article_id, topic_id = said.number(0), said.number(1)
    if article_id is None or press.message is None:
        raise Refusal("stale")
    await need_manager(visit, press)
    here = await joined(visit, press.message.chat)
    context = visit.context
    about = await topics.topics_of(context.db, article_id)
    if topic_id is None and len(about) > 1:
        rows = tuple(
            (Button(each.name(visit.language), press=pack("mute", article_id, each.id)),) for each in about
        )
        page = OutgoingMessage(visit.say("choose_mute"), buttons=rows)
        await show(visit.bot, here.telegram_id, page, visit.thread_id)
        return
    wanted = topic_id if topic_id is not None else (about[0].id if about else None)
    if wanted is None:
        raise Refusal("no-topic")
    topic = await topics.mute(context.db, here.id, wanted, context.clock.now())
    await answer_press(press, visit.notice("muted", topic=topic.name(visit.language)))


async def show_story(visit: Visit, article_id: int) -> None:
    """Send a story into the chat that asked for it: as an article where the chat likes those, else briefly."""
    story = await _story(visit, article_id)
    if visit.style.form is Form.RICH and await reading.send_rich(visit, story):
        return
    page = visit.context.articles.short(story, visit.audience, visit.style)
    await show(visit.bot, visit.telegram_id, page, visit.thread_id)


async def _story(visit: Visit, article_id: int | None) -> Story:
    if article_id is None:
        raise Refusal("stale")
    # An editor reads on in a preview, too.
    draft = await is_editor(visit)
    article, known, others = await stories.with_related(visit.context.db, article_id, RELATED, draft=draft)
    return visit.story(article, known, others)


async def _put(visit: Visit, press: CallbackQuery, page: OutgoingMessage) -> None:
    if press.message is None:
        raise Refusal("stale")
    await change(visit.bot, press.message.chat.id, press.message.message_id, page, photo=is_photo(press))


def _split(words: str, known: Topics) -> tuple[str, int]:
    """Return the topic's words and how many stories are wanted; a topic's name may be a number."""
    parts = words.split()
    number = next((part for part in reversed(parts) if part.isdecimal()), None)
    if number is None or known.find(words):
        return " ".join(parts), USUAL
    parts.remove(number)
    return " ".join(parts), max(1, min(MOST, int(number[:4])))


async def _latest_page(visit: Visit, topic_id: int | None, limit: int) -> OutgoingMessage:
    here = visit.chat.id if visit.chat else None
    found, known = await stories.latest(visit.context.db, here, topic_id, limit)
    return visit.context.digests.latest(
        [visit.story(each, known) for each in found],
        visit.audience,
        title_topic=_name(known, topic_id, visit.language),
        key=f"latest:{topic_id or 0}:{limit}",
        now=visit.context.clock.now(),
    )


def _name(known: Topics, topic_id: int | None, language: str) -> str | None:
    topic = known.by_id.get(topic_id) if topic_id is not None else None
    return topic.name(language) if topic else None

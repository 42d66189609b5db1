"""Stories on request: /latest, in full in place, mute from under a story."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import is_editor, need_manager
from bot.conversations.context import Visit
from bot.conversations.joining import joined
from bot.conversations.visits import answer_press
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack, unpack
from bot.model.topic import Topics
from bot.readers import stories, topics
from bot.telegram.buttons import change, show

router = Router(name="stories")

USUAL, MOST = 5, 10


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


@router.callback_query(F.data.startswith("full:") | F.data.startswith("brief:") | F.data.startswith("open:"))
async def read(press: CallbackQuery, visit: Visit) -> None:
    """Show a story in full, a page of it, or its brief again, in the message's place."""
    said = unpack(press.data or "")
    article_id = said.number(0)
    if article_id is None or press.message is None:
        raise Refusal("stale")
    # An editor reads on in a preview, too.
    article, known = await stories.story(visit.context.db, article_id, draft=await is_editor(visit))
    story = visit.story(article, known)
    photo = isinstance(press.message, Message) and bool(press.message.photo)
    articles = visit.context.articles
    if said.verb == "brief":
        page = articles.brief(story, visit.audience)
    elif said.verb == "open":
        back = pack("list", *said.args[1:]) if len(said.args) > 1 else None
        page = articles.full(story, visit.audience, photo=photo, back=back)
    else:
        back = ":".join(said.args[2:]) or None
        page = articles.full(story, visit.audience, said.number(1) or 0, photo=photo, back=back)
    await change(visit.bot, press.message.chat.id, press.message.message_id, page, photo=photo)


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
    """Send a story's brief into the chat that asked for it."""
    article, known = await stories.story(visit.context.db, article_id)
    page = visit.context.articles.brief(visit.story(article, known), visit.audience)
    await show(visit.bot, visit.telegram_id, page, visit.thread_id)


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

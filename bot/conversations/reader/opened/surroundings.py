"""What a story is shown with to the one chat that opened it."""

from __future__ import annotations

from dataclasses import replace

from aiogram.types import CallbackQuery

from bot.conversations.reader.opened import lists
from bot.conversations.visit import Visit
from bot.model.chat import ChatKind, ChatState
from bot.model.press import CALLBACK_BYTES
from bot.readers import saved, topics
from bot.readers.walk import Stop, around
from bot.readers.watch import stories as followed
from bot.rendering.story import Opened, Story

BEFORE, AFTER = "prev", "next"
_LIST = "list:"


async def opened_from(visit: Visit, press: CallbackQuery, story: Story, way: str | None) -> Story:
    """Return the story with its neighbours in the list that `way` leads back to, and with what saves it."""
    opened = Opened(saved=await _saved(visit, story), watched=await watched(visit, story))
    if way and way.startswith(_LIST):
        key = way.removeprefix(_LIST)
        places = await lists.places(visit, press, key)
        near = around([each.stop for each in places], Stop(story.id, story.published_at))

        def step(verb: str, stop: Stop | None) -> str | None:
            return _step(verb, stop, lists.key_of(places, stop, key)) if stop else None

        opened = replace(opened, before=step(BEFORE, near.before), after=step(AFTER, near.after))
    return replace(story, opened=opened)


async def opened_by_link(visit: Visit, story: Story) -> Story:
    """Return the story with what saves it; and with its topic to follow, where the chat follows none of its topics."""
    follows = await watched(visit, story)
    if visit.kind is not ChatKind.PRIVATE:
        return replace(story, opened=Opened(watched=follows))
    return replace(
        story,
        opened=Opened(saved=await _saved(visit, story), follow=await _offer(visit, story), watched=follows),
    )


async def watched(visit: Visit, story: Story) -> bool | None:
    """Return whether the chat follows the story; None where it can't be followed: a draft, a chat after /stop."""
    if not story.readable or story.opened.watched is None:
        return None
    if visit.chat is None:
        return False
    if visit.chat.state is ChatState.STOPPED:
        return None
    return await followed.follows(visit.services.db, visit.chat.id, story.id)


async def _saved(visit: Visit, story: Story) -> bool | None:
    """Return whether a person saved the story; None where nothing can be saved: in a group, after /stop, a draft."""
    if visit.kind is not ChatKind.PRIVATE or not story.readable:
        return None
    if visit.chat is None:
        return False
    if visit.chat.state is ChatState.STOPPED:
        return None
    return await saved.holds(visit.services.db, visit.chat.id, story.id)


async def _offer(visit: Visit, story: Story) -> tuple[int, str] | None:
    if visit.chat is None or not story.readable:
        return None
    found = await topics.following(visit.services.db, visit.chat.id, visit.services.now())
    about = [topic for slug, _ in story.topics if (topic := found.topics.find(slug))]
    if any(found.follows(each.id) for each in about):
        return None
    # What was switched off or muted is not offered again.
    free = [each for each in about if each.id not in found.chosen and found.mute_of(each.id) is None]
    return (free[0].id, free[0].name(visit.language)) if free else None


def _step(verb: str, stop: Stop, key: str) -> str | None:
    """Return the data of a button to a neighbour; none where 64 bytes don't hold it."""
    data = f"{verb}:{stop.id}:{key}"
    return data if len(data.encode()) <= CALLBACK_BYTES else None

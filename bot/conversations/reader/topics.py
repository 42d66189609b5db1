"""/topics: the list of topics, with what the chat follows shown in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.conversations.access import need_manager
from bot.conversations.answers import change, change_buttons
from bot.conversations.chats import joined, managed
from bot.conversations.language import own_name
from bot.conversations.places.aside import said_aside
from bot.conversations.places.threads import note_spoken
from bot.conversations.places.whereabouts import elsewhere
from bot.conversations.presses import answer_press
from bot.conversations.reader.following.words import name_of, state_button
from bot.conversations.reader.topic_menu import keep_menu, post_menu
from bot.conversations.visit import Visit
from bot.model.chat import Chat, ChatKind
from bot.model.errors import Refusal
from bot.model.following.following import Following
from bot.model.following.mode import WIRE, Mode
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.press import pack, unpack
from bot.model.story.topic import Topic, Topics
from bot.readers import settings, topics
from bot.readers.latest import USUAL
from bot.readers.places.threads import bring, settle_first, spoken_in

router = Router(name="topics")

ON, OFF, BELOW = "✅", "▫️", "›"
PER_PAGE, PER_ROW = 20, 3


@router.message(Command("topics"))
async def offer(message: Message, visit: Visit) -> None:
    """Show all topics with buttons."""
    await need_manager(visit, message)
    here = await joined(visit, message.chat)
    here = await post_here(message, visit, here)
    page = await topics_page(visit, here.id, None)
    if not await said_aside(visit, message, page):
        await post_menu(visit, here, page)


@router.callback_query(F.data == "topics-done")
async def done(press: CallbackQuery, visit: Visit) -> None:
    """Fold the list of topics up into what is followed now, with the ways on."""
    here = await managed(press, visit, None)
    found = await topics.following(visit.services.db, here.id, visit.services.now())
    groups = following_by_mode(visit, found)
    text = visit.say("topics_done", groups=groups, private=here.private)
    again = Button(visit.label("topics"), press=pack("topics", 0))
    ways = (_latest(visit), again) if here.private and found.any else (again,)
    await change(visit, press, OutgoingMessage(text, buttons=tuple((way,) for way in ways)))


@router.callback_query(F.data.startswith("topics"))
async def turn(press: CallbackQuery, visit: Visit) -> None:
    """Show the topics below one, or another page of them."""
    said = unpack(press.data or "")
    here = await managed(press, visit, said.number(1))
    meant = here if said.number(1) else None
    page = await topics_page(visit, here.id, said.number(0) or None, meant, page=said.number(2) or 0)
    await change(visit, press, page)
    await keep_menu(visit, here, press)


@router.callback_query(F.data.startswith("follow:"))
async def follow(press: CallbackQuery, visit: Visit) -> None:
    """Follow the topic of a deep link's offer, whoever presses twice too, and show the list of topics."""
    said = unpack(press.data or "")
    here = await managed(press, visit, None)
    topic_id = said.number(0)
    if topic_id is None:
        raise Refusal("stale")
    services = visit.services
    thread_id = spoken_in(here, visit.thread_id)
    topic = await topics.follow(services.db, here.id, topic_id, services.now(), thread_id=thread_id)
    await answer_press(press, visit.notice("following", topic=topic.name(visit.language)))
    await change(visit, press, await topics_page(visit, here.id, topic.parent_id))
    await keep_menu(visit, here, press)


@router.callback_query(F.data.startswith("pick:"))
async def pick(press: CallbackQuery, visit: Visit) -> None:
    """Follow a topic, or leave it. The words above the buttons, such as a greeting, stay."""
    said = unpack(press.data or "")
    topic_id = said.number(0)
    if topic_id is None:
        raise Refusal("stale")
    here = await managed(press, visit, said.number(2))
    meant = here if said.number(2) else None
    services = visit.services
    now = services.now()
    thread_id = None if meant else spoken_in(here, visit.thread_id)
    brought = None if meant else await bring(services.db, here, topic_id, thread_id=visit.thread_id, at=now)
    if brought is not None:
        await answer_press(press, visit.notice("comes_here", topic=brought.name(visit.language)))
    else:
        made = await topics.toggle(services.db, here.id, topic_id, now, thread_id=thread_id)
        muted = {"muted": made.muted.name(visit.language)} if made.muted else {}
        said_now = "following" if made.followed else "not_following"
        await answer_press(press, visit.notice(said_now, topic=name_of(visit, made.topic), **muted))
    if (parent := said.number(1)) is not None:
        shown = await topics_page(visit, here.id, parent or None, meant, page=said.number(3) or 0)
        await change_buttons(visit, press, shown.buttons)
        await keep_menu(visit, here, press)


async def topics_page(
    visit: Visit,
    chat_id: int,
    parent_id: int | None,
    meant: Chat | None = None,
    *,
    text: str | None = None,
    page: int = 0,
) -> OutgoingMessage:
    """Return a page (from 0) of the topics below `parent_id`, or of the top ones.

    `meant` is another chat that they are for. `text` takes the place of the usual words.
    """
    services = visit.services
    found = await topics.following(services.db, chat_id, services.now())
    every = found.topics.children(parent_id)
    page = max(0, min(page, (len(every) - 1) // PER_PAGE))
    shown = every[page * PER_PAGE : (page + 1) * PER_PAGE]
    others = {} if meant or visit.kind is ChatKind.PRIVATE else await elsewhere(visit, chat_id)
    list_ = _List(visit, found, parent_id, page, meant, others)
    languages = await _languages(visit, found) if parent_id is None else []
    ways = (*list_.ways(shown, len(every)), *list_.languages(languages))
    rows = (*list_.wire(), *list_.topics(shown), *ways, *list_.last())
    if text is None:
        text = visit.say(
            "topics",
            path=_path(found.topics, parent_id, visit.language),
            empty=not found.topics.all,
            channel=meant.title if meant else "",
            followed=found.any,
            news_languages=languages,
        )
    return OutgoingMessage(text, buttons=rows)


async def _languages(visit: Visit, found: Following) -> list[str]:
    """Return the languages in which the chat gets news, where the newsroom tells news in several."""
    told = visit.services.bot.coverage.read(tuple(await settings.news_told(visit.services.db, ())))
    chosen = found.news_languages or tuple(told)
    return [own_name(code) for code in chosen] if len(set(told) | set(chosen)) > 1 else []


@dataclass(frozen=True, slots=True)
class _List:
    """The buttons of one page of topics."""

    visit: Visit
    found: Following
    parent_id: int | None
    page: int
    meant: Chat | None
    elsewhere: Mapping[int, str]
    """The topics that come into another thread than this one, each with the name of that one."""

    def wire(self) -> Keyboard:
        """Return the row of the whole wire, above the first of the topics at the top."""
        if self.parent_id is not None or self.page or not self.found.topics.all:
            return ()
        return (self._row(WIRE, self.visit.label("all_news")),)

    def topics(self, shown: Sequence[Topic]) -> Keyboard:
        """Return a row for each topic: whether it is followed; beside that, of what is, when it comes."""
        return tuple(self._row(topic.id, self._with_thread(topic)) for topic in shown)

    def _row(self, topic_id: int, name: str) -> tuple[Button, ...]:
        above, meant = self.parent_id or 0, self._meant()
        muted = topic_id != WIRE and self.found.mute_of(topic_id) is not None
        mark = ON if self.found.follows(topic_id) and not muted else OFF
        pick = Button(f"{mark} {name}", press=pack("pick", topic_id, above, meant, self.page))
        state = state_button(self.visit, self.found, topic_id, above, meant, self.page)
        return (pick, state) if state else (pick,)

    def ways(self, shown: Sequence[Topic], count: int) -> Keyboard:
        """Return small buttons, several in a row: into topics that have others below, and to other pages."""
        inner = [
            Button(f"{self._name(topic)} {BELOW}", press=pack("topics", topic.id, self._meant()))
            for topic in shown
            if self.found.topics.children(topic.id)
        ]
        rows = [tuple(inner[at : at + PER_ROW]) for at in range(0, len(inner), PER_ROW)]
        pages = -(-count // PER_PAGE)
        if pages > 1:
            turns = (
                (self.visit.label("page_before", page=self.page), self.page - 1),
                (f"{self.page + 1}/{pages}", self.page),
                (self.visit.label("page_after", page=self.page + 2), self.page + 1),
            )
            rows.append(tuple(self._turn(label, at) for label, at in turns if 0 <= at < pages))
        return tuple(rows)

    def languages(self, chosen: Sequence[str]) -> Keyboard:
        """Return the way to the languages of the news, where there are several."""
        label = self.visit.label("news_languages")
        return ((Button(label, press=pack("set", self._meant(), "news")),),) if chosen else ()

    def last(self) -> Keyboard:
        """Return the way back; from the first page, to what there is to read and to an end."""
        visit = self.visit
        known = self.found.topics
        if self.parent_id is not None and self.parent_id in known.by_id:
            above = known.by_id[self.parent_id].parent_id or 0
            return ((Button(visit.label("back"), press=pack("topics", above, self._meant())),),)
        if self.meant is not None:
            return ((Button(visit.label("settings"), press=pack("set", self._meant())),),)
        if not self.found.any:
            return ()
        end = (Button(visit.label("done"), press="topics-done"),)
        if self.elsewhere or (visit.kind is not ChatKind.PRIVATE and visit.thread_id is not None):
            return ((Button(visit.label("whereabouts"), press="where"),), end)
        return ((_latest(visit),), end) if visit.kind is ChatKind.PRIVATE else (end,)

    def _turn(self, label: str, page: int) -> Button:
        return Button(label, press=pack("topics", self.parent_id or 0, self._meant(), page))

    def _with_thread(self, topic: Topic) -> str:
        chain = self.found.topics.chain(topic.id)
        nearest = next((each for each in chain if each in self.found.chosen), WIRE)
        thread = self.elsewhere.get(nearest)
        return f"{self._name(topic)} → {thread}" if thread else self._name(topic)

    def _name(self, topic: Topic) -> str:
        return topic.name(self.visit.language)

    def _meant(self) -> int:
        return self.meant.telegram_id if self.meant else 0


def following_by_mode(visit: Visit, found: Following) -> list[tuple[str, list[str]]]:
    """Return what a chat chose to follow, by mode: how it comes, and the names; what is followed but for some, too."""
    groups = [
        (visit.label("mode_mark", way=mode.name.lower()), _names(visit, found, found.in_mode(mode)))
        for mode in (Mode.AT_ONCE, Mode.DIGEST, Mode.FLASH)
    ]
    but = [at for at in found.in_mode(Mode.OFF) if found.above(at) is not Mode.OFF]
    groups.append((visit.label("mode_mark", way="off"), _names(visit, found, but)))
    return [group for group in groups if group[1]]


def _names(visit: Visit, found: Following, topic_ids: Sequence[int]) -> list[str]:
    return [name_of(visit, found.topics.by_id.get(at)) for at in topic_ids]


async def channel_page(visit: Visit, channel: Chat) -> OutgoingMessage:
    """Return what somebody who brought the bot into a channel is told: that it may post, and what it could."""
    hello = visit.say("channel_hello", title=channel.title)
    return await topics_page(visit, channel.id, None, channel, text=hello)


async def post_here(message: Message, visit: Visit, here: Chat) -> Chat:
    """Let a group's news come to the thread where the topics were asked for first; return the group."""
    services = visit.services
    await note_spoken(message, visit, here)
    return await settle_first(services.db, here, visit.thread_id, services.now())


def _latest(visit: Visit) -> Button:
    return Button(visit.label("latest_yours"), press=pack("latest", 0, USUAL))


def _path(known: Topics, topic_id: int | None, language: str) -> str:
    if topic_id is None:
        return ""
    return " › ".join(known.names(reversed(known.chain(topic_id)), language))

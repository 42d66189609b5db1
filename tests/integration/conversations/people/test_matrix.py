"""Every verb that takes a right, tried by everybody: readers, each role, whose rights have ended or hold elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.conversations.routers import ROUTERS
from bot.desk import breaking, staff
from bot.desk.newsroom import feeds
from bot.model.newsroom.grant import Grant
from bot.model.newsroom.role import AUTHOR, DUTY_EDITOR, EDITOR, OWNER, Right
from bot.model.story.article import Content
from bot.store.newsroom import articles
from bot.store.newsroom import staff as kept
from bot.store.operations import bots
from tests.integration.conversations.people.verbs import (
    BY_THEIR_OWN_CARD,
    HEARD_OF_WRITERS_ALONE,
    MATRIX,
    Verb,
)
from tests.support.code import sources
from tests.support.desk.editors import link_asked
from tests.support.messages import Message, plain
from tests.support.people import ANNA, BORIS
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import ASIA, BOT, ECONOMY, WORLD, World

OTHER_BOT = 700701


@dataclass(frozen=True)
class Person:
    """Somebody who tries: the rights that they were given, and those that hold here and now."""

    rights: frozenset[Right] = frozenset()
    topics: frozenset[int] | None = None
    hours: int | None = None
    bot_id: int = BOT

    @property
    def holding(self) -> frozenset[Right]:
        ended = self.hours is not None and self.hours <= 0
        return frozenset() if ended or self.bot_id != BOT else self.rights

    def may(self, verb: Verb) -> bool:
        """The card is about Asia, which lies below the world; nothing else here has a topic."""
        here = self.topics is None or not (verb.about or verb.whole)
        if verb.about and self.topics is not None:
            here = bool(self.topics & {ASIA, WORLD})
        return verb.right in self.holding and here


PEOPLE = {
    "reader": Person(),
    "author": Person(AUTHOR.rights),
    "editor": Person(EDITOR.rights),
    "duty editor": Person(DUTY_EDITOR.rights),
    "owner": Person(OWNER.rights),
    "ended": Person(OWNER.rights, hours=-1),
    "not ended yet": Person(OWNER.rights, hours=1),
    "this topic": Person(OWNER.rights, frozenset({ASIA})),
    "the section above": Person(OWNER.rights, frozenset({WORLD})),
    "another topic": Person(OWNER.rights, frozenset({ECONOMY})),
    "another bot": Person(OWNER.rights, bot_id=OTHER_BOT),
}


PACKAGES = tuple(
    f"bot.conversations.{each}." for each in ("desk", "editor", "figures", "flash", "newsroom", "people")
)
"""Where the verbs stand that take rights."""


def handlers() -> Iterator[str]:
    """Yield the handlers of the packages whose verbs take rights."""
    for router in ROUTERS:
        for observer in (router.message, router.edited_message, router.callback_query):
            for each in observer.handlers:
                module = each.callback.__module__
                if module.startswith(PACKAGES):
                    yield f"{module.removeprefix('bot.conversations.')}.{each.callback.__name__}"


def test_every_verb_has_a_line_and_every_line_a_verb() -> None:
    named = {each.handler for each in MATRIX}
    assert named | BY_THEIR_OWN_CARD | HEARD_OF_WRITERS_ALONE == set(handlers())
    assert len(MATRIX) == len({each.handler for each in MATRIX})


@pytest.mark.parametrize("who", PEOPLE)
async def test_a_verb_is_done_for_who_has_the_right_and_refused_in_words_for_all_others(
    room: World, who: str
) -> None:
    person = PEOPLE[who]
    await room.say(EGOR, "/start")
    await give(room, person)
    own = await room.say(EGOR, "/id")
    wrong = {}
    for verb in MATRIX:
        said = await tried(room, verb, own)
        await room.services.errands.settle()
        if refused(said) is person.may(verb):
            wrong[verb.handler] = said
    assert not wrong


def test_no_other_conversation_asks_for_a_right() -> None:
    """A reader's verb that takes one would need a line too; reading a draft is tried below."""
    asking = {
        source.module
        for source in sources("bot/conversations")
        for module, name in source.imports
        if module == "bot.conversations.access" and name in ("need", "need_for", "may")
    }
    outside = {each for each in asking if not each.startswith(PACKAGES)}
    assert outside == {"bot.conversations.reader.stories"}


@pytest.mark.parametrize("who", PEOPLE)
async def test_a_draft_is_read_by_who_may_write(room: World, who: str) -> None:
    person = PEOPLE[who]
    await room.say(EGOR, "/start")
    await give(room, person)
    content, at = Content("Мост закрыт", lead="До утра."), room.clock.now()
    async with room.db.write() as tx:
        draft = await articles.add(tx, content, source="desk", uid="1", at=at, topic_ids=(ASIA,))
    said = plain(await room.say(EGOR, f"/start a-{draft.id}"))
    assert ("Мост закрыт" in said) is (Right.WRITE in person.holding)


@pytest.mark.parametrize("who", PEOPLE)
async def test_a_message_becomes_a_draft_of_who_may_write_alone(room: World, who: str) -> None:
    person = PEOPLE[who]
    await room.say(EGOR, "/start")
    await give(room, person)
    may = Right.WRITE in person.holding
    sent = room.send(EGOR, "Мост через Светлую закрыт до утра\nОбъезд через центр.")
    await room.answer(EGOR, "Язык:" if may else "Не понял")
    before = len(room.shown(EGOR))
    room.sandbox.edit(EGOR, EGOR, sent["message_id"], "Мост через Светлую открыт\nОбъезда нет.")
    if may:
        await room.answer(EGOR, "версия 2")
    else:
        # What is said next is answered first of all.
        await room.say(EGOR, "/id")
        assert len(room.shown(EGOR)) == before + 1


def refused(said: str) -> bool:
    """Tell whether an answer says that the person may not do that."""
    return any(
        words in said
        for words in (
            "только редакторам",
            "только владельцам",
            "нет такого права",
            "не распространяются",
            "Срок ваших прав истёк",
        )
    )


async def give(room: World, person: Person) -> None:
    if not person.rights:
        return
    now = room.clock.now()
    until = None if person.hours is None else now + timedelta(hours=person.hours)
    async with room.db.write() as tx:
        await bots.put(tx, OTHER_BOT, "other_bot", now)
        given = Grant(EGOR, "Егор", person.rights, person.topics, until, OLGA, now)
        assert await kept.put(tx, person.bot_id, given)


async def tried(room: World, verb: Verb, own: Message) -> str:
    """Try a verb as Egor, a press below a message of his own, and return what he is told."""
    if verb.handler.endswith("take_person"):
        before = len(room.shown(EGOR))
        room.sandbox.share_users(EGOR, EGOR, 1, [BORIS])
        await room.until(lambda: len(room.shown(EGOR)) > before)
        return plain(room.shown(EGOR)[before])
    if verb.handler.endswith("take_channel"):
        before = len(room.shown(EGOR))
        room.sandbox.share_chat(EGOR, EGOR, 2, -1001, forge=True)
        await room.until(lambda: len(room.shown(EGOR)) > before)
        return plain(room.shown(EGOR)[before])
    if verb.handler == "newsroom.answers.take_answer":
        return plain(await room.say(EGOR, "Восток", reply_to=await source_question(room)))
    if verb.handler.endswith("take_until"):
        return plain(await room.say(EGOR, "на неделю", reply_to=await question(room)))
    if verb.handler == "desk.highlights.questions.take_answer":
        return plain(await room.say(EGOR, "Итоги дня", reply_to=await highlights_question(room)))
    if verb.handler.startswith("desk.published.discovery"):
        return await opened_by_message(room, forwards=verb.handler.endswith("forwarded"))
    if verb.handler == "desk.published.replies.take_answer":
        return plain(await room.say(EGOR, "Мост открыт", reply_to=await desk_question(room, "fixheadline")))
    if verb.handler.endswith("take_answer"):
        return plain(await room.say(EGOR, "Ошибка", reply_to=await desk_question(room)))
    if verb.handler.endswith("take_field"):
        return plain(await room.say(EGOR, "Лид", reply_to=await field_question(room)))
    if verb.words:
        return plain(await room.say(EGOR, verb.words))
    card = await a_card(room) if "{card}" in verb.press else 0
    draft = await a_draft(room) if "{story}" in verb.press else 0
    feed = await a_feed(room) if "{feed}" in verb.press else 0
    data = verb.press.format(card=card, story=draft, feed=feed, person=ANNA, topic=ASIA)
    return str((await room.forge(EGOR, own, data)).get("text") or "")


async def question(room: World) -> int:
    """Let the bot ask Egor until when, as if he had had the right then, and return the question's id."""
    link = link_asked(room, EGOR, f"u-{ANNA}")
    said = room.services.talk.say("until_ask", "ru", name="Анна", link=link)
    return (await room.services.client.send_message(EGOR, said)).message_id


async def opened_by_message(room: World, *, forwards: bool) -> str:
    """Forward a story's message as Egor, or answer it with /desk; a reader's is not taken for the desk's."""
    link = {"type": "text_link", "offset": 0, "length": 4}
    link["url"] = f"https://t.me/vestnik_bot?start=a-{await a_draft(room)}"
    shown = await room.services.client.send_message(EGOR, "Мост закрыт", entities=[link], parse_mode=None)
    if not forwards:
        return plain(await room.say(EGOR, "/desk", reply_to=shown.message_id))
    at = {"chat_id": EGOR, "message_id": shown.message_id}
    said = plain(await room.say(EGOR, "", forward_from=at))
    # To whoever is no editor a forward is words like others.
    return said if "№" in said else "только редакторам"


async def desk_question(room: World, verb: str = "kill") -> int:
    """Let the bot ask Egor about a story, why it is taken back or another thing, as if he had had the right then."""
    link = link_asked(room, EGOR, f"d-{verb}-{await a_draft(room)}-1-")
    facts = {
        "verb": "kill",
        "headline": "Мост закрыт",
        "link": link,
        "zone_name": "UTC",
        "tells": True,
        "current": {},
    }
    said = room.services.talk.say("desk_ask", "ru", **facts)
    return (await room.services.client.send_message(EGOR, said)).message_id


async def field_question(room: World) -> int:
    """Let the bot ask Egor for a lead, as if he had had the right then."""
    link = link_asked(room, EGOR, f"e-lead-{await a_draft(room)}-1")
    facts = {
        "headline": "Мост закрыт",
        "link": link,
        "current": "",
        "above": False,
        "beside": False,
        "picture": False,
    }
    said = room.services.talk.say("desk_field", "ru", field="lead", **facts)
    return (await room.services.client.send_message(EGOR, said)).message_id


async def highlights_question(room: World) -> int:
    """Let the bot ask Egor for the headline of highlights, as if he had had the right then."""
    facts = {"asked": "title", "link": link_asked(room, EGOR, "h-title-1-1"), "zone_name": "UTC"}
    said = room.services.talk.say("highlights_ask", "ru", **facts)
    return (await room.services.client.send_message(EGOR, said)).message_id


async def source_question(room: World) -> int:
    """Let the bot ask Egor what Asia shall be called, as if he had had the right then."""
    link = link_asked(room, EGOR, f"n-tname-{ASIA}-9")
    said = room.services.talk.say("source_ask", "ru", what="tname", title="Азия", link=link)
    return (await room.services.client.send_message(EGOR, said)).message_id


async def a_feed(room: World) -> int:
    """Keep a feed about Asia."""
    url, at = f"http://127.0.0.1:9/{secrets.token_hex(4)}", room.clock.now()
    return (await feeds.add(room.db, url, at=at, by=OLGA, topics_of=("asia",))).id


async def a_draft(room: World) -> int:
    """Keep a draft of a feed's about Asia."""
    async with room.db.write() as tx:
        at, uid = room.clock.now(), secrets.token_hex(4)
        made = await articles.add(
            tx, Content("Мост закрыт"), source="valley", uid=uid, at=at, topic_ids=(ASIA,)
        )
        return made.id


async def a_card(room: World) -> int:
    """Make a card of Egor's about Asia, as if he had had the right then: nobody presses another's card."""
    now = room.clock.now()
    card = await breaking.ask(room.db, BOT, EGOR, EGOR, at=now)
    made = await breaking.draft(room.db, card, Content("Мост закрыт"), now, topic_ids=(ASIA,))
    return made.id


async def test_an_anonymous_administrator_is_never_an_editor(room: World) -> None:
    """Telegram names one account for the anonymous administrators of all groups: nobody's rights may hang on it."""
    account = 1087968824
    now = room.clock.now()
    async with room.db.write() as tx:
        assert await kept.put(tx, BOT, Grant(account, "Group", OWNER.rights, given_by=OLGA, given_at=now))
    chat = room.sandbox.add_chat("supergroup", title="Редакция", creator=OLGA, members=[EGOR, BOT])["id"]
    await room.answer(chat, "Администраторы")
    for words in ("/breaking", "/status", "/editors", "/audit"):
        room.send(OLGA, f"{words}@vestnik_bot", chat, anonymous=True)
    # Nobody can be told alone who it was: the bot says nothing, and serves what comes behind.
    room.send(OLGA, "/id@vestnik_bot", chat)
    await room.answer(chat, str(chat))
    said = [text for text in room.texts(chat) if "@vestnik_bot" not in text]
    assert ["Администраторы" in said[0], str(chat) in said[1], len(said)] == [True, True, 2]
    await room.say(OLGA, "/start")
    assert "не ID" in plain(await room.say(OLGA, f"/editors {account}"))


async def test_a_card_of_another_bot_is_nobodys_here(room: World) -> None:
    await room.say(OLGA, "/start")
    now = room.clock.now()
    async with room.db.write() as tx:
        await bots.put(tx, OTHER_BOT, "other_bot", now)
    card = await breaking.ask(room.db, OTHER_BOT, OLGA, OLGA, at=now)
    made = await breaking.draft(room.db, card, Content("Мост закрыт"), now, topic_ids=(ASIA,))
    own = await room.say(OLGA, "/id")
    assert "устарела" in (await room.forge(OLGA, own, f"flash:sure:{made.id}"))["text"]
    assert (await breaking.find(room.db, made.id)).card.bulletin_id is None


async def test_a_right_that_ends_in_the_middle_of_a_dialogue_is_asked_again(room: World) -> None:
    await room.say(EGOR, "/start")
    now = room.clock.now()
    given = await staff.add(room.db, BOT, EGOR, "Егор", by=OLGA, at=now)
    room.send(EGOR, "/breaking Мост закрыт")
    control = await room.answer(EGOR, "Кому: всем")
    async with room.db.write() as tx:
        over = replace(given, until=now)
        assert await kept.put(tx, BOT, over)
    said = (await room.press(EGOR, control, "Отправить"))["text"]
    assert "Срок ваших прав истёк" in said
    assert not room.rung

"""Names of people, groups, topics and feeds, wherever the desk shows them: as words, and no more."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import insert

from bot.desk import amend
from bot.desk.afterwards import proposals
from bot.desk.figures import tally
from bot.desk.newsroom import feeds, setup, topics
from bot.desk.story import lock, review
from bot.model.delivery import WITHDRAWN, Lane, State, SubjectKind
from bot.model.newsroom.role import DUTY_EDITOR
from bot.model.story.article import Content
from bot.rendering.text.spans import clean
from bot.store.newsroom import articles
from bot.store.newsroom.tables import feed as feed_table
from bot.store.tables.ledger import delivery, message
from tests.support.desk import live
from tests.support.desk.editors import hire
from tests.support.messages import Message, buttons, labels, plain
from tests.support.people import ANNA
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, World

NAMES = {
    "markup": '<b>Мир</b> & <a href="https://evil.example/">x',
    "braces": "{{ 7 * 7 }} {% raw %} {0} %s %(a)s $x",
    "sideways": "\u202eдлрим\u202c до\u2029утра",
    "lines": "Мир\n\nи\rтруд\tмай",
    "emoji": "😀" * 64,
}


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.usefixtures("no_errors")
async def test_the_desk_shows_names_as_they_were_written(
    room: World, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    name = NAMES[kind]
    own = await room.say(OLGA, "/start")
    room.sandbox.add_user(name, id=EGOR, language_code="ru")
    await hire(room, EGOR, name, DUTY_EDITOR.rights)
    found = await furnished(room, name)
    story, out, gone, topic, feed = (found[each] for each in ("story", "out", "gone", "topic", "feed"))
    shown: dict[str, str] = {}
    for data in (
        # A topic's name.
        *("src:topics", f"src:topic:{topic}", f"src:tmerge:3:1:{topic}", f"src:tinto:3:1:{topic}"),
        *(
            f"src:tinto:{topic}:1:3",
            f"src:ftopics:{feed}:1",
            f"edit:topics:{story}:1:0:0",
            "setup:step:topics",
        ),
        *(f"desk:card:{story}", f"staff:topics:{EGOR}:1", "stats:days:1"),
        # A feed's.
        *("src:home", f"src:feed:{feed}", f"src:fdrop:{feed}:1", "setup:step:feed"),
        # A channel's and a group's.
        *("setup:step:channel", f"desk:card:{gone}"),
        # A person's: who did something last, who edits, who prepares a correction, who has rights.
        *(f"desk:card:{out}", f"desk:change:{story}:1", f"staff:open:{EGOR}", "staff:list"),
    ):
        await room.forge(OLGA, own, data)
        await room.services.errands.settle()
        shown[data] = said_in(room.again(own))
        # The next page is another one for certain.
        await room.forge(OLGA, own, "setup:step:basics")
    missing = {data: said for data, said in shown.items() if plain_name(name)[:20] not in said}
    assert not missing
    for data, words in (
        (f"src:tname:{topic}:1", "Новое название?"),
        (f"src:tbelow:{topic}:1", "Как назвать тему?"),
        (f"src:fname:{feed}:1", "Какой источник"),
        (f"desk:fixtopics:{out}:1", "В какие темы"),
    ):
        await room.forge(OLGA, own, data)
        assert plain_name(name) in said_in(await room.answer(OLGA, words)), data
    await live.desk(room)
    assert_harmless(room, caplog)


@pytest.mark.parametrize("title", [*NAMES.values(), "😀" * 255], ids=[*NAMES, "longest"])
@pytest.mark.usefixtures("no_errors")
async def test_a_groups_title_is_words_where_it_is_the_desk(
    room: World, title: str, caplog: pytest.LogCaptureFixture
) -> None:
    for each in (OLGA, ANNA):
        await room.say(each, "/start")
    await hire(room, EGOR, "Егор", DUTY_EDITOR.rights)
    members = [OLGA, EGOR, ANNA, BOT]
    group = room.sandbox.add_chat("supergroup", title=title, creator=OLGA, members=members)["id"]
    room.send(OLGA, "/desk@vestnik_bot here", group)
    await room.answer(group, "Теперь эта группа")
    # The bot is no administrator there: what one member alone may read is said in their own chat.
    room.send(ANNA, "/desk@vestnik_bot", group)
    told = await room.answer(ANNA, "только редакторам")
    assert plain_name(title) in said_in(told)
    record = said_in(await room.say(OLGA, "/audit"))
    assert str(group) in record
    assert_harmless(room, caplog)


async def furnished(room: World, name: str) -> dict[str, int]:
    """Call a topic, a feed, a test channel, a group with a story left in it, and a draft's headline so."""
    at = room.clock.now()
    topic = (await topics.add(room.db, {"ru": name}, at=at, by=OLGA, slug="odd")).id
    feed = (await feeds.add(room.db, "http://127.0.0.1:9/feed", at=at, by=OLGA, topics_of=("odd",))).id
    async with room.db.write() as tx:
        # A file may call a feed as it likes.
        await tx.execute(feed_table.update().values(name=name))
        made = await articles.add(tx, Content(name), source="valley", uid="1", at=at, topic_ids=(topic,))
    await review.submit(room.db, made.id, at=at, by=EGOR)
    await lock.take(room.db, made.id, at=at, by=EGOR)
    out = await room.story("Мост открыт", topic)
    await proposals.propose(room.db, out, lambda each: each, at=at, by=EGOR, seen=1, topic_ids=(3,))
    await setup.choose_channel(room.db, BOT, -1001, title=name, language="ru", zone="UTC", at=at, by=OLGA)
    await tally.count_audiences(room.db, BOT)
    return {
        "story": made.id,
        "out": out,
        "gone": await left_standing(room, name),
        "topic": topic,
        "feed": feed,
    }


async def left_standing(room: World, title: str) -> int:
    """Take a story back that stays in a group of that title, and return the story's number."""
    at, number = room.clock.now(), await room.story("Мост рухнул", 3)
    await amend.kill(room.db, number, at, EGOR)
    group = room.sandbox.add_chat("supergroup", title=title, creator=ANNA, members=[BOT])["id"]
    await room.answer(group, "Администраторы")
    key = {"bot_id": BOT, "kind": SubjectKind.ARTICLE, "subject_id": number}
    key["chat_id"] = (await room.chat(group)).id
    stands = {"state": State.FAILED, "lane": Lane.KILL, "wanted": WITHDRAWN, "shown": 1, "due_at": at}
    sent = {"part": 0, "message_id": 1, "revision": 1, "form": "text", "sent_at": at}
    async with room.db.write() as tx:
        await tx.execute(insert(delivery).values(**key, **stands))
        await tx.execute(insert(message).values(**key, **sent))
    return number


def plain_name(name: str) -> str:
    """Return a name as a line of a message shows it, without blanks: what sets no other word apart."""
    return "".join(clean(name).split())


def said_in(page: Message) -> str:
    return "".join(clean("\n".join((plain(page), *labels(page)))).split())


def assert_harmless(room: World, caplog: pytest.LogCaptureFixture) -> None:
    """Nothing was refused, and no name became a link, a template or a mark."""
    for chat in (OLGA, EGOR, ANNA):
        for each in room.shown(chat):
            urls = [entity.get("url", "") for entity in each.get("entities", ())]
            urls += [button.get("url", "") for button in buttons(each)]
            assert not [url for url in urls if "evil.example" in url]
            assert "49" not in plain(each).replace("7*7", "")
    refused = [
        each.getMessage()
        for each in caplog.records
        if each.levelno >= logging.INFO
        and any(word in each.getMessage() for word in ("answer.refused", "answer.failed", "unsaid", "untold"))
    ]
    assert not [each for each in refused if "not modified" not in each]

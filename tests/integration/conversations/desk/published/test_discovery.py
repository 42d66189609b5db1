"""An editor forwards a story's message, or answers it with /desk, and gets the story's card; a reader does not."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.desk import amend
from bot.model.newsroom.role import AUTHOR
from bot.readers import membership, topics
from bot.store.newsroom import articles
from tests.support.desk.editors import hire
from tests.support.messages import labels, plain
from tests.support.people import BORIS, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, ECONOMY, World

OPENED, FAIR = "Мост через Светлую открыли", "Ярмарка началась на площади"


def forward(room: World, user: int, chat: int, message: int) -> None:
    room.sandbox.send(user, user, forward_from={"chat_id": chat, "message_id": message})


async def test_desk_in_answer_to_a_delivered_story_opens_it(out: World) -> None:
    await topics.toggle(out.db, (await out.chat(EGOR)).id, ECONOMY, out.clock.now())
    number = await out.story(OPENED, ECONOMY)
    mine = await out.answer(EGOR, OPENED)
    card = await out.say(EGOR, "/desk", reply_to=mine["message_id"])
    assert f"№ {number}" in plain(card)
    assert "Исправить…" in labels(card)
    # Words look for other stories, whatever the message answers.
    found = await out.say(EGOR, "/desk Ярмарка", reply_to=mine["message_id"])
    assert "Здесь пусто" in plain(found)


async def test_desk_in_answer_to_a_story_read_on_request_or_to_no_story(desk: World) -> None:
    number = await desk.story(OPENED, ECONOMY)
    brief = await desk.brief(EGOR, number)
    assert f"№ {number}" in plain(await desk.say(EGOR, "/desk", reply_to=brief["message_id"]))
    own = await desk.say(EGOR, "/id")
    assert "Черновики" in plain(await desk.say(EGOR, "/desk", reply_to=own["message_id"]))


async def test_a_forward_from_a_channel_opens_the_story_by_the_ledger(out: World) -> None:
    channel = out.sandbox.add_chat("channel", title="Новости долины", creator=OLGA, members=[BOT])["id"]
    while (known := await membership.find(out.db, BOT, channel)) is None:
        await out.say(OLGA, "/id")
    await topics.toggle(out.db, known.id, ECONOMY, out.clock.now())
    number = await out.story(OPENED, ECONOMY)
    post = await out.answer(channel, OPENED)
    # A post stands there before the ledger knows of it; until then its words tell.
    forward(out, EGOR, channel, post["message_id"])
    assert f"№ {number}" in plain(await out.answer(EGOR, "версия 1"))
    async with asyncio.timeout(60):
        while not (await amend.spread(out.db, number)).shown:
            await asyncio.sleep(0.02)
    # The headline has changed since: the ledger knows all the same.
    async with out.db.write() as tx:
        kept = await articles.get(tx, number)
        assert kept
        after = kept.correct(replace(kept.content, headline=FAIR), out.clock.now())
        await articles.save(tx, after)
    forward(out, EGOR, channel, post["message_id"])
    assert f"№ {number}" in plain(await out.answer(EGOR, FAIR))


async def test_a_forward_from_another_chat_opens_the_story_by_its_links_or_headline(out: World) -> None:
    number = await out.story("«Светлая» — мост через реку — открыт", ECONOMY)
    await out.answer(BORIS, "открыт")
    group = out.sandbox.add_chat("supergroup", title="Читатели", creator=OLGA, members=[EGOR, BOT])["id"]
    await out.answer(group, "Администраторы")
    out.send(OLGA, f"/start@vestnik_bot a-{number}", group)
    shown = await out.answer(group, "открыт")
    forward(out, EGOR, group, shown["message_id"])
    assert f"№ {number}" in plain(await out.answer(EGOR, "версия 1"))
    await hire(out, JAMES, "James", AUTHOR.rights)
    forward(out, JAMES, group, shown["message_id"])
    card = await out.answer(JAMES, "version 1")
    assert f"No. {number}" in plain(card)


async def test_a_readers_forward_and_a_strangers_message_open_nothing(out: World) -> None:
    number = await out.story(OPENED, ECONOMY)
    first = await out.answer(BORIS, OPENED)
    before = len(out.shown(BORIS))
    forward(out, BORIS, BORIS, first["message_id"])
    await out.until(lambda: len(out.shown(BORIS)) > before)
    assert "№" not in plain(out.shown(BORIS)[-1])
    assert "только редакторам" in plain(await out.say(BORIS, "/desk", reply_to=first["message_id"]))
    # What another wrote is no story, whatever it says or links to.
    group = out.sandbox.add_chat("supergroup", title="Читатели", creator=OLGA, members=[EGOR, BORIS])["id"]
    link = {
        "type": "text_link",
        "offset": 0,
        "length": 4,
        "url": f"https://t.me/vestnik_bot?start=a-{number}",
    }
    written = out.sandbox.send(group, BORIS, OPENED, entities=[link])
    before = len(out.shown(EGOR))
    forward(out, EGOR, group, written["message_id"])
    await out.until(lambda: len(out.shown(EGOR)) > before)
    assert f"№ {number}" not in plain(out.shown(EGOR)[-1])


async def test_a_forward_is_the_text_of_breaking_news_that_was_asked_for(desk: World) -> None:
    number = await desk.story(OPENED, ECONOMY)
    brief = await desk.brief(EGOR, number)
    await desk.say(EGOR, "/breaking")
    forward(desk, EGOR, EGOR, brief["message_id"])
    await desk.answer(EGOR, "Кому: Экономика")


async def test_a_list_of_several_offers_each(desk: World) -> None:
    await desk.story(OPENED, ECONOMY)
    fair = await desk.story(FAIR, ECONOMY)
    listed = await desk.say(EGOR, "/latest")
    assert "Ярмарка" in plain(listed)
    choice = await desk.say(EGOR, "/desk", reply_to=listed["message_id"])
    assert "Новости из этого сообщения" in plain(choice)
    assert {OPENED, FAIR} <= set(labels(choice))
    await desk.press(EGOR, choice, FAIR)
    assert f"№ {fair}" in plain(await desk.changed(choice, "версия"))

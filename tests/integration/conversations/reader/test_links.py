"""Links that set topics up: at once for a newcomer, after a question for whoever chose something before."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from bot.commands.subscriptions.link import marks_of
from bot.model.errors import SetupError
from bot.model.following.link import LinkSigner, TopicsLink, mark_of
from bot.model.following.mode import WIRE, Mode
from bot.model.press import CALLBACK_BYTES, start_topics
from bot.sandbox import Sandbox
from bot.store.audience import subscriptions
from bot.store.engine.database import Database
from bot.store.newsroom import topics
from tests.support.messages import buttons, labels, plain
from tests.support.readers import choices
from tests.support.world import ASIA, BOT, ECONOMY, WORLD, World, settings_for

ANNA, BORIS, JAMES, KEY = 21, 22, 23, "k" * 32
SIGNER = LinkSigner(KEY)
TWO = frozenset(map(mark_of, ("world", "economy")))


@pytest.fixture
async def room(sqlite_db: Database, sandbox: Sandbox) -> AsyncIterator[World]:
    """A listening bot with the installation's key."""
    rates = {"global_rate": 1000, "chat_rate": 1000, "chat_burst": 100, "group_rate": 60_000}
    world = World(sandbox, sqlite_db, settings_for(sandbox, subscriptions_key=KEY, **rates))
    await world.prepare()
    async with world.listening():
        yield world


def start(link: TopicsLink, signer: LinkSigner = SIGNER) -> str:
    return f"/start {start_topics(signer.pack(link))}"


async def modes(room: World, user: int) -> dict[int, Mode]:
    here = await room.chat(user)
    async with room.db.read() as tx:
        return {at: one.mode for at, one in (await subscriptions.of_chat(tx, here.id)).items()}


async def test_a_newcomer_has_the_topics_at_once_and_sees_how_to_change_them(room: World) -> None:
    said = await room.say(ANNA, start(TopicsLink(TWO, digest=True, language="en")))
    assert len(room.shown(ANNA)) == 1
    assert await modes(room, ANNA) == {WORLD: Mode.DIGEST, ECONOMY: Mode.DIGEST}
    here = await room.chat(ANNA)
    assert (here.language, [f"{each:%H:%M}" for each in here.digest_at]) == ("en", ["09:00"])
    assert "In the digest: World, Economy, 09:00" in plain(said)
    assert "✅ Economy" in labels(said)
    await room.press(ANNA, said, "✅ Economy")
    await room.changed(said, "▫️ Economy")


async def test_whoever_chose_something_is_asked_and_keeps_it(room: World) -> None:
    await room.say(BORIS, "/start")
    await room.press_newest(BORIS, "Мир")
    offer = await room.say(BORIS, start(TopicsLink(TWO)))
    assert "к вашим подпискам добавится:\n\nТемы: Экономика" in plain(offer)
    assert await modes(room, BORIS) == {WORLD: Mode.USUAL}
    await room.press(BORIS, offer, "Добавить")
    await room.changed(offer, "✅ Экономика")
    assert await modes(room, BORIS) == {WORLD: Mode.USUAL, ECONOMY: Mode.USUAL}
    # A second time there is nothing to ask.
    again = await room.say(BORIS, start(TopicsLink(TWO)))
    assert "Вы подписаны на темы: Мир, Экономика" in plain(again)
    assert "Добавить" not in labels(again)


async def test_a_link_that_is_not_the_newsrooms_is_a_plain_start_with_a_kind_word(room: World) -> None:
    code = SIGNER.pack(TopicsLink(TWO))
    yesterday = room.clock.now().date() - timedelta(days=1)
    wrong = (
        LinkSigner("x" * 32).pack(TopicsLink(TWO)),
        SIGNER.pack(TopicsLink(TWO, until=yesterday)),
        SIGNER.pack(TopicsLink(frozenset({mark_of("gone")}))),
        *(code[:-1], code[:4], ("A" if code[5] != "A" else "B").join((code[:5], code[6:])), "A" * 62),
    )
    for each in wrong:
        said = await room.say(JAMES, f"/start {start_topics(each)}")
        assert "no longer works, but all you need is here" in plain(said)
        assert "▫️ Economy" in labels(said)
    offer = await room.say(JAMES, "/start t-economy")
    for each in (*wrong, "", ":", "я" * 20):
        answer = await room.forge(JAMES, offer, f"take:{each}"[:60])
        assert answer["text"]
    assert await modes(room, JAMES) == {}


async def test_a_group_is_set_up_by_its_administrator_alone(room: World) -> None:
    made = room.sandbox.add_chat("supergroup", title="Соседи", creator=ANNA, members=[BORIS, BOT])
    chat = made["id"]
    await room.answer(chat, "Администраторы")
    room.sandbox.set_member(chat, BOT, "administrator", by=ANNA)
    words = start(TopicsLink(frozenset({mark_of("asia")}))).replace("/start", "/start@vestnik_bot")
    await room.refused(BORIS, words, chat)
    assert await modes(room, chat) == {}
    said = await room.say(ANNA, words, chat)
    assert "Вы подписаны на темы: Азия" in plain(said)
    assert await modes(room, chat) == {ASIA: Mode.USUAL}
    room.send(ANNA, start(TopicsLink(TWO)).replace("/start", "/start@vestnik_bot"), chat)
    offer = await room.answer(chat, "Остальное не изменится")
    data = buttons(offer)[0]["callback_data"]
    await room.forge(BORIS, offer, data)
    assert await modes(room, chat) == {ASIA: Mode.USUAL}
    await room.press(ANNA, offer, "Добавить")
    assert await modes(room, chat) == {ASIA: Mode.USUAL, WORLD: Mode.USUAL, ECONOMY: Mode.USUAL}


async def test_a_link_names_topics_wherever_they_went_and_fits(room: World) -> None:
    marks = await marks_of(room.db, ["world", "economy"])
    assert marks == TWO
    with pytest.raises(SetupError, match="there is no topic 'sport'; there are asia, economy, world"):
        await marks_of(room.db, ["sport"])
    with pytest.raises(SetupError, match="10 topics at most"):
        await marks_of(room.db, [f"topic-{at}" for at in range(11)])
    longest = TopicsLink(frozenset(range(10)), True, True, "ru", date(2045, 1, 1))
    code = SIGNER.pack(longest)
    assert SIGNER.read(code, room.clock.now()) == longest
    assert len(f"take:{code}") <= CALLBACK_BYTES
    async with room.db.write() as tx:
        old = await topics.put(tx, "money", {"ru": "Деньги"}, origin="file")
        await topics.retire(tx, [old], room.clock.now())
        await tx.execute(topics.topic.update().where(topics.topic.c.id == old).values(merged_into=ECONOMY))
    await room.say(ANNA, start(TopicsLink(frozenset({mark_of("money")}), everything=True)))
    here = await room.chat(ANNA)
    assert await choices(room.db, here.id) == {WIRE: True}

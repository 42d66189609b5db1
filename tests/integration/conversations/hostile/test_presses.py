"""Forged presses of every verb that takes a right: by readers, by editors without the right, by who has every right."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.desk import breaking, highlights
from bot.desk.afterwards import proposals
from bot.desk.newsroom import feeds
from bot.model.newsroom.grant import Grant
from bot.model.newsroom.role import AUTHOR, OWNER
from bot.model.story.article import Content
from bot.store.engine.schema import metadata
from bot.store.newsroom import articles
from bot.store.newsroom import staff as kept
from tests.integration.conversations.people.verbs import MATRIX, Verb
from tests.support.messages import Message, plain
from tests.support.people import BORIS
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import ASIA, BOT, ECONOMY, World

PRESSES = tuple(each for each in MATRIX if each.press)
HANDFUL = 12
HANDFULS = [PRESSES[at : at + HANDFUL] for at in range(0, len(PRESSES), HANDFUL)]
"""The buttons of all rooms, a few for each test: desk, edit, picks, src, setup, stats and so on."""

LARGE = ("999999999999999999", "2147483648")
"""Beyond the numbers of a version and of what no table has so many of; the longest that a button may name."""

GARBAGE = ("", "x", "-1", "٣", "9223372036854775808", "::<b>", "\u202e{0}%s")
BATCH = 40
"""Fewer presses than may wait of one person."""

PASSING = {"inbox", "chat", "alert_sent", "lease", "desk_mute", "shown_card"}
"""Tables that say who is where, and nothing of the newsroom."""

EVERY = OWNER.rights
NOBODYS = {
    "a reader": None,
    "an author of another topic": Grant(EGOR, "Егор", AUTHOR.rights, frozenset({ECONOMY}), given_by=OLGA),
    "whose right has ended": Grant(
        EGOR, "Егор", EVERY, until=datetime(2020, 1, 1, tzinfo=UTC), given_by=OLGA
    ),
}
"""Who presses what is not theirs."""


async def furnished(room: World) -> dict[str, int]:
    """Let there be something of everything that a button names, and return the numbers."""
    at = room.clock.now()
    async with room.db.write() as tx:
        made = await articles.add(
            tx, Content("Мост закрыт"), source="valley", uid="1", at=at, topic_ids=(ASIA,)
        )
    out = await room.story("Мост открыт", ASIA)
    feed = await feeds.add(room.db, "http://127.0.0.1:9/feed", at=at, by=OLGA, topics_of=("asia",))
    card = await breaking.ask(room.db, BOT, OLGA, OLGA, at=at)
    await breaking.draft(room.db, card, Content("Мост рухнул"), at, topic_ids=(ASIA,))
    await highlights.pick(room.db, out, BOT, at=at, by=OLGA)
    return {"story": made.id, "feed": feed.id, "card": card, "person": BORIS, "topic": ASIA}


async def hired(room: World, grant: Grant | None) -> Message:
    """Let Egor have those rights, and return a message in his chat."""
    own = await room.say(EGOR, "/start")
    if grant is not None:
        async with room.db.write() as tx:
            assert await kept.put(tx, BOT, replace(grant, given_at=room.clock.now()))
    return own


async def everything(room: World) -> list[list[tuple[object, ...]]]:
    async with room.db.read() as tx:
        kept = [each for each in metadata.sorted_tables if each.name not in PASSING]
        return [sorted((tuple(row) for row in await tx.execute(select(each))), key=repr) for each in kept]


def forged(press: str, numbers: dict[str, int]) -> list[str]:
    """Return what can be made of a button: a large number or garbage in the place of each word, and behind all."""
    verb, *words = press.format(**numbers).split(":")
    made = []
    for at in range(1, len(words) + 1):
        odd = GARBAGE[(at + len(press)) % len(GARBAGE)]
        tries = (LARGE[at % 2], odd)
        made += [":".join((verb, *words[:at], each, *words[at + 1 :])) for each in tries]
    return [each for each in made if len(each.encode()) <= 64]


async def pressed(room: World, user: int, own: Message, forgeries: list[str]) -> list[str]:
    """Press them, a handful at a time, and return what is said to each."""
    said: list[str] = []
    for at in range(0, len(forgeries), BATCH):
        pressed = [
            room.sandbox.press(user, user, own["message_id"], data, forge=True)
            for data in forgeries[at : at + BATCH]
        ]
        for each in pressed:
            said.append(str((await room.until(lambda each=each: room.answered(each))).get("text") or ""))
    return said


@pytest.mark.parametrize("handful", HANDFULS, ids=[each[0].handler for each in HANDFULS])
@pytest.mark.usefixtures("no_errors")
async def test_who_has_every_right_breaks_nothing(either: World, handful: tuple[Verb, ...]) -> None:
    own = await either.say(OLGA, "/start")
    numbers = await furnished(either)
    forgeries = [data for each in handful for data in forged(each.press, numbers)]
    said = await pressed(either, OLGA, own, forgeries)
    failed = {data: words for data, words in zip(forgeries, said, strict=True) if "пошло не так" in words}
    assert not failed
    await either.services.errands.settle()
    assert plain(await either.say(OLGA, "/desk"))


@pytest.mark.parametrize("who", NOBODYS)
@pytest.mark.usefixtures("no_errors")
async def test_who_has_no_right_moves_nothing(room: World, who: str) -> None:
    own = await hired(room, NOBODYS[who])
    numbers = await furnished(room)
    before, shown = await everything(room), len(room.shown(OLGA))
    presses = [each.press.format(**numbers) for each in PRESSES]
    # As a button has it, and with a number that is another's.
    forgeries = [*presses, *(":".join((*each.split(":")[:2], "1", "1", "1")) for each in presses)]
    said = await pressed(room, EGOR, own, forgeries)
    failed = {data: words for data, words in zip(forgeries, said, strict=True) if "пошло не так" in words}
    assert not failed
    await room.services.errands.settle()
    assert await everything(room) == before
    assert len(room.shown(OLGA)) == shown
    assert not room.rung


@pytest.mark.usefixtures("no_errors")
async def test_the_pages_of_another_editor_are_nobody_elses(room: World) -> None:
    own = await hired(room, Grant(EGOR, "Егор", EVERY, given_by=OLGA))
    numbers = await furnished(room)
    out = await room.story("Порт открыт", ASIA)
    at = room.clock.now()
    found = await proposals.propose(
        room.db, out, lambda content: replace(content, lead="Иначе."), at=at, by=OLGA, seen=1
    )
    version = found.proposal.version
    before = await everything(room)
    flash = [each.press.format(**numbers) for each in PRESSES if each.press.startswith("flash:")]
    fixes = ("quiet", "dated", "loud", "carry", "preview", "drop")
    theirs = [*flash, *(f"desk:fix{each}:{out}:1:{version}" for each in fixes)]
    said = await pressed(room, EGOR, own, theirs)
    assert all("устарела" in each for each in said[: len(flash)]), said
    assert all(said[len(flash) :])
    assert await everything(room) == before

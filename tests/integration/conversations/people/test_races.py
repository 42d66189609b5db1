"""Two owners press the same button at once, away from a story's card: it is done once, the second is told of the first.

Every handler that takes a right and hears a button has its place here; those of the card are raced for in
`desk/live/test_races.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from bot.desk import highlights
from bot.desk.afterwards import proposals
from bot.desk.live import notices
from bot.desk.newsroom import feeds, topics
from bot.desk.publish import publish
from bot.desk.story import lock
from bot.model.newsroom.role import OWNER
from bot.model.story.article import Content
from bot.model.story.content import Media, MediaKind
from bot.store.desk import highlights as kept_highlights
from bot.store.newsroom import held_edits
from bot.store.newsroom import staff as kept_staff
from bot.store.newsroom import topics as kept_topics
from tests.integration.conversations.hostile.test_names import left_standing
from tests.integration.conversations.people.verbs import MATRIX
from tests.support.desk.editors import draft, hire
from tests.support.messages import plain
from tests.support.people import ANNA, BORIS
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.world import ASIA, BOT, ECONOMY, WORLD, World

NAMES = {OLGA: "Ольга", EGOR: "Егор"}
ADDRESS = "http://127.0.0.1:9/feed"

ON_THE_CARD = {
    f"desk.presses.{each}"
    for each in ("submit", "approve", "ask_note", "publish", "ask_time", "take_hour_away", "steer", "decide")
} | {
    *("desk.presses.ask_reason", "desk.fields.presses.ask_until", "desk.fields.presses.lift"),
    *("desk.highlights.presses.pick", "flash.undo.take_story_back"),
}
ONLY_SHOW = {
    *("desk.shelves.show_desk", "desk.shelves.show_shelf", "desk.shelves.turn_found"),
    *("desk.presses.open_card", "desk.presses.show_more", "desk.presses.preview", "desk.presses.ask_way"),
    *("desk.fields.looks.show_looks", "desk.fields.looks.show_look", "desk.fields.held.show_held"),
    *("desk.highlights.presses.show_list", "desk.highlights.presses.show"),
    *("desk.highlights.presses.preview", "desk.highlights.presses.ask_words"),
    *("figures.presses.choose_period", "figures.presses.draw_period"),
    *("figures.presses.show_story", "figures.presses.draw_story"),
    *("desk.published.correction.open_correction", "desk.published.follow_ups.ask_update"),
    *("people.roster.ask_person", "people.rights.show_everybody", "people.rights.show_person"),
    *("people.rights.show_topics", "people.rights.show_until", "people.rights.ask_until"),
    "people.record.turn_page",
    *("newsroom.feed_presses.show_sources", "newsroom.feed_presses.export", "newsroom.feed_presses.ask_feed"),
    *("newsroom.feed_presses.open_feed", "newsroom.feed_presses.ask_name"),
    *("newsroom.feed_presses.show_topics", "newsroom.feed_presses.ask_removal"),
    *("newsroom.trial.try_known", "newsroom.trial.look_again"),
    *("newsroom.topic_presses.show_topics", "newsroom.topic_presses.ask_topic"),
    *("newsroom.topic_presses.open_topic", "newsroom.topic_presses.ask_below"),
    *("newsroom.topic_presses.ask_name", "newsroom.topic_presses.show_others"),
    "newsroom.topic_presses.ask_merge",
    *("newsroom.setup.go_on", "newsroom.setup.go_to", "newsroom.setup.ask_topic", "newsroom.setup.ask_feed"),
    "newsroom.setup.ask_channel",
}
EACH_THEIR_OWN = {
    # A card of breaking news, and what is prepared of a correction, are one editor's.
    *(each.handler for each in MATRIX if each.handler.startswith("editor.card_presses")),
    *("flash.story.open_choice", "flash.story.leave_choice", "flash.undo.take_back"),
    *("desk.published.correction.ask_field", "desk.published.correction.preview"),
    *("desk.published.correction.ask_notice", "desk.published.correction.carry_over"),
    "desk.published.correction.drop",
    # So are their messages, and whether they are told of things.
    *("desk.writing.make", "desk.edits.take", "desk.fields.answers.put_all_the_same"),
    "desk.live.notices.switch_notices",
}
AGAIN = {
    # Seen by both; shown once more in the test channel; gone is gone, and stopped is stopped: the page shows that.
    *("newsroom.setup.settle", "newsroom.setup.show_story", "people.roster.remove"),
    *("desk.fields.presses.go_back", "desk.highlights.presses.stop"),
}
"""What both may do, one after the other, and neither undoes what the first did."""


@dataclass(frozen=True)
class Race:
    """A handler's button, what has to be there for it, and how the second is told; `{name}` is who was faster."""

    handler: str
    data: str
    there: Callable[[World], Awaitable[object]] | None = None
    told: str = "Вас опередили: {name}"
    on_page: bool = False


async def a_feed(room: World) -> None:
    await feeds.add(room.db, ADDRESS, at=room.clock.now(), by=None, topics_of=("asia",))


async def a_paused_feed(room: World) -> None:
    await a_feed(room)
    await feeds.pause(room.db, 1, at=room.clock.now(), by=None)


async def a_paused_topic(room: World) -> None:
    await topics.pause(room.db, ECONOMY, at=room.clock.now(), by=None)


async def a_draft(room: World) -> None:
    picture = Media(MediaKind.PICTURE, url="https://example.org/picture.png")
    await draft(room, Content("Мост открыт", "Первыми проехали автобусы.", picture=picture))


async def a_draft_that_anna_edits(room: World) -> None:
    await a_draft(room)
    await lock.take(room.db, 1, at=room.clock.now(), by=ANNA)


async def a_held_edit(room: World) -> None:
    made = await draft(room)
    await publish(room.db, made.id, room.clock.now())
    edit = replace(made.content, lead="Иначе.")
    async with room.db.write() as tx:
        await held_edits.keep(tx, made.id, edit, source="valley", reason="text", at=room.clock.now())


async def corrections(room: World) -> None:
    """Let both have prepared a correction."""
    number, at = await room.story("Мост открыт", ECONOMY), room.clock.now()
    for by in (OLGA, EGOR):
        await proposals.propose(
            room.db, number, lambda each, by=by: replace(each, lead=f"Иначе {by}."), at=at, by=by, seen=1
        )


async def top_stories(room: World) -> None:
    for headline in ("Мост открыт", "Порт открыт"):
        number = await room.story(headline, ECONOMY)
        await highlights.pick(room.db, number, BOT, at=room.clock.now(), by=None)


async def rights(room: World) -> None:
    await hire(room, BORIS, "Борис", OWNER.rights)


async def left_somewhere(room: World) -> None:
    await left_standing(room, "Соседи")


RIGHTS = "Вас опередили ({name})"
RACES = (
    Race("newsroom.feed_presses.pause", "src:fpause:1:{feed}", a_feed),
    Race("newsroom.feed_presses.resume", "src:fgo:1:{feed}", a_paused_feed),
    Race("newsroom.feed_presses.choose_publish", "src:fout:1:{feed}:draft", a_feed),
    Race("newsroom.feed_presses.choose_topic", "src:ftopic:1:{feed}:3", a_feed),
    Race("newsroom.feed_presses.remove", "src:fgone:1:{feed}", a_feed),
    Race("newsroom.topic_presses.pause", "src:tpause:3:{topic}"),
    Race("newsroom.topic_presses.resume", "src:tgo:3:{topic}", a_paused_topic),
    Race("newsroom.topic_presses.merge", f"src:tdone:3:{{topic}}:{WORLD}"),
    Race("newsroom.setup.add_usual_topics", "setup:usual"),
    Race("desk.published.follow_ups.try_again", "desk:retry:1:1", left_somewhere, "Кто-то успел раньше"),
    Race("desk.published.correction.let_out", "desk:fixdated:1:1:1", corrections, "Исправлено: {name}"),
    Race("desk.fields.held.accept", "desk:accept:1:1:{imprint}", a_held_edit, "{name}"),
    Race("desk.fields.held.refuse", "desk:refuse:1:1:{imprint}", a_held_edit, "{name}"),
    Race("desk.fields.presses.open_page", "desk:change:1:1", a_draft, "{name}", on_page=True),
    Race("desk.fields.presses.ask_words", "edit:ask:1:1:lead", a_draft, "{name}", on_page=True),
    Race("desk.fields.presses.show_page", "edit:page:1:1", a_draft, "{name}", on_page=True),
    Race("desk.fields.presses.remove_picture", "edit:unpicture:1:1", a_draft, "{name}", on_page=True),
    Race("desk.fields.choices.show_topics", "edit:topics:1:1:0:0", a_draft, "{name}", on_page=True),
    Race("desk.fields.choices.choose_topic", f"edit:topic:1:1:{WORLD}:0", a_draft, "{name}", on_page=True),
    Race("desk.fields.choices.choose_language", "edit:lang:1:1:en", a_draft, "{name}", on_page=True),
    Race("desk.fields.choices.choose_readers", "edit:for:1:1:en", a_draft, "{name}", on_page=True),
    Race("desk.highlights.presses.rearrange", "picks:up:1:{picks}:2", top_stories, "кто-то другой"),
    Race("desk.highlights.presses.rearrange", "picks:out:1:{picks}:2", top_stories, "кто-то другой"),
    Race("desk.highlights.presses.rearrange", "picks:all:1:{picks}", top_stories, "кто-то другой"),
    Race("desk.highlights.presses.decide", "picks:send:1:{picks}", top_stories, "кто-то другой"),
    Race("desk.highlights.presses.decide", "picks:head:1:{picks}", top_stories, "кто-то другой"),
    Race("desk.highlights.presses.decide", "picks:drop:1:{picks}", top_stories, "кто-то другой"),
    Race("people.rights.give_role", f"staff:role:{BORIS}:{{rights}}:author", rights, RIGHTS),
    Race("people.rights.give_or_take_right", f"staff:right:{BORIS}:{{rights}}:write", rights, RIGHTS),
    Race("people.rights.choose_topic", f"staff:topic:{BORIS}:{{rights}}:{ASIA}", rights, RIGHTS),
    Race("people.rights.choose_length", f"staff:for:{BORIS}:{{rights}}:week", rights, RIGHTS),
    Race("people.rights.take_rights", f"staff:away:{BORIS}:{{rights}}", rights, RIGHTS),
)
TWO_AT_THE_LOCK = {"desk.fields.presses.take_over"}
"""Who takes the editing over from one who took it over: the other is told. `desk/test_fields.py`."""


def test_every_button_that_takes_a_right_has_its_place() -> None:
    named = {each.handler for each in RACES} | {"newsroom.trial.add"} | TWO_AT_THE_LOCK
    places = (named, ON_THE_CARD, ONLY_SHOW, EACH_THEIR_OWN, AGAIN)
    assert set().union(*places) == {each.handler for each in MATRIX if each.press}
    assert sum(map(len, places)) == len(set().union(*places))


@pytest.mark.parametrize("race", RACES, ids=[each.data.partition(":{")[0] for each in RACES])
async def test_of_two_who_press_at_once_the_second_is_told_of_the_first(room: World, race: Race) -> None:
    await hire(room, EGOR, "Егор", OWNER.rights)
    await room.say(OLGA, "/start")
    if race.there is not None:
        await race.there(room)
    data = race.data.format(**await seen(room))
    pages = {each: await room.say(each, "/id") for each in NAMES}
    pressed = {
        each: room.sandbox.press(each, each, page["message_id"], data, forge=True)
        for each, page in pages.items()
    }
    answers = {
        each: await room.until(lambda number=number: room.answered(number))
        for each, number in pressed.items()
    }
    await room.services.errands.settle()
    told = {each: str(answer.get("text") or "").replace("\u00a0", " ") for each, answer in answers.items()}
    if race.on_page:
        told = {each: plain(room.again(page)) for each, page in pages.items()}
    faster = {EGOR: OLGA, OLGA: EGOR}
    late = [each for each in NAMES if race.told.format(name=NAMES[faster[each]]) in told[each]]
    assert len(late) == 1, told
    assert "пошло не так" not in "".join(told.values())


async def test_of_two_who_add_a_feed_at_once_the_second_is_told_of_the_first(room: World) -> None:
    await hire(room, EGOR, "Егор", OWNER.rights)
    await room.say(OLGA, "/start")
    pages, client = {}, room.services.client
    for each in NAMES:
        sent = await client.send_message(each, f"<code>{ADDRESS}</code>")
        pages[each] = await room.answer(each, ADDRESS)
        assert sent.message_id == pages[each]["message_id"]
    pressed = {
        each: room.sandbox.press(each, each, page["message_id"], "src:add:auto", forge=True)
        for each, page in pages.items()
    }
    told = [
        (await room.until(lambda each=each: room.answered(pressed[each])))["text"] for each in (OLGA, EGOR)
    ]
    assert sorted("уже добавили" in each for each in told) == [False, True]
    assert ("Егор" in told[0]) != ("Ольга" in told[1])
    assert len(await feeds.listing(room.db, room.clock.now())) == 1


@pytest.mark.parametrize("words", ["here", "off"])
async def test_of_two_owners_who_switch_a_group_at_once_both_are_told_how_it_is(
    room: World, words: str
) -> None:
    await hire(room, EGOR, "Егор", OWNER.rights)
    await room.say(OLGA, "/start")
    group = room.sandbox.add_chat("supergroup", title="Редакция", creator=OLGA, members=[EGOR, BOT])["id"]
    await room.answer(group, "Администраторы")
    if words == "off":
        await room.say(OLGA, "/desk@vestnik_bot here", group)
    before = len(room.shown(group))
    for each in NAMES:
        room.send(each, f"/desk@vestnik_bot {words}", group)
    await room.until(lambda: len(room.shown(group)) == before + 2)
    first, second = room.texts(group)[before:]
    assert first != second


async def test_of_two_who_switch_their_notices_at_once_each_switches_their_own(room: World) -> None:
    await hire(room, EGOR, "Егор", OWNER.rights)
    await room.say(OLGA, "/start")
    pages = {each: await room.say(each, "/desk") for each in NAMES}
    pressed = [
        room.sandbox.press(each, each, page["message_id"], "desk:notices") for each, page in pages.items()
    ]
    for each in pressed:
        await room.until(lambda each=each: room.answered(each))
    assert [await notices.wanted(room.db, BOT, each) for each in NAMES] == [False, False]
    await room.forge(EGOR, pages[EGOR], "desk:notices")
    assert [await notices.wanted(room.db, BOT, each) for each in NAMES] == [False, True]


async def seen(room: World) -> dict[str, object]:
    """Return the versions that a button names: of the first feed, topic, highlights, of Boris's rights."""
    found = await feeds.listing(room.db, room.clock.now())
    async with room.db.read() as tx:
        known = await kept_topics.load(tx)
        grant = await kept_staff.get(tx, BOT, BORIS)
        picked = await kept_highlights.get(tx, 1)
        held = await held_edits.get(tx, 1)
    return {
        "feed": found[0].feed.version if found else 0,
        "topic": known.by_id[ECONOMY].version,
        "picks": picked.version if picked else 0,
        "rights": grant.version if grant else 0,
        "imprint": held.fingerprint()[:16] if held else "",
    }

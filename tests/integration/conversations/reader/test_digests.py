"""/digest in a conversation: a topic's rest in place, stories in full, and always a way back."""

from __future__ import annotations

import re
from typing import Any

from bot.desk.amend import correct, kill
from bot.model.story.article import Content
from bot.readers import digests, settings
from tests.support.messages import data_of, labels, text_of
from tests.support.world import World

ANNA, BORIS, JAMES = 21, 22, 23
WORLD, ASIA, ECONOMY = 1, 2, 3
LONG = " ".join(f"Строители закончили участок {n} раньше срока." for n in range(300))


async def follow(room: World, user: int, *names: str) -> None:
    page = await room.say(user, "/topics")
    for name in names:
        await room.press(user, room.again(page), name)


async def test_a_topic_shows_its_first_five_and_the_rest_in_place(room: World) -> None:
    await follow(room, ANNA, "Экономика", "Мир")
    for number in range(1, 13):
        await room.story(f"Курс-{number:02}", ECONOMY)
    await room.story("Порт", ASIA)
    page = await room.say(ANNA, "/digest")
    assert "13\u00a0новостей" in text_of(page)
    assert re.findall(r"Курс-\d\d", text_of(page)) == [f"Курс-{n:02}" for n in (12, 11, 10, 9, 8)]
    assert data_of(page, "Экономика: ещё 7")
    assert not any("Мир: " in label for label in labels(page))
    await room.press(ANNA, page, "ещё 7")
    rest = await room.changed(page, "1/2")
    assert len(re.findall(r"Курс-\d\d", text_of(rest))) == 10
    await room.press(ANNA, rest, "›")
    rest = await room.changed(rest, "2/2")
    assert re.findall(r"Курс-\d\d", text_of(rest)) == ["Курс-02", "Курс-01"]
    assert {"11", "12"} <= set(labels(rest)), "numbers go on where the page before ended"
    await room.press(ANNA, rest, "12")
    story = await room.changed(rest, "К списку")
    await room.press(ANNA, story, "К списку")
    rest = await room.changed(story, "2/2")
    await room.press(ANNA, rest, "К дайджесту")
    assert text_of(await room.changed(rest, "ещё 7")) == text_of(page)


async def test_a_story_opens_in_full_and_leads_back(room: World) -> None:
    await follow(room, ANNA, "Экономика")
    await room.story("Дорога достроена", ECONOMY, text=LONG)
    for form in (None, "classic"):
        here = await room.chat(ANNA)
        await settings.choose(room.db, here.id, room.clock.now(), form=form)
        page = await room.say(ANNA, "/digest")
        if form:
            await room.press(ANNA, page, "Показать прошлый")
            page = await room.changed(page, "Дорога")
        words = text_of(page)
        await room.press(ANNA, page, "1")
        story = await room.changed(page, "К списку")
        assert ("rich_message" in story) is (form is None)
        if form:
            await room.press(ANNA, story, "›")
            story = await room.changed(story, "2/4")
        await room.press(ANNA, story, "К списку")
        assert text_of(await room.changed(story, "Дайджест")) == words


async def test_nothing_new_is_said_honestly_with_the_way_to_the_last(room: World) -> None:
    await follow(room, ANNA, "Экономика")
    first = await room.say(ANNA, "/digest")
    assert "ничего нового" in text_of(first)
    assert labels(first) == []
    await room.story("Курс", ECONOMY)
    told = await room.say(ANNA, "/digest")
    again = await room.say(ANNA, "/digest")
    assert "Курс" not in text_of(again)
    await room.press(ANNA, again, "Показать прошлый")
    assert text_of(await room.changed(again, "Курс")) == text_of(told)


async def test_as_many_as_the_chat_chose_stand_under_a_topic(room: World) -> None:
    await follow(room, ANNA, "Экономика")
    here = await room.chat(ANNA)
    await settings.choose(room.db, here.id, room.clock.now(), digest_size=3)
    for number in range(5):
        await room.story(f"Курс-{number}", ECONOMY)
    page = await room.say(ANNA, "/digest")
    assert len(re.findall(r"Курс-\d", text_of(page))) == 3
    assert data_of(page, "ещё 2")


async def test_opened_again_it_reads_as_its_stories_read_now(room: World) -> None:
    await follow(room, ANNA, "Экономика")
    course, rate = await room.story("Курс", ECONOMY), await room.story("Ставка", ECONOMY)
    page = await room.say(ANNA, "/digest")
    await correct(room.db, course, Content("Курс вырос"), room.clock.now())
    await kill(room.db, rate, room.clock.now())
    await room.press(ANNA, page, "2")
    story = await room.changed(page, "К списку")
    await room.press(ANNA, story, "К списку")
    page = await room.changed(story, "Дайджест")
    assert "Курс вырос" in text_of(page)
    assert "Ставка" not in text_of(page)
    assert "1\u00a0новость" in text_of(page)


async def test_a_forged_way_into_another_chats_digest_is_refused(room: World) -> None:
    await follow(room, ANNA, "Экономика")
    await room.story("Курс", ECONOMY)
    await room.say(ANNA, "/digest")
    told = await digests.last(room.db, await room.chat(ANNA))
    mine = await room.say(BORIS, "/digest")
    forged = (f"list:digest:{told}", f"more:{told}:{ECONOMY}:0", f"list:more:{told}:{ECONOMY}:0")
    for data in (*forged, "list:digest:", "list:digest:x", "more:", "more:99:1:0", "list:nonsense"):
        answer = await room.forge(BORIS, mine, data)
        assert answer["text"], data
    assert "Курс" not in text_of(room.again(mine))


async def test_a_group_opens_and_closes_its_digest_together(room: World) -> None:
    group = room.sandbox.add_chat("group", title="Соседи", creator=ANNA, members=[BORIS, 700700])["id"]
    hello = await room.answer(group, "Вестник Долины")
    await room.press(ANNA, hello, "Экономика")
    await room.story("Курс", ECONOMY)
    page = await room.say(ANNA, "/digest@vestnik_bot", group)
    await room.press(BORIS, page, "1")
    story = await room.changed(page, "К списку")
    await room.press(ANNA, story, "К списку")
    await room.changed(story, "Дайджест")


async def long_digest(room: World) -> dict[str, Any]:
    """Return a digest of three topics with many stories."""
    await follow(room, ANNA, "Экономика", "Мир")
    for number in range(1, 8):
        await room.story(f"Курс-{number}", ECONOMY)
        await room.story(f"Порт-{number}", ASIA)
    return await room.say(ANNA, "/digest")


async def test_a_long_digest_is_an_article_whose_headlines_open_the_stories(room: World) -> None:
    page = await long_digest(room)
    html = page["rich_message"]["html"]
    assert "14\u00a0новостей" in html
    assert len(re.findall("<h3>", html)) == 2
    assert html.index("Экономика") < html.index("Мир")
    opened = re.search(r'data="(open:\d+:digest:\d+)">Курс-7<', html)
    more = re.search(r'data="(more:\d+:\d+:0)"', html)
    assert opened
    assert more
    await room.forge(ANNA, page, opened[1], forge=False)
    story = await room.changed(page, "К списку")
    await room.press(ANNA, story, "К списку")
    await room.until(lambda: room.again(page).get("rich_message", {}).get("html") == html)
    await room.forge(ANNA, page, more[1], forge=False)
    rest = await room.changed(page, "К дайджесту")
    assert len(re.findall(r"Курс-\d", text_of(rest))) == 7
    await room.press(ANNA, rest, "К дайджесту")
    await room.until(lambda: room.again(page).get("rich_message", {}).get("html") == html)


async def test_whoever_chose_the_classic_form_gets_a_digest_in_it(room: World) -> None:
    await room.say(ANNA, "/settings")
    here = await room.chat(ANNA)
    await settings.choose(room.db, here.id, room.clock.now(), form="classic")
    page = await long_digest(room)
    assert "rich_message" not in page
    assert "Курс-7" in text_of(page)


async def test_where_telegram_refuses_the_rich_one_the_classic_one_comes(room: World) -> None:
    refused = "Bad Request: can't parse rich message: RICH_MESSAGE_INVALID"
    room.sandbox.fault(
        "error", match={"method": "sendRichMessage"}, times=None, code=400, description=refused
    )
    page = await long_digest(room)
    assert "rich_message" not in page
    assert "Курс-7" in text_of(page)

"""An owner gives rights in a topic until a date, over restarts, in Russian and in English; and takes them away."""

from __future__ import annotations

import pytest

from bot.desk import staff
from bot.model.newsroom.role import AUTHOR
from tests.journeys.newsroom.conftest import Newsroom
from tests.support.messages import Message, plain
from tests.support.people import ANNA, EDITOR
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT

RUSSIAN = {
    "author": "автор",
    "role": "Роль: автор",
    "topics": "Темы",
    "economy": "Экономика",
    "back": "Назад",
    "when": "Срок",
    "other": "Другой срок",
    "asked": "До какого времени? Ответьте",
    "until": "до 1 декабря 2030",
    "date": "1 декабря 2030, 00:00",
    "no right": "нет такого права: отправлять срочные новости",
    "take": "Забрать все права",
    "editors": "только редакторам",
}
ENGLISH = {
    "author": "author",
    "role": "Role: author",
    "topics": "Topics",
    "economy": "Economy",
    "back": "Back",
    "when": "Until when",
    "other": "Another time",
    "asked": "Until when? Answer",
    "until": "until December 1, 2030",
    "date": "1 December 2030, 00:00",
    "no right": "the right to do that: send breaking news",
    "take": "Take all rights",
    "editors": "Only editors",
}


@pytest.mark.parametrize("words", [RUSSIAN, ENGLISH], ids=["ru", "en"])
async def test_rights_are_given_for_a_topic_until_a_date_over_restarts_and_taken_away(
    newsroom: Newsroom, words: dict[str, str]
) -> None:
    if words is ENGLISH:
        for user, name in ((OLGA, "Olga"), (EDITOR, "Egor")):
            newsroom.sandbox.add_user(name, id=user, language_code="en")
    for user in (OLGA, EDITOR):
        await newsroom.say(user, "/start")
    page = await chosen(newsroom, OLGA, EDITOR)
    await newsroom.press(OLGA, page, words["author"])
    await newsroom.changed(page, words["role"])
    await newsroom.answer(EDITOR, words["role"])
    await newsroom.restart()
    await newsroom.press(OLGA, newsroom.again(page), words["topics"])
    await newsroom.press(OLGA, await newsroom.changed(page, words["economy"]), words["economy"])
    await newsroom.changed(page, f"✅ {words['economy']}")
    await newsroom.press(OLGA, newsroom.again(page), words["back"])
    await newsroom.press(OLGA, await newsroom.changed(page, words["role"]), words["when"])
    await newsroom.press(OLGA, await newsroom.changed(page, words["other"]), words["other"])
    asked = await newsroom.answer(OLGA, words["asked"])
    await newsroom.restart()
    page = await newsroom.say(OLGA, words["until"], reply_to=asked["message_id"])
    assert words["date"] in plain(page)
    grant = await staff.find(newsroom.db, BOT, EDITOR)
    assert (grant.rights, len(grant.topics or ())) == (AUTHOR.rights, 1)
    assert words["no right"] in plain(await newsroom.say(EDITOR, "/breaking"))
    await newsroom.press(OLGA, page, words["take"])
    await newsroom.until(lambda: any(words["role"] in text for text in newsroom.texts(EDITOR)) is False)
    assert words["editors"] in plain(await newsroom.say(EDITOR, "/breaking"))


async def test_forged_presses_of_a_reader_and_of_an_editor_change_nothing(newsroom: Newsroom) -> None:
    for user in (OLGA, EDITOR, ANNA):
        await newsroom.say(user, "/start")
    newsroom.send(OLGA, f"/editors {EDITOR}")
    await newsroom.answer(EDITOR, "Что вам можно")
    for person, refused in ((EDITOR, "права: выдавать права"), (ANNA, "только владельцам")):
        own = await newsroom.say(person, "/id")
        for data in (f"staff:role:{person}:0:owner", f"staff:role:{ANNA}:0:owner", f"editor:{EDITOR}"):
            assert refused in (await newsroom.forge(person, own, data))["text"]
    assert [each.user_id for each in await staff.everybody(newsroom.db, BOT)] == [EDITOR]


async def chosen(newsroom: Newsroom, owner: int, person: int) -> Message:
    """Let an owner choose a person in Telegram's own list, and return the person's page."""
    before = len(newsroom.shown(owner))
    newsroom.sandbox.share_users(owner, owner, 1, [person])
    await newsroom.until(lambda: len(newsroom.shown(owner)) >= before + 2)
    return newsroom.shown(owner)[-1]

"""A reader finds a story, walks on, saves one, shares it with somebody new, and reads it again later; ru and en."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.journeys.newsroom.conftest import Newsroom
from tests.support.messages import Message, buttons, data_of, labels

ANNA, BORIS, JAMES, OWNER = 21, 22, 23, 11


@dataclass(frozen=True)
class Words:
    """What somebody reads and presses in their language."""

    reader: int
    topic: str
    first: str
    second: str
    save: str
    saved: str
    share: str
    follow: str
    to_list: str


RUSSIAN = Words(
    reader=ANNA,
    topic="Экономика",
    first="Мост открыт",
    second="Порт расширен",
    save="☆ Сохранить",
    saved="★ Сохранено",
    share="Поделиться",
    follow="Подписаться: Экономика",
    to_list="‹ К списку",
)
ENGLISH = Words(
    reader=JAMES,
    topic="Economy",
    first="Bank leaves its key rate as it is",
    second="Budget is passed by the council",
    save="☆ Save",
    saved="★ Saved",
    share="Share",
    follow="Follow: Economy",
    to_list="‹ To the list",
)


@pytest.mark.parametrize("words", [RUSSIAN, ENGLISH], ids=["ru", "en"])
async def test_a_story_is_found_saved_shared_and_read_again(newsroom: Newsroom, words: Words) -> None:
    await newsroom.first_look()
    await newsroom.follow(words.reader, words.topic)
    for uid, headline in enumerate((words.first, words.second)):
        newsroom.wire.put(str(uid), headline, f"{headline}. {headline}.")
        pushed = await newsroom.answer(words.reader, headline)
    said = await newsroom.say(words.reader, "/save", reply_to=pushed["message_id"])
    assert "/saved" in said["text"]
    page = await newsroom.say(words.reader, "/latest")
    await newsroom.press(words.reader, page, "1")
    story = await stands(newsroom, page, "→")
    await newsroom.press(words.reader, story, "→")
    story = await stands(newsroom, story, "←")
    await newsroom.press(words.reader, story, words.save)
    story = await stands(newsroom, story, words.saved)
    shared = next(each["url"] for each in buttons(story) if each["text"] == words.share)
    link = re.search(r"start%3D(a-\d+)", shared)
    assert link
    await newsroom.restart()
    page = await newsroom.say(words.reader, "/saved")
    assert words.first in page["text"]
    assert words.second in page["text"]
    await newsroom.press(words.reader, page, "1")
    await stands(newsroom, page, words.to_list)
    newsroom.sandbox.add_user("Новый", id=77, language_code="ru" if words is RUSSIAN else "en")
    newsroom.send(77, f"/start {link[1]}")
    await newsroom.press_newest(77, words.follow)
    newsroom.wire.put("9", words.second + " 2", "Работы закончены." if words is RUSSIAN else "It is done.")
    await newsroom.answer(77, words.second + " 2")


async def stands(newsroom: Newsroom, message: Message, label: str) -> Message:
    """Wait until a button stands under the message, and return it."""
    await newsroom.until(
        lambda: data_of(newsroom.again(message), label) or label in labels(newsroom.again(message))
    )
    return newsroom.again(message)

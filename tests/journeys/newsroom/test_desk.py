"""A story at the desk from the first word to the last, in Russian and in English: written, read, taken back."""

from __future__ import annotations

import pytest

from tests.journeys.newsroom.conftest import Newsroom
from tests.support.messages import Message, plain
from tests.support.people import ANNA, EDITOR
from tests.support.people import OWNER as OLGA

RUSSIAN = {
    "language": "ru",
    "story": "Мост через Светлую открыли для движения\nПервыми проехали автобусы.\n#экономика",
    "headline": "Мост через Светлую",
    "was": "автобусы",
    "is": "трамваи",
    "why": "Открыли соседний мост",
    "then": "Мост снова закрыли до утра",
}
ENGLISH = {
    "language": "en",
    "story": "The bridge over the river is open to traffic\nThe buses were the first to cross.\n#economy",
    "headline": "The bridge over the river",
    "was": "buses",
    "is": "trams",
    "why": "It was the other bridge",
    "then": "The bridge is closed again until the morning",
}


@pytest.mark.parametrize("words", [RUSSIAN, ENGLISH], ids=["ru", "en"])
async def test_a_story_goes_from_the_authors_message_to_its_readers_and_back(
    newsroom: Newsroom, words: dict[str, str]
) -> None:
    language = words["language"]
    for user, name in ((OLGA, "Olga"), (EDITOR, "Egor"), (ANNA, "Anna")):
        newsroom.sandbox.add_user(name, id=user, language_code=language)

    def label(name: str, **facts: object) -> str:
        return newsroom.services.talk.label(name, language, **facts)

    await newsroom.follow(ANNA, "Экономика" if language == "ru" else "Economy")
    for user in (OLGA, EDITOR):
        await newsroom.say(user, "/start")
    newsroom.send(OLGA, f"/editors {EDITOR}")
    # The author writes, and asks for a review.
    await newsroom.until(lambda: len(newsroom.shown(EDITOR)) > 1)
    newsroom.send(EDITOR, words["story"])
    await newsroom.press_newest(EDITOR, label("desk_submit"))
    await newsroom.restart()
    # Another editor approves and publishes.
    desk = await newsroom.say(OLGA, "/desk")
    await newsroom.press(OLGA, desk, words["headline"])
    await newsroom.press(OLGA, await newsroom.changed(desk, label("desk_approve")), label("desk_approve"))
    await newsroom.press(OLGA, await newsroom.changed(desk, label("desk_publish")), label("desk_publish"))
    read = await newsroom.answer(ANNA, words["was"])
    # What is wrong is corrected, dated, in the reader's own copy.
    card = await opened(newsroom, words["headline"], label("desk_correct"))
    await newsroom.press(OLGA, card, label("desk_correct"))
    await newsroom.press(
        OLGA, await newsroom.changed(card, label("fix", field="words")), label("fix", field="words")
    )
    asked = await question(newsroom)
    await newsroom.restart()
    shown = await newsroom.say(OLGA, f"{words['was']}\n{words['is']}", reply_to=asked)
    await newsroom.press(OLGA, shown, label("fix_dated"))
    await newsroom.changed(read, words["is"])
    # It goes on, and is taken back.
    card = await opened(newsroom, words["headline"], label("desk_update"))
    await newsroom.press(OLGA, card, label("desk_update"))
    made = await newsroom.say(OLGA, words["then"], reply_to=await question(newsroom))
    assert words["then"] in plain(made)
    card = await opened(newsroom, words["headline"], label("desk_withdraw"))
    await newsroom.press(OLGA, card, label("desk_withdraw"))
    await newsroom.press(OLGA, await newsroom.changed(card, label("kill")), label("kill"))
    newsroom.send(OLGA, words["why"], reply_to=await question(newsroom))
    await newsroom.until(
        lambda: read["message_id"] not in [each["message_id"] for each in newsroom.shown(ANNA)]
    )
    assert words["why"] not in "".join(newsroom.texts(ANNA)), "the reason stays at the desk"


@pytest.mark.parametrize("words", [RUSSIAN, ENGLISH], ids=["ru", "en"])
async def test_breaking_news_is_written_over_restarts_and_goes_to_a_topics_followers(
    newsroom: Newsroom, words: dict[str, str]
) -> None:
    language = words["language"]
    for user, name in ((OLGA, "Olga"), (ANNA, "Anna")):
        newsroom.sandbox.add_user(name, id=user, language_code=language)

    def label(name: str, **facts: object) -> str:
        return newsroom.services.talk.label(name, language, **facts)

    topic = "Экономика" if language == "ru" else "Economy"
    await newsroom.follow(ANNA, topic)
    await newsroom.say(OLGA, "/start")
    newsroom.send(OLGA, "/breaking")
    await newsroom.until(lambda: len(newsroom.shown(OLGA)) > 1)
    await newsroom.restart()
    newsroom.send(OLGA, words["then"])
    # The card stands below the topics that Olga may follow herself.
    await newsroom.press_newest(OLGA, label("manner_silent"))
    await newsroom.press_newest(OLGA, f"▫️ {topic}")
    await newsroom.restart()
    await newsroom.press_newest(OLGA, label("send", count=1))
    await newsroom.answer(ANNA, words["then"])


async def opened(newsroom: Newsroom, headline: str, label: str) -> Message:
    """Look for a story at the desk, open its card, and wait for a button there."""
    found = await newsroom.say(OLGA, f"/desk {headline}")
    await newsroom.press(OLGA, found, headline)
    return await newsroom.changed(found, label)


async def question(newsroom: Newsroom) -> int:
    """Return the newest question that Olga is asked."""

    def newest() -> Message | None:
        standing = reversed(newsroom.shown(OLGA))
        return next((each for each in standing if "force_reply" in each.get("reply_markup", {})), None)

    number: int = (await newsroom.until(newest))["message_id"]
    return number

"""From the wire to whoever watches for words and follows a story, in Russian and English, over a restart."""

from __future__ import annotations

import pytest

from bot.desk.publish import publish
from bot.model.story.article import Content
from bot.store.newsroom import articles
from tests.journeys.newsroom.conftest import Newsroom
from tests.support.messages import Message
from tests.support.transactions import writes

ANNA, JAMES = 21, 23


async def first_of(newsroom: Newsroom, words: str) -> int:
    """Return the id of the story with that headline."""
    async with newsroom.db.read() as tx:
        return next(each.id for each in await articles.newest(tx, 9) if each.content.headline == words)


async def goes_on(newsroom: Newsroom, headline: str, first: int, language: str) -> None:
    """Publish what follows a story up."""
    now = newsroom.clock.now()
    content = Content(headline, "…", language=language)
    made = await writes(articles.add)(
        newsroom.db, content, source="desk", uid=headline, at=now, update_of=first
    )
    await publish(newsroom.db, made.id, now)


def replied(message: Message) -> int | None:
    return message.get("reply_to_message", {}).get("message_id")


@pytest.mark.parametrize(
    ("user", "words", "yes", "kept", "follow", "headline", "later"),
    [
        (
            ANNA,
            "/alert киргизия -футбол",
            "Да, следить",
            "Теперь слежу",
            "🔔 Следить",
            "Мосты Кыргызстана",
            "Открыт",
        ),
        (JAMES, "/alert bridge", "Yes, watch", "From now on", "🔔 Follow", "Bridges are closed", "Reopened"),
    ],
)
async def test_words_bring_a_story_and_the_story_brings_what_comes_of_it(
    newsroom: Newsroom,
    user: int,
    words: str,
    yes: str,
    kept: str,
    follow: str,
    headline: str,
    later: str,
) -> None:
    await newsroom.say(user, "/start")
    preview = await newsroom.say(user, words)
    await newsroom.press(user, preview, yes)
    await newsroom.changed(preview, kept)
    await newsroom.tick()
    newsroom.wire.put("1", headline, "…")
    newsroom.wire.put("2", "Погода", "Дождь. Rain.")
    story = await newsroom.answer(user, headline)
    await newsroom.press(user, story, follow)
    await newsroom.restart()
    await goes_on(newsroom, later, await first_of(newsroom, headline), "en" if user == JAMES else "ru")
    assert replied(await newsroom.answer(user, later)) == story["message_id"]
    assert not [text for text in newsroom.texts(user) if "Погода" in text]

"""Scenes of a reader's day, played for pictures: topics followed, hours chosen, words to watch, the archive.

The stories are those of the demo, an hour apart. The clock stands at the same hour each time, so that only what was
changed in the bot changes a picture.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.app import App
from bot.demo.hands import press_newest
from bot.demo.stories import load_stories
from bot.desk.publish import publish
from bot.model.story.article import Content
from bot.sandbox import Sandbox
from bot.sources.html.blocks import to_blocks
from bot.store.newsroom import articles, topics
from docs.desk_scenes import Take, running, seen

ANNA = 3001


async def play(sandbox: Sandbox, token: str, at: datetime, take: Take) -> None:
    """Play the scenes one after the other, from `at` on; `take` is called where one is to be photographed."""
    sandbox.add_user("Анна", id=ANNA, language_code="ru")
    async with running(sandbox, token, at) as app:
        await _tell(app, at)
        sandbox.send(ANNA, ANNA, "/start")
        await seen(sandbox, ANNA, "Экономика")
        await _topics(sandbox, take)
        await _hours(sandbox, take)
        await _words(sandbox, take)
        await _archive(sandbox, take)


async def _tell(app: App, at: datetime) -> None:
    """Publish the demo's stories before anybody is there to be told."""
    services = app.services
    told = load_stories("news")
    async with services.db.write() as tx:
        known = await topics.load(tx)
        kept = []
        for number, story in enumerate(told):
            found = [topic.id for each in story.categories if (topic := known.find(each)) is not None]
            body = to_blocks(replace(story, picture="").html(""))
            content = Content(story.headline, story.lead, blocks=body, language="ru")
            when = at - timedelta(hours=len(told) - number)
            made = await articles.add(tx, content, source="desk", uid=story.slug, at=when, topic_ids=found)
            kept.append((made.id, when))
    for number, when in kept:
        await publish(services.db, number, when)


async def _topics(sandbox: Sandbox, take: Take) -> None:
    sandbox.send(ANNA, ANNA, "/topics")
    for topic in ("Экономика", "Наука", "Культура"):
        await press_newest(sandbox, ANNA, topic, about="Темы")
        await seen(sandbox, ANNA, f"✅ {topic}")
    sandbox.send(ANNA, ANNA, "/follow культура дайджест")
    sandbox.send(ANNA, ANNA, "/topics")
    await seen(sandbox, ANNA, "✅ Культура", "дайджест")
    await take("reader-topics", ANNA)


async def _hours(sandbox: Sandbox, take: Take) -> None:
    sandbox.send(ANNA, ANNA, "/digest в 9:00 18:00 по будням, 11:00 по выходным")
    sandbox.send(ANNA, ANNA, "/quiet 23-7 выходные 1-10")
    sandbox.send(ANNA, ANNA, "/settings")
    await seen(sandbox, ANNA, "23:00", "11:00")
    await take("reader-hours", ANNA)


async def _words(sandbox: Sandbox, take: Take) -> None:
    sandbox.send(ANNA, ANNA, "следить: парк -стадион, электробус")
    await seen(sandbox, ANNA, "электробус", "Да")
    await take("reader-words", ANNA)


async def _archive(sandbox: Sandbox, take: Take) -> None:
    sandbox.send(ANNA, ANNA, "/search город")
    await seen(sandbox, ANNA, "Уточнить")
    await take("reader-search", ANNA)
    await press_newest(sandbox, ANNA, "1", about="город")
    await seen(sandbox, ANNA, "К списку")
    await take("reader-story", ANNA)

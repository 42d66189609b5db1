"""Alerts enter planning by set and by pages; what is deleted or paused before the send is not sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from bot.bell import LocalBell
from bot.desk import amend, pushes
from bot.desk.publish import publish
from bot.matching import matcher
from bot.matching.alert_index import AlertIndex, SaidWords
from bot.matching.matcher import Matcher
from bot.model.delivery import Lane, State
from bot.model.story.article import Content, Status
from bot.model.story.content import Paragraph, Run
from bot.readers import membership
from bot.readers.watch import alerts
from bot.store.audience import choices
from bot.store.newsroom import articles
from bot.store.newsroom.search import synonyms
from bot.store.tables.watch import alert_condition
from bot.store.watch import alerts as kept_alerts
from tests.support.engine import Engine, matcher_of
from tests.support.readers import join
from tests.support.transactions import writes
from tests.support.world import BOT

change = writes(choices.change)


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matcher, "FIRST_PAGE", 2)
    monkeypatch.setattr(matcher, "PAGE", 2)


@dataclass
class Watched:
    """An engine that stands still, and chats that follow no topic and watch for words."""

    still: Engine

    async def chat(self, number: int, *texts: str, thread_id: int | None = None, **options: Any) -> int:
        """Let a chat watch for words; return our id of it."""
        now = self.still.clock.now()
        chat_id = await writes(join)(self.still.db, BOT, number, now)
        if options:
            await change(self.still.db, chat_id, now, **options)
        for text in texts:
            await alerts.keep(self.still.db, chat_id, text, now, thread_id=thread_id)
        return chat_id

    async def story(
        self, headline: str, *topic_ids: int, text: str = "Коротко.", language: str = "ru"
    ) -> int:
        """Publish a story, and plan nothing."""
        now = self.still.clock.now()
        content = Content(headline, "Лид.", blocks=(Paragraph((Run(text),)),), language=language)
        kept = await writes(articles.add)(
            self.still.db, content, source="desk", uid=headline, at=now, topic_ids=topic_ids
        )
        await publish(self.still.db, kept.id, now)
        return kept.id

    async def plan(self) -> None:
        """Plan all that there is, by a process that was born just now."""
        mine = Matcher(self.still.db, self.still.clock, LocalBell(), lives={}, planned=lambda _lane: None)
        while await mine.step():
            pass

    async def planned(self, article_id: int) -> list[int]:
        """Plan all that there is; return whom the story goes to."""
        await self.plan()
        return [row.chat_id for row in await self.still.rows() if row.subject_id == article_id]

    async def claimed(self, lane: Lane = Lane.STORY) -> list[int]:
        return [each.chat_id for each in await self.still.claim(lane)]


@pytest.fixture
def watched(still: Engine) -> Watched:
    return Watched(still)


async def test_a_story_goes_to_whom_its_words_concern_once(watched: Watched) -> None:
    first = await watched.chat(1, "мост", "бишкек")
    await watched.chat(2, "порт", "мост -бишкек")
    third = await watched.chat(3, "мосты бишкека")
    fourth = await watched.chat(4, "«новый мост»")
    follower = (await watched.still.readers(1, first=5000))[0]
    story = await watched.story("Новый мост в Бишкеке", watched.still.topic)
    chats = await watched.planned(story)
    assert chats == [first, third, fourth, 5]
    assert sorted(await watched.claimed()) == [first, third, fourth, 5]
    assert follower == 5000


async def test_who_follows_the_topic_too_gets_it_once(watched: Watched) -> None:
    number = (await watched.still.readers(1, first=1))[0]
    here = await membership.find(watched.still.db, BOT, number)
    assert here is not None
    await alerts.keep(watched.still.db, here.id, "мост", watched.still.clock.now())
    story = await watched.story("Мост открыт", watched.still.topic)
    assert await watched.planned(story) == [here.id]


async def test_a_process_that_dies_between_pages_is_gone_on_with_by_another(watched: Watched) -> None:
    chats = [await watched.chat(number, "мост") for number in range(1, 8)]
    story = await watched.story("Мост открыт")
    dies = matcher_of(watched.still.db)
    await dies.step()
    await dies.step()
    assert len(await watched.still.rows()) == 4
    # What it met is kept: whoever goes on compares nothing anew.
    assert await watched.planned(story) == chats


async def test_an_alert_that_is_deleted_or_paused_before_the_send_brings_nothing(watched: Watched) -> None:
    stays, deletes, pauses, leaves = [await watched.chat(number, "мост") for number in range(1, 5)]
    await watched.story("Мост открыт")
    await watched.plan()
    for chat_id, does in ((deletes, alerts.remove), (pauses, alerts.pause)):
        (mine,) = await alerts.of_chat(watched.still.db, chat_id)
        await does(watched.still.db, chat_id, mine.id, **({"paused": True} if chat_id == pauses else {}))
    await membership.leave(watched.still.db, leaves, watched.still.clock.now())
    assert await watched.claimed() == [stays]
    left = {row.chat_id: row.reason for row in await watched.still.rows() if row.state is State.SKIPPED}
    assert left == {deletes: "unsubscribed", pauses: "unsubscribed"}
    (mine,) = await alerts.of_chat(watched.still.db, pauses)
    await alerts.pause(watched.still.db, pauses, mine.id, paused=False)
    again = await watched.story("Мост закрыт")
    assert await watched.planned(again) == [stays, pauses]


async def test_alerts_respect_news_languages_and_work_in_digests_only(watched: Watched) -> None:
    russian = await watched.chat(1, "bridge, мост", news_languages=("ru",))
    english = await watched.chat(2, "bridge", news_languages=("en",), instant=False)
    every = await watched.chat(3, "bridge", instant=False)
    story = await watched.story("Bridge opened", language="en")
    assert await watched.planned(story) == [english, every]
    assert await watched.claimed() == [english, every]
    assert russian not in await watched.planned(await watched.story("Bridge closed", language="en"))


async def test_a_correction_that_brings_the_words_brings_the_story_once(watched: Watched) -> None:
    first, second = await watched.chat(1, "мост"), await watched.chat(2, "порт")
    follower = (await watched.still.readers(1, first=5000))[0]
    story = await watched.story("Мост открыт")
    assert await watched.planned(story) == [first]
    at = watched.still.clock.now()
    await amend.correct(watched.still.db, story, Content("Мост и порт открыты", "Лид."), at)
    assert await watched.planned(story) == [first, second]
    assert set(await watched.claimed()) == {first, second}
    assert follower == 5000
    # Words that are gone bring it to nobody more; nor does a story that is no news any more.
    watched.still.clock.advance(timedelta(days=2))
    late = await watched.chat(3, "вокзал")
    await amend.correct(watched.still.db, story, Content("Вокзал открыт", "Лид."), watched.still.clock.now())
    assert late not in await watched.planned(story)


async def test_what_lost_the_words_before_the_send_is_not_sent(watched: Watched) -> None:
    await watched.chat(1, "мост")
    story = await watched.story("Мост открыт")
    await watched.plan()
    await amend.correct(watched.still.db, story, Content("Порт открыт", "Лид."), watched.still.clock.now())
    await watched.plan()
    assert await watched.claimed() == []


async def test_what_was_stopped_or_killed_is_brought_by_no_alert(watched: Watched) -> None:
    chats = [await watched.chat(number, "мост") for number in range(1, 6)]
    stopped, killed = await watched.story("Мост открыт"), await watched.story("Мост закрыт")
    mine = matcher_of(watched.still.db)
    await mine.step()
    (told,) = await watched.still.pushes(stopped)
    await pushes.stop(watched.still.db, told, watched.still.clock.now())
    await amend.kill(watched.still.db, killed, watched.still.clock.now())
    await watched.plan()
    assert await watched.claimed() == []
    # Nor by a correction with words that somebody else watches for.
    await watched.chat(9, "порт")
    await amend.correct(watched.still.db, stopped, Content("Мост и порт", "Лид."), watched.still.clock.now())
    assert len(await watched.planned(stopped)) < len(chats)


async def test_drafts_the_archive_and_an_embargo_bring_nothing(watched: Watched) -> None:
    await watched.chat(1, "мост")
    now = watched.still.clock.now()
    for status in (Status.DRAFT, Status.ARCHIVED, Status.SCHEDULED):
        await writes(articles.add)(
            watched.still.db, Content("Мост"), source="desk", uid=status, at=now, status=status
        )
    await watched.plan()
    assert await watched.still.rows() == []


async def test_the_thread_of_a_forum_in_which_words_were_named_gets_the_story(watched: Watched) -> None:
    await watched.chat(1, "мост", thread_id=7)
    await watched.story("Мост открыт")
    await watched.plan()
    assert [row.thread_id for row in await watched.still.rows()] == [7]


async def test_synonyms_join_and_a_change_of_them_counts_at_once(watched: Watched) -> None:
    here = await watched.chat(1, "киргизия")
    assert await watched.planned(await watched.story("Выборы: Кыргызстан")) == []
    await writes(synonyms.replace)(watched.still.db, [("Киргизия", "Кыргызстан")])
    assert await watched.planned(await watched.story("Погода: юг Кыргызстана")) == [here]


async def test_conditions_that_nobody_watches_for_are_dropped(watched: Watched) -> None:
    first, second = await watched.chat(1, "мост", "порт"), await watched.chat(2, "мост")
    for chat_id in (first,):
        for each in await alerts.of_chat(watched.still.db, chat_id):
            await alerts.remove(watched.still.db, chat_id, each.id)
    assert await writes(kept_alerts.drop_unused)(watched.still.db, 10) == 1
    assert await writes(kept_alerts.drop_unused)(watched.still.db, 10) == 0
    async with watched.still.db.read() as tx:
        assert [row.terms for row in await tx.execute(alert_condition.select())] == ["мост"]
    assert await watched.planned(await watched.story("Мост и порт")) == [second]


async def test_a_condition_that_shows_after_a_later_one_is_found_too(watched: Watched) -> None:
    index = AlertIndex()

    @writes
    async def put(tx: Any, number: int, stem: str) -> None:
        await tx.execute(alert_condition.insert().values(id=number, terms=stem, rarest=stem))
        await index.refresh(tx)

    await put(watched.still.db, 60, "мост")
    await put(watched.still.db, 59, "порт")
    await put(watched.still.db, 61, "нефт")
    assert sorted(index.met(SaidWords(Content("Мост, порт и нефть")))) == [59, 60, 61]

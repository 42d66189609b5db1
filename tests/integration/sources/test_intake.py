"""What a feed says anew: its words, its topics, and what an editor's hand does to both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import null, update

from bot.desk import amend
from bot.desk.publish import publish
from bot.model.bulletin import BulletinKind
from bot.model.story.article import Article
from bot.sources.classify import Classifier
from bot.sources.intake import Change, Handling, Taken, take
from bot.sources.item import Item
from bot.sources.submission import Origin, submission
from bot.store.engine.database import Database
from bot.store.ledger import bulletins
from bot.store.newsroom import articles, audit, topics
from bot.store.newsroom.tables import article
from tests.support.transactions import reads

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
FEED = Origin("feed:1", "ru", "Лента", ("world",))
BRIDGE = Item("1", "Мост открыт", "Движение пущено.", categories=("Экономика",))


@dataclass
class Feed:
    """A feed with one story, which is published; what the feed says next is taken in."""

    db: Database
    world: int
    economy: int
    sport: int

    async def says(self, item: Item, *, edit: bool = True) -> Taken:
        async with self.db.write() as tx:
            told = submission(item, FEED, Classifier(await topics.load(tx)))
            return await take(tx, told, NOW, handling=Handling.DRAFT, edit_delivered=edit)

    async def story(self) -> Article:
        (found,) = await reads(articles.newest)(self.db, 5)
        return found

    async def told(self) -> list[BulletinKind]:
        """Return what readers are told, the publication included."""
        return [each.kind for each in await reads(bulletins.unfinished)(self.db)]

    async def edit(self, *topic_ids: int, headline: str = "") -> None:
        """Let an editor set the story's topics, and its headline."""
        story = await self.story()
        content = replace(story.content, headline=headline or story.content.headline)
        await amend.correct(self.db, story.id, content, NOW, by=5, topic_ids=topic_ids)


@pytest.fixture
async def feed(db: Database) -> Feed:
    async with db.write() as tx:
        ids = [
            await topics.put(tx, slug, {"ru": name}, keywords=keywords, origin="file")
            for slug, name, keywords in (
                ("world", "Мир", []),
                ("economy", "Экономика", []),
                ("sport", "Спорт", ["матч"]),
            )
        ]
    made = Feed(db, *ids)
    await made.says(BRIDGE)
    await publish(db, (await made.story()).id, NOW)
    return made


async def test_a_feeds_correction_leaves_a_deed_that_names_the_feed(feed: Feed) -> None:
    assert (await feed.says(replace(BRIDGE, headline="Мост закрыт"))).change is Change.REVISED
    (deed, _) = await reads(audit.recent)(feed.db, 5)
    assert (deed.verb, deed.actor, deed.revision, deed.detail) == ("correct", None, 2, "feed:1")


async def test_other_categories_are_other_topics_and_news_for_who_follows_only_those(feed: Feed) -> None:
    assert (await feed.says(replace(BRIDGE, categories=("Экономика", "Спорт")))).change is Change.REVISED
    story = await feed.story()
    assert (story.topic_ids, story.revision) == ((feed.economy, feed.sport), 2)
    assert sorted(await feed.told()) == ["corrected", "new", "new"]


async def test_a_feed_that_may_not_edit_tells_nobody_of_other_topics(feed: Feed) -> None:
    await feed.says(replace(BRIDGE, categories=("Спорт",)), edit=False)
    assert ((await feed.story()).topic_ids, await feed.told()) == ((feed.sport,), ["new"])


async def test_categories_that_mean_no_other_topic_change_nothing(feed: Feed) -> None:
    assert (await feed.says(replace(BRIDGE, categories=("Экономика", "Разное")))).change is Change.SAME
    assert (await feed.story()).revision == 1


async def test_topics_that_an_editor_set_stand_while_the_feed_names_the_same_categories(feed: Feed) -> None:
    await feed.edit(feed.sport)
    assert (await feed.says(BRIDGE)).change is Change.SAME
    assert (await feed.says(replace(BRIDGE, headline="Мост закрыт"))).change is Change.REVISED
    story = await feed.story()
    assert (story.content.headline, story.topic_ids) == ("Мост закрыт", (feed.sport,))


async def test_topics_that_an_editor_set_give_way_to_categories_that_are_new(feed: Feed) -> None:
    await feed.edit(feed.sport)
    await feed.says(replace(BRIDGE, categories=("Мир",)))
    assert (await feed.story()).topic_ids == (feed.world,)


async def test_an_editors_words_stand_where_the_feed_changes_only_the_topics(feed: Feed) -> None:
    await feed.edit(feed.economy, headline="Исправлено")
    other = replace(BRIDGE, categories=("Спорт",))
    assert (await feed.says(other)).change is Change.REVISED
    story = await feed.story()
    assert (story.content.headline, story.topic_ids, story.revision) == ("Исправлено", (feed.sport,), 3)
    assert (await feed.says(other)).change is Change.SAME
    assert (await feed.says(replace(other, headline="Мост закрыт"))).change is Change.REVISED


async def test_a_correction_from_the_command_line_stands_as_an_editors_does(feed: Feed) -> None:
    story = await feed.story()
    await amend.correct(feed.db, story.id, replace(story.content, headline="Исправлено"), NOW)
    assert (await feed.says(BRIDGE)).change is Change.SAME
    assert (await feed.story()).content.headline == "Исправлено"


async def test_words_that_choose_the_topics_choose_anew_when_they_change(feed: Feed) -> None:
    fair = Item("2", "Ярмарка началась", "Открытие в полдень.")
    first = (await feed.says(fair)).article
    assert first.topic_ids == (feed.world,)
    match = replace(fair, headline="Матч окончен")
    assert (await feed.says(match)).article.topic_ids == (feed.sport,)


async def test_other_rules_for_topics_leave_what_a_feed_says_unchanged_alone(feed: Feed) -> None:
    async with feed.db.write() as tx:
        await topics.put(tx, "sport", {"ru": "Спорт"}, aliases=["Экономика"], origin="file")
        await topics.put(tx, "economy", {"ru": "Деньги"}, origin="file")
    assert (await feed.says(BRIDGE)).change is Change.SAME
    assert (await feed.story()).topic_ids == (feed.economy,)


async def test_a_story_from_before_versions_were_kept_is_not_taken_for_changed(feed: Feed) -> None:
    async with feed.db.write() as tx:
        await tx.execute(update(article).values(source_version=null()))
    await feed.edit(feed.sport)
    assert (await feed.says(BRIDGE)).change is Change.SAME
    assert (await feed.says(replace(BRIDGE, headline="Мост закрыт"))).change is Change.REVISED
    assert (await feed.story()).topic_ids == (feed.sport,)


async def test_a_language_that_nobody_named_or_the_words_contradict_is_detected(feed: Feed) -> None:
    classifier = Classifier(await reads(topics.load)(feed.db))
    unnamed = Origin("feed:2", "", "Лента", ("world",))
    english = Item("2", "The bridge is open", "It was closed for a year.")
    for item, origin, language in (
        (BRIDGE, unnamed, "ru"),
        (english, unnamed, "en"),
        (english, FEED, "en"),
        (replace(BRIDGE, language="en-US"), FEED, "ru"),
        (replace(BRIDGE, language="uk"), unnamed, "uk"),
    ):
        told = submission(item, origin, classifier)
        assert told.content.language == language
        assert told.language_named is (language == (item.language or origin.language))


async def test_a_language_detected_otherwise_corrects_nothing(feed: Feed) -> None:
    await feed.says(BRIDGE)
    english = replace(
        BRIDGE, lead="The bridge over the river was closed for a year; traffic is moving again."
    )
    assert (await feed.says(english)).article.content.language == "ru"
    assert (await feed.says(english)).change is Change.SAME

"""A story is one article however often and by whomever it is told; two stories are two, whatever their identity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.desk import held as desk_held
from bot.desk import tellings as desk_tellings
from bot.desk.amend import kill
from bot.desk.publish import publish
from bot.model.errors import Refusal
from bot.model.story.article import Article, Status
from bot.model.story.content import Media, MediaKind
from bot.operations.status import untold
from bot.sources.classify import Classifier
from bot.sources.importer import take_stories
from bot.sources.intake import Change, Handling, Taken, take
from bot.sources.item import Item, digest
from bot.sources.submission import Origin, submission
from bot.store.engine.database import Database
from bot.store.ledger import bulletins
from bot.store.newsroom import articles, audit, held_edits, tellings, topics
from tests.support.transactions import reads

NOW = datetime(2026, 5, 14, 12, tzinfo=UTC)
PICTURE = Media(MediaKind.PICTURE, "https://news.example/1.jpg")
TEXT = (
    "Движение по новому мосту через Светлую открыли утром 14 мая. Длина моста составляет 412 метров. "
    "По словам мэра Ивана Берёзова, мост сократит путь на 20 минут."
)
BRIDGE = Item(
    "1", "Новый мост открыли для движения", TEXT, picture=PICTURE, url="http://news.example/2026/bridge"
)
HARVEST = Item(
    "1",
    "Собран урожай яблок",
    "Хозяйства области собрали на четверть больше плодов, чем год назад, сообщили в министерстве.",
    url="http://news.example/2026/harvest",
)


@dataclass
class Wire:
    """Sources that tell stories; what they tell is taken in at once."""

    db: Database

    async def says(
        self, item: Item, source: str = "feed:1", *, hours: float = 0, handling: Handling = Handling.RELEASE
    ) -> Taken:
        async with self.db.write() as tx:
            told = submission(item, Origin(source, "ru", defaults(source)), Classifier(await topics.load(tx)))
            at = NOW + timedelta(hours=hours)
            return await take(tx, told, at, handling=handling, edit_delivered=True)

    async def stories(self) -> list[Article]:
        return await reads(articles.newest)(self.db, 50)

    async def troubles(self) -> list[str]:
        found = await untold(self.db, 700700, NOW + timedelta(minutes=1))
        return [each.facts["reason"] for each in found if each.editors]


def defaults(source: str) -> str:
    return {"feed:1": "Вестник", "feed:2": "Волна"}.get(source, "")


@pytest.fixture
async def wire(db: Database) -> Wire:
    async with db.write() as tx:
        for slug, name in (("roads", "Дороги"), ("city", "Город")):
            await topics.put(tx, slug, {"ru": name}, origin="file")
    return Wire(db)


OWN = replace(BRIDGE, uid="9", url="https://other.example/n/77")


@pytest.mark.parametrize(
    ("again", "source"),
    [
        (replace(BRIDGE, uid="2"), "feed:1"),
        (replace(BRIDGE, uid="2", url="https://www.news.example/2026/bridge/?utm_source=rss"), "feed:1"),
        (
            replace(
                BRIDGE, uid="https://agency.example/2026/bridge", url="https://agency.example/2026/bridge"
            ),
            "feed:1",
        ),
        (BRIDGE, "feed:2"),
        (OWN, "feed:2"),
    ],
)
async def test_a_story_that_is_told_again_is_one_article_with_its_tellings(
    wire: Wire, again: Item, source: str
) -> None:
    first = (await wire.says(BRIDGE)).article
    taken = await wire.says(again, source, hours=1)
    assert (taken.change, taken.article.id) == (Change.JOINED, first.id)
    assert (await wire.says(again, source, hours=2)).change is Change.SAME
    (story,) = await wire.stories()
    (telling,) = await desk_tellings.listing(wire.db, story.id)
    assert (telling.source, telling.uid) == (source, again.uid)
    (deed,) = await reads(audit.recent)(wire.db, 5)
    assert (deed.verb, deed.article_id, deed.detail) == ("join", story.id, f"{source} {again.uid}")


async def test_a_slip_that_is_mended_corrects_the_story_and_nothing_goes_back_and_forth(wire: Wire) -> None:
    right = replace(BRIDGE, url=None, uid=digest(BRIDGE.headline))
    wrong = replace(right, headline="Новый мост откырли для движения", uid=digest("откырли"))
    first = (await wire.says(wrong)).article
    await publish(wire.db, first.id, NOW)
    assert (await wire.says(right, hours=1)).change is Change.REVISED
    for item in (wrong, right, wrong):
        assert (await wire.says(item, hours=1)).change is Change.SAME
    (story,) = await wire.stories()
    assert (story.content.headline, story.revision) == (right.headline, 2)


async def test_a_link_that_only_counts_clicks_is_no_edit(wire: Wire) -> None:
    first = (await wire.says(BRIDGE)).article
    await publish(wire.db, first.id, NOW)
    for url in (f"{BRIDGE.url}?utm_source=rss&utm_term=5", "https://www.news.example/2026/bridge/"):
        assert (await wire.says(replace(BRIDGE, url=url))).change is Change.SAME


async def test_another_sources_edits_are_kept_beside_the_story(wire: Wire) -> None:
    await wire.says(BRIDGE)
    await wire.says(OWN, "feed:2")
    other = replace(OWN, headline="Мост через Светлую: движение открыто")
    assert (await wire.says(other, "feed:2", hours=1)).change is Change.SAME
    (story,) = await wire.stories()
    assert story.content.headline == BRIDGE.headline
    (telling,) = await desk_tellings.listing(wire.db, story.id)
    assert telling.content.headline == other.headline


async def test_a_second_source_brings_the_story_to_the_followers_of_its_topics(wire: Wire) -> None:
    first = (await wire.says(replace(BRIDGE, categories=("Дороги",)))).article
    await publish(wire.db, first.id, NOW)
    await wire.says(replace(OWN, categories=("Город",)), "feed:2")
    (story,) = await wire.stories()
    assert (len(story.topic_ids), story.revision) == (2, 1)
    assert [each.kind for each in await reads(bulletins.unfinished)(wire.db)] == ["new", "new"]


async def test_a_story_that_was_withdrawn_does_not_come_back_under_another_identity(wire: Wire) -> None:
    first = (await wire.says(BRIDGE)).article
    await kill(wire.db, first.id, NOW)
    assert (await wire.says(OWN, "feed:2")).change is Change.SAME
    assert [each.status for each in await wire.stories()] == [Status.KILLED]


async def test_what_may_go_out_is_not_held_back_by_a_draft_or_another_sources_archive(wire: Wire) -> None:
    await wire.says(BRIDGE, handling=Handling.DRAFT)
    assert (await wire.says(OWN, "feed:2")).change is Change.NEW
    await wire.says(replace(HARVEST, uid="5"), handling=Handling.ARCHIVE)
    harvest = replace(HARVEST, uid="6", url="https://other.example/n/5")
    assert (await wire.says(harvest, "feed:2")).change is Change.NEW


async def test_another_story_under_a_known_identity_is_another_article(wire: Wire) -> None:
    first = (await wire.says(BRIDGE)).article
    await publish(wire.db, first.id, NOW)
    second = await wire.says(HARVEST, hours=1)
    assert second.change is Change.NEW
    assert (await wire.says(HARVEST, hours=2)).change is Change.SAME
    assert (await wire.says(replace(HARVEST, lead=HARVEST.lead + " Ещё."), hours=2)).change is Change.REVISED
    assert (await wire.says(BRIDGE, hours=2)).change is Change.SAME
    found = {each.content.headline: each.revision for each in await wire.stories()}
    assert found == {BRIDGE.headline: 1, HARVEST.headline: 2}


async def test_a_story_that_an_editor_wrote_anew_is_not_taken_for_another(wire: Wire) -> None:
    from bot.desk import amend

    first = (await wire.says(BRIDGE)).article
    other = replace(first.content, headline=HARVEST.headline, lead=HARVEST.lead, url=HARVEST.url)
    await amend.correct(wire.db, first.id, other, NOW, by=5)
    assert (await wire.says(replace(BRIDGE, headline="Мост открыли"), hours=1)).change is Change.REVISED


async def test_files_of_two_agencies_are_told_apart(db: Database) -> None:
    taken = []
    for item in (
        Item("1", "Погода", "Завтра в Северске сухо и солнечно, ветер слабый.", source_name="Вестник"),
        Item("1", "Погода", "На побережье ждут шторм, катера останутся у причалов.", source_name="Волна"),
        Item(
            "1",
            "Погода",
            "Завтра в Северске сухо и солнечно, ветер слабый, к вечеру тучи.",
            source_name="Вестник",
        ),
    ):
        taken += await take_stories(db, [item], (), NOW, language="ru", name="", edit_delivered=True)
    assert [each.change for each in taken] == [Change.NEW, Change.NEW, Change.REVISED]
    assert taken[0].article.id == taken[2].article.id


async def test_an_editor_parts_what_was_joined(wire: Wire) -> None:
    first = (await wire.says(BRIDGE)).article
    await wire.says(OWN, "feed:2")
    parted = await desk_tellings.part(wire.db, first.id, source="feed:2", uid=OWN.uid, at=NOW, by=5)
    assert (parted.status, parted.content.url, parted.source) == (Status.DRAFT, OWN.url, "feed:2")
    assert await desk_tellings.listing(wire.db, first.id) == []
    deed = (await reads(audit.recent)(wire.db, 1))[0]
    assert (deed.verb, deed.actor, deed.article_id) == ("part", 5, parted.id)
    with pytest.raises(Refusal):
        await desk_tellings.part(wire.db, first.id, source="feed:2", uid=OWN.uid, at=NOW)
    changed = await wire.says(replace(OWN, headline="Мост через Светлую открыли"), "feed:2", hours=1)
    assert (changed.change, changed.article.id) == (Change.REVISED, parted.id)


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (replace(BRIDGE, picture=None), "picture"),
        (replace(BRIDGE, lead="Движение открыли."), "text"),
        (replace(BRIDGE, lead="\ufffd" * 80 + TEXT), "unreadable"),
    ],
)
async def test_an_edit_that_takes_from_readers_is_held_and_told_once(
    wire: Wire, edit: Item, reason: str
) -> None:
    first = (await wire.says(BRIDGE)).article
    await publish(wire.db, first.id, NOW)
    assert (await wire.says(edit)).change is Change.HELD
    assert (await wire.says(edit)).change is Change.SAME
    (story,) = await wire.stories()
    assert (story.content, story.revision) == (first.content, 1)
    held = await reads(held_edits.get)(wire.db, story.id)
    assert held is not None
    assert (held.lead, held.picture) == (edit.lead, edit.picture)
    assert (await wire.troubles(), await wire.troubles()) == ([reason], [])
    more = replace(BRIDGE, lead=TEXT + " Подробности позже.")
    assert (await wire.says(more)).change is Change.REVISED
    assert await reads(held_edits.get)(wire.db, story.id) is None


async def test_an_editor_lets_a_held_edit_go_out(wire: Wire) -> None:
    first = (await wire.says(BRIDGE)).article
    await publish(wire.db, first.id, NOW)
    edit = replace(BRIDGE, picture=None)
    assert (await wire.says(edit)).change is Change.HELD
    (kept,) = await desk_held.listing(wire.db)
    assert (kept.article_id, kept.reason, kept.headline) == (first.id, "picture", BRIDGE.headline)
    assert (await desk_held.words(wire.db, first.id)).picture is None
    assert await desk_held.accept(wire.db, first.id, NOW, by=5) == 2
    (story,) = await wire.stories()
    assert (story.content.picture, story.revision) == (None, 2)
    assert await desk_held.listing(wire.db) == []
    deeds = [(each.verb, each.actor, each.revision) for each in await reads(audit.recent)(wire.db, 2)]
    assert sorted(deeds) == [("accept", 5, 2), ("correct", 5, 2)]
    assert (await wire.says(edit)).change is Change.SAME
    for refused in (desk_held.accept(wire.db, first.id, NOW), desk_held.words(wire.db, first.id)):
        with pytest.raises(Refusal, match="nothing-held"):
            await refused


async def test_what_nobody_was_sent_may_change_as_its_source_likes(wire: Wire) -> None:
    await wire.says(BRIDGE, handling=Handling.DRAFT)
    assert (await wire.says(replace(BRIDGE, picture=None), handling=Handling.DRAFT)).change is Change.REVISED


async def test_a_story_of_long_ago_is_found_by_nothing(wire: Wire) -> None:
    await wire.says(BRIDGE)
    assert (await wire.says(OWN, "feed:2", hours=40)).change is Change.NEW
    async with wire.db.read() as tx:
        assert await tellings.with_keys(tx, [5], 5) == []

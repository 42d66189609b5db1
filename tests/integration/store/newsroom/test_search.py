"""The index of the archive follows the stories, and answers alike on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select, text

from bot.model.search.query import Order, Query, Sought
from bot.model.story.article import LOUD, Content, Status
from bot.model.story.content import Paragraph, Run
from bot.operations.archive_index import ArchiveIndex
from bot.publishing.correct import correct
from bot.publishing.kill import kill
from bot.publishing.publish import publish
from bot.store.desk import merge
from bot.store.engine.database import Database
from bot.store.newsroom import articles
from bot.store.newsroom.search import find as finder
from bot.store.newsroom.search import index, synonyms, ways
from bot.store.newsroom.search.find import find
from bot.store.newsroom.search.stems import MOST_WORDS, Stems, stems_of
from bot.store.tables.search import search_entry
from tests.support.readers import ASIA, ECONOMY, NOW, SPORT, Newsroom
from tests.support.transactions import reads, writes


def word(*stems: str, prefix: str = "") -> Sought:
    return Sought((stems,) if stems else (), prefix)


BRIDGE, RIVER = word("мост"), word("рек")


async def found(db: Database, *wanted: Sought, limit: int = 20, **options: object) -> list[int]:
    return await reads(find)(db, Query(wanted, **options), limit)  # type: ignore[arg-type]


async def test_what_is_published_is_found_by_any_word_the_newest_first(newsroom: Newsroom) -> None:
    first = await newsroom.story("Мосты закрыты", text="Реки вышли из берегов.")
    second = await newsroom.story("Погода", text="У моста тихо.")
    await newsroom.story("Поезда", text="Идут по расписанию.")
    assert await found(newsroom.db, BRIDGE) == [second, first]
    assert await found(newsroom.db, BRIDGE, RIVER) == [first]
    assert await found(newsroom.db, BRIDGE, limit=1) == [second]
    assert await reads(find)(newsroom.db, Query((BRIDGE,)), 5, 1) == [first]


async def test_phrases_prefixes_and_what_is_not_wanted(newsroom: Newsroom) -> None:
    near = await newsroom.story("Новый мост", text="Энергетика.")
    far = await newsroom.story("Новый поезд", text="Мост старый, энергии хватает.")
    assert await found(newsroom.db, word("нов", "мост")) == [near]
    assert await found(newsroom.db, word("нов"), BRIDGE) == [far, near]
    assert await found(newsroom.db, word(prefix="энерг")) == [far, near]
    assert await found(newsroom.db, BRIDGE, unwanted=(word("поезд"),)) == [near]
    assert await found(newsroom.db, unwanted=(word("поезд"), word("корабл"))) == [near]
    assert await found(newsroom.db, Sought((("поезд",), ("энергетик",)))) == [far, near]


async def test_a_phrase_does_not_reach_from_one_part_into_the_next(newsroom: Newsroom) -> None:
    await newsroom.story("Новый", text="Мост.")
    assert await found(newsroom.db, word("нов", "лид")) == []
    assert await found(newsroom.db, word("лид", "мост")) == []


async def test_the_best_have_the_words_in_the_headline(newsroom: Newsroom) -> None:
    headline = await newsroom.story("Мост через реку")
    body = await newsroom.story("Погода", text="Мост и река.")
    split = await newsroom.story("Река", text="Мост.")
    assert await found(newsroom.db, BRIDGE, RIVER) == [split, body, headline]
    assert await found(newsroom.db, BRIDGE, RIVER, order=Order.BEST) == [headline, split, body]
    pages = [await reads(find)(newsroom.db, Query((BRIDGE,), order=Order.BEST), 1, page) for page in range(4)]
    assert pages == [[headline], [split], [body], []]


async def test_the_best_are_looked_for_among_the_newest(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (finder, ways):
        monkeypatch.setattr(module, "RANKED", 2)
    await newsroom.story("Мост")
    headline = await newsroom.story("Мост второй")
    body = await newsroom.story("Погода", text="Мост.")
    assert await found(newsroom.db, BRIDGE, order=Order.BEST) == [headline, body]
    options = {"unwanted": (word("погод"),), "topic_ids": None, "order": Order.BEST}
    assert (await found(newsroom.db, BRIDGE, **options))[0] == headline


async def test_topics_languages_and_dates_narrow_it_down(newsroom: Newsroom) -> None:
    asia = await newsroom.story("Мост", ASIA)
    day = newsroom.now
    newsroom.now += timedelta(days=2)
    english = await newsroom.story("Bridge", ECONOMY, text="Мост", language="en-GB")
    assert await found(newsroom.db, BRIDGE, topic_ids=(ASIA, SPORT)) == [asia]
    assert await found(newsroom.db, BRIDGE, topic_ids=()) == []
    assert await found(newsroom.db, BRIDGE, languages=("en",)) == [english]
    assert await found(newsroom.db, BRIDGE, languages=("ru", "en")) == [english, asia]
    assert await found(newsroom.db, BRIDGE, until=day) == []
    assert await found(newsroom.db, BRIDGE, since=day, until=day + timedelta(seconds=1)) == [asia]
    assert await found(newsroom.db, since=day + timedelta(days=1)) == [english]
    assert await found(newsroom.db, BRIDGE, since=NOW.replace(year=1066)) == [english, asia]


async def test_a_correction_is_found_by_its_new_words_alone(newsroom: Newsroom) -> None:
    story = await newsroom.story("Мост закрыт")
    content = Content("Тоннель закрыт", "Лид.", blocks=(Paragraph((Run("Коротко."),)),))
    await writes(correct)(newsroom.db, story, content, newsroom.now)
    assert await found(newsroom.db, BRIDGE) == []
    assert await found(newsroom.db, word("тоннел")) == [story]


@pytest.mark.parametrize("status", [Status.KILLED, Status.TAKEN_DOWN, Status.UNPUBLISHED])
async def test_what_was_taken_back_is_gone_from_the_index(newsroom: Newsroom, status: Status) -> None:
    story = await newsroom.story("Мост закрыт")
    await writes(kill)(newsroom.db, story, newsroom.now, status=status)
    assert await found(newsroom.db, BRIDGE) == []
    async with newsroom.db.read() as tx:
        assert (await tx.execute(select(search_entry))).all() == []
        match = "search_text MATCH 'мост'" if tx.dialect.name == "sqlite" else "TRUE"
        assert (await tx.execute(text(f"SELECT 1 FROM search_text WHERE {match}"))).all() == []


async def test_a_draft_and_what_is_held_back_are_found_by_nobody(newsroom: Newsroom) -> None:
    db, now = newsroom.db, newsroom.now
    draft = await writes(articles.add)(db, Content("Мост"), source="desk", uid="1", at=now)
    assert await found(db, BRIDGE) == []
    await writes(publish)(db, draft.id, now, not_before=now + timedelta(seconds=5))
    assert await found(db, BRIDGE) == []
    async with db.write() as tx:
        # As it is once its time has come and its readers are being told.
        await tx.execute(text("UPDATE bulletin SET cursor = 1"))
    assert await found(db, BRIDGE) == [draft.id]


async def test_an_archived_story_is_found_and_a_notice_is_not(newsroom: Newsroom) -> None:
    db, now = newsroom.db, newsroom.now
    kept = {"status": Status.ARCHIVED, "published_at": now, "at": now}
    archived = await writes(articles.add)(db, Content("Мост"), source="feed", uid="1", **kept)
    await writes(articles.add)(db, Content("Мост"), source=LOUD, uid="2", **kept)
    assert await found(db, BRIDGE) == [archived.id]


async def test_what_was_undone_is_not_in_the_index(newsroom: Newsroom) -> None:
    kept = {"status": Status.ARCHIVED, "published_at": newsroom.now, "at": newsroom.now}
    async with newsroom.db.writer.connect() as tx:
        await tx.begin()
        await articles.add(tx, Content("Мост"), source="feed", uid="1", **kept)
        await tx.rollback()
    assert await found(newsroom.db, BRIDGE) == []


async def test_stories_of_one_second_have_places_of_their_own(newsroom: Newsroom) -> None:
    kept = {"status": Status.ARCHIVED, "published_at": newsroom.now, "at": newsroom.now}
    ids = []
    for uid in ("1", "2"):
        made = await writes(articles.add)(newsroom.db, Content("Мост"), source="feed", uid=uid, **kept)
        ids.append(made.id)
    async with newsroom.db.write() as tx:
        # The place that the first story would have by its number is the second story's.
        first = await articles.get(tx, ids[0])
        assert first is not None
        await index.drop(tx, ids[0])
        place = (await tx.execute(select(search_entry.c.place))).scalar_one() - 1
        values = {"place": place, "article_id": ids[1]}
        await index.drop(tx, ids[1])
        entry = {"revision": 1, "language": "ru", "version": 1, "stems": Stems("", "", "").pack()}
        await tx.execute(insert(search_entry).values(values | entry))
        await index.put(tx, first)
    async with newsroom.db.read() as tx:
        places = (await tx.execute(select(search_entry.c.place))).scalars().all()
    assert len(set(places)) == 2
    assert {place >> 16 for place in places} == {int(newsroom.now.timestamp())}


async def test_the_archive_of_before_is_filled_bit_by_bit(newsroom: Newsroom) -> None:
    stories = [await newsroom.story(f"Мост {number}") for number in range(30)]
    await _forget_all(newsroom.db)
    assert await found(newsroom.db, BRIDGE) == []
    filling = ArchiveIndex(newsroom.db)
    await filling.step()
    # The newest come first; whoever breaks off here goes on from what is there.
    assert await found(newsroom.db, BRIDGE, limit=50) == stories[:9:-1]
    await ArchiveIndex(newsroom.db).look(newsroom.now)
    assert await found(newsroom.db, BRIDGE, limit=50) == stories[::-1]


async def test_entries_by_older_rules_or_of_older_revisions_are_made_anew(newsroom: Newsroom) -> None:
    stories = [await newsroom.story("Мост"), await newsroom.story("Мост второй")]
    async with newsroom.db.write() as tx:
        for column, story in zip(("version", "revision"), stories, strict=True):
            await tx.execute(text(f"UPDATE search_entry SET {column} = 0 WHERE article_id = {story}"))
        assert await index.unwritten(tx, None, 9) == stories[::-1]
        assert await index.unwritten(tx, stories[1], 9) == stories[:1]
    await ArchiveIndex(newsroom.db).look(newsroom.now)
    assert await reads(index.unwritten)(newsroom.db, None, 9) == []
    assert await found(newsroom.db, BRIDGE) == stories[::-1]


async def test_a_story_that_was_never_in_the_index_is_corrected_and_killed(newsroom: Newsroom) -> None:
    story = await newsroom.story("Мост")
    await _forget_all(newsroom.db)
    await writes(correct)(newsroom.db, story, Content("Мост новый"), newsroom.now)
    assert await found(newsroom.db, BRIDGE) == [story]
    await _forget_all(newsroom.db)
    await writes(kill)(newsroom.db, story, newsroom.now)
    assert await found(newsroom.db, BRIDGE) == []


async def test_a_very_long_story_with_one_word_again_and_again(newsroom: Newsroom) -> None:
    story = await newsroom.story("Мост", text="река " * (MOST_WORDS + 100) + "берег")
    assert await found(newsroom.db, RIVER) == [story]
    assert await found(newsroom.db, word("берег")) == []


async def test_signs_that_databases_have_a_meaning_for_are_nothing(newsroom: Newsroom) -> None:
    story = await newsroom.story(
        "Мост 'x' \"y\" & | ! :* <-> NEAR(a) -- \\ %", text="AND OR NOT a:b 'мост':1A"
    )
    assert await found(newsroom.db, BRIDGE, word("near"), word("and")) == [story]


async def test_synonyms_are_those_of_the_file(db: Database) -> None:
    groups = (("Киргизия", "Кыргызстан"), ("ЦБ", "Центральный банк"))
    for given in (groups, groups, groups[:1], ()):
        await writes(synonyms.replace)(db, given)
        assert await reads(synonyms.load)(db) == given


def test_stems_are_kept_as_they_were() -> None:
    stems = stems_of(Content("Мосты", "", blocks=(Paragraph((Run("По реке\nи озеру"),)),)))
    assert (stems.headline, stems.lead, stems.body) == ("мост", "", "по рек и озер")
    assert Stems.unpack(stems.pack()) == stems


async def _forget_all(db: Database) -> None:
    """Leave the stories as a version without an index left them."""
    async with db.write() as tx:
        for article_id in (await tx.execute(select(search_entry.c.article_id))).scalars().all():
            await index.drop(tx, article_id)
        await tx.execute(delete(search_entry))


async def test_a_story_whose_topics_change_is_found_under_the_new_ones(newsroom: Newsroom) -> None:
    story = await newsroom.story("Мост", ASIA)
    async with newsroom.db.write() as tx:
        kept = await articles.get(tx, story)
        assert kept is not None
        await articles.save(tx, replace(kept, topic_ids=(SPORT,)))
    assert await found(newsroom.db, BRIDGE, topic_ids=(SPORT,)) == [story]
    assert await found(newsroom.db, BRIDGE, topic_ids=(ASIA,)) == []


async def test_a_merged_topic_keeps_its_stories(newsroom: Newsroom) -> None:
    story = await newsroom.story("Мост", ASIA)
    async with newsroom.db.write() as tx:
        await merge.move(tx, ASIA, SPORT)
        await merge.end(tx, ASIA, SPORT, newsroom.now)
    assert await found(newsroom.db, BRIDGE, topic_ids=(SPORT,)) == [story]
    assert await found(newsroom.db, topic_ids=(SPORT,)) == [story]


async def test_many_topics_at_once_and_what_lies_behind_the_newest(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, most in (("NEWEST", 1), ("NEWEST_RANKED", 1), ("NEWEST_ENTRIES", 1), ("FEW_MARKS", 0)):
        monkeypatch.setattr(ways, name, most)
    first = await newsroom.story("Мост", ASIA)
    second = await newsroom.story("Новый мост", ASIA, text="Река.")
    await newsroom.story("Погода", SPORT)
    topics = {"topic_ids": (ASIA, 90, 91)}
    for most in (200, 2):
        monkeypatch.setattr(ways, "MOST_MARKS", most)
        assert await found(newsroom.db, BRIDGE, **topics) == [second, first]
        assert await found(newsroom.db, **topics) == [second, first]
        assert await found(newsroom.db, word("нов", "мост"), **topics) == [second]
        assert await found(newsroom.db, unwanted=(word("рек"),), **topics) == [first]
        assert await found(newsroom.db, BRIDGE, order=Order.BEST, **topics) == [second, first]
    assert await found(newsroom.db, languages=("en",)) == []
    assert await found(newsroom.db, BRIDGE, languages=("e'n",)) == []

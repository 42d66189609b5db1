"""The demo's desk: an author, an approving editor and a duty editor bring stories out by the bot's own buttons."""

from __future__ import annotations

import pytest

from bot.demo import desk, hands
from bot.demo.people import MARIA, Cast
from bot.model.story.article import Status
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from bot.store.newsroom import articles
from bot.store.newsroom import topics as kept_topics
from tests.support.desk.editors import QUICK
from tests.support.world import World, settings_for

TOPICS = {
    "transport": (("паром", "трамвай", "ferry", "tram"), "Транспорт"),
    "economy": (("экспорт", "exports"), "Экономика"),
    "science": (("учёные", "scientists"), "Наука"),
    "culture": (("оркестр", "orchestra"), "Культура"),
    "weather": (("метеослужба", "forecasters"), "Погода"),
}


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((desk, "READING"), (desk, "PAUSE"), (desk, "LATER"), (hands, "THOUGHT")):
        monkeypatch.setattr(module, name, 0)


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_the_three_write_approve_send_back_and_publish(
    sandbox: Sandbox, sqlite_db: Database, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    quick(monkeypatch)
    chosen = {"owner_ids": frozenset({MARIA}), "language": language}
    world = World(sandbox, sqlite_db, settings_for(sandbox, **QUICK, **chosen))
    await world.prepare()
    cast = Cast(language)
    cast.arrive(sandbox)
    app = await world.whole()
    async with sqlite_db.write() as tx:
        for slug, (keywords, name) in TOPICS.items():
            named = {"ru": name, "en": slug.title()}
            await kept_topics.put(tx, slug, named, keywords=list(keywords), origin="desk")
    sandbox.send(MARIA, MARIA, "/start")
    await desk.work(sandbox, cast, rounds=1)
    await app.stop()
    async with sqlite_db.read() as tx:
        made = await articles.newest(tx, 10)
    # The second was sent back and mended, and is left for the visitor like the fifth.
    left = [each.status is Status.REVIEW for each in reversed(made)]
    assert left == [False, True, False, False, True, False]
    assert [each.status for each in made].count(Status.PUBLISHED) == 4
    mended = made[4].content
    assert "13 800" in str(mended.blocks) or "13,800" in str(mended.blocks)
    assert mended.headline
    assert made[3].corrected


async def test_what_comes_round_again_passes_the_warning_and_nothing_is_left_behind(
    sandbox: Sandbox, sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    text = "Паром через Светлую снова ходит по вечерам\n\nПоследний рейс теперь отходит в 22:40."
    monkeypatch.setattr(desk, "load_drafts", lambda _language: [{"text": text}])
    chosen = {"owner_ids": frozenset({MARIA}), "language": "ru"}
    world = World(sandbox, sqlite_db, settings_for(sandbox, **QUICK, **chosen))
    await world.prepare()
    cast = Cast("ru")
    cast.arrive(sandbox)
    app = await world.whole()
    async with sqlite_db.write() as tx:
        named = {"ru": "Транспорт", "en": "Transport"}
        await kept_topics.put(tx, "transport", named, keywords=["паром"], origin="desk")
    sandbox.send(MARIA, MARIA, "/start")
    await desk.work(sandbox, cast, rounds=2)
    await app.stop()
    async with sqlite_db.read() as tx:
        made = await articles.newest(tx, 10)
    assert [each.status for each in made] == [Status.PUBLISHED] * 2

"""What the check lists find inside a story: what readers may not see, dead links. One field is edited by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desk import amend
from bot.desk.story import checks, draft, links, lock, release
from bot.model.desk.check import Verb
from bot.model.errors import Refusal
from bot.model.story.article import Article, Content
from bot.model.story.content import Media, MediaKind, Paragraph, Run
from tests.support.desk.verbs import ANNA, BORIS, OPENED, Desk

PAGE = "https://example.org/closed"
PICTURE = Media(MediaKind.PICTURE, url="https://example.org/bridge.jpg")
CLOSED = Content("Переправу через Светлую закрыли", url=PAGE, picture=PICTURE)


def linking(*to: str, picture: Media | None = None) -> Content:
    body = tuple(Paragraph((Run("ссылка", href=each),)) for each in to)
    return replace(OPENED, blocks=body, picture=picture)


async def warnings(desk: Desk, story: Article, verb: Verb = Verb.APPROVE) -> list[str]:
    found = await checks.of(desk.db, story.id, verb, at=desk.now, by=BORIS, rules=desk.rules)
    return [each.code for each in found if not each.blocking]


async def test_a_story_leads_to_one_that_was_taken_back(desk: Desk) -> None:
    first = await desk.draft(CLOSED)
    by_address = await desk.draft(linking(PAGE))
    by_number = await desk.draft(linking(f"https://t.me/vestnik_bot?start=a-{first.id}"))
    pictured = await desk.draft(linking("https://example.org/other", picture=PICTURE))
    for story in (by_address, by_number, pictured):
        assert await warnings(desk, story) == []
    await amend.kill(desk.db, first.id, desk.now)
    assert await warnings(desk, by_address) == ["linked-withheld"]
    assert await warnings(desk, by_number) == ["linked-withheld"]
    assert await warnings(desk, pictured) == ["picture-withheld"]
    with pytest.raises(Refusal, match="warned"):
        await desk.approve(by_number)


async def test_what_is_under_embargo_may_be_led_to_once_the_embargo_lifts(desk: Desk) -> None:
    first = await desk.draft(CLOSED)
    await release.embargo(desk.db, first.id, desk.later(hours=2), at=desk.now, by=ANNA, zone="UTC")
    story = await desk.draft(linking(PAGE, picture=PICTURE))
    assert await warnings(desk, story) == ["linked-withheld", "picture-withheld"]
    found = await checks.of(desk.db, story.id, Verb.SCHEDULE, at=desk.later(hours=3), rules=desk.rules)
    assert found == []


async def test_a_dead_link_is_warned_of_as_long_as_the_look_is_fresh_and_the_revision_the_same(
    desk: Desk,
) -> None:
    dead, live = "https://example.org/dead", "https://example.org/live"
    story = await desk.draft(linking(live, dead, f"https://t.me/vestnik_bot?start=a-{1}", "tel:+7"))
    assert await links.to_look_at(desk.db, story, desk.now) == [live, dead]
    await links.note(desk.db, story, [dead], desk.now)
    assert await links.to_look_at(desk.db, story, desk.now) == []
    assert await links.to_look_at(desk.db, story, desk.now + links.FRESH) == [live, dead]
    assert await warnings(desk, story) == ["link-dead"]
    await desk.approve(await desk.draft(linking(live)))
    found = await checks.of(desk.db, story.id, Verb.APPROVE, at=desk.now + links.HOLDS)
    assert found == []
    edited = await desk.edit(story, "Мост открыли")
    assert await warnings(desk, edited) == []
    await links.note(desk.db, story, [], desk.now)
    assert await warnings(desk, story) == []


async def test_a_field_is_changed_beside_what_others_change(desk: Desk) -> None:
    story = await desk.draft()

    def led(words: str) -> object:
        return lambda content: replace(content, lead=words)

    async def change(words: str, seen: int | None, by: int = BORIS) -> Article:
        make = led(words)
        return await draft.change(desk.db, story.id, "lead", make, at=desk.now, by=by, seen=seen)  # type: ignore[arg-type]

    await desk.edit(story, "Мост открыли")
    after = await change("Лид Бориса", 1)
    assert (after.content.headline, after.content.lead, after.revision) == ("Мост открыли", "Лид Бориса", 3)
    for seen in (1, 2, 99):
        with pytest.raises(Refusal, match="changed-meanwhile"):
            await change("Лид Анны", seen, ANNA)
    await lock.take(desk.db, story.id, at=desk.now, by=BORIS)
    with pytest.raises(Refusal, match="locked"):
        await change("Лид Анны", None, ANNA)
    await lock.give_back(desk.db, story.id, by=BORIS)
    assert (await change("Лид Анны", None, ANNA)).content.lead == "Лид Анны"
    with pytest.raises(Refusal, match="unchanged"):
        await change("Лид Анны", None, ANNA)
    approved = await desk.approve(await desk.get(story), by=BORIS)
    await desk.publish(approved)
    with pytest.raises(Refusal, match="already-published"):
        await change("Лид Анны", None, ANNA)

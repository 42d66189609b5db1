"""What comes of a followed story is a reply to its first message, whatever the chat follows; it ends by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.desk import amend
from bot.desk.publish import publish
from bot.matching import matcher
from bot.model.delivery import Lane
from bot.model.desk.loudness import Loudness
from bot.model.errors import Refusal
from bot.model.story.article import Content
from bot.model.story.content import Paragraph, Run
from bot.operations.housekeeping import clean_up
from bot.publishing.correct import correct as correct_story
from bot.readers import membership
from bot.readers.watch import stories
from bot.store.audience import choices
from bot.store.newsroom import articles
from bot.store.watch import stories as kept
from tests.support.engine import Engine, matcher_of
from tests.support.messages import Message, data_of, plain
from tests.support.readers import join
from tests.support.transactions import writes
from tests.support.world import BOT

FIRST = "Мост через Светлую закрыли"
change = writes(choices.change)


async def reader(engine: Engine, number: int = 1000, **options: Any) -> int:
    """Let a person start the bot who follows no topic; return our id of the chat."""
    engine.sandbox.add_user(f"Читатель {number}", id=number)
    engine.sandbox.send(number, number, "/start")
    chat_id = await writes(join)(engine.db, BOT, number, engine.clock.now())
    if options:
        await change(engine.db, chat_id, engine.clock.now(), **options)
    return chat_id


async def out(engine: Engine, headline: str, update_of: int | None = None, language: str = "ru") -> int:
    """Publish a story under no topic."""
    content = Content(headline, "Лид.", blocks=(Paragraph((Run("Прошло 5 машин."),)),), language=language)
    now = engine.clock.now()
    made = await writes(articles.add)(
        engine.db, content, source="desk", uid=headline, at=now, update_of=update_of
    )
    await publish(engine.db, made.id, now)
    engine.ring()
    return made.id


async def came(engine: Engine, number: int, words: str) -> Message:
    return await engine.answer(number, words)


def replied(message: Message) -> int | None:
    return message.get("reply_to_message", {}).get("message_id")


async def opened(engine: Engine, number: int) -> int:
    """Return the id of a message that the bot sent before, as when a story was opened by hand."""
    return (await engine.services.client.send_message(number, "Открытая новость")).message_id


async def follow(engine: Engine, chat_id: int, article_id: int, message_id: int | None) -> None:
    await stories.follow(engine.db, chat_id, article_id, engine.clock.now(), message_id=message_id)


async def test_what_follows_up_and_what_follows_that_up_replies_to_the_first(engine: Engine) -> None:
    here = await reader(engine, instant=False)
    stranger = await reader(engine, 1001)
    first = await out(engine, FIRST)
    message = await opened(engine, 1000)
    await follow(engine, here, first, message)
    second = await out(engine, "Мост открыли", first)
    assert replied(await came(engine, 1000, "Мост открыли")) == message
    # In a language that the chat does not read, too.
    await change(engine.db, here, engine.clock.now(), news_languages=("ru",))
    await out(engine, "The bridge again", second, language="en")
    assert replied(await came(engine, 1000, "The bridge again")) == message
    assert stranger
    assert engine.texts(1001) == []


async def test_who_got_the_story_by_a_topic_is_answered_at_the_message_that_came(engine: Engine) -> None:
    (number,) = await engine.readers(1)
    here = await membership.find(engine.db, BOT, number)
    assert here is not None
    story, told = await engine.publish(FIRST)
    first = await came(engine, number, FIRST)
    await engine.done(told)
    await follow(engine, here.id, story, 999_999)
    second = await out(engine, "Мост открыли", story)
    assert replied(await came(engine, number, "Мост открыли")) == first["message_id"]
    await out(engine, "Мост снова закрыли", second)
    assert replied(await came(engine, number, "Мост снова закрыли")) == first["message_id"]


async def test_a_follow_up_that_is_followed_stands_for_the_first_story(engine: Engine) -> None:
    here = await reader(engine)
    first = await out(engine, FIRST)
    second = await out(engine, "Мост открыли", first)
    message = await opened(engine, 1000)
    await follow(engine, here, second, message)
    assert await stories.follows(engine.db, here, first)
    await out(engine, "Рядом строят новый", first)
    assert replied(await came(engine, 1000, "Рядом строят новый")) == message
    await stories.unfollow(engine.db, here, second)
    assert not await stories.follows(engine.db, here, first)


async def test_where_the_first_message_is_gone_a_plain_one_comes(engine: Engine) -> None:
    here = await reader(engine)
    first = await out(engine, FIRST)
    message = await opened(engine, 1000)
    await follow(engine, here, first, message)
    await engine.services.client.delete_message(1000, message)
    await out(engine, "Мост открыли", first)
    assert replied(await came(engine, 1000, "Мост открыли")) is None


async def test_a_dated_correction_says_what_changed_and_a_quiet_one_nothing(engine: Engine) -> None:
    here = await reader(engine)
    first = await out(engine, FIRST)
    message = await opened(engine, 1000)
    await follow(engine, here, first, message)
    now = engine.clock.now()
    quiet = Content("Мост через Светлую закрыт", "Лид.", blocks=(Paragraph((Run("Прошло 5 машин."),)),))
    await amend.correct(engine.db, first, quiet, now, loudness=Loudness.QUIET)
    dated = Content("Мост через Светлую закрыт", "Лид.", blocks=(Paragraph((Run("Прошло 9 машин."),)),))
    await amend.correct(engine.db, first, dated, now)
    engine.ring()
    told = await came(engine, 1000, "Исправлено")
    assert replied(told) == message
    assert "Мост через Светлую закрыт" in plain(told)
    assert "9 машин" in plain(told)
    assert "5 машин" not in plain(told)
    assert data_of(told, "полностью") == f"full:{first}:0"
    assert data_of(told, "Не следить") == f"unwatch:{first}"
    loud = Content("Мост через Ясную закрыт", "Лид.")
    await amend.correct(
        engine.db, first, loud, now, loudness=Loudness.LOUD, notice=Content("Закрыт другой мост")
    )
    engine.ring()
    assert replied(await came(engine, 1000, "Закрыт другой мост")) == message
    assert len([each for each in engine.texts(1000) if "Исправлено" in each]) == 1


async def test_a_feed_that_mends_a_slip_tells_nobody_and_several_at_once_are_one(engine: Engine) -> None:
    here = await reader(engine)
    first = await out(engine, FIRST)
    await follow(engine, here, first, await opened(engine, 1000))

    async def mend(headline: str, text: str) -> None:
        content = Content(headline, "Лид.", blocks=(Paragraph((Run(text),)),))
        await writes(correct_story)(engine.db, first, content, engine.clock.now(), source="wire")

    await mend(FIRST, "Прошли 5 машин.")
    await mend(FIRST, "Прошли 9 машин.")
    await mend(FIRST, "Прошли 12 машин.")
    await out(engine, "Мост открыли", first)
    await came(engine, 1000, "Мост открыли")
    assert [each for each in engine.texts(1000) if "Исправлено" in each] == [
        each for each in engine.texts(1000) if "9 машин" in each
    ]


async def test_the_end_of_a_story_is_told_and_the_story_is_followed_no_more(engine: Engine) -> None:
    here, other = await reader(engine), await reader(engine, 1001)
    killed, legal = await out(engine, FIRST), await out(engine, "Суд назвал имя")
    silent = await out(engine, "Проба")
    for chat_id, number in ((here, 1000), (other, 1001)):
        for each in (killed, legal, silent):
            await follow(engine, chat_id, each, await opened(engine, number))
    await stories.unfollow(engine.db, other, killed)
    now = engine.clock.now()
    await amend.unpublish(engine.db, silent, now, reason="проба")
    await amend.kill(engine.db, killed, now)
    await amend.take_down(engine.db, legal, now, reason="суд")
    engine.ring()
    await came(engine, 1000, f"Отозвано: {FIRST}")
    await engine.until(lambda: len([each for each in engine.texts(1000) if "отозвала" in each]) == 2)
    await engine.until(lambda: [each for each in engine.texts(1001) if "отозвала" in each])
    assert not [each for each in engine.texts(1001) if FIRST in each]
    assert not [each for each in engine.texts(1000) if "Суд назвал" in each or "Проба" in each]
    assert (await stories.of_chat(engine.db, here)).articles == []
    engine.clock.advance(timedelta(days=2))
    await clean_up(engine.db, engine.clock.now(), 90)
    async with engine.db.read() as tx:
        assert [each.article_id for each in await kept.all_of(tx, here)] == [silent]


async def test_without_news_it_ends_and_news_let_it_go_on(engine: Engine) -> None:
    here = await reader(engine)
    first, idle = await out(engine, FIRST), await out(engine, "Порт")
    for each in (first, idle):
        await follow(engine, here, each, await opened(engine, 1000))
    engine.clock.advance(timedelta(days=20))
    await out(engine, "Мост открыли", first)
    await came(engine, 1000, "Мост открыли")
    engine.clock.advance(timedelta(days=15))
    await clean_up(engine.db, engine.clock.now(), 90)
    assert await stories.follows(engine.db, here, first)
    assert not await stories.follows(engine.db, here, idle)


async def test_who_unfollows_before_the_send_gets_nothing(still: Engine) -> None:
    here = await writes(join)(still.db, BOT, 1, still.clock.now())
    first = await out(still, FIRST)
    await stories.follow(still.db, here, first, still.clock.now(), message_id=5)
    await out(still, "Мост открыли", first)
    mine = matcher_of(still.db)
    while await mine.step():
        pass
    await stories.unfollow(still.db, here, first)
    assert await still.claim(Lane.STORY) == []


async def test_what_nobody_can_read_can_not_be_followed_and_there_is_a_bound(
    still: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "MOST", 1)
    here = await writes(join)(still.db, BOT, 1, still.clock.now())
    first, second = await out(still, FIRST), await out(still, "Порт")
    now = still.clock.now()
    for _ in range(2):
        await stories.follow(still.db, here, first, now, message_id=None)
    with pytest.raises(Refusal, match="followed-full"):
        await stories.follow(still.db, here, second, now, message_id=None)
    await amend.kill(still.db, second, now)
    for gone in (second, 999_999_999):
        with pytest.raises(Refusal, match="not-found"):
            await stories.follow(still.db, here, gone, now, message_id=None)


async def test_followers_are_told_by_pages_and_whoever_goes_on_after_a_crash_misses_none(
    still: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matcher, "FIRST_PAGE", 2)
    monkeypatch.setattr(matcher, "PAGE", 2)
    chats = [await writes(join)(still.db, BOT, number, still.clock.now()) for number in range(1, 8)]
    first = await out(still, FIRST)
    for each in chats:
        await stories.follow(still.db, each, first, still.clock.now(), message_id=each)
    second = await out(still, "Мост открыли", first)
    dies = matcher_of(still.db)
    for _ in range(6):
        await dies.step()
    goes_on = matcher_of(still.db)
    while await goes_on.step():
        pass
    assert [row.chat_id for row in await still.rows() if row.subject_id == second] == chats
    claimed = await still.claim(Lane.STORY)
    assert {each.chat_id: each.reply_to for each in claimed} == {each: each for each in chats}

"""Every answer that the Bot API is known to give to a send, and what becomes of chat, delivery and story.

The texts are those of the Bot API server and TDLib.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NamedTuple

import pytest

from bot.model.chat import ChatKind, ChatState
from bot.model.delivery import State
from bot.model.story.content import Media, MediaKind
from bot.operations import status
from bot.sandbox.world.pictures import draw
from tests.support.engine import Engine
from tests.support.transactions import writes

BOT = 700700


class Case(NamedTuple):
    """What Telegram says, and what is to come of it."""

    code: int
    said: str
    chat: ChatState
    state: State = State.FAILED
    reason: str | None = None
    told: str | None = None  # what owners hear, where it is a channel
    stopped: bool = False


ACTIVE, BLOCKED, GONE = ChatState.ACTIVE, ChatState.BLOCKED, ChatState.GONE
NO_RIGHTS = ("no-rights", "owner_chat")
CASES = (
    Case(403, "Forbidden: bot was blocked by the user", BLOCKED, reason="blocked"),
    Case(403, "Forbidden: user is deactivated", GONE, reason="deactivated"),
    Case(403, "Forbidden: bot can't initiate conversation with a user", BLOCKED, reason="never-started"),
    Case(403, "Forbidden: the bot can't send messages to the bot", GONE, reason="is-a-bot"),
    Case(403, "Forbidden: bot can't send messages to bots", GONE, reason="is-a-bot"),
    Case(403, "Forbidden: bot was kicked from the group chat", BLOCKED, reason="kicked"),
    Case(403, "Forbidden: bot was kicked from the supergroup chat", BLOCKED, reason="kicked"),
    Case(403, "Forbidden: bot was kicked from the channel chat", BLOCKED, reason="kicked"),
    *(
        Case(403, f"Forbidden: bot is not a member of the {kind} chat", BLOCKED, State.FAILED, *words)
        for kind in ("channel", "supergroup", "group")
        for words in [("not-a-member", "owner_chat")]
    ),
    Case(403, "Forbidden: the group chat was deleted", GONE, reason="deleted"),
    Case(400, "Bad Request: chat not found", GONE, reason="not-found"),
    Case(400, "Bad Request: private chat not found", GONE, reason="not-found"),
    *(
        Case(400, f"Bad Request: {said}", BLOCKED, State.FAILED, *NO_RIGHTS)
        for said in (
            "need administrator rights in the channel chat",
            "not enough rights to send text messages to the chat",
            "have no write access to the chat",
            "CHAT_WRITE_FORBIDDEN",
            "CHAT_RESTRICTED",
            "CHAT_SEND_PLAIN_FORBIDDEN",
            "USER_BANNED_IN_CHANNEL",
        )
    ),
    Case(400, "Bad Request: ALLOW_PAYMENT_REQUIRED_5", BLOCKED, reason="paid-messages", told="owner_chat"),
    *(
        Case(400, f"Bad Request: {said}", ACTIVE, State.FAILED, "refused", "owner_article", True)
        for said in (
            'can\'t parse entities: Unsupported start tag "p" at byte offset 0',
            "message is too long",
            "BUTTON_DATA_INVALID",
            "inline keyboard button URL 'x' is invalid: Wrong HTTP URL",
            "something that nobody has seen yet",
        )
    ),
    Case(
        500,
        "Internal Server Error: sent message was immediately deleted and can't be returned",
        ACTIVE,
        reason="moderated",
    ),
)


async def channel(engine: Engine) -> int:
    """Let a channel follow the topic; return its Telegram id."""
    engine.sandbox.add_user("Ольга", id=11)
    made = engine.sandbox.add_chat("channel", title="Канал", creator=11, members=[BOT])["id"]

    @writes
    async def join(tx: Any) -> None:
        await engine.join(tx, made, ChatKind.CHANNEL)

    await join(engine.db)
    return int(made)


async def test_an_answer_that_is_about_a_chat_is_handled_as_it_asks(still: Engine) -> None:
    cases = [case for case in CASES if not case.stopped]
    at = [await channel(still) for _ in cases]
    (anna,) = await still.readers(1)
    await still.start()
    for telegram_id, case in zip(at, cases, strict=True):
        still.sandbox.fault(
            "error", match={"chat_id": telegram_id}, times=None, code=case.code, description=case.said
        )
    _, bulletin = await still.publish("Мост открыт")
    told = await still.done(bulletin)
    assert (told.accepted, told.stopped, told.paused) == (1, False, False)
    assert still.count(anna, "Мост открыт") == 1
    rows = {row.chat_id: row for row in await still.rows()}
    found, wanted = {}, {}
    for telegram_id, case in zip(at, cases, strict=True):
        known = await still.row(telegram_id)
        row = rows[known.id]
        found[case.said] = (known.state, row.state, row.reason)
        wanted[case.said] = (case.chat, case.state, case.reason)
    assert found == wanted
    wrong = await status.untold(still.db, BOT, still.clock.now())
    heard = {(trouble.talk, trouble.facts["title"], trouble.facts["reason"]) for trouble in wrong}
    assert heard == {
        (case.told, str(telegram_id), case.reason)
        for telegram_id, case in zip(at, cases, strict=True)
        if case.told
    }
    assert await status.untold(still.db, BOT, still.clock.now() + timedelta(hours=1)) == []


async def test_an_answer_that_is_about_the_story_stops_it_and_no_chat_pays(still: Engine) -> None:
    (anna,) = await still.readers(1)
    await still.start()
    for case in (case for case in CASES if case.stopped):
        headline = f"Сводка {case.said}"
        still.sandbox.fault("error", match={"method": "sendMessage"}, code=case.code, description=case.said)
        _, bulletin = await still.publish(headline)
        assert (await still.done(bulletin)).stopped, case.said
        assert (await still.row(anna)).state is case.chat
        (trouble,) = await status.untold(still.db, BOT, still.clock.now())
        assert (trouble.talk, trouble.facts["headline"]) == (case.told, headline)
    assert still.texts(anna) == []


@pytest.mark.parametrize("what", ["photos", "videos", "documents", "polls"])
async def test_a_group_that_forbids_pictures_gets_text(still_sqlite: Engine, what: str) -> None:
    still = still_sqlite
    refused = await channel(still)
    await still.start()
    still.sandbox.fault(
        "error",
        match={"chat_id": refused, "method": "sendPhoto"},
        times=None,
        code=400,
        description=f"Bad Request: not enough rights to send {what} to the chat",
    )
    still.sandbox.offer_picture("https://example.org/a.png", draw(1))
    picture = Media(MediaKind.PICTURE, url="https://example.org/a.png")
    for headline in ("Мост открыт", "Мост закрыт"):
        _, bulletin = await still.publish(headline, picture=picture)
        assert (await still.done(bulletin)).accepted == 1
        assert still.count(refused, headline) == 1
    assert len(still.sandbox.calls(method="sendPhoto")) == 1
    assert (await still.row(refused)).state is ACTIVE


async def test_a_refusal_reaches_the_editors_of_the_story_too(still_sqlite: Engine) -> None:
    still = still_sqlite
    await still.readers(1)
    await still.start()
    still.sandbox.fault(
        "error", match={"method": "sendMessage"}, code=400, description="Bad Request: BUTTON_DATA_INVALID"
    )
    _, bulletin = await still.publish("Мост открыт")
    await still.done(bulletin)
    (trouble,) = await status.untold(still.db, BOT, still.clock.now())
    assert (trouble.talk, trouble.editors) == ("owner_article", True)
    assert "BUTTON_DATA_INVALID" in trouble.facts["error"]

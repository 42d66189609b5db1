"""Whatever Telegram and the network do to sends, corrections and withdrawals: nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest

from bot.model.chat import ChatKind, ChatState
from bot.model.delivery import State
from bot.outbox.failures import retry
from tests.support.engine import Engine
from tests.support.transactions import writes

FAULTS: dict[str, dict[str, Any]] = {
    "429 of a chat": {"kind": "429", "retry_after": 1, "scope": "chat"},
    "429 of a group": {"kind": "429", "retry_after": 1, "scope": "group"},
    "429 of all": {"kind": "429", "retry_after": 1, "scope": "global"},
    "500": {"kind": "500"},
    "502": {"kind": "502"},
    "reset before it took effect": {"kind": "reset_before"},
    "reset after it took effect": {"kind": "reset_after"},
    "hang": {"kind": "hang", "seconds": 0.2},
    "slow": {"kind": "slow", "seconds": 0.4},
}
TIMES = 3
SHOWS = ("sendMessage", "editMessageText", "deleteMessage")


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits are halves and doubles of this; how long they are is tried elsewhere."""
    monkeypatch.setattr(retry, "FIRST_WAIT", 0.05)


async def push_through(engine: Engine, *faults: dict[str, Any], readers: int = 10) -> tuple[int, int]:
    """Publish two stories under the faults, correct one, kill the other.

    Hold that each chat shows what it should in the end; return how many messages stand there that nobody
    can know of, because the answer to a send that took effect was lost, and how many went wrong so.
    """
    chats = await engine.readers(readers)
    engine.sandbox.add_user("Ольга", id=11)
    group = engine.sandbox.add_chat("group", title="Редакция", creator=11, members=[700700])["id"]

    @writes
    async def join(tx: Any) -> None:
        await engine.join(tx, group, ChatKind.GROUP)

    await join(engine.db)
    # A correction meets what is shown only where the push has got so far.
    far = readers // 2
    for fault in faults:
        where, after, times = {}, 1, TIMES
        if fault.get("scope") == "group":
            where, after, times, far = {"chat_id": group}, 0, 1, readers + 1
        for method in SHOWS:
            engine.sandbox.fault(**fault, match={"method": method} | where, after=after, times=times)
    await engine.start()
    stays, first = await engine.publish("Мост открыт")
    goes, second = await engine.publish("Ярмарка началась")
    await engine.reached(first, lambda found: found.accepted >= far)
    corrected = await engine.correct(stays, "Мост закрыт")
    await engine.reached(second, lambda found: found.accepted >= far)
    killed = await engine.take_away(goes)
    for bulletin in (first, second, corrected, killed):
        await engine.done(bulletin)
    assert not engine.sandbox.faults.waiting(), "not every fault was met"
    known = {(row.chat_id, row.message_id) for row in await engine.messages()}
    strangers = 0
    for reader in (*chats, group):
        ours = (await engine.row(reader)).id
        shown = [each for each in engine.sandbox.messages(reader) if each.get("from", {}).get("is_bot")]
        texts = [each["text"] for each in shown if (ours, each["message_id"]) in known]
        assert ["Мост закрыт" in text for text in texts] == [True]
        strangers += len(shown) - 1
    unknown = [
        call
        for call in engine.sandbox.calls(method="sendMessage")
        if call["description"] == "fault: reset_after"
    ]
    assert all(row.state in (State.DONE, State.SKIPPED) for row in await engine.rows())
    return strangers, len(unknown)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_under_a_push_loses_nothing(fault: str, still_sqlite: Engine) -> None:
    strangers, unknown = await push_through(still_sqlite, FAULTS[fault])
    assert strangers <= unknown <= (TIMES if "after" in fault else 0)


async def test_all_faults_at_once_lose_nothing(still: Engine) -> None:
    faults = [FAULTS[each] for each in FAULTS if "429" not in each]
    strangers, unknown = await push_through(still, *faults, readers=30)
    assert strangers <= unknown == TIMES


REFUSALS = [
    (403, "Forbidden: bot was blocked by the user", ChatState.BLOCKED, "blocked"),
    (403, "Forbidden: user is deactivated", ChatState.GONE, "deactivated"),
    (403, "Forbidden: bot can't initiate conversation with a user", ChatState.BLOCKED, "never-started"),
    (403, "Forbidden: the bot can't send messages to the bot", ChatState.GONE, "is-a-bot"),
    (403, "Forbidden: bot was kicked from the supergroup chat", ChatState.BLOCKED, "kicked"),
    (403, "Forbidden: bot is not a member of the channel chat", ChatState.BLOCKED, "not-a-member"),
    (403, "Forbidden: the group chat was deleted", ChatState.GONE, "deleted"),
    (403, "Forbidden: for a reason that nobody knows yet", ChatState.BLOCKED, "forbidden"),
    (400, "Bad Request: chat not found", ChatState.GONE, "not-found"),
    (400, "Bad Request: need administrator rights in the channel chat", ChatState.BLOCKED, "no-rights"),
    (400, "Bad Request: have no write access to the chat", ChatState.BLOCKED, "no-rights"),
    (400, "Bad Request: CHAT_WRITE_FORBIDDEN", ChatState.BLOCKED, "no-rights"),
    (400, "Bad Request: ALLOW_PAYMENT_REQUIRED_5", ChatState.BLOCKED, "paid-messages"),
]


async def test_each_refusal_suspends_its_chat_alone_and_a_return_gets_what_comes_then(engine: Engine) -> None:
    readers = await engine.readers(len(REFUSALS) + 5)
    for reader, (code, description, _, _) in zip(readers, REFUSALS, strict=False):
        engine.sandbox.fault("error", match={"chat_id": reader}, code=code, description=description)
    _, bulletin = await engine.publish("Мост открыт")
    told = await engine.done(bulletin)
    assert told.accepted == 5
    assert sum(told.failed.values()) == len(REFUSALS)
    for reader, (_, description, state, reason) in zip(readers, REFUSALS, strict=False):
        found = await engine.row(reader)
        assert (found.state, found.state_reason) == (state, reason), description

    @writes
    async def come_back(tx: Any) -> None:
        await engine.join(tx, readers[0])

    await come_back(engine.db)
    _, second = await engine.publish("Ярмарка началась")
    assert (await engine.done(second)).accepted == 6
    assert (engine.count(readers[0], "Мост"), engine.count(readers[0], "Ярмарка")) == (0, 1)


async def test_a_chat_that_blocks_the_bot_before_a_correction_is_suspended_and_its_message_stays(
    engine: Engine,
) -> None:
    anna, boris = await engine.readers(2)
    article, bulletin = await engine.publish("Мост открыт")
    await engine.done(bulletin)
    engine.sandbox.block(anna)
    await engine.done(await engine.correct(article, "Мост закрыт"))
    assert (await engine.row(anna)).state is ChatState.BLOCKED
    assert (engine.count(anna, "Мост открыт"), engine.count(boris, "Мост закрыт")) == (1, 1)

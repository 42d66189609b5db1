"""What is kept about a person, on both databases: gathered as it stands, and gone when the person leaves."""

from __future__ import annotations

from datetime import timedelta

from bot.model.chat import ChatKind, ChatState
from bot.model.newsroom.grant import Grant
from bot.model.newsroom.role import Right
from bot.readers import membership, own_data, saved
from bot.store.audience.own_data import NOTHING
from bot.store.newsroom import audit, staff
from bot.store.tables.desk import desk_mute, desk_notice
from bot.store.tables.ledger import delivery, message
from tests.support.readers import BOT, ECONOMY, Newsroom

ANNA, BORIS = 21, 22


async def noted(newsroom: Newsroom, chat_id: int, user_id: int) -> None:
    """Let the chat have one story, its person a channel, rights, a deed, and notes of the desk."""
    now, key = newsroom.now, {"bot_id": BOT, "kind": 1, "subject_id": 1, "chat_id": chat_id}
    async with newsroom.db.write() as tx:
        sent = {"lane": 2, "wanted": 1, "shown": 1, "due_at": now, "accepted_at": now, "state": 2}
        await tx.execute(delivery.insert().values(**key, **sent))
        stands = {"part": 0, "message_id": 7, "revision": 1, "form": "text", "sent_at": now}
        await tx.execute(message.insert().values(**key, **stands))
        rights = frozenset({Right.WRITE})
        await staff.put(tx, BOT, Grant(user_id, "Анна", rights, given_by=11, given_at=now))
        await audit.add(tx, now, user_id, "edit", detail="лид", bot_id=BOT)
        await tx.execute(desk_mute.insert().values(bot_id=BOT, user_id=user_id))
        told = {"deed_id": 1, "article_id": 1, "verb": "edit", "at": now}
        await tx.execute(desk_notice.insert().values(bot_id=BOT, user_id=user_id, **told))
    await newsroom.join(-100 - user_id, kind=ChatKind.CHANNEL, title="Канал", invited_by=user_id)


async def test_all_is_gathered_and_nobody_elses(newsroom: Newsroom) -> None:
    anna, boris = await newsroom.join(ANNA, ECONOMY), await newsroom.join(BORIS)
    await noted(newsroom, anna.id, ANNA)
    found = await own_data.of_person(newsroom.db, BOT, ANNA)
    assert found.chat is not None
    assert found.chat.id == anna.id
    assert [each.topic_id for each in found.chosen] == [ECONOMY]
    assert (found.sent.stories + found.sent.digests, found.sent.messages) == (1, 1)
    assert found.brought == ["Канал"]
    assert found.staffed is not None
    assert [each.verb for each in found.staffed.deeds] == ["edit"]
    assert found.staffed.notes == {"desk_notice": 1, "desk_mute": 1, "shown_card": 0, "card": 0}
    other = await own_data.of_person(newsroom.db, BOT, BORIS)
    assert (other.chat, other.chosen, other.sent) == (boris, [], NOTHING)
    assert (other.brought, other.staffed) == ([], None)
    nobody = await own_data.of_person(newsroom.db, BOT, 99)
    assert (nobody.chat, nobody.brought, nobody.staffed) == (None, [], None)
    owner = await own_data.of_person(newsroom.db, BOT, 99, owner=True)
    assert owner.staffed is not None
    assert owner.staffed.grant is None


async def test_what_a_person_saved_is_told_and_goes_with_the_rest(newsroom: Newsroom) -> None:
    anna = await newsroom.join(ANNA)
    story = await newsroom.story("Мост", ECONOMY)
    await saved.save(newsroom.db, anna.id, story, newsroom.now)
    assert (await own_data.of_person(newsroom.db, BOT, ANNA)).saved == [(story, newsroom.now)]
    await membership.leave(newsroom.db, anna.id, newsroom.now)
    assert (await own_data.of_person(newsroom.db, BOT, ANNA)).saved == []


async def test_who_leaves_leaves_a_number_and_an_editor_the_record(newsroom: Newsroom) -> None:
    anna = await newsroom.join(ANNA, ECONOMY)
    boris = await newsroom.join(BORIS)
    await noted(newsroom, anna.id, ANNA)
    await noted(newsroom, boris.id, BORIS)
    gone = newsroom.now + timedelta(days=1)
    await membership.leave(newsroom.db, anna.id, gone)
    found = await own_data.of_person(newsroom.db, BOT, ANNA)
    assert found.chat is not None
    assert (found.chat.state, found.chat.title, found.came_at, found.since) == (
        ChatState.STOPPED,
        "",
        gone,
        gone,
    )
    assert (found.chosen, found.sent, found.brought) == ([], NOTHING, [])
    assert found.staffed is not None
    assert set(found.staffed.notes.values()) == {0}
    assert [each.verb for each in found.staffed.deeds] == ["edit"]
    kept = await own_data.of_person(newsroom.db, BOT, BORIS)
    assert kept.brought == ["Канал"]
    assert kept.staffed is not None
    assert kept.staffed.notes["desk_notice"] == 1

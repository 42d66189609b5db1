"""An edited message changes its draft, unless somebody changed it on its card, or readers have seen it."""

from __future__ import annotations

import pytest

from bot.desk import record
from bot.desk.story import draft as drafts_made
from bot.desk.story import lock, review
from bot.model.desk.rules import DeskRules
from bot.model.newsroom.role import AUTHOR, DUTY_EDITOR, READER
from bot.model.story.article import Article, Content, Status
from bot.publishing.publish import publish
from bot.sandbox import Sandbox
from bot.store.engine.database import Database
from tests.integration.conversations.desk.test_writing import BRIDGE, COPY, card_of, the_draft
from tests.support.desk.editors import hire, story
from tests.support.messages import Message, labels, plain
from tests.support.people import ANNA, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.sources import documents
from tests.support.world import BOT, ECONOMY, World, settings_for

LATER = "Мост через Светлую открыли на неделю раньше\nПервыми проехали автобусы."


@pytest.fixture
async def desk(room: World) -> World:
    """Egor and James, who speaks English, write; Olga owns the bot; Anna reads."""
    await hire(room, EGOR, "Егор", AUTHOR.rights)
    await hire(room, JAMES, "James", DUTY_EDITOR.rights)
    await room.say(OLGA, "/start")
    await room.say(ANNA, "/start")
    return room


async def sent_draft(room: World, user: int = EGOR, words: str = f"{COPY}\n#economy") -> Message:
    """Send a message that becomes a draft; wait for the card."""
    sent = room.send(user, words)
    await card_of(room, user, sent)
    return sent


async def edited(room: World, user: int, sent: Message, words: str) -> Message:
    """Edit a message, and return the bot's next message."""
    before = len(room.shown(user))
    room.sandbox.edit(user, user, sent["message_id"], words)
    await room.until(lambda: len(room.shown(user)) > before)
    return room.shown(user)[-1]


async def silently(room: World, user: int, sent: Message, words: str) -> None:
    """Edit a message that the bot must not answer: what is said next is answered first of all."""
    before = len(room.shown(user))
    room.sandbox.edit(user, user, sent["message_id"], words)
    await room.say(user, "/id")
    assert len(room.shown(user)) == before + 1


async def test_an_edit_is_the_next_revision(desk: World) -> None:
    sent = await sent_draft(desk)
    answer = await edited(desk, EGOR, sent, LATER)
    assert "версия 2" in plain(answer)
    assert "заново" not in plain(answer)
    assert answer["reply_to_message"]["message_id"] == sent["message_id"]
    made = await the_draft(desk)
    assert (made.revision, made.edited_by, made.topic_ids) == (2, EGOR, (ECONOMY,))
    assert made.content.headline == "Мост через Светлую открыли на неделю раньше"
    assert made.content.lead == "Первыми проехали автобусы."
    answer = await edited(desk, EGOR, sent, COPY)
    assert "версия 3" in plain(answer)
    await desk.press(EGOR, answer, "Открыть карточку")
    card = await desk.changed(answer, "Язык:")
    assert BRIDGE in plain(card)
    assert "Отредактировано в сообщении" in plain(card)


async def test_in_english_too(desk: World) -> None:
    sent = await sent_draft(desk, JAMES, "Bridge over the Svetlaya opens to traffic\nBuses crossed first.")
    answer = await edited(desk, JAMES, sent, "Bridge over the Svetlaya opens early\nBuses crossed first.")
    assert "version 2" in plain(answer)
    assert labels(answer) == ["Open the card"]


async def test_an_edit_that_changes_nothing_is_not_answered(desk: World) -> None:
    sent = await sent_draft(desk)
    await silently(desk, EGOR, sent, f"{COPY}\n#economy")
    assert (await the_draft(desk)).revision == 1


@pytest.mark.parametrize("state", [Status.REVIEW, Status.APPROVED])
async def test_an_edit_voids_a_review_and_an_approval(desk: World, state: Status) -> None:
    sent = await sent_draft(desk)
    now = desk.clock.now()
    await review.submit(desk.db, 1, at=now, by=EGOR)
    if state is Status.APPROVED:
        await review.approve(desk.db, 1, at=now, by=OLGA, seen=1, rules=DeskRules())
    assert "заново" in plain(await edited(desk, EGOR, sent, LATER))
    after = await story(desk, 1)
    assert (after.status, after.approval, after.revision) == (Status.DRAFT, None, 2)


async def test_an_edit_after_publication_leads_to_the_card(desk: World) -> None:
    sent = await sent_draft(desk)
    await publish_it(desk)
    answer = await edited(desk, EGOR, sent, LATER)
    assert "исправляют" in plain(answer)
    assert labels(answer) == ["Открыть карточку"]
    after = await story(desk, 1)
    assert (after.revision, after.content.headline) == (1, BRIDGE)


async def publish_it(room: World) -> None:
    async with room.db.write() as tx:
        await publish(tx, 1, room.clock.now(), by=OLGA)


async def on_card(room: World, by: int, headline: str = "Мост через Светлую: первый день") -> Article:
    """Change the draft's headline as an editor does on its card."""
    before = await story(room, 1)
    content = Content(headline, before.content.lead)
    return await drafts_made.edit(room.db, 1, content, at=room.clock.now(), by=by, seen=before.revision)


async def test_what_was_changed_on_the_card_is_not_overwritten_unasked(desk: World) -> None:
    sent = await sent_draft(desk)
    await on_card(desk, OLGA)
    answer = await edited(desk, EGOR, sent, LATER)
    assert "успели изменить в карточке" in plain(answer)
    assert labels(answer) == ["Взять текст сообщения", "Открыть карточку"]
    assert (await the_draft(desk)).content.headline == "Мост через Светлую: первый день"
    await desk.press(EGOR, answer, "Взять текст сообщения")
    card = await desk.changed(answer, "Язык:")
    assert "на неделю раньше" in plain(card)
    assert (await the_draft(desk)).revision == 3
    # From then on the draft says again what the message says.
    assert "версия 4" in plain(await edited(desk, EGOR, sent, COPY))


async def test_an_edit_without_a_new_word_says_nothing_of_the_card(desk: World) -> None:
    """Telegram tells of an edit too when it has made a link's preview."""
    sent = await sent_draft(desk)
    await on_card(desk, OLGA)
    await silently(desk, EGOR, sent, f"{COPY}\n#economy")
    copy = documents.file("a.txt", COPY.encode(), "text/plain")
    note = desk.send(EGOR, "", document=copy, caption="Посмотрите")
    await card_of(desk, EGOR, note)
    before = await story(desk, 2)
    content = Content("Другой заголовок", before.content.lead)
    await drafts_made.edit(desk.db, 2, content, at=desk.clock.now(), by=OLGA, seen=1)
    await silently(desk, EGOR, note, "Посмотрите ещё раз")


async def test_a_race_of_the_button_with_another_editor_is_lost_in_words(desk: World) -> None:
    sent = await sent_draft(desk)
    await on_card(desk, OLGA)
    answer = await edited(desk, EGOR, sent, LATER)
    await on_card(desk, OLGA, "Мост через Светлую: второй день")
    said = (await desk.press(EGOR, answer, "Взять текст сообщения"))["text"]
    assert "изменил" in said
    card = await desk.changed(answer, "второй день")
    assert "версия 3" in plain(card)


async def test_topics_chosen_on_the_card_are_no_change_of_the_text(desk: World) -> None:
    sent = await sent_draft(desk)
    now = desk.clock.now()
    await drafts_made.edit(desk.db, 1, at=now, by=OLGA, seen=1, topic_ids=(1, 2))
    assert "версия 3" in plain(await edited(desk, EGOR, sent, LATER))
    assert (await the_draft(desk)).topic_ids == (1, 2)


async def test_another_editor_s_lock_is_respected(desk: World) -> None:
    sent = await sent_draft(desk)
    await lock.take(desk.db, 1, at=desk.clock.now(), by=OLGA)
    answer = await edited(desk, EGOR, sent, LATER)
    assert "правит" in plain(answer)
    assert (await the_draft(desk)).revision == 1
    await lock.give_back(desk.db, 1, by=OLGA)
    await desk.press(EGOR, answer, "Взять текст сообщения")
    await desk.changed(answer, "на неделю раньше")
    assert [each.verb for each in (await record.of_article(desk.db, BOT, 1, 5)).deeds] == ["reword", "draft"]


async def test_an_album_keeps_its_pictures_and_a_replaced_one_is_told(desk: World) -> None:
    first = desk.send(EGOR, "", photo=True, media_group="a", caption=COPY)
    second = desk.send(EGOR, "", photo=True, media_group="a")
    await card_of(desk, EGOR, first)
    before = (await the_draft(desk)).content
    assert "версия 2" in plain(await edited(desk, EGOR, first, LATER))
    after = (await the_draft(desk)).content
    assert (after.picture, after.blocks) == (before.picture, before.blocks[-1:])
    assert "альбом" in plain(await edited(desk, EGOR, second, ""))
    assert (await the_draft(desk)).revision == 2


async def test_a_caption_changes_the_words_alone(desk: World) -> None:
    sent = desk.send(EGOR, "", photo=True, caption=COPY)
    await card_of(desk, EGOR, sent)
    before = (await the_draft(desk)).content
    assert "версия 2" in plain(await edited(desk, EGOR, sent, LATER))
    after = (await the_draft(desk)).content
    assert after.picture == before.picture
    assert after.headline != before.headline


async def test_the_note_below_a_document_is_no_word_of_the_draft(desk: World) -> None:
    copy = documents.file("a.txt", COPY.encode(), "text/plain")
    sent = desk.send(EGOR, "", document=copy, caption="Посмотрите #economy")
    await card_of(desk, EGOR, sent)
    await silently(desk, EGOR, sent, "Посмотрите, пожалуйста, до вечера")
    assert (await the_draft(desk)).content.headline == BRIDGE


async def test_an_edited_flash_changes_its_open_card(desk: World) -> None:
    sent = desk.send(OLGA, "/breaking Мост закрыт")
    await desk.answer(OLGA, "Кому:")
    preview = next(each for each in reversed(desk.shown(OLGA)) if "Мост закрыт" in plain(each))
    desk.sandbox.edit(OLGA, OLGA, sent["message_id"], "/breaking Мост закрыт до утра")
    await desk.changed(preview, "утра")
    await desk.forge(OLGA, preview, "flash:sure:1")
    await desk.until(lambda: desk.rung)
    answer = await edited(desk, OLGA, sent, "/breaking Мост открыт")
    assert "исправляют" in plain(answer)
    assert (await story(desk, 1)).content.headline == "Мост закрыт до утра"


async def test_who_may_not_write_any_more_changes_nothing(desk: World) -> None:
    sent = await sent_draft(desk)
    await on_card(desk, OLGA)
    answer = await edited(desk, EGOR, sent, LATER)
    await hire(desk, EGOR, "Егор", READER.rights)
    said = (await desk.press(EGOR, answer, "Взять текст сообщения"))["text"]
    assert "только редакторам" in said
    await silently(desk, EGOR, sent, COPY)
    assert (await the_draft(desk)).revision == 2


async def test_a_button_for_another_story_is_out_of_date(desk: World) -> None:
    await sent_draft(desk)
    other = await sent_draft(desk, EGOR, LATER)
    card = await card_of(desk, EGOR, other)
    assert "устарела" in (await desk.forge(EGOR, card, "write:take:1:1"))["text"]
    assert (await story(desk, 1)).revision == 1


async def test_an_edit_of_a_reader_s_is_not_answered_nor_of_one_who_left(desk: World) -> None:
    sent = desk.send(ANNA, COPY)
    await desk.answer(ANNA, "Не понял")
    await silently(desk, ANNA, sent, LATER)
    chat = desk.sandbox.add_chat("supergroup", title="Редакция", creator=EGOR, members=[BOT])["id"]
    await desk.answer(chat, "Администраторы")
    there = desk.send(EGOR, "/id@vestnik_bot", chat)
    await desk.answer(chat, str(chat))
    desk.sandbox.edit(chat, EGOR, there["message_id"], "/id@vestnik_bot please")
    await desk.silent(EGOR, "Мост закрыт", chat)


async def test_nothing_is_kept_in_memory(sqlite_db: Database, sandbox: Sandbox) -> None:
    """The bot is started anew between a question and its button, and is away while a message is edited."""
    rates = {"global_rate": 1000, "chat_rate": 1000, "chat_burst": 100, "group_rate": 60_000}
    room = World(sandbox, sqlite_db, settings_for(sandbox, **rates))
    await room.prepare()
    async with room.listening():
        await room.say(OLGA, "/start")
        asked = await card_of(room, OLGA, room.send(OLGA, "Мост закрыт"))
        album = room.send(OLGA, "", photo=True, media_group="a", caption=COPY)
        await card_of(room, OLGA, album)
    room.send(OLGA, "", photo=True, media_group="a")
    sandbox.edit(OLGA, OLGA, asked["reply_to_message"]["message_id"], "Мост закрыт до утра")
    async with room.listening():
        await room.press(OLGA, asked, "Сделать черновик")
        await room.changed(asked, "утра")
        await room.answer(OLGA, "версия 2")
    first, second = await story(room, 1), await story(room, 2)
    assert (first.content.headline, len(first.content.blocks)) == (BRIDGE, 2)
    assert second.content.headline == "Мост закрыт до утра"

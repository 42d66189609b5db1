"""An owner gives rights by buttons, for topics and until a time, and takes them; who is concerned is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from aiogram.types import BotCommandScopeChat

from bot.conversations.people.notices import tell_ended
from bot.desk import record, staff
from bot.model.newsroom.grant import Grant
from bot.model.newsroom.role import AUTHOR, OWNER, Right
from bot.model.newsroom.role import EDITOR as EDITOR_PRESET
from bot.readers import membership
from tests.support.messages import Message, labels, plain
from tests.support.people import ANNA, BORIS, EDITOR, JAMES
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, ECONOMY, World


async def test_an_owner_makes_an_author_for_a_topic_until_a_date_and_takes_it_away(room: World) -> None:
    await room.say(OLGA, "/start")
    await room.say(EDITOR, "/start")
    await room.say(OLGA, "/editors")
    await room.press_newest(OLGA, "Добавить человека")
    await room.answer(OLGA, "Нажмите кнопку внизу")
    page = await opened(room, OLGA, EDITOR)
    await room.press(OLGA, page, "автор")
    await room.changed(page, "Роль: автор")
    told = await room.answer(EDITOR, "Что вам можно")
    assert "Темы: все" in plain(told)
    assert "Кто изменил: Ольга" in plain(told)
    await room.press(OLGA, room.again(page), "Темы")
    await room.press(OLGA, await room.changed(page, "Экономика"), "Экономика")
    await room.changed(page, "✅ Экономика")
    await room.press(OLGA, room.again(page), "Назад")
    await room.press(OLGA, await room.changed(page, "Темы: Экономика"), "Срок")
    await room.press(OLGA, await room.changed(page, "Другой срок"), "Другой срок")
    asked = await room.answer(OLGA, "До какого времени? Ответьте")
    day = (room.clock.now() + timedelta(days=20)).strftime("%d.%m.%Y")
    shown = await room.say(OLGA, f"до {day}", reply_to=asked["message_id"])
    assert "Действует до:" in plain(shown)
    assert ", 00:00" in plain(shown)
    grant = await staff.find(room.db, BOT, EDITOR)
    assert (grant.rights, grant.topics) == (AUTHOR.rights, frozenset({ECONOMY}))
    assert grant.until is not None
    # Several presses in a row are one notice, brought up to date in its place.
    await room.changed(told, "Темы: Экономика")
    assert sum("Что вам можно" in text for text in room.texts(EDITOR)) == 1
    await room.press(OLGA, shown, "Забрать все права")
    await room.changed(shown, "Редакторы и авторы")
    await room.changed(told, "больше нет прав")
    assert await rights(room, EDITOR) == frozenset()
    verbs = [(deed.verb, deed.actor) for deed in (await record.page(room.db, BOT, 9)).deeds]
    assert verbs == [("take-rights", OLGA), *[("give-rights", OLGA)] * 3]


async def test_single_rights_are_added_and_taken_and_the_menu_follows(room: World) -> None:
    await room.say(OLGA, "/start")
    await room.say(EDITOR, "/start")
    page = await opened(room, OLGA, EDITOR)
    await room.press(OLGA, page, "публиковать")
    await room.press(OLGA, await room.changed(page, "✅ публиковать"), "отправлять срочные")
    page = await room.changed(page, "✅ отправлять срочные")
    assert "свой набор прав" in plain(page)

    async def menu() -> set[str]:
        scope = BotCommandScopeChat(chat_id=EDITOR)
        return {each.command for each in await room.services.client.get_my_commands(scope)}

    await room.say(OLGA, "/id")
    assert {"breaking", "status"} <= await menu()
    await room.press(OLGA, page, "отправлять срочные")
    await room.changed(page, "▫️ отправлять срочные")
    await room.answer(EDITOR, "Что вам можно")
    await room.say(OLGA, "/id")
    assert "breaking" not in await menu()
    assert await rights(room, EDITOR) == {Right.PUBLISH}


async def test_of_two_owners_the_second_is_told_what_the_first_did_and_undoes_nothing(room: World) -> None:
    await room.say(OLGA, "/start")
    await room.say(ANNA, "/start")
    await give(room, ANNA, "Анна", OWNER.rights)
    first, second = await opened(room, OLGA, EDITOR), await opened(room, ANNA, EDITOR)
    assert (await room.press(ANNA, second, "автор"))["text"] == "Сохранено."
    assert "Вас опередили (Анна)" in (await room.press(OLGA, first, "дежурный редактор"))["text"]
    await room.changed(first, "Роль: автор")
    assert await rights(room, EDITOR) == AUTHOR.rights


async def test_nobody_gives_more_than_their_own_nor_changes_their_own(room: World) -> None:
    await room.say(OLGA, "/start")
    await room.say(ANNA, "/start")
    await give(room, ANNA, "Анна", frozenset({Right.PEOPLE, Right.WRITE}), topics=frozenset({ECONOMY}))
    page = await opened(room, ANNA, EDITOR)
    shown = labels(page)
    assert any("автор" in each for each in shown)
    assert not any("отзывать" in each or "владелец" in each for each in shown)
    for data, refusal in (
        (f"staff:role:{EDITOR}:1:owner", "только те права"),
        (f"staff:right:{EDITOR}:1:kill", "только те права"),
        (f"staff:right:{ANNA}:1:kill", "Свои права изменить нельзя"),
    ):
        assert refusal in (await room.forge(ANNA, page, data))["text"], data
    assert (await room.press(ANNA, page, "автор"))["text"] == "Сохранено."
    grant = await staff.find(room.db, BOT, EDITOR)
    assert (grant.rights, grant.topics) == (AUTHOR.rights, frozenset({ECONOMY}))
    assert "только те права" in (await room.forge(ANNA, page, f"staff:topic:{EDITOR}:2:0"))["text"]


async def test_a_former_owner_and_who_lost_the_right_meanwhile_change_nothing(room: World) -> None:
    await room.say(OLGA, "/start")
    await room.say(ANNA, "/start")
    await give(room, ANNA, "Анна", OWNER.rights)
    page = await opened(room, ANNA, EDITOR)
    room.sandbox.press(ANNA, ANNA, page["message_id"], f"staff:ask:{EDITOR}:1", forge=True)
    asked = await room.answer(ANNA, "До какого времени? Ответьте")
    await give(room, ANNA, "Анна", EDITOR_PRESET.rights)
    assert "права: выдавать права" in (await room.press(ANNA, page, "автор"))["text"]
    said = await room.say(ANNA, "на неделю", reply_to=asked["message_id"])
    assert "права: выдавать права" in plain(said)
    assert await rights(room, EDITOR) == frozenset()


async def test_an_at_name_is_whoevers_telegram_says_it_is_now(room: World) -> None:
    room.sandbox.add_user("Егор", id=EDITOR, username="Egor_News", language_code="ru")
    await room.say(OLGA, "/start")
    await room.say(EDITOR, "/start")
    room.send(OLGA, "/editors @egor_news")
    await room.answer(OLGA, "— редактор")
    assert await rights(room, EDITOR) == EDITOR_PRESET.rights
    await room.say(BORIS, "/start")
    room.sandbox.add_user("Борис", id=BORIS, username="boris_news", language_code="ru")
    await room.say(BORIS, "/id")
    # The name passed to somebody else, whom the bot has never seen.
    room.sandbox.add_user("Борис", id=BORIS, username="boris_old", language_code="ru")
    room.sandbox.add_user("Чужой", id=99, username="boris_news", language_code="ru")
    assert "Я не знаю @boris_news" in plain(await room.say(OLGA, "/editors @boris_news"))
    assert await rights(room, BORIS) == frozenset()


async def test_who_said_stop_is_found_by_no_name(room: World) -> None:
    room.sandbox.add_user("Егор", id=EDITOR, username="egor_news", language_code="ru")
    await room.say(EDITOR, "/start")
    await room.say(EDITOR, "/id")
    room.send(EDITOR, "/stop")
    await room.press_newest(EDITOR, "Да")
    await room.answer(EDITOR, "Готово")
    assert await membership.seen_as(room.db, BOT, "egor_news") == []


async def test_an_end_is_told_once_and_noted_as_the_bots_own_deed(room: World) -> None:
    await room.say(OLGA, "/start")
    await room.say(JAMES, "/start")
    await give(room, JAMES, "James", AUTHOR.rights, until=room.clock.now() + timedelta(minutes=1))
    later = room.clock.now() + timedelta(minutes=2)
    room.clock.advance(timedelta(minutes=2))
    for _ in range(2):
        await tell_ended(room.services, later)
    assert sum("Your rights in the newsroom have ended" in text for text in room.texts(JAMES)) == 1
    newest = (await record.page(room.db, BOT, 1)).deeds[0]
    assert (newest.verb, newest.actor, newest.detail) == ("rights-ended", None, str(JAMES))


async def opened(room: World, owner: int, person: int) -> Message:
    """Let an owner choose a person in Telegram's own list, and return the person's page."""
    before = len(room.shown(owner))
    room.sandbox.share_users(owner, owner, 1, [person])
    await room.until(lambda: len(room.shown(owner)) >= before + 2)
    return room.shown(owner)[-1]


async def give(
    room: World,
    user: int,
    name: str,
    given: frozenset[Right],
    *,
    topics: frozenset[int] | None = None,
    until: datetime | None = None,
) -> None:
    """Give rights as the owner does, without the buttons."""

    def wish(grant: Grant) -> Grant:
        return replace(grant, name=name, rights=given, topics=topics, until=until)

    await staff.change(room.db, BOT, user, wish, by=OLGA, at=room.clock.now())


async def rights(room: World, person: int) -> frozenset[Right]:
    """Return what a person was given."""
    return (await staff.find(room.db, BOT, person)).rights

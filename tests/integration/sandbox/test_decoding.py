"""Everything the sandbox says is decoded by aiogram's types, method by method and update by update."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot, exceptions, types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ChatMemberStatus

from bot.sandbox import Sandbox
from bot.sandbox.world.pictures import draw
from tests.integration.sandbox.conftest import BOT, TOKEN, Cast

KEYBOARD = types.InlineKeyboardMarkup(
    inline_keyboard=[[types.InlineKeyboardButton(text="да", callback_data="yes")]]
)


@pytest.fixture
async def bot(sandbox: Sandbox, cast: Cast) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(sandbox.url))
    async with Bot(TOKEN, session=session).context() as client:
        yield client


async def test_messages_of_every_kind(bot: Bot, cast: Cast, sandbox: Sandbox) -> None:
    text = await bot.send_message(
        cast.anna,
        "<b>а</b> <tg-time unix='1769500000' format='r'>давно</tg-time> "
        f"<a href='tg://user?id={cast.anna}'>x</a> <a href='tg://user?id=5'>y</a>",
        parse_mode="HTML",
        reply_markup=KEYBOARD,
        link_preview_options=types.LinkPreviewOptions(url="https://e.com/", prefer_large_media=True),
    )
    assert text.entities is not None
    assert [found.type for found in text.entities] == ["bold", "date_time", "text_mention"]
    photo = await bot.send_photo(cast.forum, types.BufferedInputFile(draw(1), "a.png"), caption="x")
    assert photo.photo is not None
    media = [types.InputMediaPhoto(media=photo.photo[-1].file_id) for _ in range(2)]
    assert len(await bot.send_media_group(cast.channel, media)) == 2  # type: ignore[arg-type]
    assert isinstance(
        await bot.edit_message_caption(chat_id=cast.forum, message_id=photo.message_id), types.Message
    )
    assert (await bot.forward_message(cast.anna, cast.forum, photo.message_id)).forward_origin is not None
    assert (await bot.copy_message(cast.anna, cast.forum, photo.message_id)).message_id
    rich = await bot.send_rich_message(cast.anna, types.InputRichMessage(html="<h1>x</h1><p>y</p>"))
    assert rich.rich_message is not None
    assert await bot.delete_messages(cast.anna, [text.message_id])


async def test_chats_members_and_the_bot_itself(bot: Bot, cast: Cast, sandbox: Sandbox) -> None:
    assert (await bot.get_me()).username == "vestnik_bot"
    await bot.pin_chat_message(cast.forum, (await bot.send_message(cast.forum, "x")).message_id)
    for chat in (cast.anna, cast.group, cast.supergroup, cast.channel, cast.forum):
        assert (await bot.get_chat(chat)).id == chat
    assert len(await bot.get_chat_administrators(cast.forum)) == 2
    for status in ("creator", "administrator", "member", "restricted", "left", "kicked"):
        sandbox.set_member(cast.forum, cast.boris, status)
        assert (await bot.get_chat_member(cast.forum, cast.boris)).status == ChatMemberStatus(status)
    assert (await bot.create_forum_topic(cast.forum, "Мир")).name == "Мир"
    assert await bot.send_chat_action(cast.anna, "typing")


async def test_menus_names_webhooks_and_files(bot: Bot, cast: Cast, sandbox: Sandbox) -> None:
    commands = [types.BotCommand(command="latest", description="Последнее")]
    scope = types.BotCommandScopeAllPrivateChats()
    assert await bot.set_my_commands(commands, scope=scope, language_code="ru")
    found = await bot.get_my_commands(scope=scope, language_code="ru")
    assert [(menu.command, menu.description) for menu in found] == [("latest", "Последнее")]
    assert await bot.get_my_commands() == []
    await bot.set_my_description("Новости", language_code="ru")
    assert (await bot.get_my_description(language_code="ru")).description == "Новости"
    assert (await bot.get_my_name()).name == "Vestnik"
    assert await bot.set_chat_menu_button(menu_button=types.MenuButtonCommands())
    assert (await bot.get_chat_menu_button()).type == "commands"
    assert (await bot.get_webhook_info()).url == ""
    assert await bot.delete_webhook(drop_pending_updates=True)
    assert (await bot.get_my_star_balance()).amount == 0
    photo = sandbox.send(cast.anna, cast.anna, photo=True)["photo"][-1]["file_id"]
    path = (await bot.get_file(photo)).file_path
    assert path is not None
    downloaded = await bot.download_file(path)
    assert downloaded is not None
    assert downloaded.read().startswith(b"\x89PNG")


async def test_updates_of_every_kind(bot: Bot, cast: Cast, sandbox: Sandbox) -> None:
    await bot.get_updates(allowed_updates=["message", "edited_message", "channel_post", "callback_query",
                                           "my_chat_member", "chat_member"])  # fmt: skip
    sent = await bot.send_message(cast.anna, "x", reply_markup=KEYBOARD)
    sandbox.press(cast.anna, cast.anna, sent.message_id, "yes")
    sandbox.press(cast.anna, cast.anna, 999, "forged", forge=True)
    own = sandbox.send(cast.anna, cast.anna, "/start x", reply_to=sent.message_id)
    sandbox.edit(cast.anna, cast.anna, own["message_id"], "y")
    sandbox.send(cast.anna, cast.anna, photo=True, caption="подпись")
    sandbox.send(cast.channel, cast.anna, "пост")
    sandbox.add_thread(cast.forum, "Мир")
    sandbox.set_member(cast.forum, cast.boris, "member")
    sandbox.set_member(cast.channel, BOT, "kicked")
    sandbox.block(cast.anna)
    sandbox.upgrade(cast.group)
    updates = await bot.get_updates()
    kinds = [update.event_type for update in updates]
    assert set(kinds) == {
        "message",
        "edited_message",
        "channel_post",
        "callback_query",
        "my_chat_member",
        "chat_member",
    }
    queries = [update.callback_query for update in updates if update.callback_query]
    assert isinstance(queries[1].message, types.InaccessibleMessage)
    assert await bot.answer_callback_query(queries[0].id)


async def test_refusals_arrive_as_aiograms_exceptions(bot: Bot, cast: Cast, sandbox: Sandbox) -> None:
    sandbox.upgrade(cast.group)
    with pytest.raises(exceptions.TelegramMigrateToChat):
        await bot.send_message(cast.group, "x")
    with pytest.raises(exceptions.TelegramForbiddenError):
        await bot.send_message(cast.boris, "x")
    sandbox.fault("429", retry_after=7)
    with pytest.raises(exceptions.TelegramRetryAfter) as refused:
        await bot.send_message(cast.anna, "x")
    assert refused.value.retry_after == 7
    sandbox.clear_faults()
    sandbox.fault("undecodable")
    sandbox.send(cast.anna, cast.anna, "x")
    with pytest.raises(exceptions.ClientDecodeError):
        await bot.get_updates()

"""/setup: from an empty bot to the first story in a test channel; later, what is still missing."""

from __future__ import annotations

from dataclasses import replace

from aiogram import F, Router
from aiogram.exceptions import TelegramAPIError
from aiogram.filters import Command
from aiogram.types import (
    CallbackQuery,
    ChatAdministratorRights,
    ChatMemberAdministrator,
    KeyboardButton,
    KeyboardButtonRequestChat,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.conversations.access import need_for, role_of
from bot.conversations.answers import change, send
from bot.conversations.newsroom.entrance import need_sources, refused_words
from bot.conversations.newsroom.questions import ask
from bot.conversations.newsroom.setup_pages import SAMPLE, setup_page
from bot.conversations.presses import answer_press
from bot.conversations.reader import story_pages
from bot.conversations.visit import Visit
from bot.desk import lookup
from bot.desk.newsroom import setup as setups
from bot.desk.newsroom.setup import STEPS
from bot.model.chat import Chat, ChatKind, ChatState
from bot.model.errors import DeliveryError, Refusal
from bot.model.message import OutgoingMessage
from bot.model.newsroom.role import Right
from bot.model.press import unpack
from bot.model.story.article import IN_THE_MAKING, TAKEN_BACK
from bot.readers import topics

router = Router(name="setup")

REQUEST = 2
"""Says which request Telegram answers: the one for the test channel."""

_NONE = dict.fromkeys(
    (
        "is_anonymous",
        "can_manage_chat",
        "can_delete_messages",
        "can_manage_video_chats",
        "can_restrict_members",
        "can_promote_members",
        "can_change_info",
        "can_invite_users",
        "can_post_stories",
        "can_edit_stories",
        "can_delete_stories",
        "can_send_welcome_messages",
    ),
    False,
)
ASKED = {"can_manage_chat": True, "can_delete_messages": True}
POSTING = {"can_post_messages": True, "can_edit_messages": True}
BOTS_RIGHTS = ChatAdministratorRights(**_NONE | ASKED | POSTING)
"""What the bot needs in a channel: to post, to edit its posts, and to delete what was taken back."""

OWNERS_RIGHTS = ChatAdministratorRights(
    **_NONE | ASKED | POSTING | {"can_promote_members": True, "can_invite_users": True}
)
"""What the owner must have there: all that the bot gets, and to make somebody an administrator."""


@router.message(Command("setup"))
async def begin(_message: Message, visit: Visit) -> None:
    """Show the first step that is not done."""
    await need_sources(visit, whole=True)
    await send(visit, await setup_page(visit))


@router.callback_query(F.data == "setup:home")
async def go_on(press: CallbackQuery, visit: Visit) -> None:
    """Show the first step that is not done."""
    await need_sources(visit, whole=True)
    await change(visit, press, await setup_page(visit))


@router.callback_query(F.data.startswith("setup:step:"))
async def go_to(press: CallbackQuery, visit: Visit) -> None:
    """Show a step, whether it is done or not."""
    await need_sources(visit, whole=True)
    step = unpack(press.data or "").args[1]
    if step not in STEPS:
        raise Refusal("stale")
    await change(visit, press, await setup_page(visit, step))


@router.callback_query(F.data == "setup:settle")
async def settle(press: CallbackQuery, visit: Visit) -> None:
    """Note that language and zone are seen."""
    await need_sources(visit, whole=True)
    services = visit.services
    await setups.settle(services.db, services.bot.id, at=services.now())
    await change(visit, press, await setup_page(visit))


@router.callback_query(F.data == "setup:usual")
async def add_usual_topics(press: CallbackQuery, visit: Visit) -> None:
    """Add the usual topics."""
    by, services = await need_sources(visit, whole=True), visit.services
    try:
        count = await setups.add_usual_topics(services.db, at=services.now(), by=by)
    except Refusal as refusal:
        await answer_press(press, await refused_words(visit, refusal), alert=True)
    else:
        await answer_press(press, visit.notice("topics_added", count=count))
    await change(visit, press, await setup_page(visit))


@router.callback_query(F.data == "setup:own")
async def ask_topic(_press: CallbackQuery, visit: Visit) -> None:
    """Ask for a topic of the owner's own."""
    await need_sources(visit, whole=True)
    await ask(visit, "topic", setup=True)


@router.callback_query(F.data == "setup:feed")
async def ask_feed(_press: CallbackQuery, visit: Visit) -> None:
    """Ask for the address of the first feed."""
    await need_sources(visit, whole=True)
    await ask(visit, "feed", setup=True)


@router.callback_query(F.data == "setup:channel")
async def ask_channel(_press: CallbackQuery, visit: Visit) -> None:
    """Show the button with which Telegram lets an owner choose a channel and make the bot its administrator."""
    await need_sources(visit, whole=True)
    services = visit.services
    await setups.note_asked(services.db, services.bot.id, at=services.now())
    request = KeyboardButtonRequestChat(
        request_id=REQUEST,
        chat_is_channel=True,
        user_administrator_rights=OWNERS_RIGHTS,
        bot_administrator_rights=BOTS_RIGHTS,
        request_title=True,
    )
    button = KeyboardButton(text=visit.label("setup_choose_channel"), request_chat=request)
    keyboard = ReplyKeyboardMarkup(keyboard=[[button]], resize_keyboard=True, one_time_keyboard=True)
    await visit.client.send_message(visit.telegram_id, visit.say("setup_channel_ask"), reply_markup=keyboard)


@router.message(F.chat_shared)
async def take_channel(message: Message, visit: Visit) -> None:
    """Make the channel that was chosen the test channel, where the bot may post there."""
    by, services = await need_sources(visit, whole=True), visit.services
    shared = message.chat_shared
    if shared is None or shared.request_id != REQUEST:
        raise Refusal("stale")
    title = await _title_where_posting(visit, shared.chat_id)
    channel = await setups.choose_channel(
        services.db,
        services.bot.id,
        shared.chat_id,
        title=title,
        language=services.bot.language,
        zone=services.bot.zone,
        at=services.now(),
        by=by,
    )
    await visit.client.send_message(
        visit.telegram_id,
        visit.say("setup_channel_taken", title=channel.title),
        reply_markup=ReplyKeyboardRemove(),
    )
    await send(visit, await setup_page(visit))


@router.callback_query(F.data.startswith("setup:show:"))
async def show_story(press: CallbackQuery, visit: Visit) -> None:
    """Show a story, or a sample, in the test channel alone; as it stands for readers it stays."""
    await need_sources(visit, whole=True)
    services = visit.services
    number = unpack(press.data or "").number(1)
    channel = (await setups.state(services.db, services.bot.id)).channel
    if number is None or number < 0:
        raise Refusal("stale")
    if channel is None or channel.state is not ChatState.ACTIVE:
        raise Refusal("no-channel")
    try:
        await _show_there(visit, _in_channel(visit, channel), number)
    except (DeliveryError, TelegramAPIError):
        raise Refusal("channel-refused") from None
    await setups.note_shown(services.db, services.bot.id, at=services.now())
    await answer_press(press, visit.notice("shown_in_channel"))
    await change(visit, press, await setup_page(visit))


async def _show_there(visit: Visit, there: Visit, number: int) -> None:
    services = there.services
    if number == SAMPLE:
        await send(there, OutgoingMessage(there.say("setup_sample")))
        return
    article = await lookup.get(services.db, number)
    if article.status in IN_THE_MAKING:
        right = Right.PUBLISH.for_flash if article.flash else Right.PUBLISH
        await need_for(visit, right, article.topic_ids)
    if not setups.may_show(await role_of(services, visit.user_id), article, services.now()):
        why = "not-found" if article.status in TAKEN_BACK else "embargoed" if article.embargo_until else ""
        raise Refusal(why or "not-published")
    shown = replace(article, published_at=article.published_at or services.now())
    await story_pages.send_story(there, there.story(shown, await topics.all_topics(services.db)))


def _in_channel(visit: Visit, channel: Chat) -> Visit:
    """Return the visit as if the bot spoke in the channel."""
    return Visit(
        services=visit.services,
        user_id=None,
        language=channel.language,
        telegram_id=channel.telegram_id,
        kind=ChatKind.CHANNEL,
        chat=channel,
    )


async def _title_where_posting(visit: Visit, channel_id: int) -> str:
    """Return the channel's title. Refused where it is no channel, or neither of the two is its administrator."""
    client = visit.client
    try:
        found = await client.get_chat(channel_id)
        bot = await client.get_chat_member(channel_id, visit.services.bot.id)
        owner = await client.get_chat_member(channel_id, visit.user_id or 0)
    except TelegramAPIError:
        raise Refusal("not-channel-admin") from None
    posts = isinstance(bot, ChatMemberAdministrator) and bot.can_post_messages
    if found.type != ChatKind.CHANNEL or not posts:
        raise Refusal("not-channel-admin")
    if owner.status not in ("creator", "administrator"):
        raise Refusal("admins-only")
    return found.title or ""

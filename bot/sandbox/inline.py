"""What people do with a bot from any chat: type an inline query, choose a result, ask a bot that is no member."""

from __future__ import annotations

from bot.sandbox.calls.answers import Impossible, Json
from bot.sandbox.calls.updates import CHOSEN_LIFE, INLINE_LIFE
from bot.sandbox.people import may_write
from bot.sandbox.text.stored import parse
from bot.sandbox.world.access import GROUPS
from bot.sandbox.world.content import text_fields
from bot.sandbox.world.posts import bots_in, deliver, post
from bot.sandbox.world.state import Bot, Chat, Query, Stored, World

MAX_QUERY = 256  # characters
MAX_OFFSET = 64  # bytes


def ask(
    world: World, bot: Bot, user_id: int, text: str, *, offset: str = "", chat_type: str = "private"
) -> Query:
    """Let a person type an inline query; what Telegram still remembers of the answer to it is shown at once.

    Raises:
        Impossible: there is no such person, the bot has no inline mode, or the query is too long.
    """
    person = world.people.get(user_id)
    if person is None or person.deactivated:
        raise Impossible(f"there is no user {user_id}")
    if not bot.inline:
        raise Impossible("the bot has no inline mode: @BotFather turns it on")
    if len(text) > MAX_QUERY or len(offset.encode()) > MAX_OFFSET:
        raise Impossible(f"a query has at most {MAX_QUERY} characters, and its offset {MAX_OFFSET} bytes")
    query = _query(world, bot, user_id, text)
    query.offset = offset
    for whose in (None, user_id):
        until, answer = world.inline_cache.get((bot.id, text, offset, whose), (0.0, None))
        if until > world.now():
            query.answer = answer
            return query
    update: Json = {"id": query.id, "from": person.user, "query": text, "offset": offset}
    bot.updates.put("inline_query", {**update, "chat_type": chat_type}, INLINE_LIFE)
    world.changes.wake()
    return query


def choose(world: World, chat: Chat, user_id: int, *, query_id: str, result_id: str) -> Stored:
    """Let a person put a result into a chat, in their own name, and tell the bot where it wants to know that.

    Raises:
        Impossible: nobody was shown such a result, or the person may not write there.
    """
    query = world.queries.get(query_id)
    shown = query.answer["results"] if query is not None and query.answer else ()
    result = next((each for each in shown if each["id"] == result_id), None)
    if query is None or query.user_id != user_id or result is None:
        raise Impossible("nobody was shown that result")
    bot, sender = world.bots[query.bot_id], may_write(world, chat, user_id)
    markup = result["reply_markup"]
    stored = post(world, chat, {**result["content"], "via_bot": bot.user}, sender=sender, markup=markup)
    told: Json = {"result_id": result_id, "from": sender, "query": query.text}
    if markup is not None:
        told["inline_message_id"] = world.remember_inline(bot.id, chat.id, stored.body["message_id"])
    deliver(world, chat, stored)
    if bot.inline_feedback:
        bot.updates.put("chosen_inline_result", told, CHOSEN_LIFE)
        world.changes.wake()
    return stored


def summon(world: World, bot: Bot, chat: Chat, user_id: int, *, text: str, reply_to: int | None) -> Query:
    """Let a person ask a bot by its @name in a group where it is no member.

    Raises:
        Impossible: the bot takes no guests' questions, is a member, or is not named.
    """
    sender = may_write(world, chat, user_id)
    if not bot.guests:
        raise Impossible("the bot has no guest mode: @BotFather turns it on")
    if chat.kind not in GROUPS or bot in bots_in(world, chat):
        raise Impossible("a guest is asked in a group where it is no member")
    if f"@{bot.user['username']}".lower() not in text.lower():
        raise Impossible("the bot is not named")
    stored = post(world, chat, text_fields(world, parse(text, "none")), sender=sender, reply_to=reply_to)
    deliver(world, chat, stored)
    query = _query(world, bot, user_id, text)
    query.chat_id, query.asked = chat.id, stored.body["message_id"]
    bot.updates.put("guest_message", {**stored.body, "guest_query_id": query.id}, INLINE_LIFE)
    world.changes.wake()
    return query


def _query(world: World, bot: Bot, user_id: int, text: str) -> Query:
    query = Query(str(5_000_000_000 + world.serial()), bot.id, user_id, world.now(), text)
    world.queries[query.id] = query
    return query

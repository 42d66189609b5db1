"""What a chat chose: how stories look, when they come, language and zone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.model.chat import Chat
from bot.model.errors import Refusal
from bot.model.hours import zone_named
from bot.model.languages import ANY
from bot.store.audience import chats, languages
from bot.store.audience import choices as kept_choices
from bot.store.engine.database import Database
from bot.store.following import coverages


async def choose(db: Database, chat_id: int, at: datetime, /, **choices: Any) -> Chat:
    """Keep what was chosen and return the chat. Refused for a zone that does not exist."""
    async with db.write() as tx:
        if "zone" in choices and zone_named(choices["zone"]) is None:
            raise Refusal("unknown-zone")
        return await kept_choices.change(tx, chat_id, at, **choices)


async def choose_language(db: Database, chat_id: int, at: datetime, code: str) -> Chat:
    """Speak another language in the chat, and return the chat.

    Its news follow where they came in the former language alone, and the newsroom tells news in the new one.
    """
    async with db.write() as tx:
        here = await chats.get(tx, chat_id)
        told = (await coverages.of_chat(tx, chat_id)).read(tuple(await languages.told(tx)))
        if here is not None and here.news_languages == (here.language,) and code in told:
            return await kept_choices.change(tx, chat_id, at, language=code, news_languages=(code,))
        return await kept_choices.change(tx, chat_id, at, language=code)


async def news_languages(db: Database, chat: Chat, usual: Sequence[str]) -> list[str]:
    """Return the codes of the languages that the chat can have its news in.

    They are the `usual` ones, those that the newsroom tells news in, and those that the chat chose.
    """
    async with db.read() as tx:
        told = (*usual, *await languages.told(tx), *chat.news_languages)
        carried = (await coverages.of_bot(tx, chat.bot_id)).languages or told
        return list(dict.fromkeys(code for code in (*told, *carried) if code in carried))


async def news_told(db: Database, usual: Sequence[str]) -> list[str]:
    """Return the codes of the `usual` languages, and of those that the newsroom tells news in."""
    async with db.read() as tx:
        return list(dict.fromkeys((*usual, *await languages.told(tx))))


async def toggle_news_language(db: Database, chat_id: int, at: datetime, code: str) -> Chat:
    """Add or take away a language of the chat's news, and return the chat.

    A chat with news in every language gets those in this one alone; one that takes its last away, every language's.
    """
    async with db.write() as tx:
        await chats.hold(tx, chat_id)
        here = await chats.get(tx, chat_id)
        chosen = here.news_languages if here else ANY
        kept = tuple(each for each in chosen if each != code) if code in chosen else (*chosen, code)
        return await kept_choices.change(tx, chat_id, at, news_languages=kept)

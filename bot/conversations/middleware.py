"""The middleware: resolves the visit once, words refusals, and sees that every press is answered."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest
from aiogram.types import CallbackQuery, InaccessibleMessage, Message, TelegramObject, Update

from bot.conversations.access import role_of
from bot.conversations.presses import release
from bot.conversations.refusals import GIVEN_UP, UNKEPT, refuse, tell_outage
from bot.conversations.visit import Visit
from bot.log import Event, Outage
from bot.model.chat import Chat, ChatKind, ChatState
from bot.model.errors import Refusal
from bot.readers import membership
from bot.services import Services
from bot.telegram.chat_ends import ends_of
from bot.tongues import of_person

log = logging.getLogger(__name__)

ALWAYS_HEARD = ("/start", "/mydata")
"""What is answered after /stop too: to begin again, and to see what is kept."""

Handler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


class Visits(BaseMiddleware):
    """Hands `visit` to every handler of messages and presses; `visitor` to a handler that needs no chat."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, handler: Handler, event: TelegramObject, data: dict[str, Any]) -> Any:
        """Handle a message or a press; nothing that goes wrong in it is left unanswered."""
        services, talk, language = self._services, self._services.talk, self._spoken(event)
        before = services.written()
        try:
            visit = await self._visit(event)
            # Posts in channels have links alone: no press of a subscriber's may change one for all.
            if visit is None or (visit.kind is ChatKind.CHANNEL and isinstance(event, CallbackQuery)):
                raise Refusal("stale")
            language, before = visit.language, services.written()
            if not await _is_heard(visit, event, data) or await self._only_told(event, data, language):
                return None
            return await handler(event, {**data, "visit": visit, "visitor": visit})
        except Refusal as refusal:
            code, facts = refusal.code, refusal.facts
            aloud = code == "as-yourself"
            await refuse(
                services, event, lambda spoken: talk.refusal(code, spoken, **facts), language, aloud=aloud
            )
        except TelegramBadRequest as error:
            # The message that a button stood in may be gone, or too old to be edited.
            log.info(Event("answer.refused", reason=error.message))
            if isinstance(event, CallbackQuery):
                await refuse(services, event, lambda spoken: talk.refusal("stale", spoken), language)
        except TelegramAPIError as error:
            log.warning(Event("answer.failed", reason=error.message))
        except Exception as error:
            await self._failed(
                error, event, data.get("outage", ""), language, written=services.written() > before
            )
        finally:
            if isinstance(event, CallbackQuery):
                await release(event)
        return None

    async def _only_told(self, event: TelegramObject, data: dict[str, Any], language: str) -> bool:
        """Return whether an update comes for nothing but that its person is told of an outage."""
        if (said := data.get("outage")) not in (UNKEPT, GIVEN_UP):
            return False
        await tell_outage(self._services, event, language, said=said)
        return True

    async def _failed(
        self, error: Exception, event: TelegramObject, said: str, language: str, *, written: bool
    ) -> None:
        """Say that something went wrong, and log it; what was said in an outage is raised: it is handled again."""
        services = self._services
        if reason := services.outage(error):
            await tell_outage(services, event, language, said=said, written=written)
            if not isinstance(event, CallbackQuery):
                raise error
            log.error(Outage("conversation.failed", reason=reason))
            return
        log.error(Event("conversation.failed"), exc_info=error)
        await refuse(services, event, lambda spoken: services.talk.notice("failed", spoken), language)

    def _spoken(self, event: TelegramObject) -> str:
        """Return the language of the person's own Telegram."""
        person = event.from_user if isinstance(event, CallbackQuery | Message) else None
        return of_person(person.language_code if person else None, self._services.bot.language)

    async def _visit(self, event: TelegramObject) -> Visit | None:
        message = event.message if isinstance(event, CallbackQuery) else event
        if not isinstance(message, Message | InaccessibleMessage):
            return None
        person = event.from_user if isinstance(event, CallbackQuery | Message) else None
        # Whoever speaks as a chat is nobody in particular: Telegram names an account that many share.
        if isinstance(event, Message) and event.sender_chat is not None:
            person = None
        if isinstance(event, Message):
            ends_of(self._services.client).note(message.chat.id, message.message_id)
        known = await membership.find(self._services.db, self._services.bot.id, message.chat.id)
        private = message.chat.type == ChatKind.PRIVATE
        if private and known is not None and person is not None:
            await self._note_username(known, person.username)
        thread = getattr(message, "message_thread_id", None)
        usual = self._spoken(event) if private else self._services.bot.language
        return Visit(
            services=self._services,
            user_id=person.id if person else None,
            language=known.language if known else usual,
            telegram_id=message.chat.id,
            kind=ChatKind(message.chat.type),
            chat=known,
            thread_id=thread if getattr(message, "is_topic_message", False) else None,
        )

    async def _note_username(self, known: Chat, username: str | None) -> None:
        """Keep a person's @name where it is another than before. Who said /stop is forgotten, and stays so."""
        seen = username.lower() if username else None
        if known.state is not ChatState.STOPPED and seen != known.username:
            await membership.note_username(self._services.db, known.id, seen)


async def _is_heard(visit: Visit, event: TelegramObject, data: dict[str, Any]) -> bool:
    """Return whether the event is handled. Refused where its person waits for an answer, as nobody does to an edit."""
    if isinstance(event, Message) and event.via_bot and event.via_bot.id == visit.services.bot.id:
        # A story that somebody chose from the bot's own results: nothing is asked.
        return False
    left_alone = await _left_alone(visit, event)
    update = data.get("event_update")
    if isinstance(update, Update) and update.edited_message is not None:
        return visit.kind is ChatKind.PRIVATE and not left_alone
    if left_alone:
        raise Refusal("stopped")
    if data.get("flooded"):
        raise Refusal("flood")
    return True


async def _left_alone(visit: Visit, event: TelegramObject) -> bool:
    """Return whether the person said /stop: until /start little else is said. Staff are at work all the same."""
    if visit.kind is not ChatKind.PRIVATE or visit.chat is None or visit.chat.state is not ChatState.STOPPED:
        return False
    words = (event.text or "").split(maxsplit=1) if isinstance(event, Message) else ()
    if words and words[0].partition("@")[0] in ALWAYS_HEARD:
        return False
    return not (await role_of(visit.services, visit.user_id)).rights

"""/digest: what is new for this chat, a topic's rest in place, and the way back to it from a story."""

from __future__ import annotations

from dataclasses import replace

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.conversations.answers import change, chat_end, own_button, pressed, send, show
from bot.conversations.chats import joined
from bot.conversations.visit import Visit
from bot.model.delivery import Subject, SubjectKind
from bot.model.errors import Refusal
from bot.model.message import OutgoingMessage
from bot.model.press import unpack
from bot.model.story.digest import Digest
from bot.model.story.fallback import Attempt
from bot.model.story.topic import Topics
from bot.readers import digests
from bot.rendering.digest import groups_of
from bot.telegram.replies import Place, Standing

router = Router(name="digests")


@router.message(Command("digest"))
async def tell(message: Message, visit: Visit) -> None:
    """Show what is new for this chat, or that nothing is."""
    here = await joined(visit, message.chat)
    services = visit.services
    now = services.now()
    told, known = await digests.make(services.db, here, now)
    if told is None:
        last = await digests.last(services.db, here)
        await send(visit, services.digests.nothing(visit.readership, at=now, last=last))
        return
    sent = await _show(replace(visit, chat=here), chat_end(visit), told, known)
    await digests.shown(services.db, here, told, message_id=sent.message_id, form=sent.form, at=now)


@router.callback_query(F.data.startswith("list:digest:"))
async def back_to_digest(press: CallbackQuery, visit: Visit) -> None:
    """Show the digest again from which a story or a topic's rest was opened."""
    own_button(visit, press)
    told, known = await _meant(visit, unpack(press.data or "").number(1))
    await _show(visit, pressed(visit, press), told, known)


@router.callback_query(F.data.startswith("more:") | F.data.startswith("list:more:"))
async def more(press: CallbackQuery, visit: Visit) -> None:
    """Show all that a digest has on one topic, a page at a time."""
    own_button(visit, press)
    said = unpack((press.data or "").removeprefix("list:"))
    told, known = await _meant(visit, said.number(0))
    topic_id = said.number(1) or 0
    groups = groups_of(told, known, visit.readership)
    group = next((each for each in groups if (each.topic_id or 0) == topic_id), None)
    if group is None:
        raise Refusal("not-found")
    services = visit.services
    page = services.digests.section(
        group, visit.readership, digest_id=told.id, page=said.number(2) or 0, now=services.now()
    )
    await change(visit, press, page)


async def _meant(visit: Visit, digest_id: int | None) -> tuple[Digest, Topics]:
    if digest_id is None or visit.chat is None:
        raise Refusal("not-found")
    return await digests.read(visit.services.db, visit.chat.id, digest_id)


async def _show(visit: Visit, place: Place, told: Digest, known: Topics) -> Standing:
    services, readership = visit.services, visit.readership

    def make(tried: Attempt) -> OutgoingMessage:
        return services.digests.digest(
            groups_of(told, known, readership),
            readership,
            digest_id=told.id,
            at=told.created_at,
            size=visit.chat.digest_size if visit.chat else None,
            form=tried.style.form,
            now=services.now(),
            occasion=told.occasion,
        )

    subject = Subject(SubjectKind.DIGEST, told.id)
    return await show(visit, place, make, style=visit.style, subject=subject, revision=told.revision)

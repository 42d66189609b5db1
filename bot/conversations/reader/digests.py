"""/digest: what is new for this chat, a topic's rest in place, and the way back to it from a story."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot.conversations.context import Visit
from bot.conversations.joining import joined
from bot.model.chat import Chat
from bot.model.digest import Digest
from bot.model.errors import Refusal, RichRefused
from bot.model.form import Form
from bot.model.message import OutgoingMessage
from bot.model.press import unpack
from bot.model.topic import Topics
from bot.readers import digests
from bot.rendering.digest import groups_of
from bot.telegram.buttons import change, show

router = Router(name="digests")


@router.message(Command("digest"))
async def tell(message: Message, visit: Visit) -> None:
    """Show what is new for this chat, or that nothing is."""
    here = await joined(visit, message.chat)
    context = visit.context
    now = context.clock.now()
    told, known = await digests.make(context.db, here, now)
    if told is None:
        last = await digests.last(context.db, here)
        page = context.digests.nothing(visit.audience, at=now, last=last)
        await show(visit.bot, message.chat.id, page, visit.thread_id)
        return
    page = _page(visit, here, told, known)
    try:
        sent = await show(visit.bot, message.chat.id, page, visit.thread_id)
    except RichRefused:
        page = _page(visit, here, told, known, Form.CLASSIC)
        sent = await show(visit.bot, message.chat.id, page, visit.thread_id)
    await digests.shown(context.db, here, told.id, sent.message_id, page.form, now)


@router.callback_query(F.data.startswith("list:digest:"))
async def back_to_digest(press: CallbackQuery, visit: Visit) -> None:
    """Show the digest again from which a story or a topic's rest was opened."""
    here, told, known = await _meant(visit, unpack(press.data or "").number(1))
    try:
        await _edit(press, visit, _page(visit, here, told, known))
    except RichRefused:
        await _edit(press, visit, _page(visit, here, told, known, Form.CLASSIC))


@router.callback_query(F.data.startswith("more:") | F.data.startswith("list:more:"))
async def more(press: CallbackQuery, visit: Visit) -> None:
    """Show all that a digest has on one topic, a page at a time."""
    said = unpack((press.data or "").removeprefix("list:"))
    _, told, known = await _meant(visit, said.number(0))
    topic_id = said.number(1) or 0
    groups = groups_of(told, known, visit.audience)
    group = next((each for each in groups if (each.topic_id or 0) == topic_id), None)
    if group is None:
        raise Refusal("not-found")
    context = visit.context
    page = context.digests.section(
        group, visit.audience, digest_id=told.id, page=said.number(2) or 0, now=context.clock.now()
    )
    await _edit(press, visit, page)


async def _meant(visit: Visit, digest_id: int | None) -> tuple[Chat, Digest, Topics]:
    if digest_id is None or visit.chat is None:
        raise Refusal("not-found")
    return visit.chat, *(await digests.read(visit.context.db, visit.chat.id, digest_id))


def _page(visit: Visit, here: Chat, told: Digest, known: Topics, form: Form | None = None) -> OutgoingMessage:
    context, audience = visit.context, visit.audience
    return context.digests.digest(
        groups_of(told, known, audience),
        audience,
        digest_id=told.id,
        at=told.created_at,
        size=here.digest_size,
        form=form or visit.style.form,
        now=context.clock.now(),
    )


async def _edit(press: CallbackQuery, visit: Visit, page: OutgoingMessage) -> None:
    if press.message is None:
        raise Refusal("not-found")
    await change(visit.bot, press.message.chat.id, press.message.message_id, page, photo=False)

"""The buttons of a person's page: roles, single rights, topics, until when. Each press is asked for the right anew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from aiogram import F, Router
from aiogram.filters import BaseFilter
from aiogram.types import CallbackQuery, ForceReply, Message

from bot.conversations.access import need, role_of
from bot.conversations.answers import change, link_asking, marks_asked, send
from bot.conversations.people.notices import tell_rights
from bot.conversations.people.pages import PersonPages, people_page
from bot.conversations.people.person import name_of
from bot.conversations.people.until import read_until
from bot.conversations.presses import answer_press
from bot.conversations.visit import Visit
from bot.desk import staff
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.model.newsroom.grant import Grant
from bot.model.newsroom.role import PRESETS, Right
from bot.model.press import unpack
from bot.readers import topics

router = Router(name="rights")

LENGTHS = {"day": timedelta(days=1), "week": timedelta(weeks=1), "month": timedelta(days=30), "good": None}
_MARK = "u-"
"""Begins the mark in the link of the question until when: the mark names whom it is about."""


@dataclass(frozen=True, slots=True)
class PersonPress:
    """Whose rights an owner's button is about, the version that it was shown for, and what it says beside that."""

    owner_id: int
    user_id: int
    version: int | None
    word: str
    number: int | None


class AnswersUntil(BaseFilter):
    """Passes an answer to the question until when: `user_id` is the person whom it is about."""

    async def __call__(self, message: Message, visit: Visit) -> bool | dict[str, int]:
        """Look for the link in the bot's own question."""
        found = (_person_of(each) for each in marks_asked(message, visit))
        return next(({"user_id": each} for each in found if each is not None), False)


@router.callback_query(F.data == "staff:list")
async def show_everybody(press: CallbackQuery, visit: Visit) -> None:
    """Show everybody with rights."""
    await need(visit, Right.PEOPLE)
    await change(visit, press, await people_page(visit))


@router.callback_query(F.data.startswith("staff:open:"))
async def show_person(press: CallbackQuery, visit: Visit) -> None:
    """Show a person's rights."""
    pressed = await _pressed(press, visit)
    await change(visit, press, await (await person_pages(visit, pressed.user_id)).main())


@router.callback_query(F.data.startswith("staff:role:"))
async def give_role(press: CallbackQuery, visit: Visit) -> None:
    """Give a person just the rights of a role."""
    pressed = await _pressed(press, visit)
    if pressed.word not in PRESETS:
        raise Refusal("stale")
    rights = PRESETS[pressed.word].rights
    await _change(press, visit, pressed, replace(await _begun(visit, pressed.user_id), rights=rights))


@router.callback_query(F.data.startswith("staff:right:"))
async def give_or_take_right(press: CallbackQuery, visit: Visit) -> None:
    """Add a right to a person's, or take it away."""
    pressed = await _pressed(press, visit)
    if pressed.word not in [each.value for each in Right]:
        raise Refusal("stale")
    grant = await _begun(visit, pressed.user_id)
    rights = grant.rights ^ {Right(pressed.word)}
    wished = replace(grant, rights=rights) if rights else staff.without_rights(grant)
    await _change(press, visit, pressed, wished)


@router.callback_query(F.data.startswith("staff:topics:"))
async def show_topics(press: CallbackQuery, visit: Visit) -> None:
    """Show the topics that a person's rights can hold for."""
    pressed = await _pressed(press, visit)
    await change(visit, press, (await person_pages(visit, pressed.user_id)).topics())


@router.callback_query(F.data.startswith("staff:topic:"))
async def choose_topic(press: CallbackQuery, visit: Visit) -> None:
    """Add a topic to those that a person's rights hold for, or take it away; the last one gone, all are meant again."""
    pressed = await _pressed(press, visit)
    if pressed.number is None:
        raise Refusal("stale")
    grant = await _given(visit, pressed.user_id)
    chosen = (grant.topics or frozenset()) ^ {pressed.number} if pressed.number else frozenset()
    await _change(press, visit, pressed, replace(grant, topics=chosen or None), page="topics")


@router.callback_query(F.data.startswith("staff:until:"))
async def show_until(press: CallbackQuery, visit: Visit) -> None:
    """Show for how long a person's rights can hold."""
    pressed = await _pressed(press, visit)
    await change(visit, press, (await person_pages(visit, pressed.user_id)).until())


@router.callback_query(F.data.startswith("staff:for:"))
async def choose_length(press: CallbackQuery, visit: Visit) -> None:
    """Let a person's rights hold for a day, a week, a month from now, or for good."""
    pressed = await _pressed(press, visit)
    if pressed.word not in LENGTHS:
        raise Refusal("stale")
    length = LENGTHS[pressed.word]
    until = visit.services.now() + length if length else None
    await _change(press, visit, pressed, replace(await _given(visit, pressed.user_id), until=until))


@router.callback_query(F.data.startswith("staff:ask:"))
async def ask_until(press: CallbackQuery, visit: Visit) -> None:
    """Open the reply box for a time in words. Nothing is kept: the question itself names the person."""
    pressed = await _pressed(press, visit)
    name = await name_of(visit, pressed.user_id)
    link = link_asking(visit, f"{_MARK}{pressed.user_id}")
    await visit.client.send_message(
        visit.telegram_id,
        visit.say("until_ask", name=name, link=link),
        reply_markup=ForceReply(input_field_placeholder=visit.label("until_example")),
    )


@router.message(F.chat.type == "private", F.text, ~F.text.startswith("/"), AnswersUntil())
async def take_until(message: Message, visit: Visit, user_id: int) -> None:
    """Let a person's rights hold until the time that was written."""
    owner_id = await need(visit, Right.PEOPLE)
    services = visit.services
    until = read_until(message.text or "", services.now(), services.bot.zone)
    if until is None:
        raise Refusal("no-time")
    wished = replace(await _given(visit, user_id), until=until)
    changed = await _put(visit, owner_id, wished)
    await send(visit, await (await person_pages(visit, user_id)).main())
    await tell_rights(services, changed, message.from_user.full_name if message.from_user else "")


@router.callback_query(F.data.startswith("staff:away:"))
async def take_rights(press: CallbackQuery, visit: Visit) -> None:
    """Take all rights from a person."""
    pressed = await _pressed(press, visit)
    services = visit.services
    grant = await staff.find(services.db, services.bot.id, pressed.user_id)
    await _change(press, visit, pressed, staff.without_rights(grant), page="list")


async def person_pages(visit: Visit, user_id: int) -> PersonPages:
    """Return the pages of a person's rights as they are now, for the visitor."""
    services = visit.services
    grant = await staff.find(services.db, services.bot.id, user_id)
    return PersonPages(
        visit, await role_of(services, visit.user_id), grant, await topics.all_topics(services.db)
    )


async def _pressed(press: CallbackQuery, visit: Visit) -> PersonPress:
    """Return what was pressed. Refused for who may not decide about people, and outside private chats."""
    owner_id = await need(visit, Right.PEOPLE)
    data = unpack(press.data or "")
    user_id = data.number(1)
    if user_id is None or user_id <= 0 or visit.kind is not ChatKind.PRIVATE:
        raise Refusal("stale")
    return PersonPress(owner_id, user_id, data.number(2), ("", *data.args[3:4])[-1], data.number(3))


async def _begun(visit: Visit, user_id: int) -> Grant:
    """Return a person's grant to add to; a new one is for the giver's own topics."""
    services = visit.services
    grant = staff.begun_anew(await staff.find(services.db, services.bot.id, user_id), services.now())
    if grant.rights:
        return grant
    giver = await role_of(services, visit.user_id)
    return replace(grant, name=await name_of(visit, user_id, grant.name), topics=giver.topics)


async def _given(visit: Visit, user_id: int) -> Grant:
    """Return a person's grant. Refused where nothing was given: there is nothing to limit."""
    grant = await staff.find(visit.services.db, visit.services.bot.id, user_id)
    if not grant.rights:
        raise Refusal("no-rights-yet")
    return grant


async def _change(
    press: CallbackQuery, visit: Visit, pressed: PersonPress, wished: Grant, *, page: str = "main"
) -> None:
    """Give a person the rights that are wished, show the page anew, and tell the person.

    Where somebody else was first, the page shows what they did, and the press is answered with their name.
    """
    services = visit.services
    try:
        if pressed.version is None or pressed.version != wished.version:
            before = await staff.find(services.db, services.bot.id, pressed.user_id)
            raise Refusal("rights-changed", by=before.given_by)
        changed = await _put(visit, pressed.owner_id, wished)
    except Refusal as refusal:
        if refusal.code != "rights-changed":
            raise
        who = await name_of(visit, refusal.facts["by"])
        await answer_press(
            press, visit.services.talk.refusal(refusal.code, visit.language, name=who), alert=True
        )
        await change(visit, press, await (await person_pages(visit, pressed.user_id)).main())
        return
    await answer_press(press, visit.notice("saved"))
    pages = await person_pages(visit, pressed.user_id)
    shown = (
        await people_page(visit)
        if page == "list"
        else pages.topics()
        if page == "topics"
        else await pages.main()
    )
    await change(visit, press, shown)
    await tell_rights(services, changed, press.from_user.full_name)


async def _put(visit: Visit, owner_id: int, wished: Grant) -> Grant:
    services = visit.services
    return await staff.change(
        services.db,
        services.bot.id,
        wished.user_id,
        lambda _: wished,
        by=owner_id,
        at=services.now(),
        owner=owner_id in services.bot.owner_ids,
        version=wished.version,
    )


def _person_of(mark: str) -> int | None:
    kind, said = mark[: len(_MARK)], mark[len(_MARK) :]
    return int(said) if kind == _MARK and said.isdecimal() and len(said) <= 16 else None

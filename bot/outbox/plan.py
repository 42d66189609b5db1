"""What makes a delivery's shown equal its wanted, step by step. Pure: it plans and does nothing."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import NamedTuple

from bot.model.delivery import WITHDRAWN, Delivery, Lane, Manner, Shown
from bot.model.message import PHOTO, OutgoingMessage, can_become


class Send(NamedTuple):
    """Send messages, several as one album, as the parts from number `part` on.

    `silent`, where the chat has something of the delivery already: only what is new to it as a whole may sound.
    """

    part: int
    messages: Sequence[OutgoingMessage]
    silent: bool


class Edit(NamedTuple):
    """Make what stands there read like `message`. `picture` changes its picture too, or gives a text its first."""

    standing: Shown
    message: OutgoingMessage
    picture: bool = False


class Withdraw(NamedTuple):
    """Delete what stands there."""

    standing: Shown


class Pin(NamedTuple):
    """Pin the story's first message, which stands there; None: the one that the step before has sent."""

    standing: Shown | None


Step = Send | Edit | Withdraw | Pin


def plan(
    delivery: Delivery, parts: Sequence[OutgoingMessage], same_pictures: Container[int] = ()
) -> list[Step]:
    """Return the steps that make the chat show `parts`, in order; nothing where the delivery is withdrawn.

    Parts that are missing are sent, those that read otherwise are edited, those too many are withdrawn. What
    was sent before a crash is known by its part. `same_pictures` are the parts whose picture stands there as
    it is wanted (of those that `photos_in_place` names). What shall be pinned is pinned as part of being shown, and
    again after a crash.
    """
    if delivery.wanted == WITHDRAWN:
        return [Withdraw(each) for each in delivery.messages]
    standing = {each.part: each for each in delivery.messages}
    begun = bool(delivery.shown or standing)
    # That a story was taken back wakes nobody.
    silent = begun or delivery.manner is Manner.SILENT or delivery.lane is Lane.KILL
    head = standing.get(0)
    steps: list[Step] = []
    at = 0
    while at < len(parts):
        end = at + 1
        known = standing.pop(at, None)
        if known is None:
            while end < len(parts) and parts[end].grouped and end not in standing:
                end += 1
            steps.append(Send(at, parts[at:end], silent=silent or at > 0))
        elif not _reads_so(known, delivery, parts[at]):
            steps += _change(known, parts[at], same_picture=at in same_pictures)
        at = end
    steps += [Withdraw(each) for each in standing.values()]
    if delivery.manner is Manner.PINNED and not delivery.shown and parts:
        steps.append(Pin(head))
    return steps


def photos_in_place(delivery: Delivery, parts: Sequence[OutgoingMessage]) -> list[Shown]:
    """Return the photos that stand where a photo is wanted at another revision.

    Whether it is the same picture decides what becomes of each, and only the article's revisions know.
    """
    return [
        each
        for each in delivery.messages
        if each.form == PHOTO
        and each.part < len(parts)
        and parts[each.part].form == PHOTO
        and not _reads_so(each, delivery, parts[each.part])
    ]


def notice(standing: Shown, message: OutgoingMessage) -> Edit:
    """Return the edit that puts a notice where a message stands that Telegram lets nobody delete any more.

    That is so after 48 hours (core.telegram.org/bots/api#deletemessage).
    """
    return Edit(standing, message)


def without_picture(step: Edit) -> Edit | None:
    """Return the edit that leaves a photo's picture as it is, where Telegram can't have the new one.

    None for a text: it has no picture that could stay.
    """
    return step._replace(picture=False) if step.picture and step.standing.form == PHOTO else None


def _reads_so(known: Shown, delivery: Delivery, message: OutgoingMessage) -> bool:
    return (known.revision, known.form) == (delivery.wanted, message.form)


def _change(known: Shown, message: OutgoingMessage, *, same_picture: bool) -> list[Step]:
    if not can_become(known.form, message.form):
        return [Withdraw(known), Send(known.part, (message,), silent=True)]
    return [Edit(known, message, picture=message.picture is not None and not same_picture)]

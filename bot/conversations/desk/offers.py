"""What a story's card offers: each verb, its right, and when it makes sense. A new verb is a line in the table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from bot.conversations.visit import Visit
from bot.desk.pushes import NOTHING_GOES, StoryPushes
from bot.model.desk.rules import DeskRules
from bot.model.message import Button
from bot.model.newsroom.role import Right, Role
from bot.model.press import pack
from bot.model.story.article import IN_THE_MAKING, READABLE, TAKEN_BACK, Article, Status

ROOM = 40
"""How many characters the labels of one row may have together."""

NEVER = 99
"""The rank of what always stands on the card."""

MOST_ROWS = 6
"""So many rows below its words a phone shows of a card, the last of them for the ways to and fro."""


Row = tuple[Button, ...]


class Line(IntEnum):
    """The line of a card's keyboard in which a verb stands, from the top. A long line has several rows."""

    TEXT = 0
    PUSH = 1
    DOUBTS = 2
    REVIEW = 3
    RELEASE = 4
    AFTERWARDS = 5
    TAKE_BACK = 6


@dataclass(frozen=True, slots=True)
class Standing:
    """How a story stands for an editor: what blocks its release (codes of checks), the desk's rules, its pushes.

    `waits` is whether it goes out in a moment, and can be taken back until then.
    """

    article: Article
    blocking: Collection[str]
    rules: DeskRules
    editor: int | None
    pushes: StoryPushes = NOTHING_GOES
    waits: bool = False

    @property
    def own(self) -> bool:
        """Whether the editor wrote the story's newest revision and may therefore not approve the story."""
        return self.rules.other_approves and self.article.edited_by == self.editor


@dataclass(frozen=True, slots=True)
class Offer:
    """A verb with a button of its own, and when it makes sense; `barred` is when this editor may not all the same.

    None as the right: any right of the desk will do. `label` is the name of the button's words, where they are not
    the desk's own; `counted` are told in how many chats the story is in doubt. What a person does `alone` is not
    offered in a group. Where a card is too long for a phone, the verbs of the lowest `rank` leave it first, all of
    that rank together.
    """

    verb: str
    line: Line
    right: Right | None
    when: Callable[[Standing], bool]
    style: str | None = None
    barred: Callable[[Standing], bool] = lambda _standing: False
    label: str = ""
    counted: bool = False
    alone: bool = False
    rank: Callable[[Standing], int] = lambda _standing: NEVER


class Beside(NamedTuple):
    """What a card offers that is no verb of the table: rows of other verbs, and rows that lead to other stories."""

    verbs: list[Row]
    links: list[Row]


def _readable(standing: Standing) -> bool:
    return standing.article.status not in TAKEN_BACK


def _unread(standing: Standing) -> bool:
    article = standing.article
    return article.status in (Status.DRAFT, Status.REVIEW) or article.unreviewed


def _publishable(standing: Standing) -> bool:
    return standing.article.status in (*IN_THE_MAKING, Status.ARCHIVED) and not standing.blocking


def _flashable(standing: Standing) -> bool:
    # Breaking news needs neither a topic nor, at one more tap, a second reader.
    needed = set(standing.blocking) - {"topic-missing", "not-approved"}
    return standing.article.status in (*IN_THE_MAKING, Status.ARCHIVED) and not needed


def _schedulable(standing: Standing) -> bool:
    # What a story follows may be out by then.
    return standing.article.status in IN_THE_MAKING and not set(standing.blocking) - {"first-not-out"}


def _under_way(standing: Standing) -> bool:
    return _going(standing) or _paused(standing)


def _going(standing: Standing) -> bool:
    news = standing.pushes.news
    return news is not None and not news.done and not news.paused and not standing.waits


def _paused(standing: Standing) -> bool:
    news = standing.pushes.news
    return news is not None and not news.done and news.paused


def _doubtful(standing: Standing) -> bool:
    return standing.pushes.in_doubt > 0


def _in(*states: Status) -> Callable[[Standing], bool]:
    return lambda standing: standing.article.status in states


def _out(*states: Status) -> Callable[[Standing], bool]:
    # In the moment in which it can be taken back nobody has it: there is nothing to correct, follow up or count.
    return lambda standing: standing.article.status in states and not standing.waits


def _rarely(_standing: Standing) -> int:
    return 1


def _then(*states: Status) -> Callable[[Standing], int]:
    return lambda standing: 2 if standing.article.status in states else NEVER


def _embargoed(standing: Standing) -> bool:
    return standing.article.embargo_until is not None


OFFERS = (
    Offer("preview", Line.TEXT, None, _readable, rank=_then(*READABLE)),
    Offer("looks", Line.TEXT, None, _readable, rank=_rarely),
    Offer("change", Line.TEXT, Right.WRITE, _in(*IN_THE_MAKING), alone=True),
    Offer("undo", Line.PUSH, Right.PUBLISH, lambda standing: standing.waits, "primary", label="undo_push"),
    Offer("pause", Line.PUSH, Right.FLASH, _going, label="pause_push"),
    Offer("resume", Line.PUSH, Right.FLASH, _paused, label="resume_push"),
    Offer("stop", Line.PUSH, Right.FLASH, _under_way, "danger", label="stop_push"),
    Offer("again", Line.DOUBTS, Right.FLASH, _doubtful, label="send_doubtful", counted=True),
    Offer("leave", Line.DOUBTS, Right.FLASH, _doubtful, label="drop_doubtful"),
    Offer("submit", Line.REVIEW, Right.WRITE, _in(Status.DRAFT)),
    Offer("approve", Line.REVIEW, Right.APPROVE, _unread, "primary", lambda standing: standing.own),
    Offer("return", Line.REVIEW, Right.APPROVE, _in(Status.REVIEW, Status.APPROVED)),
    Offer("publish", Line.RELEASE, Right.PUBLISH, _publishable, "primary"),
    Offer("flash", Line.RELEASE, Right.FLASH, _flashable, alone=True),
    Offer("schedule", Line.RELEASE, Right.PUBLISH, _schedulable),
    Offer("unschedule", Line.RELEASE, Right.PUBLISH, _in(Status.SCHEDULED)),
    Offer("embargo", Line.RELEASE, Right.PUBLISH, _embargoed),
    Offer("lift", Line.RELEASE, Right.PUBLISH, _embargoed),
    Offer("correct", Line.AFTERWARDS, Right.CORRECT, _out(*READABLE), alone=True),
    Offer("update", Line.AFTERWARDS, Right.WRITE, _out(Status.PUBLISHED), alone=True, rank=_then(*READABLE)),
    Offer("pick", Line.AFTERWARDS, Right.PUBLISH, _out(Status.PUBLISHED), alone=True, rank=_rarely),
    Offer("figures", Line.TAKE_BACK, None, _out(Status.PUBLISHED), rank=_rarely),
    Offer("withdraw", Line.TAKE_BACK, Right.KILL, _readable, "danger", rank=_then(*IN_THE_MAKING)),
)


class Layout(NamedTuple):
    """The rows of a card's keyboard, and those that stand behind 'more' because there is no room for them."""

    card: list[Row]
    more: list[Row]


def laid_out(visit: Visit, standing: Standing, role: Role | None, beside: Beside) -> Layout:
    """Return a card's keyboard, but its last row: whole where it fits a phone, else without what is rarely pressed.

    Of the ways to other stories as many stay as there is room for.
    """
    whole = [*rows(visit, standing, role), *beside.verbs, *beside.links]
    if len(whole) < MOST_ROWS:
        return Layout(whole, [])
    kept, card = {NEVER}, []
    for kept in ({2, NEVER}, {NEVER}):
        card = [*rows(visit, standing, role, kept), *beside.verbs]
        if len(card) < MOST_ROWS:
            break
    room = max(0, MOST_ROWS - 1 - len(card))
    hidden = rows(visit, standing, role, {1, 2} - kept)
    return Layout([*card, *beside.links[:room]], [*hidden, *beside.links[room:]])


def rows(
    visit: Visit, standing: Standing, role: Role | None, ranks: Collection[int] | None = None
) -> list[Row]:
    """Return the lines of a card's keyboard. What the role may not do with this story is shown disabled.

    None as the role: whoever reads the card is not known (a group); each press asks for the right. `ranks` are those
    of the verbs that are wanted; None: all.
    """
    article = standing.article
    lines: dict[Line, list[Button]] = {}
    for offer in OFFERS:
        if not offer.when(standing) or (offer.alone and role is None):
            continue
        if ranks is not None and offer.rank(standing) not in ranks:
            continue
        button = Button(
            visit.label(
                offer.label or f"desk_{offer.verb}",
                **({"count": standing.pushes.in_doubt} if offer.counted else {}),
            ),
            press=pack("desk", offer.verb, article.id, article.revision),
            style=offer.style,
            disabled=role is not None and not _may(offer, standing, role),
        )
        lines.setdefault(offer.line, []).append(button)
    return [row for line in sorted(lines) for row in fitting(lines[line])]


def fitting(buttons: Sequence[Button]) -> list[Row]:
    """Return buttons in as few rows as a phone shows without cutting labels: about `ROOM` characters in each.

    A row gives each of its buttons the same width, so that the longest label decides. A longer one stands alone.
    """
    for per_row in range(len(buttons), 1, -1):
        rows = [tuple(buttons[at : at + per_row]) for at in range(0, len(buttons), per_row)]
        if all(len(row) * max(len(each.text) for each in row) <= ROOM for row in rows if len(row) > 1):
            return rows
    return [(each,) for each in buttons]


def _may(offer: Offer, standing: Standing, role: Role) -> bool:
    if offer.barred(standing):
        return False
    article = standing.article
    right = offer.right.for_flash if offer.right and article.flash else offer.right
    return right is None or role.covers(right, article.topic_ids)

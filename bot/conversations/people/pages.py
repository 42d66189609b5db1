"""The pages of people: everybody with rights; one person's rights, topics and time, as buttons with the state in place.

Only what the one who looks may give has a button: the page is theirs alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.conversations.people.person import name_of
from bot.conversations.visit import Visitor
from bot.desk import staff
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.newsroom.grant import Grant
from bot.model.newsroom.role import PRESETS, Right, Role, named
from bot.model.press import pack
from bot.model.story.topic import Topics
from bot.rendering.text.times import date_words
from bot.services import Services

CHOSEN, OPEN = "✅", "▫️"
PER_ROW = 2
MOST_PEOPLE, MOST_TOPICS = 80, 90
"""A keyboard holds 100 buttons (limits.tginfo.me)."""

LENGTHS = ("day", "week", "month")


async def people_page(visitor: Visitor) -> OutgoingMessage:
    """Return everybody who was given rights, each with a button that opens the person's page."""
    services, now = visitor.services, visitor.services.now()
    grants = await staff.everybody(services.db, services.bot.id)
    rows = [
        (Button(f"{grant.name or grant.user_id} ›"[:64], press=pack("staff", "open", grant.user_id)),)
        for grant in grants[:MOST_PEOPLE]
    ]
    add = (Button(visitor.label("add_person"), press=pack("staff", "add"), style="primary"),)
    text = visitor.say(
        "editors",
        editors=[(each.name, each.user_id) for each in grants],
        people=[_facts(visitor.services, each, visitor.language, now) for each in grants],
    )
    return OutgoingMessage(text, buttons=(*rows, add))


def _facts(services: Services, grant: Grant, language: str, now: datetime) -> dict[str, Any]:
    """Return what templates say of a person's rights."""
    label = services.talk.label
    return {
        "name": grant.name,
        "user_id": grant.user_id,
        "role": label(f"role_{named(grant.rights)}", language),
        "rights": [label(f"right_{each}", language) for each in Right if each in grant.rights],
        "until": date_words(grant.until, now, language, services.bot.zone) if grant.until else "",
        "ended": grant.ended(now),
    }


def rights_facts(services: Services, grant: Grant, known: Topics, language: str) -> dict[str, Any]:
    """Return what templates say of a person's rights, with the topics that they hold for; no topics: all."""
    now = services.now()
    chosen = [] if grant.topics is None else known.names(sorted(grant.topics), language) or ["—"]
    return _facts(services, grant, language, now) | {"topics": chosen}


@dataclass(frozen=True, slots=True)
class PersonPages:
    """The pages of one person's rights, for somebody whose own role is `giver`."""

    visitor: Visitor
    giver: Role
    grant: Grant
    known: Topics

    async def main(self) -> OutgoingMessage:
        """Return what the person may do, with a button for each role and each right."""
        visitor, grant, services = self.visitor, self.grant, self.visitor.services
        now = services.now()
        facts = rights_facts(services, grant, self.known, visitor.language)
        facts["name"] = await name_of(visitor, grant.user_id, grant.name)
        facts["by"] = await name_of(visitor, grant.given_by) if grant.version else ""
        facts["given"] = (
            date_words(grant.given_at, now, visitor.language, services.bot.zone) if grant.given_at else ""
        )
        facts["owner"] = grant.user_id in services.bot.owner_ids
        return OutgoingMessage(visitor.say("person", **facts), buttons=tuple(self._rows(now)))

    def _rows(self, now: datetime) -> Iterable[tuple[Button, ...]]:
        grant, label = self.grant, self.visitor.label
        back = (Button(f"‹ {label('to_people')}", press=pack("staff", "list")),)
        rights = frozenset() if grant.ended(now) else grant.rights
        if grant.user_id in (*self.visitor.services.bot.owner_ids, self.visitor.user_id):
            return (back,)
        if grant.rights and not self.giver.may_give(grant.rights, self._spread):
            return (back,)
        presets = [
            self._marked(label(f"role_{name}"), rights == role.rights, "role", name)
            for name, role in PRESETS.items()
            if self.giver.may_give(role.rights, self._spread)
        ]
        single = [
            self._marked(label(f"right_{right}"), right in rights, "right", right)
            for right in Right
            if self.giver.may_give((right,), self._spread)
        ]
        scope = [
            Button(label("rights_topics"), press=self._press("topics")),
            Button(label("rights_until"), press=self._press("until")),
        ]
        away = (Button(label("take_rights"), press=self._press("away"), style="danger"),)
        more = (tuple(scope), away) if grant.rights else ()
        return (*_grid(presets), *_grid(single), *more, back)

    @property
    def _spread(self) -> Collection[int] | None:
        """The topics that the grant is for; a new grant is for the giver's own."""
        return self.grant.topics if self.grant.rights else self.giver.topics

    def topics(self) -> OutgoingMessage:
        """Return the topics, those that the rights hold for marked."""
        grant, visitor = self.grant, self.visitor
        every = self._marked(visitor.label("every_topic"), grant.topics is None, "topic", 0)
        chosen = [
            self._marked(topic.name(visitor.language), topic.id in (grant.topics or ()), "topic", topic.id)
            for topic in self.known.all[:MOST_TOPICS]
            if self.giver.topics is None or topic.id in self.giver.topics
        ]
        rows = ((every,),) if self.giver.topics is None else ()
        text = visitor.say("choose_rights_topics", name=grant.name or str(grant.user_id))
        return OutgoingMessage(text, buttons=(*rows, *_grid(chosen), self._back()))

    def until(self) -> OutgoingMessage:
        """Return for how long the rights can hold, and the way to say it in words."""
        grant, visitor, bot = self.grant, self.visitor, self.visitor.services.bot
        now = visitor.services.now()
        lengths = [Button(visitor.label(f"for_{each}"), press=self._press("for", each)) for each in LENGTHS]
        always = self._marked(visitor.label("for_good"), grant.until is None, "for", "good")
        words = Button(visitor.label("until_words"), press=self._press("ask"))
        until = date_words(grant.until, now, visitor.language, bot.zone) if grant.until else ""
        text = visitor.say("choose_rights_until", name=grant.name or str(grant.user_id), until=until)
        return OutgoingMessage(text, buttons=(tuple(lengths), (always,), (words,), self._back()))

    def _back(self) -> tuple[Button, ...]:
        return (Button(self.visitor.label("back"), press=pack("staff", "open", self.grant.user_id)),)

    def _press(self, verb: str, *args: object) -> str:
        return pack("staff", verb, self.grant.user_id, self.grant.version, *args)

    def _marked(self, label: str, chosen: bool, verb: str, *args: object) -> Button:
        return Button(f"{CHOSEN if chosen else OPEN} {label}", press=self._press(verb, *args))


def _grid(buttons: list[Button]) -> Keyboard:
    return tuple(tuple(buttons[at : at + PER_ROW]) for at in range(0, len(buttons), PER_ROW))

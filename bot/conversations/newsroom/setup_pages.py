"""The pages of the set-up: where the owner is, and the buttons of the step at hand."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversations.access import role_of
from bot.conversations.language import own_name
from bot.conversations.visit import Visit
from bot.desk.newsroom import feeds, setup
from bot.desk.newsroom.setup import STEPS, SetupState
from bot.model.desk.title import title
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.press import pack
from bot.readers import topics

STORIES, LISTED = 4, 12
SAMPLE = 0
"""In place of a story's number: a text that says that it is a test."""


async def setup_page(visit: Visit, step: str | None = None) -> OutgoingMessage:
    """Return the page of a step; of the first one that is not done, where none is named."""
    services = visit.services
    state = await setup.state(services.db, services.bot.id)
    now = state.next if step is None else step
    listed = await _listed(visit, now)
    text = visit.say(
        "setup",
        steps=[(each, state.done(each)) for each in STEPS],
        step_now=now,
        spoken=own_name(services.bot.language),
        zone_name=services.bot.zone,
        channel=state.channel.title if state.channel else "",
        listed=[name for _, name in listed],
    )
    return OutgoingMessage(text, buttons=(*_buttons(visit, state, now, listed), *_other_steps(visit, now)))


async def _listed(visit: Visit, step: str) -> list[tuple[int, str]]:
    """Return what a step lists, with its numbers: topics, feeds, or stories to show."""
    services = visit.services
    if step == "topics":
        known = await topics.all_topics(services.db)
        return [(each.id, each.name(visit.language)) for each in known.all[:LISTED]]
    if step == "feed":
        found = await feeds.listing(services.db, services.now())
        return [(each.feed.id, each.feed.name or each.feed.url) for each in found[:LISTED]]
    if step == "story":
        role = await role_of(services, visit.user_id)
        stories = await setup.to_show(services.db, role, STORIES, at=services.now())
        return [(each.id, each.content.headline) for each in stories]
    return []


def _buttons(visit: Visit, state: SetupState, step: str, listed: Sequence[tuple[int, str]]) -> Keyboard:
    label = visit.label

    def button(name: str, *data: object, main: bool = True) -> Button:
        return Button(label(name), press=pack("setup", *data), style="primary" if main else None)

    go_on = (button("setup_go_on", "home"),) if state.done(step) else ()
    match step:
        case "basics":
            return ((button("setup_go_on", "settle"),),)
        case "topics":
            own = button("setup_own", "own", main=False)
            return tuple(filter(None, ((button("setup_usual", "usual", main=not go_on), own), go_on)))
        case "feed":
            return tuple(filter(None, ((button("setup_feed", "feed", main=not go_on),), go_on)))
        case "channel":
            return tuple(filter(None, ((button("setup_channel", "channel", main=not go_on),), go_on)))
        case "story":
            rows = [
                (Button(title(number, name), press=pack("setup", "show", number)),) for number, name in listed
            ]
            last = (
                button("setup_sample", "show", SAMPLE, main=not listed),
                button("refresh", "step", "story"),
            )
            return (*rows, last, *((go_on,) if go_on else ()))
        case _:
            return ((Button(label("to_sources"), press=pack("src", "home")),),)


def _other_steps(visit: Visit, step: str) -> Keyboard:
    """Return the ways to the other steps: each can be gone back to."""
    others = [each for each in STEPS if each != step]
    buttons = [
        Button(visit.label("setup_step", step=each), press=pack("setup", "step", each)) for each in others
    ]
    return tuple(tuple(buttons[at : at + 2]) for at in range(0, len(buttons), 2))

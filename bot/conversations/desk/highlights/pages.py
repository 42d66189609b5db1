"""The page of highlights: what was picked, for whom, and the buttons that order and send it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.conversations.language import own_name
from bot.conversations.visit import Visit
from bot.desk import highlights
from bot.desk.highlights import HighlightsView
from bot.model.delivery import State
from bot.model.desk.highlights import Highlights, HighlightsState
from bot.model.desk.title import cut, title
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack
from bot.model.story.article import Article, Status
from bot.rendering.text.times import date_words

LONGEST_LINE = 120
SHORT = 30

Row = tuple[Button, ...]


async def page_of(visit: Visit, number: int) -> OutgoingMessage:
    """Return the page of highlights as they stand now. Refused where there are none of that number."""
    services = visit.services
    found = await highlights.view(services.db, number, services.bot.id)
    picked = found.picked
    zone = picked.zone or services.rules.zone
    at = date_words(picked.release_at, services.now(), visit.language, zone) if picked.release_at else ""
    text = visit.say(
        "highlights",
        headline=picked.headline,
        state=picked.state.value,
        stories=[_line(each) for each in found.stories],
        languages=[own_name(code) for code in found.languages],
        everybody=picked.everybody,
        audience=found.audience,
        at=at,
        zone_name=zone,
        **_figures(found.tally),
    )
    home = Button(visit.label("to_desk"), press=pack("desk", "home"))
    again = Button(visit.label("refresh"), press=pack("picks", "show", picked.id))
    return OutgoingMessage(text, buttons=(*_rows(visit, found), (home, again)))


def list_page(visit: Visit, found: list[Highlights]) -> OutgoingMessage:
    """Return the page of all highlights that are at work."""
    usual = visit.label("highlights_usual")
    rows = [
        (Button(cut(each.headline, SHORT) or usual, press=pack("picks", "show", each.id)),) for each in found
    ]
    home = Button(visit.label("to_desk"), press=pack("desk", "home"))
    return OutgoingMessage(visit.say("highlights_list", empty=not found), buttons=(*rows, (home,)))


def _rows(visit: Visit, found: HighlightsView) -> list[Row]:
    picked = found.picked

    def button(verb: str, *args: object, style: str | None = None) -> Button:
        data = pack("picks", verb, picked.id, picked.version, *args)
        return Button(visit.label(f"picks_{verb}"), press=data, style=style)

    match picked.state:
        case HighlightsState.OPEN:
            return [*_stories(found.stories, button), *_open(picked, button)]
        case HighlightsState.SCHEDULED:
            return [(button("preview"),), (button("at"), button("open")), (button("drop", style="danger"),)]
        case HighlightsState.HEAD:
            return [(button("preview"),), (button("open"), button("drop", style="danger"))]
        case HighlightsState.SENT | HighlightsState.DONE if found.tally.get(State.WAITING):
            return [(button("preview"),), (button("stop", style="danger"),)]
        case _:
            return [(button("preview"),)]


def _open(picked: Highlights, button: Callable[..., Button]) -> list[Row]:
    whom = "takers" if picked.everybody else "all"
    rows: list[Row] = [(button("title"), button(whom))]
    if picked.stories:
        rows += [(button("preview"),), (button("send", style="primary"),), (button("at"), button("head"))]
    return [*rows, (button("drop", style="danger"),)]


def _stories(stories: list[Article], button: Callable[..., Button]) -> list[Row]:
    """Return a line of buttons for each story: its card, up, out."""
    rows: list[Row] = []
    for place, story in enumerate(stories, 1):
        opens = Button(
            f"{place}. {title(story.id, story.content.headline, SHORT)}", press=pack("desk", "card", story.id)
        )
        out = button("out", story.id)
        rows.append((opens, button("up", story.id), out) if place > 1 else (opens, out))
    return rows


def _line(story: Article) -> dict[str, object]:
    shown = title(story.id, story.content.headline, LONGEST_LINE)
    return {"headline": shown, "gone": story.status is not Status.PUBLISHED}


def _figures(tally: Mapping[State, int]) -> dict[str, int]:
    waiting = tally.get(State.WAITING, 0) + tally.get(State.CLAIMED, 0)
    return {
        "sent": tally.get(State.DONE, 0),
        "waiting": waiting,
        "failed": tally.get(State.FAILED, 0),
        "skipped": tally.get(State.SKIPPED, 0),
        "in_doubt": tally.get(State.DOUBT, 0),
    }

"""Figures as pictures, each a message of its own: in an album a phone would show them half as wide."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversations.figures.pages import largest
from bot.conversations.visit import Visitor
from bot.desk.figures.period import PeriodFigures, Step
from bot.desk.figures.story import StoryFigures
from bot.model.figures.chart import Chart, ChartKind, Series
from bot.rendering.text.times import day_words

MOST_BARS = 7
WEEK = 7


def of_period(visitor: Visitor, found: PeriodFigures, zone: str) -> list[Chart]:
    """Return the charts of a period; one that would be empty is left out."""
    steps = found.steps
    labels = _labels(visitor, steps, zone)
    charts = []
    if found.stories:
        stories = [each.stories for each in steps]
        title = visitor.label("chart_stories")
        charts.append(Chart(ChartKind.COLUMNS, title, labels, [_series(visitor, title, stories)]))
    if found.gained or found.lost:
        came = _series(visitor, visitor.label("chart_gained"), [each.gained for each in steps])
        went = _series(visitor, visitor.label("chart_lost"), [each.lost for each in steps])
        charts.append(Chart(ChartKind.COLUMNS, visitor.label("chart_readers"), labels, [came, went]))
    if topics := largest(found, MOST_BARS):
        reached = _series(visitor, "", [count for _, count in topics])
        names = [topic.name(visitor.language) for topic, _ in topics]
        charts.append(Chart(ChartKind.BARS, visitor.label("chart_topics"), names, [reached]))
    return charts


def of_story(visitor: Visitor, found: StoryFigures) -> list[Chart]:
    """Return the curve of how many chats had a story when; none before anybody has."""
    if found.first is None or not found.first.tenths:
        return []
    tenths = found.first.tenths
    curve = Series("", tuple(10 * share for share in range(len(tenths) + 1)), at=(0, *tenths))
    last = max(tenths[-1], 0.1)
    marks = (0.0, last / 2, last)
    labels = ["0", *(visitor.label("length", seconds=each) for each in marks[1:])]
    note = visitor.label("chart_reach_note")
    return [Chart(ChartKind.CURVE, visitor.label("chart_reach"), labels, [curve], at=marks, note=note)]


def _series(visitor: Visitor, name: str, values: Sequence[int]) -> Series:
    return Series(name, values, [visitor.label("figure", value=each) for each in values])


def _labels(visitor: Visitor, steps: Sequence[Step], zone: str) -> list[str]:
    """Name the columns: hours of a day, days of a week, of a longer time a day each week."""
    by_hours = len(steps) > 1 and (steps[1].at - steps[0].at).total_seconds() < 86_000
    form = "hour" if by_hours else "weekday" if len(steps) <= WEEK else "day"
    gap = 1 if len(steps) <= WEEK else WEEK
    return [
        "" if place % gap else day_words(each.at, visitor.language, zone, form)
        for place, each in enumerate(steps)
    ]

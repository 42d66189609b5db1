"""Charts: drawn for a phone by a program of their own, with every letter that there is."""

from __future__ import annotations

import io
from dataclasses import asdict, replace

import pytest
from PIL import Image

from bot.media.charts import worker
from bot.media.charts.worker import ChartWorker
from bot.model.errors import MediaError
from bot.model.figures.chart import Chart, ChartKind, Series

DAYS = ("пн 21", "вт 22", "ср 23", "чт 24", "пт 25", "сб 26", "вс 27")
GAINED = Series(
    "пришли", (120, 1500, 90, 0, 220, 40, 70), ("120", "1\u00a0500", "90", "0", "220", "40", "70")
)
LOST = Series("ушли", (3, 0, 1, 0, 4, 2, 1), ("3", "0", "1", "0", "4", "2", "1"))
READERS = Chart(ChartKind.COLUMNS, "Читатели: пришли и ушли", DAYS, (GAINED, LOST))
MONTH = Chart(
    ChartKind.COLUMNS, "Stories out", ("1 Nov", *[""] * 29), (Series("", tuple(range(30)), ["1"] * 30),)
)
TOPICS = Chart(
    ChartKind.BARS,
    "Аудитория тем",
    ("Мир", "Происшествия и чрезвычайные ситуации в Светлой долине"),
    (Series("", (812_345, 0), ("812\u00a0345", "0")),),
)
CURVE = Chart(
    ChartKind.CURVE,
    "Как быстро дошла новость",
    ("0", "45 с", "90 с"),
    (Series("", tuple(range(0, 101, 10)), at=(0, 2, 4, 7, 10, 15, 22, 30, 41, 60, 90)),),
    at=(0, 45, 90),
    note="доля чатов, по времени от начала рассылки",
)
CHARTS = (READERS, MONTH, TOPICS, CURVE)


async def test_each_chart_is_a_picture_as_wide_as_a_phone_shows_sharply_and_no_album_strip() -> None:
    drawn = await ChartWorker().draw(CHARTS)
    pictures = [Image.open(io.BytesIO(each)) for each in drawn]
    assert {(each.format, each.width) for each in pictures} == {("PNG", 1080)}
    assert all(0.6 < each.height / each.width < 1.4 for each in pictures)
    assert all(len(each) < 200_000 for each in drawn)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.title)
def test_no_letter_is_missing_in_the_font(chart: Chart) -> None:
    """A letter that the font lacks is a warning, and a warning fails here."""
    # Not above: what draws takes a second to import, and tests are collected by every worker.
    from bot.media.charts import draw

    assert draw.draw(asdict(chart)).startswith(b"\x89PNG")


async def test_nothing_is_started_where_nothing_is_to_be_drawn() -> None:
    assert await ChartWorker().draw([]) == []


async def test_what_can_not_be_drawn_is_an_error_and_the_next_is_drawn(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawing = ChartWorker()
    with pytest.raises(MediaError, match="broken"):
        await drawing.draw([replace(TOPICS, series=())])
    assert len(await drawing.draw([TOPICS])) == 1
    monkeypatch.setattr(worker, "SECONDS", 0.01)
    with pytest.raises(MediaError, match="too-slow"):
        await drawing.draw([TOPICS])

"""Draws charts for a phone. Run as a program: charts as JSON from stdin, PNGs to stdout, their lengths before them.

A phone shows the picture some 390 points wide, a third of its pixels: no letter is smaller than 12 such points. The
program imports nothing of the bot.
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

WIDTH, DPI = 5.4, 200
"""Inches, and dots an inch: 1080 pixels wide. At that size a point of type is a point on the phone."""

MARGIN = 0.17
SMALL, USUAL, LARGE = 12.5, 14, 17
INK, GREY, PALE = "#1c2733", "#55616e", "#a4aeb8"
COLOURS = ("#1769aa", "#d9822b")
"""Told apart by whoever can't tell red from green."""

MOST_NUMBERED = 8
"""With more columns than that none bears its number: they would touch."""

MOST_LETTERS = 38


def draw(chart: dict[str, Any]) -> bytes:
    """Return a chart as PNG; its fields are those of `bot.model.figures.chart`."""
    bars = chart["kind"] == "bars"
    height = 1.9 + 0.78 * len(chart["labels"]) if bars else 4.6
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
    figure.set_layout_engine("constrained", w_pad=MARGIN, h_pad=MARGIN)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_title(_cut(chart["title"], 40), fontsize=LARGE, color=INK, loc="left", pad=14, weight="bold")
    {"columns": _columns, "bars": _bars, "curve": _curve}[chart["kind"]](axes, chart)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(PALE)
    axes.tick_params(length=0, colors=INK, labelsize=SMALL)
    if chart["note"]:
        figure.supxlabel(chart["note"], fontsize=SMALL, color=GREY, x=0.035, ha="left")
    made = io.BytesIO()
    figure.savefig(made, format="png")
    return made.getvalue()


def _columns(axes: Axes, chart: dict[str, Any]) -> None:
    places = range(len(chart["labels"]))
    numbered = len(places) <= MOST_NUMBERED
    for sign, colour, series in zip((1, -1), COLOURS, chart["series"], strict=False):
        values = [sign * value for value in series["values"]]
        axes.bar(places, values, color=colour, width=0.72, label=series["name"])
        for place, value, shown in zip(places, values, series["shown"] if numbered else (), strict=False):
            if value:
                axes.annotate(
                    shown,
                    (place, value),
                    (0, 4 * sign),
                    textcoords="offset points",
                    ha="center",
                    va="bottom" if sign > 0 else "top",
                    fontsize=SMALL,
                    color=INK,
                )
    named = [place for place in places if chart["labels"][place]]
    axes.set_xticks(named, [chart["labels"][place] for place in named])
    axes.margins(y=0.16)
    axes.spines["bottom"].set_visible(len(chart["series"]) == 1)
    axes.axhline(0, color=PALE, linewidth=0.8)
    if numbered:
        axes.set_yticks([])
    else:
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        axes.yaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
        axes.grid(axis="y", color=PALE, alpha=0.3)
    if len(chart["series"]) > 1:
        axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=2, frameon=False, fontsize=USUAL)


def _bars(axes: Axes, chart: dict[str, Any]) -> None:
    series = chart["series"][0]
    places = range(len(chart["labels"]))
    axes.barh(places, series["values"], color=COLOURS[0], height=0.42)
    most = max(series["values"], default=0) or 1
    for place, label, value, shown in zip(
        places, chart["labels"], series["values"], series["shown"], strict=True
    ):
        # The name stands above its bar: beside it a long name would leave no room for the bar.
        axes.text(0, place - 0.28, _cut(label, MOST_LETTERS), fontsize=USUAL, color=INK, va="bottom")
        axes.text(value + most * 0.02, place, shown, fontsize=USUAL, color=INK, va="center", weight="bold")
    axes.set_xlim(0, most * 1.22)
    axes.set_ylim(len(places) - 0.5, -0.85)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines["bottom"].set_visible(False)


def _curve(axes: Axes, chart: dict[str, Any]) -> None:
    series = chart["series"][0]
    axes.plot(series["at"], series["values"], color=COLOURS[0], linewidth=3.5, solid_capstyle="round")
    axes.fill_between(series["at"], series["values"], color=COLOURS[0], alpha=0.12)
    axes.set_ylim(0, 108)
    axes.set_xlim(left=0)
    axes.set_yticks([0, 50, 90, 100], ["", "50 %", "90 %", ""])
    axes.grid(axis="y", color=PALE, alpha=0.35)
    axes.set_xticks(chart["at"], chart["labels"])


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def main() -> None:
    """Draw what stdin asks for."""
    rcParams["font.family"] = "DejaVu Sans"
    made = [draw(chart) for chart in json.load(sys.stdin)]
    sys.stdout.buffer.write(json.dumps([len(each) for each in made]).encode() + b"\n" + b"".join(made))


if __name__ == "__main__":
    main()

"""Dashboard, alerts and documents name figures that the bot has, with labels and outcomes that it gives them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from prometheus_client import REGISTRY, Counter, Gauge

import bot.metrics
from bot.metrics.instruments import LoopCounter, LoopHistogram
from bot.metrics.outcomes import LANE_NAMES
from bot.model.chat import ChatState
from bot.model.delivery import State
from bot.operations.canary import BEHIND, LOST
from bot.operations.readiness.readiness import WORDS
from tests.support.paths import ROOT

MONITORING = ROOT / "packaging" / "monitoring"
DASHBOARD = MONITORING / "grafana" / "dashboards" / "vestnik.json"
NAME = re.compile(r"\bvestnik_\w+")
LABEL = re.compile(r'(\w+)(=~?|!=)"([^"]*)"')


def samples() -> set[str]:
    """The names under which /metrics serves what `bot/metrics` names."""
    found: set[str] = set()
    for each in vars(bot.metrics).values():
        if isinstance(each, LoopHistogram | LoopCounter | Counter | Gauge):
            for family in each.collect():
                histogram = family.type == "histogram"
                counter = family.type == "counter"
                found |= (
                    {f"{family.name}{end}" for end in ("_bucket", "_sum", "_count")} if histogram else set()
                )
                found |= {f"{family.name}_total"} if counter else set()
                found |= set() if histogram or counter else {family.name}
    return found


def families() -> set[str]:
    """The names of the figures as documents call them."""
    return {re.sub(r"_(bucket|sum|count)$", "", name) for name in samples()}


def rules() -> list[dict[str, Any]]:
    loaded = yaml.safe_load((MONITORING / "alerts.yaml").read_text(encoding="utf-8"))
    return [rule for group in loaded["groups"] for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    return list(json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"])


def expressions() -> Iterator[str]:
    yield from (rule["expr"] for rule in rules())
    yield from (target["expr"] for panel in panels() for target in panel["targets"])


def test_every_figure_of_alerts_and_dashboard_is_served() -> None:
    named = {name for each in expressions() for name in NAME.findall(each)}
    assert named
    assert sorted(named - samples()) == []


def test_the_dashboard_shows_every_figure() -> None:
    shown = {name for panel in panels() for each in panel["targets"] for name in NAME.findall(each["expr"])}
    stems = {re.sub(r"_(bucket|sum|count)$", "", name) for name in shown}
    assert sorted(families() - stems) == []


def test_every_figure_of_a_document_is_served() -> None:
    documents = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    named = {name for each in documents for name in NAME.findall(each.read_text(encoding="utf-8"))} - {
        "vestnik_bot"
    }
    assert named
    assert sorted(named - families() - samples()) == []


LANES = set(LANE_NAMES.values())
VALUES = {
    "lane": LANES,
    "outcome": {"sent", "edited", "withdrawn", "ok", "429", "error", "unanswered", "pinned"}
    | {state.name.lower() for state in State},
    "state": {str(state) for state in ChatState},
    "pace": {"free", "paid"},
    "job": {"vestnik"},
    "reason": {*WORDS, BEHIND, LOST},
    "le": {"30.0", "2.0"},
}


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_what_is_asked_for_by_label_can_be_there(expression: str) -> None:
    for label, _, wanted in LABEL.findall(expression):
        assert set(wanted.split("|")) <= VALUES[label], (label, wanted)


@pytest.mark.parametrize("expression", sorted(set(expressions())))
def test_an_expression_closes_what_it_opens(expression: str) -> None:
    for opened, closed in ("()", "[]", "{}"):
        assert expression.count(opened) == expression.count(closed)
    assert expression.count('"') % 2 == 0


def test_every_alert_says_how_bad_it_is_and_what_to_do() -> None:
    for rule in rules():
        assert re.fullmatch(r"Vestnik[A-Z]\w+", rule["alert"])
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert set(rule["annotations"]) == {"summary", "action"}
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)


def test_the_handbook_explains_every_alert() -> None:
    said = (ROOT / "docs" / "installing.md").read_text(encoding="utf-8")
    assert [rule["alert"] for rule in rules() if f"`{rule['alert']}`" not in said] == []


def test_panels_have_numbers_of_their_own_and_cover_no_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
        assert panel["title"]
        assert panel["description"]
    assert len({panel["id"] for panel in panels()}) == len(panels())


def test_what_grafana_is_given_loads_by_itself() -> None:
    """Data source, dashboards' folder and Prometheus's rules are named as the compose file mounts them."""
    compose = yaml.safe_load((ROOT / "packaging/compose/monitoring.yaml").read_text(encoding="utf-8"))
    mounts = [mount.split(":") for each in compose["services"].values() for mount in each["volumes"]]
    inside = {target: source for source, target, *_ in mounts}
    base = ROOT / "packaging" / "compose"
    assert all((base / source).exists() for source in inside.values() if source.startswith(".."))
    provided = yaml.safe_load((MONITORING / "grafana/dashboards.yaml").read_text(encoding="utf-8"))
    assert {each["options"]["path"] for each in provided["providers"]} <= set(inside)
    source = yaml.safe_load((MONITORING / "grafana/datasources/prometheus.yaml").read_text(encoding="utf-8"))
    uid = source["datasources"][0]["uid"]
    assert {panel["datasource"]["uid"] for panel in panels()} == {uid}
    prometheus = yaml.safe_load((MONITORING / "prometheus.yaml").read_text(encoding="utf-8"))
    assert f"/etc/prometheus/{prometheus['rule_files'][0]}" in inside
    assert prometheus["scrape_configs"][0]["static_configs"][0]["targets"] == ["bot:8080"]
    home = compose["services"]["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home == f"{provided['providers'][0]['options']['path']}/{DASHBOARD.name}"


def test_the_figures_of_the_process_itself_are_the_librarys() -> None:
    served = {family.name for family in REGISTRY.collect()}
    named = {name for each in expressions() for name in re.findall(r"\bprocess_\w+", each)}
    assert {name.removesuffix("_total") for name in named} <= served

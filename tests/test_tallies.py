"""What is counted cheaply reads at /metrics as what prometheus-client counts itself."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from bot.tallies import Spread, Tally


def test_a_tally_reads_as_a_counter() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    tally = Tally("calls_total", "Calls", ["method", "outcome"], registry=ours)
    counter = Counter("calls_total", "Calls", ["method", "outcome"], registry=theirs)
    for labels in (("send", "ok"), ("send", "429"), ("send", "ok")):
        tally.add(*labels)
        counter.labels(*labels).inc()
    assert _lines(ours) == _lines(theirs)


def test_a_spread_reads_as_a_histogram() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    spread = Spread("seconds", "Seconds", ["lane"], (0.1, 1, 60), registry=ours)
    histogram = Histogram("seconds", "Seconds", ["lane"], buckets=(0.1, 1, 60), registry=theirs)
    for seconds, lane in ((0.05, "flash"), (0.1, "flash"), (0.3, "story"), (60.5, "story"), (1, "flash")):
        spread.add(seconds, lane)
        histogram.labels(lane).observe(seconds)
    assert _lines(ours) == _lines(theirs)


def test_a_spread_without_labels_stands_at_nothing_before_it_is_fed() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    Spread("seconds", "Seconds", [], (0.1, 1), registry=ours)
    Histogram("seconds", "Seconds", [], buckets=(0.1, 1), registry=theirs)
    assert _lines(ours) == _lines(theirs)


def _lines(registry: CollectorRegistry) -> list[str]:
    # When each was made is told by prometheus-client's own alone: nothing asks for it.
    return [line for line in generate_latest(registry).decode().splitlines() if "_created" not in line]

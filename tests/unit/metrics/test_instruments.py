"""What is counted cheaply reads at /metrics as what prometheus-client counts itself."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest

from bot.metrics.instruments import LoopCounter, LoopHistogram


def test_a_counter_of_the_loop_reads_as_prometheus_own() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    cheap = LoopCounter("calls_total", "Calls", ["method", "outcome"], registry=ours)
    counter = Counter("calls_total", "Calls", ["method", "outcome"], registry=theirs)
    for labels in (("send", "ok"), ("send", "429"), ("send", "ok")):
        cheap.labels(*labels).inc()
        counter.labels(*labels).inc()
    assert _lines(ours) == _lines(theirs)


def test_a_histogram_of_the_loop_reads_as_prometheus_own() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    cheap = LoopHistogram("seconds", "Seconds", ["lane"], buckets=(0.1, 1, 60), registry=ours)
    histogram = Histogram("seconds", "Seconds", ["lane"], buckets=(0.1, 1, 60), registry=theirs)
    for seconds, lane in ((0.05, "flash"), (0.1, "flash"), (0.3, "story"), (60.5, "story"), (1, "flash")):
        cheap.labels(lane).observe(seconds)
        histogram.labels(lane).observe(seconds)
    assert _lines(ours) == _lines(theirs)


def test_a_histogram_without_labels_stands_at_nothing_before_it_is_fed() -> None:
    ours, theirs = CollectorRegistry(), CollectorRegistry()
    LoopHistogram("seconds", "Seconds", buckets=(0.1, 1), registry=ours)
    Histogram("seconds", "Seconds", [], buckets=(0.1, 1), registry=theirs)
    assert _lines(ours) == _lines(theirs)


def _lines(registry: CollectorRegistry) -> list[str]:
    # When each was made is told by prometheus-client's own alone: nothing asks for it.
    return [line for line in generate_latest(registry).decode().splitlines() if "_created" not in line]

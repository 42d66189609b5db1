"""Counters and histograms that cost next to nothing to feed: what Prometheus wants is made when it asks.

prometheus-client's own take a lock for each number and look through all buckets, for programs with many
threads. What is counted for every message is counted on the event loop alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector


class Tally(Collector):
    """A counter, by labels. Registered when it is made."""

    def __init__(
        self, name: str, meaning: str, labels: Sequence[str], *, registry: CollectorRegistry = REGISTRY
    ) -> None:
        self._about = (name, meaning)
        self._labels = labels
        self._counts: Counter[tuple[str, ...]] = Counter()
        registry.register(self)

    def add(self, *labels: str) -> None:
        """Count one more."""
        self._counts[labels] += 1

    def collect(self) -> Iterator[Metric]:
        """Yield what was counted."""
        family = CounterMetricFamily(*self._about, labels=self._labels)
        for labels, count in self._counts.items():
            family.add_metric(labels, count)
        yield family


class Spread(Collector):
    """A histogram, by labels; `bounds` are its buckets' upper ones, in order. Registered when it is made."""

    def __init__(
        self,
        name: str,
        meaning: str,
        labels: Sequence[str],
        bounds: Sequence[float],
        *,
        registry: CollectorRegistry = REGISTRY,
    ) -> None:
        self._about = (name, meaning)
        self._labels = labels
        self._bounds = bounds
        self._counts: dict[tuple[str, ...], list[int]] = {}
        self._sums: dict[tuple[str, ...], float] = {}
        if not labels:
            self._begin(())
        registry.register(self)

    def add(self, value: float, *labels: str) -> None:
        """Put a value into its bucket."""
        counts = self._counts.get(labels)
        if counts is None:
            counts = self._begin(labels)
        counts[bisect_left(self._bounds, value)] += 1
        self._sums[labels] += value

    def collect(self) -> Iterator[Metric]:
        """Yield what was put in: by bucket, with all that is smaller."""
        family = HistogramMetricFamily(*self._about, labels=self._labels)
        ends = [*map(str, map(float, self._bounds)), "+Inf"]
        for labels, counts in self._counts.items():
            family.add_metric(labels, list(zip(ends, accumulate(counts), strict=True)), self._sums[labels])
        yield family

    def _begin(self, labels: tuple[str, ...]) -> list[int]:
        self._sums[labels] = 0.0
        counts = self._counts[labels] = [0] * (len(self._bounds) + 1)
        return counts

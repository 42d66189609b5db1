"""Counters and histograms for what happens with every message, in prometheus-client's words.

prometheus-client's own take a lock for each number and walk through all buckets, for programs with many
threads. Those here are fed on the event loop alone, by plain additions; what Prometheus reads is made when
it asks. Whoever feeds a metric sees `Incremented` or `Observed`, and need not know which kind it is.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Protocol

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector


class Incremented(Protocol):
    """A counter at certain labels."""

    def inc(self, amount: float = 1) -> None:
        """Count so many more."""


class Observed(Protocol):
    """A histogram at certain labels."""

    def observe(self, amount: float) -> None:
        """Put a value into its bucket."""


class _Count:
    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = 0.0

    def inc(self, amount: float = 1) -> None:
        self.value += amount


class _Buckets:
    __slots__ = ("counts", "sum", "upper")

    def __init__(self, upper: Sequence[float]) -> None:
        self.upper = upper
        self.counts = [0] * (len(upper) + 1)
        self.sum = 0.0

    def observe(self, amount: float) -> None:
        self.counts[bisect_left(self.upper, amount)] += 1
        self.sum += amount


class LoopCounter(Collector):
    """A counter that is fed on the event loop alone. It registers itself."""

    def __init__(
        self,
        name: str,
        documentation: str,
        labelnames: Sequence[str],
        *,
        registry: CollectorRegistry = REGISTRY,
    ) -> None:
        self._about = (name, documentation)
        self._labelnames = labelnames
        self._children: dict[tuple[str, ...], _Count] = {}
        registry.register(self)

    def labels(self, *labelvalues: str) -> Incremented:
        """Return the counter at these labels."""
        child = self._children.get(labelvalues)
        if child is None:
            child = self._children[labelvalues] = _Count()
        return child

    def collect(self) -> Iterator[Metric]:
        """Yield what was counted."""
        family = CounterMetricFamily(*self._about, labels=self._labelnames)
        for labelvalues, child in self._children.items():
            family.add_metric(labelvalues, child.value)
        yield family


class LoopHistogram(Collector):
    """A histogram that is fed on the event loop alone; `buckets` are upper bounds, in order. It registers itself."""

    def __init__(
        self,
        name: str,
        documentation: str,
        labelnames: Sequence[str] = (),
        *,
        buckets: Sequence[float],
        registry: CollectorRegistry = REGISTRY,
    ) -> None:
        self._about = (name, documentation)
        self._labelnames = labelnames
        self._upper = buckets
        self._children: dict[tuple[str, ...], _Buckets] = {}
        self._whole = None if labelnames else self._child(())
        registry.register(self)

    def labels(self, *labelvalues: str) -> Observed:
        """Return the histogram at these labels."""
        return self._children.get(labelvalues) or self._child(labelvalues)

    def observe(self, amount: float) -> None:
        """Put a value into its bucket; for a histogram without labels."""
        assert self._whole is not None, "a histogram with labels is fed at its labels"
        self._whole.observe(amount)

    def collect(self) -> Iterator[Metric]:
        """Yield what was put in: by bucket, with all that is smaller."""
        family = HistogramMetricFamily(*self._about, labels=self._labelnames)
        ends = [*map(str, map(float, self._upper)), "+Inf"]
        for labelvalues, child in self._children.items():
            buckets = list(zip(ends, accumulate(child.counts), strict=True))
            family.add_metric(labelvalues, buckets, child.sum)
        yield family

    def _child(self, labelvalues: tuple[str, ...]) -> _Buckets:
        child = self._children[labelvalues] = _Buckets(self._upper)
        return child

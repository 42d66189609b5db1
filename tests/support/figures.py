"""The figures of /metrics."""

from __future__ import annotations

from prometheus_client import REGISTRY


def figure(name: str, **labels: str) -> float:
    """Return a figure as /metrics serves it, 0 where nothing was counted yet."""
    return REGISTRY.get_sample_value(name, labels) or 0.0

"""Every counter, named once. Served at /metrics; the same figures stand in /status where people look."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

CALLS = Counter("vestnik_calls_total", "Calls to the Bot API by method and outcome", ["method", "outcome"])
CALL_SECONDS = Histogram(
    "vestnik_call_seconds",
    "How long a call to the Bot API took",
    buckets=(0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 8, 15, 60),
)
DELIVERIES = Counter(
    "vestnik_deliveries_total", "Settled deliveries by lane and outcome", ["lane", "outcome"]
)
ACCEPT_SECONDS = Histogram(
    "vestnik_accept_seconds",
    "From the decision to publish to Telegram's acceptance, by lane",
    ["lane"],
    buckets=(0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600),
)
WAITING = Gauge("vestnik_waiting", "Deliveries that wait, by lane", ["lane"])
FLOOD_WAITS = Counter("vestnik_flood_waits_total", "429 answers, by scope", ["scope"])
UPDATES_SKIPPED = Counter("vestnik_updates_skipped_total", "Updates that could not be decoded")
RICH_REFUSED = Counter(
    "vestnik_rich_refused_total", "Stories that Telegram refused as a rich message, sent as classic ones"
)
PICTURES = Counter(
    "vestnik_pictures_total",
    "Pictures by how Telegram was given them (as-it-is, encoded, by-address, by-id), or why it was not",
    ["outcome"],
)
FEED_POLLS = Counter("vestnik_feed_polls_total", "Looks at a feed, by outcome", ["outcome"])
ARTICLES_TAKEN = Counter(
    "vestnik_articles_taken_total", "Items taken in, by what was new in them", ["change"]
)
TICK_FAILURES = Counter("vestnik_tick_failures_total", "Scheduled jobs that failed", ["job"])

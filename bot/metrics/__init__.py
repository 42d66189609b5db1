"""Every counter, named once. Served at /metrics; the same figures stand in /status where people look."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

from bot.metrics.instruments import LoopCounter, LoopHistogram

CALLS = LoopCounter(
    "vestnik_calls_total", "Calls to the Bot API by method and outcome", ["method", "outcome"]
)
CALL_SECONDS = LoopHistogram(
    "vestnik_call_seconds",
    "How long a call to the Bot API took",
    buckets=(0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 8, 15, 60),
)
DELIVERIES = LoopCounter(
    "vestnik_deliveries_total",
    "What became of deliveries: sent, edited, withdrawn, failed, skipped, doubt, or waiting again",
    ["lane", "outcome", "reason"],
)
PINS = LoopCounter("vestnik_pins_total", "Breaking news to be pinned in its chat, by outcome", ["outcome"])
ACCEPT_SECONDS = LoopHistogram(
    "vestnik_accept_seconds",
    "From the decision to publish to Telegram's acceptance",
    ["lane"],
    buckets=(0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 900, 3600),
)
WAITING = Gauge("vestnik_waiting", "Deliveries that wait", ["lane"])
OLDEST_SECONDS = Gauge("vestnik_oldest_seconds", "For how long the oldest delivery has been due", ["lane"])
IN_DOUBT = Gauge("vestnik_in_doubt", "Deliveries of which it is unknown whether they arrived")
CHATS = Gauge("vestnik_chats", "Chats by state", ["state"])
PACE_ALLOWED = Gauge("vestnik_pace_allowed", "Calls a second that the settings allow", ["pace", "bot"])
PACE_USED = Gauge(
    "vestnik_pace_used",
    "Calls a second that are made at most now: less after refusals or slow answers",
    ["pace", "bot"],
)
PACE_WAITING = Gauge("vestnik_pace_waiting", "Calls that wait for their slot", ["pace", "bot"])
PACE_PAUSED_SECONDS = Gauge(
    "vestnik_pace_paused_seconds", "For how long everything still waits", ["pace", "bot"]
)
SLOT_SECONDS = LoopHistogram(
    "vestnik_slot_seconds",
    "How long calls waited for their slot",
    ["lane"],
    buckets=(0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300),
)
PAID_STARS = Gauge("vestnik_paid_stars_today", "Stars spent on paid broadcasts since midnight UTC")
STAR_BALANCE = Gauge("vestnik_star_balance", "Telegram Stars on the bot's balance")
PRUNED = Counter("vestnik_pruned_total", "Rows dropped because they were old", ["table"])
FLOOD_WAITS = Counter("vestnik_flood_waits_total", "429 answers, by scope", ["scope"])
ANSWER_SECONDS = LoopHistogram(
    "vestnik_answer_seconds",
    "From an update's arrival at the process to the end of its handling, its answer included",
    ["kind"],
    buckets=(0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300),
)
UPDATES_SKIPPED = Counter("vestnik_updates_skipped_total", "Updates that could not be decoded")
UPDATES_DROPPED = Counter(
    "vestnik_updates_dropped_total", "Updates left unanswered because their person or chat sent too many"
)
WEBHOOK_PENDING = Gauge("vestnik_webhook_pending", "Updates that wait at Telegram for the webhook")
WEBHOOK_REFUSED = Counter(
    "vestnik_webhook_refused_total", "Requests at the webhook's address that were not let in", ["reason"]
)
RICH_REFUSED = Counter(
    "vestnik_rich_refused_total", "Stories that Telegram refused as a rich message, sent as classic ones"
)
PICTURES = Counter(
    "vestnik_pictures_total",
    "Pictures by how Telegram was given them (as-it-is, encoded, by-address, by-id), or why it was not",
    ["outcome"],
)
FEED_POLLS = Counter("vestnik_feed_polls_total", "Looks at a feed, by outcome", ["outcome"])
FEED_AGE_SECONDS = Gauge(
    "vestnik_feed_age_seconds",
    "Since when each feed in use was read last, by its number; one that was never read is left out",
    ["feed"],
)
ARTICLES_TAKEN = Counter(
    "vestnik_articles_taken_total", "Items taken in, by what was new in them", ["change"]
)
BACKUPS = Counter("vestnik_backups_total", "Scheduled backups of the database, by outcome", ["outcome"])
BACKUP_AGE_SECONDS = Gauge(
    "vestnik_backup_age_seconds",
    "How old the newest backup is; NaN where the bot makes none, or has none yet",
)
BACKUP_BYTES = Gauge("vestnik_backup_bytes", "The size of the newest backup")
CANARY_SECONDS = LoopHistogram(
    "vestnik_canary_seconds",
    "From a canary's decision to Telegram's acceptance",
    buckets=(0.1, 0.5, 1, 2, 5, 10, 30, 60),
)
CANARY_ACCEPTED = Gauge("vestnik_canary_accepted_time_seconds", "When Telegram accepted the last canary")
CANARY_LATE = LoopCounter(
    "vestnik_canary_late_total",
    "Canaries that came late: behind other news, or lost with all else",
    ["reason"],
)
ROLE_HELD = Gauge(
    "vestnik_role_held", "1 where some process has the role, 0 where none has, as the leases tell", ["role"]
)
NOT_READY = Gauge("vestnik_not_ready", "1 where a condition of /readyz fails, by its word", ["reason"])
BOTS_REFUSED = Gauge("vestnik_bots_refused", "Bots of this process whose tokens Telegram does not know")
TICK_FAILURES = Counter("vestnik_tick_failures_total", "Scheduled jobs that failed", ["job"])

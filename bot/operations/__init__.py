"""Running the bot: the lease, the ticker, housekeeping, status and gauges."""

"""Whether the bot can do its work now, and if not, why."""

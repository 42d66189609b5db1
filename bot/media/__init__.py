"""Pictures on their way to Telegram: fetched, checked, re-encoded where needed, uploaded once."""

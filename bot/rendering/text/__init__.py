"""Text for Telegram: classic HTML, Telegram's limits, places to cut, typography."""

"""The editors' desk in Telegram: the shelves, each story's card, and what its buttons do."""

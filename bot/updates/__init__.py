"""Listening: from Telegram's updates to the dispatcher, each chat's in the order in which they came."""

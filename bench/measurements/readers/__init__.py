"""Measurements of what readers have the bot do."""

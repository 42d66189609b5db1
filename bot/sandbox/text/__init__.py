"""Text as Telegram stores it: parsed, cleaned, with entities and links."""

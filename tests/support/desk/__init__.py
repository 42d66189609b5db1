"""What tests of the desk share: its verbs without Telegram, and editors in Telegram."""

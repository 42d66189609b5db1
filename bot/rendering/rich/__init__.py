"""Rich messages: a tree of Telegram's rich HTML, made, tidied, measured, split."""

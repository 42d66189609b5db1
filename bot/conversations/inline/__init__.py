"""The bot from any chat: stories found while somebody types, and answers where the bot is no member."""

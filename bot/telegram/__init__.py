"""Speaking to the Bot API: the client with its pace, the sender, Telegram's errors in our words."""

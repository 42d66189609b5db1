"""Updates that Telegram brings: the address, what is done with what comes there, and whether Telegram still calls."""

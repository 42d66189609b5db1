"""Getting it out: the courier makes shown equal wanted, at the pace that Telegram allows."""

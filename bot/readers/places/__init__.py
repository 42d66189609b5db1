"""What is decided for a chat about its threads, its footer, and who hears of its troubles."""

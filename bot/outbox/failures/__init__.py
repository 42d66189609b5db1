"""What becomes of a delivery that Telegram did not take, and of a push that fails for many."""

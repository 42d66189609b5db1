"""Rich messages: checked as strictly as Telegram checks them."""

"""Every setting, from the environment, `.env`, and files that hold secrets."""

from bot.settings.settings import DEFAULT_NEWSROOM, TELEGRAM_NETWORKS, Settings, load_settings, token_named

__all__ = ["DEFAULT_NEWSROOM", "TELEGRAM_NETWORKS", "Settings", "load_settings", "token_named"]

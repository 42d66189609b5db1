"""Blocks and facts to what Telegram takes. Imports model and jinja2; knows neither store nor client."""

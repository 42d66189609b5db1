"""Turns stories into messages for Telegram. Imports the model and jinja2; knows neither store nor client.

From below: `text` (classic HTML), `rich` (rich messages), `templates`, then a module for each kind of message.
"""

"""Sample values of the texts about settings and hours, for the trial of templates."""

from __future__ import annotations

from typing import Any

from bot.rendering.text.zones import LocalTime

HOURS: dict[str, dict[str, Any]] = {
    "settings": {
        "title": "<Канал>",
        "form": "Коротко",
        "pictures": True,
        "quiet": ["23:00", "07:00"],
        "weekend": ["01:00", "10:00"],
        "loud_weekend": False,
        "at_night": True,
        "most_hour": 3,
        "most_day": 10,
        "silent": True,
        "away": "3 мая, 12:00",
        "language_name": "Русский",
        "news_languages": ["Русский", "English"],
        "instant": True,
        "digests": [(127, ["09:00", "18:00"]), (31, ["13:00"]), (5, ["15:00"])],
        "chat_zone": "Europe/Moscow",
        "local": LocalTime("Москва", "+03:00", "14:20"),
        "topics": [("🔔 сразу", ["Мир"])],
        "muted": ["Спорт"],
    },
    "choose_digest": {"digests": [], "most": 6, "capped": True},
    "choose_days": {"at": "09:00", "days": 96},
    "choose_weekend": {"begins": "", "weekend": ["01:00", "10:00"], "loud": False},
    "choose_limit": {"most_hour": 3, "most_day": 10, "digests": [(127, ["19:00"])], "merges": True},
    "choose_most": {"topic": "<Мир>", "empty": False},
    "choose_pause": {"away": "3 мая, 12:00", "flash": True},
    "choose_quiet": {
        "begins": "",
        "quiet": ["23:00", "07:00"],
        "weekend": ["01:00", "10:00"],
        "at_night": False,
        "merges": True,
    },
}

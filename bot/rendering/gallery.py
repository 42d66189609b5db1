"""Samples rendered through every template in every language: what `check` and an override are tried by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.model.form import Form
from bot.rendering.digest import DigestRenderer
from bot.rendering.samples import AT, GROUPS, STORIES
from bot.rendering.story import Audience

if TYPE_CHECKING:
    from bot.rendering.environment import Templates

TALKS: dict[str, dict[str, Any]] = {
    "start": {"name": "<Анна>"},
    "start_topic": {"topic": "Мир"},
    "topics": {"path": "Мир", "empty": False, "channel": "<Канал>"},
    "unknown_topic": {"words": "<x>", "topics": ["Мир"]},
    "settings": {
        "title": "<Канал>",
        "form": "Коротко",
        "pictures": True,
        "quiet": ["23:00", "07:00"],
        "language_name": "Русский",
        "instant": True,
        "digest_at": ["09:00", "18:00"],
        "chat_zone": "Europe/Moscow",
        "topics": ["Мир"],
    },
    "choose_form": {"in_group": False},
    "choose_digest": {"digest_at": ["09:00"]},
    "choose_order": {"empty": False},
    "choose_quiet": {"begins": "23:00", "quiet": []},
    "choose_zone": {},
    "choose_mute": {},
    "help": {"editor": True, "owner": True},
    "stop_ask": {},
    "stopped": {},
    "stayed": {},
    "id": {"user_id": 1, "chat_id": 2, "thread_id": 3},
    "unknown": {},
    "error": {},
    "group_hello": {},
    "channel_hello": {"title": "<Канал>"},
    "breaking_ask": {},
    "breaking_card": {"everybody": False, "topics": ["Мир"], "count": 5},
    "breaking_dropped": {},
    "breaking_progress": {
        "stopped": False,
        "paused": True,
        "pause_reason": "many-failed",
        "done": True,
        "accepted": 1,
        "audience": 3,
        "waiting": 1,
        "in_doubt": 1,
        "seconds_left": 5,
        "seconds_taken": 9,
        "failed": [("blocked", 1)],
        "skipped": [("stopped", 1)],
        "within": [(30, 1)],
    },
    "editors": {"editors": [("Анна", 1)]},
    "editor_added": {"name": "Анна", "user_id": 1},
    "status": {
        "active": 1,
        "stopped": 0,
        "blocked": 0,
        "waiting": 2,
        "topics": [("Мир", 1)],
        "feeds": [("Лента", "timeout")],
    },
    "owner_feed": {"feed": "Лента", "error": "timeout"},
    "owner_template": {"problem": "brief.j2:3: unexpected end"},
    "owner_push": {"waiting": 9},
    "owner_flood": {"minutes": 5},
    "owner_chat": {"title": "<Канал>", "reason": "no-rights"},
    "owner_paused": {"headline": "Мост"},
    "owner_paid": {"why": "ceiling"},
    "owner_article": {"headline": "Мост", "error": "refused"},
}


def render_all(templates: Templates) -> list[str]:
    """Render everything in every language; return what failed."""
    from bot.rendering.article import ArticleRenderer
    from bot.rendering.talk import Talk

    failed: list[str] = []
    articles, digests, talk = ArticleRenderer(templates), DigestRenderer(templates), Talk(templates)

    def attempt(what: str, work: Any, /, *args: Any, **facts: Any) -> None:
        try:
            work(*args, **facts)
        except Exception as error:
            failed.append(f"{what}: {error}")

    for language in templates.languages:
        for kind in ("private", "group", "channel"):
            audience = Audience(language, kind, "vestnik_bot")
            for story in STORIES:
                attempt("article/brief.j2", articles.brief, story, audience)
                attempt("article/full.j2", articles.full, story, audience)
                attempt("article/headline.j2", articles.headline, story, audience)
                attempt("article/rich.j2", articles.rich, story, audience)
            attempt("article/withdrawn.j2", articles.withdrawn, audience)
            attempt("digest/latest.j2", digests.latest, STORIES, audience, title_topic="Мир")
            for groups in (GROUPS, ()):
                attempt("digest/digest.j2", digests.digest, groups, audience, digest_id=1, at=AT, size=2)
            attempt("digest/section.j2", digests.section, GROUPS[0], audience, digest_id=1)
            attempt("digest/rich.j2", digests.digest, GROUPS, audience, digest_id=1, at=AT, form=Form.RICH)
            attempt("digest/section.j2", digests.section, GROUPS[-1], audience, digest_id=1)
        for name, facts in TALKS.items():
            attempt(f"talk/{name}.j2", talk.say, name, language, **facts)
    return failed

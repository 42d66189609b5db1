"""A trial of templates: the samples rendered through every template in every language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.model.clock import Clock
from bot.model.story.article import TAKEN_BACK
from bot.model.story.digest import Occasion
from bot.model.story.form import Form
from bot.rendering.article import ArticleRenderer
from bot.rendering.digest import DigestRenderer
from bot.rendering.samples import (
    AT,
    FOLLOWING_TALKS,
    FOUND,
    GROUPS,
    HEADING,
    HOURS,
    NOTICES,
    OWNER_TALKS,
    PLACES,
    STATUS,
    STORIES,
    WATCH_TALKS,
)
from bot.rendering.search import SearchRenderer
from bot.rendering.story import Readership
from bot.rendering.talk import Talk
from bot.rendering.templates.environment import Templates
from bot.rendering.text.zones import LocalTime

_RIGHTS = {
    "name": "<Анна>",
    "user_id": 1,
    "role": "редактор",
    "rights": ["писать", "публиковать"],
    "topics": ["Мир"],
    "until": "1 декабря, 00:00",
    "ended": False,
}

_FEED = {
    "name": "Лента",
    "url": "https://example.org/feed.xml",
    "paused": False,
    "failing": False,
    "fault_code": "timeout",
    "failures": 2,
    "last_look": "",
    "next_look": "3 мая, 12:00",
    "today": 5,
    "held": 1,
    "drafts": True,
    "topics": ["Мир"],
    "feed_language": "",
}

TALKS: dict[str, dict[str, Any]] = {
    **HOURS,
    **WATCH_TALKS,
    "start": {"name": "<Анна>", "setup": True, "stale": True},
    "link_ask": {"topics": ["Мир", "Экономика"], "digest": True, "language": "Русский"},
    "link_set": {"hello": True, "topics": ["Мир"], "digest": True, "hours": ["09:00"], "language": "Русский"},
    "search_ask": {"link": "https://t.me/vestnik_bot?start=search", "title": "Поиск"},
    "mydata": {"editor": True},
    "guest_none": {"long": False},
    "start_topic": {"topic": "Мир"},
    "story_gone": {},
    "topics": {
        "path": "Мир",
        "empty": False,
        "channel": "<Канал>",
        "followed": True,
        "news_languages": ["Русский", "English"],
    },
    **FOLLOWING_TALKS,
    "unknown_topic": {"words": "<x>", "topics": ["Мир"]},
    "choose_form": {"in_group": False},
    "press_which": {"labels": ["1", "‹ К списку"]},
    "choose_language": {"name": "Русский", "drafts": ["Кыргызча"]},
    "choose_order": {"empty": False},
    "choose_zone": {"local": LocalTime("Москва", "+03:00", "14:20")},
    "zone_chosen": {"local": LocalTime("Москва", "+03:00", "14:20")},
    "topics_done": {"groups": [("🔔 сразу", ["Мир"])], "private": True},
    "breaking_sure": {
        "headline": "<Мост>",
        "everybody": False,
        "topics": ["Мир"],
        "count": 3,
        "languages": ["Русский"],
        "manner": "pinned",
        "backlog": {"headline": "<Мост>", "messages": 3200, "more": True},
        "takes": "2 минуты",
        "arrives": "через 5 минут",
        "undo": 5,
        "checks": [{"blocking": False, "words": "<Мост>"}],
    },
    "breaking_late": {"headline": "<Мост>"},
    "breaking_reword": {},
    "write_ask": {},
    "document_left": {"stories": 2, "most": 10, "pictures": 3},
    "edit_answer": {"album": False, "why": "Мост закрыт.", "late": True, "revision": 2, "void": True},
    "choose_news_languages": {},
    "help": {
        "editor": True,
        "desk": True,
        "writer": True,
        "flash": True,
        "status": True,
        "owner": True,
        "sources": True,
        "fallback": "@valley_news",
    },
    "stop_ask": {},
    "stopped": {},
    "stayed": {},
    "id": {"user_id": 1, "chat_id": 2, "thread_id": 3},
    "unknown": {"kind": "words"},
    "error": {},
    "group_hello": {},
    "channel_hello": {"title": "<Канал>"},
    "breaking_ask": {},
    "breaking_card": {
        "headline": "",
        "manner": "silent",
        "everybody": False,
        "topics": ["Мир"],
        "count": 5,
        "readers": [("Русский", 4), ("English", 2)],
    },
    "breaking_dropped": {"draft": True},
    "breaking_progress": {
        "starts": "",
        "quiet": 2,
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
    "editors": {"editors": [("Анна", 1)], "people": [_RIGHTS]},
    "person": _RIGHTS | {"by": "Ольга", "given": "3 мая, 12:00", "owner": False},
    "person_ask": {},
    "person_chosen": {"name": "Анна"},
    "choose_rights_topics": {"name": "Анна"},
    "choose_rights_until": {"name": "Анна", "until": "1 декабря, 00:00"},
    "until_ask": {"name": "Анна", "link": "https://t.me/vestnik_bot?start=u-1"},
    "rights_changed": _RIGHTS | {"by": "Ольга"},
    "audit": {
        "deeds": [
            {
                "at": "3 мая, 12:00",
                "by": "Ольга",
                "command": False,
                "verb": "correct",
                "article_id": 42,
                "revision": 3,
                "detail": "",
                "passed": ["like-headline"],
                "changes": [{"field": "headline", "old": "<Мост>", "new": "Мост закрыт"}],
                "more": 2,
            }
        ],
        "article_id": 42,
        "zone_name": "Europe/Moscow",
    },
    "sources": {"feeds": [_FEED], "gone": ["Лента"]},
    "source_feed": _FEED,
    "source_feed_topics": {"name": "Лента"},
    "source_remove": {"name": "Лента"},
    "source_topics": {
        "topics": [{"name": "Мир", "slug": "world", "indent": "", "paused": True, "followers": 2}]
    },
    "source_topic": {
        "name": "Мир",
        "slug": "world",
        "names": [("ru", "Мир")],
        "above": "",
        "aliases": ("За рубежом",),
        "followers": 2,
        "paused": True,
    },
    "source_merge": {"name": "Мир", "into": "Азия"},
    "source_ask": {"what": "feed", "title": "Лента", "link": "https://t.me/vestnik_bot?start=n-feed-0-0"},
    "source_exported": {},
    "feed_trial": {
        "url": "https://example.org/feed.xml",
        "looking": False,
        "fault_code": "",
        "count": 1,
        "lost": 1,
        "undated": 1,
        "untopical": 1,
        "known": False,
        "items": [{"headline": "<Мост>", "date": "3 мая, 12:00", "language": "ru", "topics": ["Мир"]}],
    },
    "setup": {
        "steps": [("basics", True), ("topics", False)],
        "step_now": "topics",
        "spoken": "Русский",
        "zone_name": "Europe/Moscow",
        "channel": "<Канал>",
        "listed": ["Мир"],
    },
    "setup_channel_ask": {},
    "setup_channel_taken": {"title": "<Канал>"},
    "setup_sample": {},
    "editor_added": {"name": "Анна", "user_id": 1},
    "status": STATUS,
    "stats": {
        "report": False,
        "days": 7,
        "since": "27 апреля, 00:00",
        "zone_name": "Europe/Moscow",
        "stories": 40,
        "flashes": 2,
        "corrections": 1,
        "kills": 1,
        "accepted": 12_000,
        "waiting": 3,
        "not_reached": 12,
        "failed": [("blocked", 12)],
        "half": 0.8,
        "most": 95.0,
        "flash_half": 12.0,
        "flash_most": 9000.0,
        "gained": 25,
        "lost": 3,
        "kinds": [("private", 1200), ("group", 3), ("channel", 1)],
        "topics": [("<Мир>", 800)],
        "most_read": [("<Мост>", 45)],
    },
    "stats_story": {
        "headline": "<Мост>",
        "out": True,
        "since": "3 мая, 12:00",
        "zone_name": "Europe/Moscow",
        "reach": 95,
        "planned": 100,
        "accepted": 97,
        "half": 4.2,
        "most": 40.0,
        "within": [(30, 64)],
        "later": 5,
        "waiting": 1,
        "in_doubt": 1,
        "failed": [("blocked", 1)],
        "skipped": [("unsubscribed", 1)],
        "corrections": 2,
        "edited": 94,
        "reads": 31,
        "reactions": [("👍", 12)],
    },
    **PLACES,
    **OWNER_TALKS,
}


def checked_templates(
    folder: Path | None = None,
    *,
    agency: str = "Vestnik",
    names: Mapping[str, str] | None = None,
    clock: Clock | None = None,
) -> Templates:
    """Return the templates, with the newsroom's folder before the shipped ones and tried on the samples.

    `agency` is the newsroom's name, as templates write it; `names` are its names in some languages. A template of
    the folder that fails is among `problems()`, and the shipped one takes its place.
    """
    return Templates(folder, trial=render_all, agency=agency, names=names, clock=clock)


def problems_of(templates: Templates) -> list[str]:
    """Render all samples; return what fails in the shipped templates, and the newsroom's own mistakes."""
    return [*render_all(templates), *templates.problems()]


def render_all(templates: Templates) -> list[str]:
    """Render all samples in every language and kind of chat; return each failure as `template: reason`."""
    failed: list[str] = []
    articles, digests, talk = ArticleRenderer(templates), DigestRenderer(templates), Talk(templates)
    search = SearchRenderer(templates)

    def attempt(what: str, work: Any, /, *args: Any, **variables: Any) -> None:
        try:
            work(*args, **variables)
        except Exception as error:
            failed.append(f"{what}: {error}")

    for language in templates.languages:
        for kind in ("private", "group", "channel"):
            readership = Readership(language, kind, "vestnik_bot")
            for story in STORIES:
                attempt("article/brief.j2", articles.brief, story, readership)
                attempt("article/full.j2", articles.full, story, readership)
                attempt("article/brief.j2", articles.shared, story, readership)
                attempt("article/headline.j2", articles.headline, story, readership)
                attempt("article/rich.j2", articles.rich, story, readership)
            for story in NOTICES:
                attempt(f"article/{story.notice}.j2", articles.notice, story, readership)
            for status in TAKEN_BACK:
                attempt("article/withdrawn.j2", articles.withdrawn, readership, status)
            attempt("digest/latest.j2", digests.latest, STORIES, readership, title_topic="Мир")
            for found in (FOUND, ()):
                attempt(
                    "digest/search.j2",
                    search.page,
                    HEADING,
                    found,
                    readership,
                    key="search",
                    now=AT,
                    instead=True,
                )
            for groups in (GROUPS, ()):
                attempt("digest/digest.j2", digests.digest, groups, readership, digest_id=1, at=AT, size=2)
            for occasion in Occasion:
                told = {"digest_id": 1, "at": AT, "occasion": occasion}
                attempt("digest/occasion.j2", digests.digest, GROUPS, readership, **told)
            attempt("digest/section.j2", digests.section, GROUPS[0], readership, digest_id=1)
            attempt("digest/saved.j2", digests.saved, STORIES, readership, page=1, total=12)
            attempt("digest/saved.j2", digests.saved, (), readership)
            attempt("digest/rich.j2", digests.digest, GROUPS, readership, digest_id=1, at=AT, form=Form.RICH)
            attempt("digest/section.j2", digests.section, GROUPS[-1], readership, digest_id=1)
        for name, variables in TALKS.items():
            attempt(f"talk/{name}.j2", talk.say, name, language, **variables)
    return failed

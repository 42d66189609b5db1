"""`audit`: print the record of the desk, oldest first, as lines or as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, date, datetime, time

from bot.commands.session import at_the_desk
from bot.desk import lookup, record
from bot.model.desk.deed import Deed
from bot.model.errors import SetupError
from bot.rendering.text.times import zone_of
from bot.settings import load_settings
from bot.store.engine.database import Database


def audit(*, as_json: bool, since: str | None, story: str | None) -> int:
    """Print who did what when, and what became different.

    `since` is a day or a time in ISO 8601, in the newsroom's zone where it names none; `story` is a story's number
    or the id that the story has at its source.
    """
    settings = load_settings()
    begins = _instant(since, settings.time_zone) if since else None

    async def work(db: Database) -> int:
        article_id = (await lookup.find(db, story)).id if story else None
        async for deed in record.everything(db, since=begins, article_id=article_id):
            print(_as_json(deed) if as_json else _as_line(deed))
        return 0

    return at_the_desk(settings, work)


def _instant(words: str, zone: str) -> datetime:
    try:
        at = (
            datetime.combine(date.fromisoformat(words), time(), zone_of(zone))
            if len(words) == 10
            else datetime.fromisoformat(words)
        )
    except ValueError:
        raise SetupError(
            f"--since {words}: write a day or a time as 2026-12-01 or 2026-12-01T10:00"
        ) from None
    return at if at.tzinfo else at.replace(tzinfo=zone_of(zone))


def _as_json(deed: Deed) -> str:
    fields = asdict(deed) | {"at": deed.at.isoformat()}
    return json.dumps(fields, ensure_ascii=False)


def _as_line(deed: Deed) -> str:
    by = str(deed.actor) if deed.actor is not None else deed.hand or "bot"
    about = [f"article {deed.article_id}" if deed.article_id is not None else ""]
    about.append(f"revision {deed.revision}" if deed.revision is not None else "")
    said = [f"{deed.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}Z", by, deed.verb, *about, deed.detail]
    changes = [f"    {each.field}: {each.old!r} -> {each.new!r}" for each in deed.difference]
    return "\n".join(("  ".join(filter(None, said)), *changes))

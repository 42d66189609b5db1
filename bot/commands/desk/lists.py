"""`desk`: what waits, is in review, approved, scheduled, going out, and out; or stories by words."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.commands.session import at_the_desk
from bot.desk import lookup
from bot.desk.story.lists import overview
from bot.model.desk.listed import Listed
from bot.settings import load_settings
from bot.store.engine.database import Database


def desk(words: str, limit: int) -> int:
    """Print the lists of the desk; with words, the newest stories whose headline holds them."""

    async def work(db: Database) -> int:
        if words:
            found = await lookup.newest(db, limit, words, at=datetime.now(UTC))
            for each in found.stories:
                print(_line(each))
            if found.since and len(found.stories) < limit:
                print(f"stories that came before {found.since:%Y-%m-%d %H:%M} were not looked through")
            return 0
        for shelf, pile in (await overview(db, datetime.now(UTC), limit=limit)).items():
            print(f"{shelf}:" if pile.stories else f"{shelf}: nothing")
            for each in pile.stories:
                print(_line(each) + (f" (being edited by {each.lock.user_id})" if each.lock else ""))
        return 0

    return at_the_desk(load_settings(), work)


def _line(each: Listed) -> str:
    at = each.release_at or each.embargo_until or each.published_at or each.created_at
    return f"{each.id:>6}  {each.status:<11}  {at:%Y-%m-%d %H:%M}  {each.headline}"

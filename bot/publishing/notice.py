"""Tell who has a story something about it: a short story of its own, under no topic, so that it is nobody's news."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.model.audience import HOLDERS, STORY_FOLLOWERS, Holders, StoryFollowers
from bot.model.bulletin import BulletinKind
from bot.model.delivery import Lane
from bot.model.story.article import CHANGE, END, LOUD, NO_HEADLINE, WITHDRAWAL, Article, Content, Status
from bot.model.story.content import Paragraph, Run
from bot.model.story.difference import Change, difference
from bot.store.engine.database import Transaction
from bot.store.ledger import bulletins
from bot.store.newsroom import articles
from bot.store.watch import stories

LANES = {LOUD: Lane.CORRECTION, WITHDRAWAL: Lane.KILL, CHANGE: Lane.STORY, END: Lane.KILL}
"""What changed in a followed story may wait for the end of quiet hours: the story itself reads right by then."""

MOST_CHANGES = 3
BETWEEN = timedelta(minutes=10)
"""How long a feed's further corrections of a story are told to nobody: feeds mend their stories again and again."""

_SHOWN = ("headline", "lead", "body")
_FEW_WORDS = 2


async def tell_holders(
    tx: Transaction, about: Article, notice: Content, at: datetime, *, by: int | None, source: str
) -> None:
    """Send a notice to whoever has the story: a loud correction replies to it; of a withdrawal who had it is told.

    So is who follows it. `source` is one of the sources of notices. Told once for each revision of the story.
    """
    await _tell(tx, about, notice, at, by=by, source=source, audience=HOLDERS)


async def tell_followers_of_change(
    tx: Transaction, before: Article, after: Article, at: datetime, *, by: int | None, source: str
) -> None:
    """Tell who follows a story, or one before it, what a correction changed. `source` names the feed it came from.

    Of a feed's corrections those alone are told that change more than a word or two, and not one after the other.
    """
    changes = [each for each in difference(before.content, after.content) if each.field in _SHOWN]
    if not changes or not await stories.any_follower(tx, await stories.thread_of(tx, after.id)):
        return
    if source and (not _matters(changes) or await articles.told_since(tx, after.id, CHANGE, at - BETWEEN)):
        return
    said = [_words(each) for each in changes if each.new and each.field != "headline"][:MOST_CHANGES]
    blocks = tuple(Paragraph((Run(words),)) for words in said)
    notice = replace(
        after.content, lead="", dateline="", blocks=blocks, picture=None, url=None, source_name=""
    )
    await _tell(tx, after, notice, at, by=by, source=CHANGE, audience=STORY_FOLLOWERS)


async def tell_followers_of_end(tx: Transaction, about: Article, at: datetime, *, by: int | None) -> None:
    """Tell who follows a story that it was taken back, where nobody else is told."""
    if await stories.any_follower(tx, [about.id]):
        # For legal reasons not even the headline is said again.
        headline = about.content.headline if about.status is Status.KILLED else NO_HEADLINE
        notice = Content(headline, language=about.content.language)
        await _tell(tx, about, notice, at, by=by, source=END, audience=STORY_FOLLOWERS)


def _words(change: Change) -> str:
    # Of the body these are the words that changed, with some around them.
    return f"…{change.new.strip('…')}…" if change.field == "body" else change.new


def _matters(changes: Sequence[Change]) -> bool:
    """Return whether a change is more than a mended slip: a headline or lead, a figure, or several words."""
    words = 0
    for each in changes:
        if each.field != "body":
            return True
        old, new = each.old.split(), each.new.split()
        fresh = [word for word in new if word not in old]
        if any(letter.isdigit() for word in fresh for letter in word):
            return True
        words += len(fresh)
    return words > _FEW_WORDS


async def _tell(
    tx: Transaction,
    about: Article,
    notice: Content,
    at: datetime,
    *,
    by: int | None,
    source: str,
    audience: Holders | StoryFollowers,
) -> None:
    made = await articles.add(
        tx, notice, source=source, uid=f"{about.id}:{about.revision}", at=at, by=by, update_of=about.id
    )
    await articles.save(tx, made.publish(at), by=by)
    await bulletins.add(
        tx,
        article_id=made.id,
        revision=made.revision,
        kind=BulletinKind.NEW,
        lane=LANES[source],
        audience=audience,
        at=at,
        key=f"{made.id}:new",
        by=by,
        reply_to=about.id,
    )

"""The check list of each verb: asked before the verb, and by a card that shows what stands in its way."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.desk.story.links import dead_ones
from bot.model.desk.check import Check, Verb
from bot.model.desk.rules import DeskRules
from bot.model.story.article import TAKEN_BACK, Article, Status, pictures_of
from bot.model.story.content import is_blank
from bot.model.story.links import links_in, story_linked
from bot.publishing.story import hold
from bot.stemming import overlap, stems
from bot.store.desk import withheld
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import articles

LATELY = timedelta(hours=12)
"""How far back a headline is looked for that says the same."""

ALIKE, ENOUGH_STEMS, MOST_COMPARED = 0.75, 3, 300
"""How much of the fewer words two headlines share, and of how many words at least, to be alike; with how many the
headline is compared."""


async def of(
    db: Database,
    article_id: int,
    verb: Verb,
    *,
    at: datetime,
    by: int | None = None,
    rules: DeskRules | None = None,
) -> list[Check]:
    """Return what stands in the way of a verb now; `at` is when the story would go out."""
    async with db.read() as tx:
        return await look(tx, await hold(tx, article_id, lock=False), verb, at, by=by, rules=rules)


async def look(
    tx: Transaction,
    article: Article,
    verb: Verb,
    at: datetime,
    *,
    by: int | None = None,
    rules: DeskRules | None = None,
) -> list[Check]:
    """Return the items of the verb's list that are not as they should be, the blocking ones first.

    `at` is when the story would go out. `rules` decide whether an editor needs an approval.
    """
    goes_out = verb in (Verb.PUBLISH, Verb.SCHEDULE)
    found = _of_content(article, goes_out=goes_out)
    if goes_out:
        found += _of_state(article, at, by, rules)
    if verb is not Verb.CORRECT:
        found += await _like(tx, article, at)
        found += await _of_withheld(tx, article, at)
        # Only one of a kind: a button passes them by their name.
        found += [
            Check("link-dead", False, {"link": each}) for each in (await dead_ones(tx, article, at))[:1]
        ]
        if article.update_of is not None:
            found += await _of_first(tx, article.update_of, at, goes_out=goes_out)
    return sorted(found, key=lambda each: not each.blocking)


def _of_content(article: Article, *, goes_out: bool) -> list[Check]:
    found = []
    if is_blank(article.content.headline):
        found.append(Check("no-headline", True))
    if not article.content.language:
        found.append(Check("language-missing", goes_out))
    if not article.topic_ids and not article.flash:
        found.append(Check("topic-missing", goes_out))
    return found


def _of_state(article: Article, at: datetime, by: int | None, rules: DeskRules | None) -> list[Check]:
    found = []
    if article.embargo_until is not None and article.embargo_until > at:
        found.append(Check("embargoed", True, {"until": article.embargo_until, "zone": article.zone}))
    needed = rules is not None and rules.approval and by is not None and not article.approved
    if needed and article.status is not Status.ARCHIVED:
        # A flash may go out unread by a second person: one more tap, and it is listed for review afterwards.
        found.append(Check("not-reviewed", False) if article.flash else Check("not-approved", True))
    return found


async def _of_first(tx: Transaction, first_id: int, at: datetime, *, goes_out: bool) -> list[Check]:
    """Look at the story that is followed up: nothing follows what is taken back, embargoed or not out yet."""
    first = await articles.get(tx, first_id)
    if first is None or first.status in TAKEN_BACK:
        return [Check("first-taken-back", True)]
    named = {"headline": first.content.headline}
    if first.embargo_until is not None and first.embargo_until > at:
        return [Check("first-embargoed", True, {**named, "until": first.embargo_until, "zone": first.zone})]
    goes_before = first.status is Status.SCHEDULED and first.release_at is not None and first.release_at < at
    if first.status is Status.PUBLISHED or (goes_before and goes_out):
        return []
    return [Check("first-not-out", goes_out, named)]


async def _of_withheld(tx: Transaction, article: Article, at: datetime) -> list[Check]:
    """Look for links to stories that readers may not see then, and for pictures of such stories."""
    links = links_in(article.content.blocks)
    pictures = {each.url or each.file_id for each in pictures_of(article.content)}
    if not links and not pictures:
        return []
    numbers = set(map(story_linked, links))
    found: dict[str, Check] = {}
    for each in await withheld.newest(tx, at, MOST_COMPARED):
        named = {"headline": each.headline, "article": each.id}
        if each.id in (article.id, article.update_of):
            continue
        if each.id in numbers or (each.url and each.url in links):
            found.setdefault("linked", Check("linked-withheld", False, named))
        if each.picture and (each.picture.url or each.picture.file_id) in pictures:
            found.setdefault("picture", Check("picture-withheld", False, named))
    return list(found.values())


async def _like(tx: Transaction, article: Article, at: datetime) -> list[Check]:
    own = stems(article.content.headline)
    if len(own) < ENOUGH_STEMS:
        return []
    others = await articles.headlines_since(tx, at - LATELY, MOST_COMPARED)
    for each in others:
        if each.id not in (article.id, article.update_of) and overlap(own, stems(each.headline)) >= ALIKE:
            return [Check("like-headline", False, {"headline": each.headline, "article": each.id})]
    return []

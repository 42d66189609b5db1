"""The last question before breaking news goes out, sending, and the moment in which it can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.desk.flash.choice import open_card
from bot.desk.story.checks import look
from bot.desk.story.story import held
from bot.model.audience import Audience, Everybody, Followers
from bot.model.delivery import Lane, Manner
from bot.model.desk.card import Card, CardState
from bot.model.desk.check import Check, Verb, passed
from bot.model.desk.rules import DeskRules
from bot.model.errors import Refusal
from bot.model.story.article import Article
from bot.publishing import story_log
from bot.publishing.publish import Published
from bot.publishing.publish import publish as publish_story
from bot.store.desk import locks
from bot.store.engine.database import Database, Transaction
from bot.store.newsroom import articles, audit, cards

ALIKE = "like-headline"
FLASH, EVERYBODY, OWN_LANGUAGE = "flash", "everybody", "own"
FLASH_SAYS = ("to", "languages", "manner")
"""The words of the audit's detail of a flash: to everybody or by topics, for whose readers, in which manner."""


@dataclass(frozen=True, slots=True)
class Choice:
    """How a story goes out as breaking news.

    It starts `undo` after it was sent. `update_of` makes it an update of that story. `alike` is the story of which
    the editor was told that its headline is nearly the same: any other is another warning, unless it goes out
    `anyway`.
    """

    audience: Audience
    manner: Manner = Manner.SOUND
    undo: timedelta = timedelta()
    update_of: int | None = None
    alike: int | None = None
    anyway: bool = False

    def knows(self, check: Check) -> bool:
        """Whether the editor was told of that warning: all are, but that of a story that came out meanwhile."""
        return check.code != ALIKE or self.anyway or check.detail["article"] == self.alike


class Asked(NamedTuple):
    """What stands in the way of a card's story, and the story of the last hours that says the same, if any does."""

    checks: list[Check]
    alike: Check | None


async def asked(db: Database, card_id: int, *, at: datetime, by: int, rules: DeskRules) -> Asked:
    """Return what the last question has to tell before a card is sent."""
    async with db.read() as tx:
        card, article = await open_card(tx, card_id)
        going = _as_flash(article, Choice(card.audience, card.manner))
        found = await look(tx, going, Verb.PUBLISH, at, by=by, rules=rules)
        return Asked(found, next((each for each in found if each.code == ALIKE), None))


async def send(
    db: Database,
    card_id: int,
    by: int,
    at: datetime,
    *,
    rules: DeskRules,
    seen: int | None = None,
    alike: int | None = None,
    update_of: int | None = None,
) -> Card | None:
    """Publish a card's story, once: whoever presses second, in whatever way, gets None.

    The push starts when the newsroom's moment to take it back is over. `seen` is the revision that the editor saw;
    `alike` and `update_of` are as in `Choice`. Refused where the card was dropped, as `changed-meanwhile`, as
    `warned` where a story that says the same came out meanwhile, and by a blocking check.
    """
    async with db.write(durable=True) as tx:
        card = await cards.get(tx, card_id, lock=True)
        if card is None or card.article_id is None:
            raise Refusal("stale")
        if card.state is CardState.DROPPED:
            raise Refusal("dropped")
        # Nothing is counted here: among a million chats that would hold the first reader up.
        if await cards.take(tx, card_id, CardState.OPEN, CardState.SENT, sent_at=at) is None:
            return None
        choice = Choice(card.audience, card.manner, rules.flash_undo, update_of, alike)
        article = await articles.get(tx, card.article_id, lock=True)
        assert article is not None
        if seen is not None and article.revision != seen and article.edited_by != by:
            raise Refusal("changed-meanwhile", headline=article.content.headline)
        made = await _go(tx, article, choice, at, by=by, rules=rules, bot_id=card.bot_id)
        sent = await cards.change(tx, card_id, bulletin_id=made.bulletin_id)
    story_log.published(made.article, by)
    return sent


async def send_story(
    db: Database,
    article_id: int,
    choice: Choice,
    *,
    at: datetime,
    by: int | None,
    rules: DeskRules,
    bot_id: int | None = None,
) -> Article:
    """Send a story as breaking news without a card; `bot_id` is where that was asked for. Refused as in `send`."""
    async with held(db, article_id) as (tx, before):
        made = await _go(tx, before, choice, at, by=by, rules=rules, bot_id=bot_id)
    story_log.published(made.article, story_log.COMMAND if by is None else by)
    return made.article


async def _go(
    tx: Transaction,
    before: Article,
    choice: Choice,
    at: datetime,
    *,
    by: int | None,
    rules: DeskRules,
    bot_id: int | None,
) -> Published:
    going = _as_flash(before, choice)
    found = await look(tx, going, Verb.PUBLISH, at, by=by, rules=rules)
    detail = passed(found, [each.code for each in found if choice.knows(each)])
    if going != before:
        await articles.save(tx, going)
    await audit.add(tx, at, by, FLASH, article_id=before.id, detail=_said(choice), bot_id=bot_id)
    languages = choice.audience.languages
    everybody = isinstance(choice.audience, Everybody)
    made = await publish_story(
        tx,
        before.id,
        at,
        by=by,
        lane=Lane.FLASH,
        audience=Everybody(languages) if everybody else Followers(languages=languages),
        not_before=at + choice.undo if choice.undo else None,
        detail=detail,
        unreviewed=not going.approved,
        manner=choice.manner,
    )
    await locks.fall(tx, before.id)
    return made


def _as_flash(article: Article, choice: Choice) -> Article:
    """Return the story as it would go out. Its topics are those whose followers get it."""
    chosen = choice.audience.topic_ids if isinstance(choice.audience, Followers) else None
    return replace(
        article,
        flash=True,
        topic_ids=article.topic_ids if chosen is None else tuple(sorted(chosen)),
        update_of=choice.update_of or article.update_of,
    )


def _said(choice: Choice) -> str:
    """Return the choice as the audit keeps it: `everybody ru,en silent`."""
    to = EVERYBODY if isinstance(choice.audience, Everybody) else "topics"
    languages = ",".join(choice.audience.languages or ()) or OWN_LANGUAGE
    return " ".join((to, languages, choice.manner.name.lower()))

"""Who gets an article: followers of its topics, everybody, or who has the story to which it replies."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, String, func, literal, or_, select, type_coerce

from bot.model.audience import Audience, Everybody, Followers, Holders, Narrow, StoryFollowers, Watchers
from bot.model.bulletin import Bulletin
from bot.model.delivery import WITHDRAWN, Lane, SubjectKind
from bot.model.following.mute import feed_of
from bot.model.languages import Codes
from bot.model.newsroom.coverage import Coverage
from bot.model.story.article import Status
from bot.model.story.topic import Topics
from bot.store.engine.database import Transaction
from bot.store.following import mutes
from bot.store.following.followers import ACTIVE, Recipients, followers, into_thread
from bot.store.newsroom import topics
from bot.store.newsroom.tables import article, article_topic
from bot.store.tables.audience import chat, mute
from bot.store.tables.ledger import delivery


class About(NamedTuple):
    """What decides who gets an article: topics, source, whether it goes out as a flash."""

    known: Topics
    topic_ids: Collection[int] = ()
    flash: bool = False
    source: str = ""
    revision: int = 0
    status: Status = Status.PUBLISHED

    @property
    def can_be_muted(self) -> bool:
        """Whether there is anything by which a chat could have muted the article."""
        return bool(self.topic_ids) or feed_of(self.source) is not None

    def muted(self, now: datetime) -> Any:
        """Return whether a mute keeps the article away: of a topic, of one above it, or of the article's feed."""
        above = {step for topic_id in self.topic_ids for step in (topic_id, *self.known.chain(topic_id))}
        return mutes.muting(above, feed_of(self.source), now)


async def look(tx: Transaction, article_id: int) -> About | None:
    """Return what decides who gets the article, as it stands now; None where there is no such article."""
    columns = (article.c.flash, article.c.source, article.c.revision, article.c.status)
    found = select(article_topic.c.topic_id, *columns)
    found = found.select_from(article).outerjoin(article_topic, article_topic.c.article_id == article.c.id)
    rows = (await tx.execute(found.where(article.c.id == article_id))).all()
    if not rows:
        return None
    topic_ids = sorted(row.topic_id for row in rows if row.topic_id is not None)
    return About(await topics.load(tx), topic_ids, *rows[0][1:])


async def muters(
    tx: Transaction, about: About, now: datetime, page: tuple[int, int] | None = None
) -> Select[Any] | None:
    """Return a select of the chats that have muted the article, of those on the page; None where nobody has.

    Asked first: the statement is the same as ever for a page without one.
    """
    if not about.can_be_muted:
        return None
    found = select(mute.c.chat_id).where(about.muted(now))
    if page is not None:
        found = found.where(mute.c.chat_id > page[0], mute.c.chat_id <= page[1])
    return found if (await tx.execute(found.limit(1))).first() is not None else None


def told_to(
    told: Bulletin,
    about: About,
    *,
    watchers: Iterable[Recipients] = (),
    story_followers: Iterable[Recipients] = (),
    coverages: Mapping[int, Coverage] | None = None,
) -> list[Recipients]:
    """Return selects of (bot, chat, thread) of all whom a bulletin is for. The first that names a chat decides.

    `watchers` watch for words of the story, `story_followers` follow the story that this one goes on with. Where there
    are `coverages`, chats of the bots that carry the story are told alone, and of the others who had it before.
    """
    about = about._replace(flash=told.lane is Lane.FLASH)
    chosen = [*chats_of(told.audience, about), *watchers]
    if coverages is not None:
        bots = carriers(coverages, about, told.audience, told.languages)
        chosen = [each.where((chat.c.bot_id + 0).in_(bots)) for each in chosen]
    if told.languages:
        chosen = [each.where(reads(told.languages)) for each in chosen]
    if told.reply_to is not None:
        # First: the reply belongs into the thread in which the first story stands.
        # Who had what was taken back is told, although by then it may stand there no more.
        had = [holders(told.reply_to, former=told.lane is Lane.KILL)]
        chosen[:0] = [*story_followers, *([] if isinstance(told.audience, StoryFollowers) else had)]
    if told.bot_id is not None:
        # With the bare column SQLite would look at every chat of the bot for each page, not at the page's chats.
        chosen = [each.where(chat.c.bot_id + 0 == told.bot_id) for each in chosen]
    return chosen


def carriers(
    coverages: Mapping[int, Coverage], about: About, audience: Audience | Narrow, languages: Codes
) -> list[int]:
    """Return the bots that carry a story for that audience in these languages."""
    chosen = audience.topic_ids if isinstance(audience, Followers) else None
    about_ids = about.topic_ids if chosen is None else chosen
    return [
        bot_id
        for bot_id, each in coverages.items()
        if each.carries(about.known, about_ids, languages, flash=about.flash)
    ]


def chats_of(audience: Audience | Narrow, about: About) -> list[Recipients]:
    """Return selects of (bot, chat, thread), which together name every chat of the audience for the article.

    The first select that names a chat gives the thread.
    """
    match audience:
        case Everybody(_):
            every = select(chat.c.bot_id, chat.c.id, into_thread(chat.c.thread_id, flash=about.flash)).where(
                ACTIVE
            )
            return [Recipients(every, chat.c.id)]
        case Holders(_) | StoryFollowers(_) | Watchers(_):
            return []
        case Followers(chosen, _):
            return list(followers_of(about if chosen is None else about._replace(topic_ids=chosen)))


def followers_of(about: About) -> Iterator[Recipients]:
    """Yield selects of who follows what the article is about, in a mode that brings it."""
    pushed = [topic_id for topic_id in about.topic_ids if not about.known.is_paused(topic_id)]
    # What is on paused topics alone goes to nobody, not to those of the whole wire either.
    if pushed or not about.topic_ids:
        # A topic that is no longer in use is none.
        chains = [chain for topic_id in pushed if (chain := about.known.chain(topic_id))]
        yield from followers(chains, flash=about.flash)


def holders(article_id: int, *, former: bool = False) -> Recipients:
    """Return a select of the chats in which the article is shown, in the thread in which it stands.

    `former`: of those, too, in which it was shown once.
    """
    first = delivery.alias("first")
    shows = (
        (first.c.bot_id == chat.c.bot_id)
        & (first.c.kind == literal(int(SubjectKind.ARTICLE)))
        & (first.c.subject_id == article_id)
        & (first.c.chat_id == chat.c.id)
    )
    chosen = select(chat.c.bot_id, chat.c.id, first.c.thread_id).join(first, shows)
    shown = func.coalesce(first.c.shown, WITHDRAWN) > WITHDRAWN
    had = or_(shown, first.c.accepted_at.is_not(None)) if former else shown
    return Recipients(chosen.where(ACTIVE, had), chat.c.id)


def reads(languages: Codes) -> Any:
    """Return whether a chat reads one of the languages. Nearly all chats chose none or one, which are asked first."""
    chosen = type_coerce(chat.c.news_languages, String)
    alone = [chosen == f",{code}," for code in languages]
    among_others = [chosen.like(f"%,{code},%") for code in languages]
    return or_(chosen.is_(None), *alone, *among_others)

"""What every conversation has at hand, and one visit: who speaks, where, in which language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from aiogram import Bot

from bot.model.article import Article
from bot.model.chat import Chat, ChatKind
from bot.model.clock import Clock
from bot.model.form import USUAL, Style
from bot.model.topic import Topics
from bot.readers import Database
from bot.rendering.article import ArticleRenderer
from bot.rendering.digest import DigestRenderer
from bot.rendering.story import Audience, Story, story_of
from bot.rendering.talk import Talk
from bot.telegram.refusals import RichRefusals


@dataclass(frozen=True)
class Context:
    """The bot's own: database, clock, renderers, who owns it.

    `unpaid` says why nothing is paid for that should be: see `Purse.why_not`.
    """

    db: Database
    clock: Clock
    bot_id: int
    bot_username: str
    owner_ids: frozenset[int]
    talk: Talk
    articles: ArticleRenderer
    digests: DigestRenderer
    language: str
    zone: str
    news_bell: Callable[[], None] = field(default=lambda: None)
    style: Style = USUAL
    refusals: RichRefusals = field(default_factory=RichRefusals)
    unpaid: Callable[[], str] = field(default=lambda: "")


@dataclass(frozen=True)
class Visit:
    """One message or press: `chat` is None where the chat is not known (yet)."""

    context: Context
    bot: Bot
    telegram_id: int
    kind: ChatKind
    user_id: int | None
    language: str
    chat: Chat | None
    thread_id: int | None = None

    def say(self, name: str, /, **facts: object) -> str:
        """Return a text in the visitor's language."""
        return self.context.talk.say(name, self.language, **facts)

    def label(self, name: str, /, **facts: object) -> str:
        """Return a button's label in the visitor's language."""
        return self.context.talk.label(name, self.language, **facts)

    def notice(self, name: str, /, **facts: object) -> str:
        """Return the answer to a press in the visitor's language."""
        return self.context.talk.notice(name, self.language, **facts)

    @property
    def audience(self) -> Audience:
        """Whom stories are rendered for here."""
        return audience_of(self.context, self.kind, self.language, self.chat)

    @property
    def style(self) -> Style:
        """How stories are shown here: as the chat chose, else as the newsroom has it."""
        known = self.chat
        return self.context.style.chosen(known.form, known.pictures) if known else self.context.style

    def story(self, article: Article, topics: Topics, related: Sequence[Article] = ()) -> Story:
        """Return an article as rendering takes it for this visitor, with others that are related to it."""
        return story_of(article, article.content, topics, self.audience, related)


def audience_of(context: Context, kind: ChatKind, language: str, chat: Chat | None) -> Audience:
    """Return whom stories are rendered for in a chat."""
    shown = "group" if kind is ChatKind.SUPERGROUP else str(kind)
    return Audience(language, shown, context.bot_username, zone=chat.zone if chat else context.zone)

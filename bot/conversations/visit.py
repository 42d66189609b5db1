"""Who speaks to the bot: a visitor (a person and a language), and a visit (a visitor in a chat)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiogram import Bot as Client

from bot.model.chat import Chat, ChatKind
from bot.model.story.article import Article
from bot.model.story.form import Style
from bot.model.story.topic import Topics
from bot.rendering.story import Readership, Story, story_of
from bot.services import Services


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """A person and the language they are answered in. `user_id` is Telegram's; None: an anonymous administrator."""

    services: Services
    user_id: int | None
    language: str

    @property
    def client(self) -> Client:
        """The client of the Bot API that answers go through."""
        return self.services.client

    def say(self, name: str, /, **facts: object) -> str:
        """Return a text in the visitor's language."""
        return self.services.talk.say(name, self.language, **facts)

    def label(self, name: str, /, **facts: object) -> str:
        """Return a button's label in the visitor's language."""
        return self.services.talk.label(name, self.language, **facts)

    def notice(self, name: str, /, **facts: object) -> str:
        """Return the answer to a press in the visitor's language."""
        return self.services.talk.notice(name, self.language, **facts)


@dataclass(frozen=True, kw_only=True)
class Visit(Visitor):
    """A visitor's message or press in a chat.

    `telegram_id` and `kind` are the chat's at Telegram. `chat` is the chat as the bot knows it; None where the
    bot does not know the chat (yet). `thread_id` is the forum topic that was spoken in.
    """

    telegram_id: int
    kind: ChatKind
    chat: Chat | None = None
    thread_id: int | None = None

    @property
    def readership(self) -> Readership:
        """Whom stories are rendered for in this chat."""
        return readership_of(self.services, self.kind, self.language, self.chat)

    @property
    def style(self) -> Style:
        """How stories look in this chat: the newsroom's style, with the chat's own choices."""
        style = self.services.bot.style
        return style.chosen(self.chat.form, self.chat.pictures) if self.chat else style

    def story(self, article: Article, topics: Topics, related: Sequence[Article] = ()) -> Story:
        """Return an article as rendering takes it for this chat; `related` are other articles of its topics."""
        return story_of(article, article.content, topics, self.readership, related=related)


def readership_of(services: Services, kind: ChatKind, language: str, chat: Chat | None) -> Readership:
    """Return whom stories are rendered for in a chat."""
    shown = "group" if kind is ChatKind.SUPERGROUP else str(kind)
    bot = services.bot
    return Readership(language, shown, bot.username, zone=chat.zone if chat else bot.zone)

"""A card: an editor's breaking news from the first word to the last delivery."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.audience import EVERYBODY, Audience, Everybody, Followers
from bot.model.delivery import Manner
from bot.model.languages import Codes, primary
from bot.model.story.article import Content


class CardState(StrEnum):
    """A card waits for its text (asked), is shown as a preview (open), goes out (sent), has gone out, or is dropped."""

    ASKED = "asked"
    OPEN = "open"
    SENT = "sent"
    DONE = "done"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Card:
    """A card in its author's private chat.

    `preview_id` and `control_id` are Telegram's ids of the messages that show the story and its buttons;
    `refreshed_at` is when the push's progress was shown last. The audience is everybody while no topic is chosen,
    and readers of the story's own language while no languages are chosen. `of_story` is a card of a story that stood
    at the desk before: it only says for whom and how the story goes out.
    """

    id: int
    bot_id: int
    telegram_chat_id: int
    user_id: int
    state: CardState
    created_at: datetime
    article_id: int | None = None
    audience: Audience = EVERYBODY
    preview_id: int | None = None
    control_id: int | None = None
    bulletin_id: int | None = None
    sent_at: datetime | None = None
    refreshed_at: datetime | None = None
    manner: Manner = Manner.SOUND
    of_story: bool = False

    @property
    def topics(self) -> tuple[int, ...]:
        """The ids of the topics whose followers the card is for; none while it is for everybody."""
        return (self.audience.topic_ids or ()) if isinstance(self.audience, Followers) else ()

    @property
    def everybody(self) -> bool:
        """Whether the card is for readers of any topic."""
        return isinstance(self.audience, Everybody)

    def languages(self, content: Content) -> Codes:
        """Return the languages whose readers the card is for: those chosen, else that of its story."""
        return self.audience.languages or (primary(content.language),)

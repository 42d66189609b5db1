"""What is asked for a field of a story: the question shows what the field says now, to be copied and mended."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aiogram.filters import BaseFilter
from aiogram.types import ForceReply, Message

from bot.conversations.answers import link_asking, marks_asked, send
from bot.conversations.desk.fields.fields import FIELDS
from bot.conversations.visit import Visit
from bot.model.message import OutgoingMessage
from bot.model.story.article import Article, Content
from bot.model.story.body import spoken
from bot.rendering.text.classic import Setting, blocks_html
from bot.rendering.text.fit import TEXT_ROOM, pages
from bot.rendering.text.spans import escape, read, write

_MARK = re.compile(r"e-([a-z]+)-([0-9]{1,18})-([0-9]{1,9})")
"""The mark in a question's link: the field, the story, the revision that the editor saw."""

SHORT = 2500
"""How many characters the question itself shows; more are sent before it."""


@dataclass(frozen=True, slots=True)
class FieldAsked:
    """For which field of which story, as it was at revision `seen`, the bot asked."""

    field: str
    article_id: int
    seen: int


class AnswersField(BaseFilter):
    """Passes an answer to the question for a field: `asked` is what was asked."""

    async def __call__(self, message: Message, visit: Visit) -> bool | dict[str, FieldAsked]:
        """Look for the link in the bot's own question."""
        found = (_asked(each) for each in marks_asked(message, visit))
        return next(({"asked": each} for each in found if each is not None), False)


async def ask_field(visit: Visit, field: str, article: Article) -> None:
    """Open the reply box for a field; what it says now comes with the question, in full."""
    said = FIELDS[field].words(article.content)
    long = f"<code>{escape(said)}</code>" if len(said) > SHORT else ""
    for page in pages(read(long or _body(field, article.content)), TEXT_ROOM, TEXT_ROOM):
        if page:
            await send(visit, OutgoingMessage(write(page)))
    link = link_asking(visit, f"e-{field}-{article.id}-{article.revision}")
    text = visit.say(
        "desk_field",
        field=field,
        headline=article.content.headline or str(article.id),
        link=link,
        current="" if long else said,
        above=bool(long) or (field == "text" and bool(spoken(article.content.blocks))),
        beside=len(article.content.blocks) > len(spoken(article.content.blocks)),
        picture=article.content.picture is not None,
    )
    box = ForceReply(input_field_placeholder=visit.label("field_answer", field=field))
    await visit.client.send_message(visit.telegram_id, text, reply_markup=box)


def _body(field: str, content: Content) -> str:
    """Return the body as it is set, every sign as it was written: what is copied is sent back."""
    if field != "text":
        return ""
    return blocks_html(spoken(content.blocks), Setting(content.language, typeset=False))


def _asked(mark: str) -> FieldAsked | None:
    found = _MARK.fullmatch(mark)
    if found is None or found[1] not in FIELDS:
        return None
    return FieldAsked(found[1], int(found[2]), int(found[3]))

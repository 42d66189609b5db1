"""What is asked in words about topics and feeds. The question's own link says what it is about: nothing is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aiogram.filters import BaseFilter
from aiogram.types import ForceReply, Message

from bot.conversations.answers import link_asking, marks_asked
from bot.conversations.visit import Visit

ASKED = ("feed", "fname", "topic", "tname")
"""The address of a new feed, a feed's name, the name of a new topic, a topic's new name."""

_MARK = re.compile(r"n-([a-z]+)-([0-9]{1,18})-([0-9]{1,9})(-s)?")
"""The mark in a question's link: what is asked, about which topic or feed, the version seen."""


@dataclass(frozen=True, slots=True)
class SourceQuestion:
    """What the bot asked. `number` is a feed or a topic, 0 for none; of a new topic, the one above it."""

    what: str
    number: int = 0
    seen: int = 0
    setup: bool = False


class AnswersSources(BaseFilter):
    """Passes an answer to a question about topics and feeds: `question` is what was asked."""

    async def __call__(self, message: Message, visit: Visit) -> bool | dict[str, SourceQuestion]:
        """Look for the link in the bot's own question."""
        found = (_question(each) for each in marks_asked(message, visit))
        return next(({"question": each} for each in found if each is not None), False)


async def ask(
    visit: Visit, what: str, *, number: int = 0, seen: int = 0, title: str = "", setup: bool = False
) -> None:
    """Open the reply box for an address or a name."""
    link = link_asking(visit, f"n-{what}-{number}-{seen}{'-s' if setup else ''}")
    shown = title or visit.label("src_add_feed" if what == "feed" else "src_add_topic")
    text = visit.say("source_ask", what=what, title=shown, link=link)
    box = ForceReply(input_field_placeholder=visit.label("src_answer", what=what))
    await visit.client.send_message(visit.telegram_id, text, reply_markup=box)


def _question(mark: str) -> SourceQuestion | None:
    found = _MARK.fullmatch(mark)
    if found is None or found[1] not in ASKED:
        return None
    return SourceQuestion(found[1], int(found[2]), int(found[3]), setup=found[4] is not None)

"""What an editor pressed where a story is changed, and how such a press ends."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiogram.types import CallbackQuery

from bot.conversations.access import need
from bot.conversations.answers import change
from bot.conversations.desk.entrance import is_desk, refused_words, story_meant
from bot.conversations.desk.fields.pages import edit_page, locked_page
from bot.conversations.presses import answer_press
from bot.conversations.visit import Visit
from bot.desk.story import lock
from bot.model.chat import ChatKind
from bot.model.errors import Refusal
from bot.model.message import OutgoingMessage
from bot.model.newsroom.role import Right
from bot.model.press import unpack
from bot.model.story.article import IN_THE_MAKING, Article

Page = Callable[[Visit, int], Awaitable[OutgoingMessage]]
"""Makes the page that is shown of a story's number."""


@dataclass(frozen=True, slots=True)
class EditPress:
    """Who pressed which story's button, the revision that they saw, and what the button says beside that."""

    editor: int
    article: Article
    seen: int
    word: str
    number: int

    @property
    def article_id(self) -> int:
        """The story's number."""
        return self.article.id


async def edit_pressed(
    press: CallbackQuery, visit: Visit, right: Right = Right.WRITE, *, out: bool = False
) -> EditPress:
    """Return what was pressed: `edit:<verb>:<story>:<revision seen>:<word>:<number>`.

    Refused without the right for the story's topics, and, unless `out`, once readers saw the story.
    """
    data = unpack(press.data or "")
    article_id = data.number(1)
    if article_id is None or visit.kind is not ChatKind.PRIVATE:
        # Whoever may do nothing here learns that first.
        await need(visit, right)
        raise Refusal("stale" if article_id is None or not await is_desk(visit) else "private-only")
    meant = await story_meant(visit, right, article_id, data.version(2))
    article = meant.article
    if not out and article.status not in IN_THE_MAKING:
        raise Refusal(f"already-{article.status}", headline=article.content.headline)
    return EditPress(meant.editor, article, meant.seen, ("", *data.args[3:4])[-1], data.number(4) or 0)


async def taken(press: CallbackQuery, visit: Visit, pressed: EditPress) -> bool:
    """Take or keep the story's lock for the editor; where somebody else has it, show who, and return False."""
    try:
        await lock.take(visit.services.db, pressed.article_id, at=visit.services.now(), by=pressed.editor)
    except Refusal as refusal:
        if refusal.code != "locked":
            raise
        await change(visit, press, await locked_page(visit, pressed.article))
        return False
    return True


async def edited(
    press: CallbackQuery,
    visit: Visit,
    pressed: EditPress,
    deed: Awaitable[object],
    *,
    page: Page | None = None,
) -> None:
    """Do an edit, and show the story's fields, or `page`, as they are then. Who was faster is named."""
    try:
        await deed
    except Refusal as refusal:
        await answer_press(press, await refused_words(visit, refusal), alert=True)
    else:
        await answer_press(press, visit.notice("saved"))
    await change(visit, press, await (page or edit_page)(visit, pressed.article_id))

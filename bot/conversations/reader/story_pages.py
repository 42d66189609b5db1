"""A story shown to a visitor: in its brief's place, below a picture, page by page, or at the chat's end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from aiogram.types import CallbackQuery

from bot.conversations.answers import chat_end, pressed, show
from bot.conversations.visit import Visit
from bot.model.chat import ChatKind
from bot.model.delivery import Subject, SubjectKind
from bot.model.message import OutgoingMessage
from bot.model.story.fallback import Attempt
from bot.model.story.form import Form, Style
from bot.rendering.buttons import BRIEF, CLOSE
from bot.rendering.story import Story
from bot.telegram.replies import Place

Other = Callable[[Story, Style], OutgoingMessage]
"""Renders a story where the rich form is not wanted, or not taken."""


async def open_story(
    visit: Visit, press: CallbackQuery, story: Story, *, page: int, back: str | None
) -> None:
    """Show a story in full: as an article in its brief's place, or page by page in the classic form.

    A photo can't become an article, which then stands as a reply below the photo: in a private chat alone,
    where it disturbs nobody. `back` is what a button says that leads back to a list.
    """
    place = pressed(visit, press)
    possible = visit.kind is ChatKind.PRIVATE or not place.photo
    rich = possible and page == 0 and visit.style.form is not Form.CLASSIC

    def classic(shown: Story, style: Style) -> OutgoingMessage:
        return visit.services.articles.full(shown, visit.readership, page, photo=place.photo, back=back)

    style = replace(visit.style, form=Form.RICH if rich else Form.CLASSIC)
    await _show(visit, place, story, classic, style=style, way=CLOSE if place.photo else back or BRIEF)


async def turn_page(visit: Visit, press: CallbackQuery, story: Story, *, page: int, way: str | None) -> None:
    """Show another page of an article in its place; where Telegram refuses it, the classic form's first."""

    def classic(shown: Story, style: Style) -> OutgoingMessage:
        return visit.services.articles.full(shown, visit.readership)

    style = replace(visit.style, form=Form.RICH)
    await _show(visit, pressed(visit, press), story, classic, style=style, page=page, way=way)


async def send_story(visit: Visit, story: Story) -> None:
    """Send a story: as an article where the chat likes those, else in short."""

    def short(shown: Story, style: Style) -> OutgoingMessage:
        return visit.services.articles.short(shown, visit.readership, style)

    await _show(visit, chat_end(visit), story, short, style=visit.style)


async def _show(
    visit: Visit,
    place: Place,
    story: Story,
    other: Other,
    *,
    style: Style,
    page: int = 0,
    way: str | None = None,
) -> None:
    articles, readership = visit.services.articles, visit.readership

    def make(tried: Attempt) -> OutgoingMessage:
        shown = replace(story, content=tried.left(story.content))
        if tried.style.form is Form.RICH:
            return articles.rich(shown, readership, page, pictures=tried.style.pictures, way=way)
        return other(shown, tried.style)

    subject = Subject(SubjectKind.ARTICLE, story.id)
    await show(visit, place, make, style=style, subject=subject, revision=story.revision)

"""A story shown to the editor alone as readers of another form or language get it."""

from __future__ import annotations

from dataclasses import replace

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.conversations.answers import change, chat_end, send, show
from bot.conversations.desk.entrance import story_pressed
from bot.conversations.desk.pages import back
from bot.conversations.language import own_name
from bot.conversations.visit import Visit
from bot.model.delivery import Subject, SubjectKind
from bot.model.desk.title import head
from bot.model.errors import Refusal
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack, unpack
from bot.model.story.article import TAKEN_BACK, Article
from bot.model.story.fallback import Attempt
from bot.model.story.form import Form, Style
from bot.readers import topics
from bot.rendering.story import Story
from bot.tongues import codes

router = Router(name="desk_looks")

LINE = "line"
"""Stands for the story as a digest tells it, among the forms."""

FORMS = (*(form.value for form in Form), LINE)
CHOSEN, OPEN = "✅", "▫️"


@router.callback_query(F.data.startswith("desk:looks:"))
async def show_looks(press: CallbackQuery, visit: Visit) -> None:
    """Show the forms and languages in which the story can be looked at."""
    pressed = await story_pressed(press, visit)
    code = ("", *unpack(press.data or "").args[3:4])[-1]
    language = code if code in codes() else visit.language
    await change(visit, press, looks_page(visit, pressed.article, language))


@router.callback_query(F.data.startswith("desk:look:"))
async def show_look(press: CallbackQuery, visit: Visit) -> None:
    """Send the story in the form and in the language that were chosen, below the page."""
    pressed = await story_pressed(press, visit)
    said = unpack(press.data or "").args[3:5]
    form, language = said if len(said) == 2 else ("", "")
    article = pressed.article
    if form not in FORMS or language not in codes():
        raise Refusal("stale")
    if article.status in TAKEN_BACK:
        raise Refusal(f"already-{article.status}", headline=article.content.headline)
    # The bot's own words change with the language; the story says what it says.
    shown = replace(visit, language=language)
    article = replace(article, published_at=article.published_at or visit.services.now())
    story = shown.story(article, await topics.all_topics(visit.services.db))
    await _send(shown, replace(story, flash=form == Form.FLASH), form)


def looks_page(visit: Visit, article: Article, language: str) -> OutgoingMessage:
    """Return the forms, each a button, and the language of the bot's words, which the buttons bear."""
    spoken = [
        Button(
            f"{CHOSEN if code == language else OPEN} {own_name(code)}",
            press=pack("desk", "looks", article.id, article.revision, code),
        )
        for code in codes()
    ]
    forms = [
        Button(
            visit.label("form_of", form=form),
            press=pack("desk", "look", article.id, article.revision, form, language),
        )
        for form in FORMS
    ]
    rows = [tuple(forms[at : at + 2]) for at in range(0, len(forms), 2)]
    text = visit.say("desk_looks", headline=head(article.id, article.content.headline))
    return OutgoingMessage(text, buttons=(*rows, tuple(spoken), (back(visit, article),)))


async def _send(visit: Visit, story: Story, form: str) -> None:
    articles, readership = visit.services.articles, visit.readership
    if form == LINE:
        page = visit.services.digests.latest([story], readership, title_topic=None)
        await send(visit, replace(page, buttons=()))
        return
    style = Style(Form(form), pictures=visit.style.pictures)
    if style.form is Form.CLASSIC:
        for part in articles.classic(story, readership, pictures=style.pictures):
            await send(visit, part)
        return

    def make(tried: Attempt) -> OutgoingMessage:
        shown = replace(story, content=tried.left(story.content))
        return articles.parts(shown, readership, tried.style)[0]

    subject = Subject(SubjectKind.ARTICLE, story.id)
    await show(visit, chat_end(visit), make, style=style, subject=subject, revision=story.revision)

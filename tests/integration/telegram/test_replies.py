"""Messages shown in a conversation: sent or changed, and in the fullest form that Telegram takes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError

from bot.model.delivery import Subject, SubjectKind
from bot.model.errors import RichRefused
from bot.model.message import PHOTO, RICH, TEXT, Button, OutgoingMessage
from bot.model.story.content import Media, MediaKind
from bot.model.story.fallback import Attempt
from bot.model.story.form import Form, Style
from bot.sandbox import Sandbox
from bot.sandbox.world.pictures import draw
from bot.telegram.replies import Place, change, show, show_as
from bot.telegram.rich_refusals import RichRefusals
from tests.support.world import TOKEN, client_of

ANNA = 21
STORY = Subject(SubjectKind.ARTICLE, 42)
HARBOUR, NONE = "https://news.example.com/harbour.png", "https://news.example.com/none.png"
PLAIN = OutgoingMessage("Мост открыт", buttons=((Button("Дальше", press="full:42"),),))


def photo(url: str) -> OutgoingMessage:
    """Return a message with a picture."""
    return OutgoingMessage("Мост открыт", Media(MediaKind.PICTURE, url), PLAIN.buttons)


@dataclass
class Talk:
    """A bot in conversation with Anna, and the attempts that it made to show her a story."""

    bot: Bot
    sandbox: Sandbox
    tried: list[Attempt]
    refusals: RichRefusals

    @property
    def shown(self) -> list[dict[str, Any]]:
        """The bot's messages, oldest first."""
        return [each for each in self.sandbox.messages(ANNA) if each["from"]["is_bot"]]

    async def story(self, *urls: str, standing: int | None = None, is_photo: bool = False) -> str:
        """Show a story with these pictures as an article, and return the form in which it stands then."""

        def make(tried: Attempt) -> OutgoingMessage:
            self.tried.append(tried)
            left = [url for url in urls if url not in tried.refused and tried.style.pictures]
            if tried.style.form is not Form.RICH:
                return photo(left[0]) if left else PLAIN
            images = "".join(f'<img src="{url}"/>' for url in left)
            return OutgoingMessage(f"<h1>Мост открыт</h1>{images}", rich=True)

        place = Place(self.bot, ANNA, standing=standing, photo=is_photo)
        stands = await show_as(
            Style(Form.RICH), place, make, subject=STORY, revision=1, refusals=self.refusals
        )
        assert stands.message_id in [each["message_id"] for each in self.shown]
        return stands.form

    def refuse(self, description: str, **match: str) -> None:
        """Let Telegram refuse every call that matches."""
        text = f"Bad Request: {description}"
        self.sandbox.fault("error", match=match, times=None, code=400, description=text)


@pytest.fixture
async def talk(sandbox: Sandbox) -> AsyncIterator[Talk]:
    """A bot that Anna has started, and one picture that can be had."""
    sandbox.add_bot(TOKEN, "vestnik_bot", "Вестник")
    sandbox.add_user("Анна", id=ANNA)
    sandbox.send(ANNA, ANNA, "/start")
    sandbox.offer_picture(HARBOUR, draw(1))
    async with client_of(sandbox.url) as bot:
        yield Talk(bot, sandbox, [], RichRefusals())


async def test_a_page_is_sent_and_changed_in_place(talk: Talk) -> None:
    stands = await show(talk.bot, ANNA, PLAIN)
    assert stands.form == TEXT
    await change(talk.bot, ANNA, stands.message_id, OutgoingMessage("<b>Мост</b> закрыт"), photo=False)
    (shown,) = talk.shown
    assert shown["text"] == "Мост закрыт"
    assert "reply_markup" not in shown


async def test_a_page_that_reads_so_already_is_left_alone(talk: Talk) -> None:
    stands = await show(talk.bot, ANNA, PLAIN)
    await change(talk.bot, ANNA, stands.message_id, PLAIN, photo=False)
    assert [each["text"] for each in talk.shown] == ["Мост открыт"]


async def test_of_a_photo_the_caption_changes(talk: Talk) -> None:
    stands = await show(talk.bot, ANNA, photo(HARBOUR))
    assert stands.form == PHOTO
    await change(talk.bot, ANNA, stands.message_id, OutgoingMessage("Мост закрыт"), photo=True)
    (shown,) = talk.shown
    assert (shown["caption"], bool(shown["photo"])) == ("Мост закрыт", True)


@pytest.mark.parametrize(
    ("url", "refused"),
    [(NONE, ""), (HARBOUR, "not enough rights to send photos to the chat"), (HARBOUR, "MEDIA_EMPTY")],
)
async def test_a_page_whose_picture_is_refused_is_sent_as_a_text(talk: Talk, url: str, refused: str) -> None:
    if refused:
        talk.refuse(refused, method="sendPhoto")
    assert (await show(talk.bot, ANNA, photo(url))).form == TEXT
    (shown,) = talk.shown
    assert shown["text"] == "Мост открыт"
    assert shown["reply_markup"]["inline_keyboard"][0][0]["text"] == "Дальше"


async def test_what_is_no_fault_of_the_message_is_told_as_telegram_words_it(talk: Talk) -> None:
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await change(talk.bot, ANNA, 999, PLAIN, photo=False)
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await talk.story(standing=999)
    talk.sandbox.block(ANNA)
    with pytest.raises(TelegramForbiddenError):
        await talk.story()
    assert len(talk.tried) == 2


async def test_a_story_is_shown_without_the_pictures_that_telegram_cannot_have(talk: Talk) -> None:
    assert await talk.story(NONE) == RICH
    (shown,) = talk.shown
    assert "<img" not in shown["rich_message"]["html"]
    assert [(each.style, set(each.refused)) for each in talk.tried] == [
        (Style(Form.RICH), set()),
        (Style(Form.RICH), {NONE}),
    ]


async def test_a_story_refused_as_an_article_is_shown_classic_and_not_tried_again(talk: Talk) -> None:
    talk.refuse("RICH_MESSAGE_INVALID", method="sendRichMessage")
    assert [await talk.story(HARBOUR) for _ in range(2)] == [PHOTO, PHOTO]
    assert len(talk.sandbox.calls(method="sendRichMessage")) == 1
    assert [each.style.form for each in talk.tried] == [Form.RICH, Form.CLASSIC, Form.CLASSIC]


async def test_a_story_of_which_all_but_the_text_is_refused_is_shown_as_a_text(talk: Talk) -> None:
    talk.refuse("RICH_MESSAGE_INVALID", method="sendRichMessage")
    talk.refuse("not enough rights to send photos to the chat", method="sendPhoto")
    assert await talk.story(HARBOUR) == TEXT
    assert talk.tried[-1] == Attempt(Style(Form.CLASSIC, pictures=False))


async def test_an_article_takes_a_texts_place_and_stands_below_a_photo(talk: Talk) -> None:
    text = await show(talk.bot, ANNA, PLAIN)
    assert await talk.story(standing=text.message_id) == RICH
    picture = await show(talk.bot, ANNA, photo(HARBOUR))
    assert await talk.story(standing=picture.message_id, is_photo=True) == RICH
    opened, above, below = talk.shown
    assert opened["message_id"] == text.message_id
    assert "<h1>" in opened["rich_message"]["html"]
    assert above["photo"]
    assert below["reply_to_message"]["message_id"] == picture.message_id


async def test_below_a_photo_the_classic_form_is_its_caption(talk: Talk) -> None:
    talk.refuse("RICH_MESSAGE_INVALID", method="sendRichMessage")
    picture = await show(talk.bot, ANNA, OutgoingMessage("Коротко", photo(HARBOUR).picture))
    await talk.story(HARBOUR, standing=picture.message_id, is_photo=True)
    (shown,) = talk.shown
    assert shown["caption"] == "Мост открыт"


async def test_a_rich_page_that_nobody_can_render_otherwise_is_refused(talk: Talk) -> None:
    talk.refuse("RICH_MESSAGE_INVALID", method="sendRichMessage")
    with pytest.raises(RichRefused):
        await show(talk.bot, ANNA, OutgoingMessage("<h1>Мост</h1>", rich=True))

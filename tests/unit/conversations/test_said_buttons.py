"""The buttons that /press finds in a message."""

from __future__ import annotations

from datetime import UTC, datetime

from aiogram.types import (
    Chat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    RichBlockParagraph,
    RichMessage,
    RichMessageButton,
    RichTextBold,
    RichTextButton,
)

from bot.conversations.reader.ways.presses import buttons_in


def test_headlines_of_a_rich_digest_are_buttons_too() -> None:
    bold = RichTextBold(text="Мост")
    opens = RichMessageButton(text=[bold, " открыт"], callback_data="open:1:digest:1")
    message = Message(
        message_id=1,
        date=datetime.now(UTC),
        chat=Chat(id=1, type="private"),
        rich_message=RichMessage(blocks=[RichBlockParagraph(text=["1. ", RichTextButton(button=opens)])]),
        reply_markup=InlineKeyboardMarkup(
            inline_keyboard=[[InlineKeyboardButton(text="Поделиться", url="https://t.me/share")]]
        ),
    )
    found = [(each.text, each.callback_data or each.url) for each in buttons_in(message)]
    assert found == [("Поделиться", "https://t.me/share"), ("Мост открыт", "open:1:digest:1")]

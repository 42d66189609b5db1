"""In a group its administrators alone set the bot up, unseen by the others where Telegram allows that."""

from __future__ import annotations

from tests.journeys.newsroom.conftest import Newsroom
from tests.journeys.newsroom.places.conftest import BORIS, Side, forum, tell
from tests.support.messages import labels


async def test_an_administrator_chooses_unseen_and_a_member_is_refused_unseen(
    newsroom: Newsroom, side: Side
) -> None:
    chat, _ = await forum(newsroom, side, admin=True)
    await newsroom.first_look()
    seen = len(newsroom.shown(chat))
    newsroom.send(BORIS, "/topics@vestnik_bot", chat)
    await newsroom.until(lambda: newsroom.sandbox.ephemeral(chat, BORIS))
    newsroom.sandbox.command(chat, side.keeper, "/topics@vestnik_bot")
    menu = await newsroom.aside(side.keeper, chat, side.of("Нажмите на тему", "Press a topic"))
    await newsroom.press(side.keeper, menu, side.economy)
    await newsroom.until(
        lambda: f"✅ {side.economy}" in labels(newsroom.sandbox.ephemeral(chat, side.keeper)[-1])
    )
    newsroom.sandbox.command(chat, side.keeper, "/settings@vestnik_bot")
    page = await newsroom.aside(side.keeper, chat, side.of("Настройки", "Settings"))
    await newsroom.press(side.keeper, page, side.of("Формат", "Format"))
    await newsroom.until(
        lambda: any(
            side.of("Кратко", "In brief") in label
            for label in labels(newsroom.sandbox.ephemeral(chat, side.keeper)[-1])
        )
    )
    assert len(newsroom.shown(chat)) == seen
    assert newsroom.sandbox.ephemeral(chat, BORIS)[-1]["text"] == side.of(
        "Это могут изменить только администраторы чата.", "Only administrators of this chat can change that."
    )
    await newsroom.answer(chat, await tell(newsroom, 1, "economy"))

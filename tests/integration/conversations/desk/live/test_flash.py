"""The progress of breaking news is kept up to date as cards are, also by the process after one that died."""

from __future__ import annotations

from bot.conversations.editor.cards import show_open_again
from bot.desk import breaking, pushes
from bot.desk.flash.send import send
from bot.model.desk.rules import DeskRules
from tests.support.desk import live
from tests.support.messages import Message, data_of, labels, plain
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, World


async def prepared(room: World) -> tuple[Message, int]:
    """Return the controls of a card that can be sent, and the card's number."""
    room.send(OLGA, "/breaking Мост закрыт до утра")
    control = await room.answer(OLGA, "Кому")
    await room.say(OLGA, "/id")
    return control, int(str(data_of(control, "Отправить")).split(":")[2])


async def test_the_progress_follows_what_others_do_until_it_is_over(desk: World) -> None:
    control, card = await prepared(desk)
    await desk.forge(OLGA, control, f"flash:sure:{card}")
    shown = await desk.answer(OLGA, "Отправляется")
    await desk.services.errands.settle()
    bulletin, _ = await breaking.push_of(desk.db, card)
    await pushes.pause(desk.db, bulletin, desk.clock.now(), OLGA)
    await live.cards(desk)
    assert "На паузе" in plain(desk.again(shown))
    assert "Продолжить" in labels(desk.again(shown))
    await desk.say(OLGA, "/id")
    await pushes.stop(desk.db, bulletin, desk.clock.now(), OLGA)
    await live.cards(desk)
    assert "Остановлено" in plain(desk.again(shown)), "what is over stays where it is"
    assert labels(desk.again(shown)) == []


async def test_what_was_sent_before_a_death_is_shown_after_it(desk: World) -> None:
    _, card = await prepared(desk)
    assert await send(desk.db, card, OLGA, desk.clock.now(), rules=DeskRules())
    await show_open_again(desk.services)
    await desk.answer(OLGA, "Отправляется")
    await desk.services.errands.settle()
    assert len([each for each in desk.texts(OLGA) if "Отправляется" in each]) == 1
    assert not [each for each in desk.texts(OLGA) if "Кому" in each], "the controls have gone"
    (push,) = await breaking.under_way(desk.db, BOT)
    assert push.card.refreshed_at is not None

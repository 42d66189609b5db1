"""The first words: /start, its deep links, /help, /id, and what is not understood."""

from __future__ import annotations

from bot.model.article import Content
from bot.model.chat import ChatState
from bot.readers import topics
from bot.store import articles
from bot.store.database import writes

ANNA, BORIS, JAMES, OWNER = 21, 22, 23, 11
ECONOMY = 3


def text_of(message) -> str:
    return message.get("text") or message.get("caption") or ""


def labels(message) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


async def test_start_greets_by_name_and_offers_topics(room) -> None:
    greeting = await room.say(ANNA, "/start")
    assert "Анна" in text_of(greeting)
    assert any("Экономика" in label for label in labels(greeting))
    assert (await room.chat(ANNA)).state is ChatState.ACTIVE


async def test_a_name_made_of_markup_is_shown_as_it_is(room) -> None:
    room.sandbox.add_user("<b>Имя</b>\u202e" + "я" * 50, id=31, language_code="ru")
    greeting = await room.say(31, "/start")
    assert "<b>Имя</b>" in text_of(greeting)


async def test_a_link_to_a_topic_offers_to_follow_it(room) -> None:
    offer = await room.say(ANNA, "/start t-economy")
    assert "Экономика" in text_of(offer)
    await room.press(ANNA, offer, "Экономика")
    await room.changed(offer, "✅ Экономика")
    here = await room.chat(ANNA)
    assert (await topics.choices(room.db, here.id))[1] == {ECONOMY: True}


async def test_a_link_to_a_story_shows_it_after_a_newcomers_greeting(room) -> None:
    article = await room.story("Мост <b>открыт</b>", ECONOMY)
    room.sandbox.send(ANNA, ANNA, f"/start a-{article}")
    await room.seen(ANNA, "Мост <b>открыт</b>")
    greeting, story = room.texts(ANNA)
    assert "Анна" in greeting
    assert "Мост <b>открыт</b>" in story
    assert "Мост <b>открыт</b>" in text_of(await room.say(ANNA, f"/start a-{article}"))
    assert len(room.shown(ANNA)) == 3


async def test_links_that_lead_nowhere_are_answered_kindly(room) -> None:
    await room.say(ANNA, "/start")
    assert "больше нет" in text_of(await room.say(ANNA, "/start a-999"))
    for payload in ("t-nothing", "a-x", "a-" + "9" * 60, "<b>", "t-" + "x" * 62, "a-1 a-2", "'; --"):
        assert "Анна" in text_of(await room.say(ANNA, f"/start {payload}"))


async def test_a_draft_can_not_be_read_by_its_link(room) -> None:
    content = Content("Черновик")
    draft = await writes(articles.add)(room.db, content, source="desk", uid="d", at=room.clock.now())
    await room.say(ANNA, "/start")
    assert "больше нет" in text_of(await room.say(ANNA, f"/start a-{draft.id}"))


async def test_people_are_spoken_to_in_their_own_language(room) -> None:
    assert "Hello" in text_of(await room.say(JAMES, "/start"))
    assert "Economy" in " ".join(labels(await room.say(JAMES, "/topics")))
    for code, word in (("uk", "Здравствуйте"), ("de", "Hello"), ("", "Здравствуйте")):
        user = 40 + len(code) + (code == "de")
        room.sandbox.add_user("X", id=user, language_code=code)
        assert word in text_of(await room.say(user, "/start"))


async def test_help_tells_owners_more(room) -> None:
    assert "/breaking" not in text_of(await room.say(ANNA, "/help"))
    help_text = text_of(await room.say(OWNER, "/help"))
    assert "/breaking" in help_text
    assert "/editors" in help_text


async def test_id_tells_person_and_chat(room) -> None:
    assert str(ANNA) in text_of(await room.say(ANNA, "/id"))


async def test_unknown_words_are_answered_kindly_in_private(room) -> None:
    assert "/topics" in text_of(await room.say(ANNA, "что нового?"))
    assert "/topics" in text_of(await room.say(ANNA, "/nonsense"))
    assert "/topics" in text_of(await room.say(ANNA, "", photo=True))


async def test_a_button_of_nothing_is_answered_kindly(room) -> None:
    greeting = await room.say(ANNA, "/start")
    for data in (
        "nonsense",
        "pick:x",
        "topics:zz",
        "full:x",
        "mute:",
        "set:zone:Mars",
        "flash:",
        "list:",
        ":",
    ):
        answer = await room.forge(ANNA, greeting, data)
        assert answer["answered"]
    assert "/help" in (await room.forge(ANNA, greeting, "nonsense"))["text"]

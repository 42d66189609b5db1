"""/search: words, filters, pages and marks, by commands, questions and buttons, in private and in groups."""

from __future__ import annotations

import re

import pytest

from bot.desk.amend import kill
from bot.readers.search.asked import MOST_CHARACTERS
from bot.store.newsroom.search import synonyms
from tests.support.messages import Message, data_of, labels, plain, text_of
from tests.support.transactions import writes
from tests.support.world import World

BOT, ANNA, BORIS, JAMES = 700700, 21, 22, 23
WORLD, ASIA, ECONOMY = 1, 2, 3


def bold(message: Message) -> list[str]:
    """Return the words of a message that are bold."""
    said = text_of(message).encode("utf-16-le")
    return [
        said[2 * each["offset"] : 2 * (each["offset"] + each["length"])].decode("utf-16-le")
        for each in message.get("entities", ())
        if each["type"] == "bold"
    ]


async def test_a_word_is_found_in_any_form_and_marked(room: World) -> None:
    await room.story("Переговоры в Бишкеке", text="Делегация Киргизии прибыла утром.")
    found = await room.say(ANNA, "/search киргизия")
    assert "Переговоры в Бишкеке" in plain(found)
    assert "Киргизии" in bold(found)
    assert "Поиск: киргизия" in bold(found)
    assert "минут" in plain(found)


async def test_the_newsrooms_synonyms_join(room: World) -> None:
    await room.story("Переговоры", text="Премьер Кыргызстана прибыл утром.")
    assert "Ничего не нашлось" in plain(await room.say(ANNA, "/search киргизия"))
    await writes(synonyms.replace)(room.db, [("Киргизия", "Кыргызстан")])
    assert "Кыргызстана" in bold(await room.say(ANNA, "/search киргизии"))


async def test_english_words_in_any_form(room: World) -> None:
    await room.story("Bridges reopened", text="Two bridges were closed.", language="en")
    found = await room.say(JAMES, "/search bridge")
    assert "Search: bridge" in plain(found)
    assert "bridges" in bold(found)
    assert "Newest first" not in labels(found)
    assert "In the headline first" in labels(found)


async def test_what_is_understood_is_said(room: World) -> None:
    await room.story("Мост открыт", ECONOMY)
    await room.story("Мост закрыт", ASIA)
    said = plain(await room.say(ANNA, "/search мост -поезд #экономика за неделю на всех языках"))
    assert "Поиск: мост −поезд" in said
    assert "Тема: Экономика" in said
    assert re.search(r"С \d+ [а-я]+", said)
    assert "На всех языках" in said
    assert "Мост открыт" in said
    assert "Мост закрыт" not in said


async def test_words_that_name_no_topic_and_prefixes_too_short_are_said(room: World) -> None:
    await room.story("Погода", text="Эльбрус в снегу.")
    said = plain(await room.say(ANNA, "/search #погода"))
    assert "Темы «погода» нет" in said
    assert "Эльбрус" in said
    assert "Звёздочка" in plain(await room.say(ANNA, "/search эл*"))
    assert "Эльбрус" in plain(await room.say(ANNA, "/search эль*"))


async def test_pages_are_turned_and_stories_opened_and_left_again(room: World) -> None:
    for number in range(12):
        await room.story(f"Мост-{number:02}", ECONOMY, text="Подробности. " * 200)
    page = await room.say(ANNA, "/search мост")
    assert re.findall(r"Мост-\d\d", text_of(page)) == [f"Мост-{at:02}" for at in (11, 10, 9, 8, 7)]
    await room.press(ANNA, page, "Дальше")
    page = await room.changed(page, "Мост-06")
    assert {"6", "10", "‹ Назад"} <= set(labels(page))
    await room.press(ANNA, page, "Дальше")
    page = await room.changed(page, "Мост-00")
    assert "Дальше ›" not in labels(page)
    await room.press(ANNA, page, "12")
    await room.press(ANNA, await room.changed(page, "К списку"), "К списку")
    page = await room.changed(page, "Мост-01")
    await room.press(ANNA, page, "Назад")
    await room.changed(page, "Мост-06")


async def test_words_in_the_headline_can_come_first(room: World) -> None:
    await room.story("Мост через реку")
    await room.story("Погода", text="Мост и река.")
    page = await room.say(ANNA, "/search мост")
    assert text_of(page).index("Погода") < text_of(page).index("через реку")
    await room.press(ANNA, page, "Сначала заголовки")
    page = await room.changed(page, "Сначала новые")
    assert text_of(page).index("через реку") < text_of(page).index("Погода")
    await room.press(ANNA, page, "Сначала новые")
    await room.changed(page, "Сначала заголовки")


async def test_filters_by_buttons(room: World) -> None:
    await room.story("Мост открыт", ECONOMY)
    await room.story("Мост закрыт", ASIA)
    page = await room.say(ANNA, "/search мост")
    await room.press(ANNA, page, "Уточнить")
    page = await room.changed(page, "За неделю")
    assert {"✅ За всё время", "✅ Все темы", "Мир", "Экономика"} <= set(labels(page))
    await room.press(ANNA, page, "Экономика")
    page = await room.changed(page, "Тема: Экономика")
    assert "закрыт" not in text_of(page)
    await room.press(ANNA, page, "Уточнить")
    page = await room.changed(page, "✅ Экономика")
    await room.press(ANNA, page, "За сутки")
    page = await room.changed(page, "Уточнить")
    await room.press(ANNA, page, "Уточнить")
    page = await room.changed(page, "✅ За сутки")
    await room.press(ANNA, page, "К найденному")
    await room.changed(page, "Уточнить")


async def test_nothing_found_offers_what_would_be(room: World) -> None:
    await room.story("Мост открыт", ECONOMY)
    nothing = await room.say(ANNA, "/search мост жираф")
    assert "А вот так кое-что найдётся" in plain(nothing)
    assert labels(nothing) == ["Без «жираф»", "🔔 Следить за этими словами"]
    await room.press(ANNA, nothing, "Без «жираф»")
    assert "Мост открыт" in text_of(await room.changed(nothing, "Мост открыт"))
    for words, label in (
        ("мост до 2020-01-01", "За всё время"),
        ("мост #мир", "По всем темам"),
        ("мост #мир до 2020-01-01 lang:en", "Везде и за всё время"),
    ):
        nothing = await room.say(ANNA, f"/search {words}")
        assert labels(nothing)[:-1] == [label]
        await room.press(ANNA, nothing, label)
        await room.changed(nothing, "Мост открыт")
    nothing = await room.say(ANNA, "/search жираф")
    assert "/latest" in text_of(nothing)
    assert labels(nothing) == ["🔔 Следить за этими словами"]


async def test_the_readers_languages_first_and_others_where_asked(room: World) -> None:
    await room.story("Форум Expo")
    await room.story("Expo opens", language="en")
    await room.choose(ANNA, news_languages=("ru",))
    assert "Expo opens" not in text_of(await room.say(ANNA, "/search expo"))
    assert "Expo opens" in text_of(await room.say(ANNA, "/search expo на английском"))
    other = await room.say(ANNA, "/search opens")
    await room.press(ANNA, other, "На всех языках")
    await room.changed(other, "Expo opens")


async def test_without_words_it_is_asked_and_the_answer_searches(room: World) -> None:
    await room.story("Мост открыт")
    asked = await room.say(ANNA, "/search")
    assert "Что поискать?" in plain(asked)
    page = await room.say(ANNA, "моста", reply_to=asked["message_id"])
    assert "Мост открыт" in text_of(page)
    await room.press(ANNA, page, "Сначала заголовки")
    await room.changed(page, "Сначала новые")


async def test_in_a_group_it_answers_and_anybody_turns_the_page(room: World) -> None:
    for number in range(7):
        await room.story(f"Мост-{number}")
    made = room.sandbox.add_chat("supergroup", title="Соседи", creator=ANNA, members=[BORIS, BOT])
    chat = made["id"]
    await room.answer(chat, "Администраторы")
    usage = await room.say(BORIS, "/search@vestnik_bot", chat)
    assert "после команды" in plain(usage)
    page = await room.say(BORIS, "/search@vestnik_bot мосты", chat)
    assert "Мост-6" in text_of(page)
    await room.press(ANNA, page, "Дальше")
    page = await room.changed(page, "Мост-0")
    answer = await room.forge(BORIS, page, "search:0:n:7:-:0:0")
    assert answer["show_alert"]
    assert "Мост-0" in text_of(room.again(page))


async def test_what_was_taken_back_meanwhile_is_not_shown_again(room: World) -> None:
    kept = await room.story("Мост открыт")
    gone = await room.story("Мост закрыт")
    page = await room.say(ANNA, "/search мост")
    await kill(room.db, gone, room.clock.now())
    await room.press(ANNA, page, "Сначала заголовки")
    page = await room.changed(page, "Сначала новые")
    assert "Мост закрыт" not in text_of(page)
    assert data_of(page, "1") == f"open:{kept}:search:0:b:-:-:0:0"


@pytest.mark.parametrize(
    "data",
    [
        *("search:", "search:0", "search:-1:n:-:-:0:0", "search:999:n:-:-:0:0", "search:0:x:-:-:0:0"),
        *("search:0:n:99999:-:0:0", "search:0:n:-:-:0:zz", "search:0:n:-:-:0:fffff", "search:0:n:-:-:0:-1"),
        *("refine:0", "list:search:", "search:::::::"),
    ],
)
async def test_a_forged_button_is_refused_kindly(room: World, data: str) -> None:
    await room.story("Мост открыт")
    page = await room.say(ANNA, "/search мост")
    answer = await room.forge(ANNA, page, data)
    assert "/help" in answer["text"]
    assert text_of(room.again(page)) == text_of(page)


async def test_a_topic_that_is_gone_is_every_topic(room: World) -> None:
    await room.story("Мост открыт")
    page = await room.say(ANNA, "/search мост #мир")
    await room.forge(ANNA, page, "search:0:n:-:999999999999999999:0:0")
    page = await room.changed(page, "Мост открыт")
    assert data_of(page, "Сначала заголовки") == "search:0:b:-:0:0:0"


async def test_a_button_whose_words_are_gone_is_stale(room: World) -> None:
    page = await room.say(ANNA, "/help")
    assert "/help" in (await room.forge(ANNA, page, "search:0:n:-:-:0:0"))["text"]


@pytest.mark.parametrize(
    "words",
    [
        *(
            "'; DROP TABLE article; --",
            'мост" OR "1',
            "мост NEAR(поезд)",
            "{headline} : мост",
            "мост & | ! :* <->",
        ),
        *(
            "(((мост",
            "мост*)))",
            "\\мост",
            "%мост%",
            "<b>мост</b>",
            "&lt;мост",
            "мост\u202e\u0000",
            "-мост -«река»",
        ),
        *(
            "NOT",
            "AND OR",
            "^мост",
            "мост:A",
            "«мост",
            "»мост«",
            "👍🏽",
            "#",
            "#<b>",
            "١٢٣",
            "ﬁre ½",
            "\ud83d",
        ),
    ],
)
async def test_hostile_words_are_words(room: World, words: str) -> None:
    await room.story("Мост открыт")
    answer = await room.say(ANNA, f"/search {words.encode('utf-8', 'replace').decode()}")
    assert any(said in plain(answer) for said in ("Поиск", "Что поискать?"))


async def test_too_long_a_search_is_refused_kindly(room: World) -> None:
    said = await room.say(ANNA, "/search " + "мост " * (MOST_CHARACTERS // 5 + 1))
    assert "слишком длинно" in plain(said)
    many = await room.say(ANNA, "/search " + " ".join(f"с{at}" for at in range(30)))
    assert "Слов слишком много" in plain(many)

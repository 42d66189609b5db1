"""What somebody who may write sends to the bot becomes a draft, whose card answers the message."""

from __future__ import annotations

import pytest

from bot.conversations.routers import ROUTERS
from bot.desk.story import lists
from bot.desk.story.lists import Shelf
from bot.model.newsroom.role import AUTHOR, READER
from bot.model.story.article import Article, Status
from bot.model.story.content import Figure, Gallery, Mark, MediaKind, Paragraph, Quote, plain_text
from bot.sandbox.world.pictures import draw
from bot.store.newsroom import articles
from tests.support.desk.editors import hire, story
from tests.support.messages import Message, data_of, labels, plain
from tests.support.people import ANNA, BORIS, JAMES
from tests.support.people import EDITOR as EGOR
from tests.support.people import OWNER as OLGA
from tests.support.sources import documents
from tests.support.world import ASIA, BOT, ECONOMY, World

BRIDGE = "Мост через Светлую открыли для движения"
COPY = f"{BRIDGE}\nПервыми проехали автобусы.\nЭНСК (Вести долины). Мост строили два года."


@pytest.fixture
async def desk(room: World) -> World:
    """Egor writes; James writes and speaks English; Anna reads."""
    await hire(room, EGOR, "Егор", AUTHOR.rights)
    await hire(room, JAMES, "James", AUTHOR.rights)
    await room.say(ANNA, "/start")
    return room


async def drafts(room: World) -> list[Article]:
    """The drafts at the desk, oldest first."""
    listed = await lists.shelf(room.db, Shelf.DRAFTS, room.clock.now(), limit=50)
    async with room.db.read() as tx:
        return await articles.many(tx, sorted(each.id for each in listed))


async def the_draft(room: World) -> Article:
    [found] = await drafts(room)
    return found


async def card_of(room: World, user: int, sent: Message) -> Message:
    """Wait for the card that answers a message."""

    def card() -> Message | None:
        answers = [each for each in room.shown(user) if answered(each) == sent["message_id"]]
        return answers[-1] if answers else None

    return await room.until(card)


def answered(message: Message) -> int | None:
    found = message.get("reply_to_message") or {}
    return found.get("message_id")


async def test_a_message_becomes_a_draft_whose_parts_are_guessed(desk: World) -> None:
    sent = desk.send(EGOR, COPY)
    card = await card_of(desk, EGOR, sent)
    assert BRIDGE in plain(card)
    assert "Первыми проехали" in plain(card)
    assert "Черновик" in plain(card)
    made = await the_draft(desk)
    content = made.content
    assert (content.headline, content.lead, content.dateline, content.language) == (
        BRIDGE,
        "Первыми проехали автобусы.",
        "ЭНСК (Вести долины).",
        "ru",
    )
    assert plain_text(content.blocks) == "Мост строили два года."
    assert (made.status, made.edited_by, made.topic_ids) == (Status.DRAFT, EGOR, ())


async def test_in_english_too(desk: World) -> None:
    said = "Bridge over the Svetlaya opens to traffic\nBuses were the first to cross.\n#economy"
    card = await card_of(desk, JAMES, desk.send(JAMES, said))
    assert "Draft" in plain(card)
    made = await the_draft(desk)
    assert (made.content.language, made.content.lead) == ("en", "Buses were the first to cross.")
    assert made.topic_ids == (ECONOMY,)


async def test_one_paragraph_has_its_first_sentence_for_a_headline(desk: World) -> None:
    said = f"{BRIDGE}. Первыми проехали автобусы, за ними машины, и до вечера по нему прошли все горожане."
    await card_of(desk, EGOR, desk.send(EGOR, said))
    content = (await the_draft(desk)).content
    assert content.headline == BRIDGE
    assert content.lead.startswith("Первыми проехали")


async def test_emphasis_links_and_quotes_stay(desk: World) -> None:
    said = f"{BRIDGE}\nПодробности позже\nМост наш"
    entities = [
        {"type": "text_link", "offset": len(BRIDGE) + 1, "length": 11, "url": "https://example.org/1"},
        {"type": "bold", "offset": len(BRIDGE) + 13, "length": 5},
        {"type": "blockquote", "offset": len(BRIDGE) + 19, "length": 8},
    ]
    await card_of(desk, EGOR, desk.send(EGOR, said, entities=entities))
    words, quote = (await the_draft(desk)).content.blocks
    assert isinstance(words, Paragraph)
    assert isinstance(quote, Quote)
    assert words.text[0].href == "https://example.org/1"
    assert Mark.BOLD in words.text[-1].marks


async def test_topics_are_those_named_else_those_that_the_words_tell(desk: World) -> None:
    card = await card_of(desk, EGOR, desk.send(EGOR, "Мост через Светлую открыли вчера утром #деньги"))
    assert "Темы: Экономика" in plain(card)
    assert (await the_draft(desk)).content.headline == "Мост через Светлую открыли вчера утром"


async def test_who_writes_about_one_topic_writes_about_that_one(desk: World) -> None:
    await hire(desk, BORIS, "Борис", AUTHOR.rights, about=frozenset({ASIA}))
    await card_of(desk, BORIS, desk.send(BORIS, COPY))
    assert (await the_draft(desk)).topic_ids == (ASIA,)
    assert "не распространяются" in plain(await desk.say(BORIS, f"{COPY}\n#world"))
    assert len(await drafts(desk)) == 1


async def test_few_words_are_asked_about(desk: World) -> None:
    sent = desk.send(EGOR, "Мост закрыт")
    asked = await card_of(desk, EGOR, sent)
    assert "Это новость" in plain(asked)
    assert labels(asked) == ["Сделать черновик", "🔍 Поиск по новостям"]
    assert not await drafts(desk)
    await desk.press(EGOR, asked, "Сделать черновик")
    card = await desk.changed(asked, "Язык:")
    assert "Мост закрыт" in plain(card)
    await desk.forge(EGOR, card, "write:make")
    assert (await the_draft(desk)).content.headline == "Мост закрыт"
    thanks = await desk.say(JAMES, "thank you")
    assert "Is this news" in plain(thanks)


async def test_a_reader_gets_the_answer_of_always_and_forges_nothing(desk: World) -> None:
    said = await desk.say(ANNA, COPY)
    assert "не понимаю" in plain(said).lower() or "Не понял" in plain(said)
    assert "Сделать" not in "".join(labels(said))
    assert "только редакторам" in (await desk.forge(ANNA, said, "write:make"))["text"]
    assert "только редакторам" in (await desk.forge(ANNA, said, "write:take:1:1"))["text"]
    document = documents.file("a.txt", COPY.encode(), "text/plain")
    assert "файл" in plain(await desk.say(ANNA, "", document=document))
    assert not await drafts(desk)


async def test_who_may_not_write_any_more_makes_no_draft_with_an_old_button(desk: World) -> None:
    asked = await card_of(desk, EGOR, desk.send(EGOR, "Мост закрыт"))
    await hire(desk, EGOR, "Егор", READER.rights)
    assert "только редакторам" in (await desk.press(EGOR, asked, "Сделать черновик"))["text"]
    assert not await drafts(desk)


async def test_a_forward_keeps_its_channel_as_the_source(desk: World) -> None:
    info = desk.sandbox.add_chat("channel", title="Вести долины", creator=BORIS, username="valley_news")
    post = desk.sandbox.send(info["id"], BORIS, COPY)
    origin = {"chat_id": info["id"], "message_id": post["message_id"]}
    card = await card_of(desk, EGOR, desk.send(EGOR, "", forward_from=origin))
    assert "Источник: Вести долины" in plain(card)
    content = (await the_draft(desk)).content
    assert content.url == f"https://t.me/valley_news/{post['message_id']}"


async def test_ten_forwards_are_ten_drafts_in_order(desk: World) -> None:
    info = desk.sandbox.add_chat("channel", title="Вести", creator=BORIS)
    posts = [desk.sandbox.send(info["id"], BORIS, f"Новость {number}: мост открыли") for number in range(10)]
    before = len(desk.shown(EGOR))
    for post in posts:
        desk.send(EGOR, "", forward_from={"chat_id": info["id"], "message_id": post["message_id"]})
    await desk.until(lambda: len(desk.shown(EGOR)) == before + 10)
    assert [each.content.headline for each in await drafts(desk)] == [
        f"Новость {number}: мост открыли" for number in range(10)
    ]


async def test_what_the_bot_wrote_is_no_new_story_forwarded_or_answered(desk: World) -> None:
    number = await desk.story(BRIDGE, ECONOMY)
    brief = await desk.brief(EGOR, number)
    origin = {"chat_id": EGOR, "message_id": brief["message_id"]}
    assert "Опубликована" in plain(await desk.say(EGOR, "", forward_from=origin)), "the story's card"
    assert "Язык:" not in plain(await desk.say(EGOR, COPY, reply_to=brief["message_id"]))
    assert not await drafts(desk)


async def test_a_photo_a_video_and_an_album_stand_in_the_draft(desk: World) -> None:
    await card_of(desk, EGOR, desk.send(EGOR, "", photo=True, caption=COPY))
    clip = documents.file("a.mp4", b"clip", "video/mp4")
    await card_of(desk, EGOR, desk.send(EGOR, "", document=clip, caption=COPY))
    for number in range(3):
        last = desk.send(EGOR, "", photo=draw(number), media_group="a", caption="" if number else COPY)
    await desk.until(lambda: len([each for each in desk.shown(EGOR) if "№ 3" in plain(each)]) == 1)
    photo, video, album = await drafts(desk)
    assert photo.content.picture
    assert photo.content.picture.file_id
    shown = video.content.blocks[-1]
    assert isinstance(shown, Figure)
    assert shown.media.kind is MediaKind.VIDEO
    gallery = album.content.blocks[-1]
    assert isinstance(gallery, Gallery)
    assert len(gallery.figures) == 2
    assert album.content.headline == BRIDGE
    assert last["photo"][-1]["file_id"] == gallery.figures[-1].media.file_id


async def test_an_album_cut_by_a_restart_is_one_draft(desk: World) -> None:
    first = desk.send(EGOR, "", photo=draw(1), media_group="a")
    await card_of(desk, EGOR, first)
    assert (await the_draft(desk)).content.headline == ""
    second = desk.send(EGOR, "", photo=draw(2), media_group="a", caption=COPY)
    await card_of(desk, EGOR, second)
    made = await the_draft(desk)
    assert made.content.headline == BRIDGE
    assert made.content.picture
    assert made.content.picture.file_id == first["photo"][-1]["file_id"]
    assert isinstance(made.content.blocks[-1], Figure)


async def test_the_same_update_twice_is_one_draft(desk: World) -> None:
    sent = desk.send(EGOR, COPY)
    await card_of(desk, EGOR, sent)
    bot = desk.sandbox.bot(BOT)
    before = len(desk.shown(EGOR))
    bot.updates.put("message", dict(sent))
    await desk.until(lambda: len(desk.shown(EGOR)) > before)
    assert len(await drafts(desk)) == 1


async def test_an_awaited_flash_goes_before_a_draft_and_an_open_preview_asks(desk: World) -> None:
    await desk.say(OLGA, "/start")
    await desk.say(OLGA, "/breaking")
    desk.send(OLGA, COPY)
    await desk.answer(OLGA, "Кому:")
    asked = await card_of(desk, OLGA, desk.send(OLGA, "Открыт второй мост через Светлую, сообщили в мэрии"))
    assert data_of(asked, "Сделать черновик") == "write:make"
    await desk.press(OLGA, asked, "Сделать черновик")
    await desk.changed(asked, "Язык:")
    flash, other = await drafts(desk)
    assert flash.flash
    assert not other.flash
    assert other.content.headline.startswith("Открыт второй мост")


async def test_the_card_of_a_draft_is_a_card_like_any_other(desk: World) -> None:
    card = await card_of(desk, EGOR, desk.send(EGOR, f"{COPY}\n#economy"))
    await desk.press(EGOR, card, "На проверку")
    await desk.changed(card, "На проверке")
    assert (await story(desk, 1)).status is Status.REVIEW


async def test_help_tells_writers_alone_what_becomes_a_draft(desk: World) -> None:
    assert "получится черновик" in plain(await desk.say(EGOR, "/help"))
    assert "becomes a draft" in plain(await desk.say(JAMES, "/help"))
    assert "черновик" not in plain(await desk.say(ANNA, "/help"))


def test_what_answers_a_question_never_becomes_a_draft() -> None:
    names = [each.name for each in ROUTERS]
    assert names.index("desk_writing") > max(map(names.index, ("desk_answers", "breaking", "rights")))

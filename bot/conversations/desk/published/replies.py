"""What is answered to the questions after publication: a field, the words of a loud correction, a follow-up."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import Message

from bot.conversations.access import need_for
from bot.conversations.answers import send
from bot.conversations.desk.card import story_card
from bot.conversations.desk.entrance import StoryPress, refused_words, story_meant
from bot.conversations.desk.published.boxes import FIX, FOLLOW_UP, LOUD, AnswersPublished
from bot.conversations.desk.published.correction import need_for_topics
from bot.conversations.desk.published.fields import FIELDS, change_of, topics_of
from bot.conversations.desk.published.pages import correction_page
from bot.conversations.desk.questions import Question
from bot.conversations.dictation.message import dictated, key_in
from bot.conversations.visit import Visit
from bot.desk.afterwards import proposals
from bot.desk.story import draft
from bot.model.desk.loudness import Loudness
from bot.model.errors import Refusal
from bot.model.newsroom.role import Right
from bot.model.story.article import TAKEN_BACK, Content
from bot.readers import topics

router = Router(name="desk_after_answers")

LONGEST_NOTICE = 1000


@router.message(F.chat.type == "private", F.text | F.photo, ~F.text.startswith("/"), AnswersPublished())
async def take_answer(
    message: Message, visit: Visit, question: Question, album: list[Message] | None = None
) -> None:
    """Do what the question was about, and show what became of it; where somebody was faster, say who."""
    verb = question.verb
    right = Right.WRITE if verb == FOLLOW_UP else Right.CORRECT
    meant = await story_meant(visit, right, question.article_id, question.seen)
    if verb == FOLLOW_UP:
        await _follow_up(message, visit, meant, album)
    elif verb == LOUD:
        await _be_loud(message, visit, meant)
    elif verb.removeprefix(FIX) in FIELDS:
        await _add_field(message, visit, meant, verb.removeprefix(FIX))
    else:
        raise Refusal("stale")


async def _add_field(message: Message, visit: Visit, meant: StoryPress, field: str) -> None:
    services, made = visit.services, None
    topic_ids = None
    if field == "topics":
        topic_ids = topics_of(message, await topics.all_topics(services.db))
        await need_for(visit, Right.CORRECT, topic_ids)
    else:
        made = change_of(field, message)
    found = await proposals.propose(
        services.db,
        meant.article_id,
        made,
        at=services.now(),
        by=meant.editor,
        seen=meant.seen,
        topic_ids=topic_ids,
    )
    await send(visit, await correction_page(visit, found.article, found))


async def _be_loud(message: Message, visit: Visit, meant: StoryPress) -> None:
    services = visit.services
    words = (message.text or "").strip()
    if not words:
        raise Refusal("words-needed")
    found = await proposals.prepared(services.db, meant.article_id, meant.editor)
    if found is None:
        raise Refusal("proposal-changed")
    await need_for_topics(visit, found)
    headline, _, rest = words[:LONGEST_NOTICE].partition("\n")
    notice = Content(
        " ".join(headline.split()), " ".join(rest.split()), language=meant.article.content.language
    )
    try:
        await proposals.apply(
            services.db,
            meant.article_id,
            at=services.now(),
            by=meant.editor,
            version=meant.seen,
            loudness=Loudness.LOUD,
            notice=notice,
        )
    except Refusal as refusal:
        await message.answer(await refused_words(visit, refusal), parse_mode=None)
        found = await proposals.prepared(services.db, meant.article_id, meant.editor)
        if found is not None and found.article.status not in TAKEN_BACK:
            await send(visit, await correction_page(visit, found.article, found))
            return
    else:
        services.bell.ring()
    await send(visit, await story_card(visit, meant.article_id))


async def _follow_up(message: Message, visit: Visit, meant: StoryPress, album: list[Message] | None) -> None:
    services, first = visit.services, meant.article
    if first.status in TAKEN_BACK:
        raise Refusal("first-taken-back")
    known = await topics.all_topics(services.db)
    said = dictated(message, album, known, first.content.language or services.bot.language)
    if not said.content.headline:
        raise Refusal("no-headline")
    if said.topic_ids:
        await need_for(visit, Right.WRITE, said.topic_ids)
    made = await draft.make(
        services.db,
        said.content,
        at=services.now(),
        by=meant.editor,
        topic_ids=said.topic_ids or first.topic_ids,
        languages=first.languages,
        update_of=first.id,
        key=key_in(message, services.bot.id),
    )
    await send(visit, await story_card(visit, made.id))

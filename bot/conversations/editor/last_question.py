"""The last question before breaking news goes out: to how many, what says the same already, how long it will take."""

from __future__ import annotations

from dataclasses import dataclass

from bot.conversations.language import own_name
from bot.conversations.visit import Visit
from bot.desk import breaking
from bot.desk.breaking import CardView
from bot.desk.flash import send as flash
from bot.desk.flash.backlog import Backlog, estimate, goes_out
from bot.desk.flash.send import Asked
from bot.model.desk.card import Card
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack
from bot.rendering.text.times import span_words


@dataclass(frozen=True, slots=True)
class LastQuestion:
    """What the question tells: the card, what stands in the way, and what goes out before it."""

    found: CardView
    asked: Asked
    backlog: Backlog


async def last_question(visit: Visit, card_id: int) -> LastQuestion:
    """Return what the last question has to tell now. Refused for a card that is not open any more."""
    services = visit.services
    found = await breaking.view(services.db, services.counts, card_id, services.now())
    by, now = found.card.user_id, services.now()
    asked = await flash.asked(services.db, card_id, at=now, by=by, rules=services.rules)
    return LastQuestion(found, asked, await _backlog(visit, found.card, found.audience))


async def asks_first(visit: Visit, card: Card) -> bool:
    """Return whether a card is sent only after the last question.

    An editor's own words to the followers of topics go out at one press, unless there is something to tell first.
    """
    if card.everybody or card.of_story:
        return True
    services = visit.services
    asked = await flash.asked(services.db, card.id, at=services.now(), by=card.user_id, rules=services.rules)
    return asked.alike is not None or await goes_out(services.db, card.bot_id, services.now())


async def _backlog(visit: Visit, card: Card, chats: int) -> Backlog:
    services = visit.services
    rate, now = services.rate(), services.now()
    return await estimate(services.db, card.bot_id, now, rate=rate, chats=chats, manner=card.manner)


def sure_page(visit: Visit, question: LastQuestion) -> OutgoingMessage:
    """Return the question whether the story shall go out: to how many chats, in which manner, after which others."""
    found, asked, backlog = question.found, question.asked, question.backlog
    card, count = found.card, found.audience
    assert found.article is not None
    talk, revision = visit.services.talk, found.article.revision
    alike = asked.alike.detail if asked.alike else {"article": 0, "headline": ""}
    # Of an editor's own words it goes without saying that nobody has reviewed them.
    told = [each for each in asked.checks if card.of_story or each.code != "not-reviewed"]
    text = visit.say(
        "breaking_sure",
        headline=found.article.content.headline if card.of_story else "",
        everybody=card.everybody,
        topics=found.topics.names(card.topics, visit.language),
        count=count,
        languages=[own_name(code) for code in found.languages] if len(found.readers) > 1 else [],
        manner=card.manner.name.lower(),
        backlog=backlog,
        takes=span_words(backlog.seconds, visit.language),
        arrives=span_words(backlog.own_seconds, visit.language, ahead=True),
        undo=round(visit.services.rules.flash_undo.total_seconds()),
        checks=[
            {"blocking": each.blocking, "words": talk.refusal(each.code, visit.language, **each.detail)}
            for each in told
        ],
    )
    rows = []
    if asked.alike:
        update = pack("flash", "update", card.id, revision, alike["article"])
        rows.append((Button(visit.label("send_update"), press=update, style="primary"),))
    if not any(each.blocking for each in asked.checks):
        label = visit.label("send_anyway" if asked.alike else "send_sure", count=count)
        send = pack("flash", "sure", card.id, revision, alike["article"])
        rows.append((Button(label, press=send, style=None if asked.alike else "primary"),))
    back = Button(visit.label("back"), press=pack("flash", "back", card.id))
    return OutgoingMessage(text, buttons=(*rows, (back,)))

"""The pages of a card: the preview as readers will see it, the controls, the progress."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.conversations.language import own_name
from bot.conversations.visit import Visit
from bot.desk.breaking import CardPush, CardView
from bot.model.bulletin import Progress
from bot.model.delivery import Manner
from bot.model.desk.card import Card, CardState
from bot.model.errors import Refusal
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.newsroom.role import Right, Role
from bot.model.press import pack
from bot.rendering.text.times import zone_of
from bot.services import Services

CHOSEN, OPEN = "✅", "▫️"
PER_ROW = 2
MOST_LANGUAGES = 6
MOST_TOPICS = 90
"""A keyboard holds 100 buttons (limits.tginfo.me); the others can be named in the text: `#slug`."""


def preview_page(visit: Visit, found: CardView) -> OutgoingMessage:
    """Return the card's story exactly as readers will see it. Refused where the card has no story."""
    article = found.article
    if article is None:
        raise Refusal("stale")
    if found.card.state is CardState.OPEN:
        article = replace(article, published_at=visit.services.now())
    return visit.services.articles.brief(visit.story(article, found.topics), visit.readership)


def control_page(visit: Visit, found: CardView, role: Role) -> OutgoingMessage:
    """Return to whom the story goes, to how many chats, and the buttons of what the person's role allows."""
    card, known = found.card, found.topics
    text = visit.say(
        "breaking_card",
        headline=found.article.content.headline if card.of_story and found.article else "",
        manner=card.manner.name.lower(),
        everybody=card.everybody,
        topics=known.names(card.topics, visit.language),
        count=found.audience,
        readers=[(own_name(code), count) for code, count in found.readers.items()],
    )
    mark = "🔘 " if card.everybody else ""
    everybody = Button(mark + visit.label("everybody"), press=pack("flash", "to", card.id, 0))
    rows = [(everybody,)] if role.covers(Right.FLASH, None) else []
    chosen = [
        Button(
            f"{CHOSEN if topic.id in card.topics else OPEN} {topic.name(visit.language)}",
            press=pack("flash", "to", card.id, topic.id),
        )
        for topic in known.all[:MOST_TOPICS]
        if role.may(Right.FLASH, topic.id) and not known.is_paused(topic.id)
    ]
    grid = [tuple(chosen[at : at + PER_ROW]) for at in range(0, len(chosen), PER_ROW)]
    send = visit.label("send", count=found.audience)
    # The choices stand between what sends and what drops: a finger that slips does neither.
    able = role.covers(Right.FLASH, None if card.everybody else card.topics)
    revision = found.article.revision if found.article else 0
    press = pack("flash", "send", card.id, revision)
    last = (Button(send, press=press, style="primary", disabled=not able),)
    first = Button(visit.label("back"), press=pack("flash", "desk", card.id)) if card.of_story else None
    choices = (*rows, *_languages(found), *grid, _manners(visit, card))
    return OutgoingMessage(text, buttons=((first or _drop(visit, card.id),), *choices, last))


def _languages(found: CardView) -> Keyboard:
    """Return the buttons that choose whose readers get the story; none where there is nothing to choose."""
    buttons = [
        Button(
            f"{CHOSEN if code in found.languages else OPEN} {own_name(code)}: {count}",
            press=pack("flash", "in", found.card.id, code),
        )
        for code, count in list(found.readers.items())[:MOST_LANGUAGES]
    ]
    rows = tuple(tuple(buttons[at : at + PER_ROW]) for at in range(0, len(buttons), PER_ROW))
    return rows if len(buttons) > 1 else ()


def over_page(visit: Visit, found: CardView) -> OutgoingMessage:
    """Return what stands in the place of a card whose story went out, or was taken back, in another way."""
    article = found.article
    assert article is not None
    words = visit.services.talk.refusal(f"already-{article.status}", visit.language)
    return OutgoingMessage(words, buttons=((_to_story(visit.services, article.id, visit.language),),))


def _manners(visit: Visit, card: Card) -> tuple[Button, ...]:
    """Return the buttons that choose whether the news sound, come without a sound, or are pinned."""
    return tuple(
        Button(
            ("🔘 " if each is card.manner else "") + visit.label(f"manner_{each.name.lower()}"),
            press=pack("flash", "as", card.id, each.value),
        )
        for each in Manner
    )


def _to_story(services: Services, article_id: int, language: str) -> Button:
    return Button(services.talk.label("to_story", language), press=pack("desk", "card", article_id))


def rewording_page(visit: Visit, card_id: int) -> OutgoingMessage:
    """Return the question whether what was just written is the card's new text."""
    yes = Button(visit.label("reword"), press=pack("flash", "reword", card_id))
    no = Button(visit.label("keep_words"), press=pack("flash", "keep", card_id))
    # Somebody who writes on while a preview is open may as well mean another story.
    other = Button(visit.label("make_draft"), press=pack("write", "make"))
    return OutgoingMessage(visit.say("breaking_reword"), buttons=((yes,), (no,), (other,)))


def question_page(visit: Visit, card_id: int) -> OutgoingMessage:
    """Return the question for the story of a card that has none yet."""
    return OutgoingMessage(visit.say("breaking_ask"), buttons=((_drop(visit, card_id),),))


def progress_page(services: Services, push: CardPush, language: str, now: datetime) -> OutgoingMessage:
    """Return how far a push has come; with buttons to steer it until it is done, and for what is in doubt."""
    card, progress = push
    text = progress_words(services, progress, language, now)

    def button(label: str, verb: str, style: str | None = None, **facts: object) -> Button:
        words = services.talk.label(label, language, **facts)
        return Button(words, press=pack("flash", verb, card.id), style=style)

    rows: list[tuple[Button, ...]] = []
    if progress.waits_for_start(now):
        rows.append((button("undo_push", "undo"),))
    elif not progress.done:
        steer = button("resume_push", "resume") if progress.paused else button("pause_push", "pause")
        rows.append((steer, button("stop_push", "stop", style="danger")))
    if progress.in_doubt:
        again = button("send_doubtful", "again", count=progress.in_doubt)
        rows.append((again, button("drop_doubtful", "leave")))
    if card.of_story and card.article_id is not None:
        rows.append((_to_story(services, card.article_id, language),))
    return OutgoingMessage(text, buttons=tuple(rows))


def progress_words(services: Services, progress: Progress, language: str, now: datetime) -> str:
    """Return how far a push has come, as classic HTML."""
    since = max(progress.created_at, progress.starts_at or progress.created_at)
    starts = progress.starts_at if progress.waits_for_start(now) else None
    took = (progress.last_at - since).total_seconds() if progress.last_at else None
    lasted = took if progress.done and took is not None else (now - since).total_seconds()
    rate = progress.accepted / max(1.0, (now - since).total_seconds())
    return services.talk.say(
        "breaking_progress",
        language,
        starts=f"{starts.astimezone(zone_of(services.bot.zone)):%H:%M:%S}" if starts else "",
        stopped=progress.stopped,
        paused=progress.paused,
        pause_reason=progress.pause_reason,
        done=progress.done,
        accepted=progress.accepted,
        audience=progress.audience,
        waiting=progress.waiting,
        quiet=progress.quiet,
        in_doubt=progress.in_doubt,
        seconds_left=round(progress.waiting / rate) if rate else None,
        seconds_taken=round(took, 1) if took is not None else None,
        failed=sorted(progress.failed.items()),
        skipped=sorted(progress.skipped.items()),
        # What was over sooner than that says nothing.
        within=[each for each in sorted(progress.within.items()) if each[0] < lasted],
    )


def _drop(visit: Visit, card_id: int) -> Button:
    return Button(visit.label("drop"), press=pack("flash", "drop", card_id))

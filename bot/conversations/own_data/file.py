"""The file of /mydata: JSON, with the words of the person's language as its keys."""

from __future__ import annotations

import json
from datetime import datetime, time
from typing import Any

from bot.conversations.language import own_name
from bot.conversations.visit import Visit
from bot.model.chat import Chat, ChatState, Subscription
from bot.model.following.mode import WIRE
from bot.model.newsroom.grant import Grant
from bot.readers.following.mutes import Muted
from bot.readers.own_data import OwnData, Staffed

Said = dict[str, Any]


def file_of(visit: Visit, data: OwnData) -> bytes:
    """Return the file, in UTF-8."""
    said = _named(
        visit,
        about=visit.services.talk.data_word("about_file", visit.language),
        made_at=_moment(visit.services.now()),
        user_id=visit.user_id,
        chat=_chat(visit, data) if data.chat else None,
        topics=[_topic(visit, data, each) for each in data.chosen],
        muted=[_muted(visit, each) for each in data.muted],
        sent=_sent(visit, data),
        saved=[_named(visit, story=number, at=_moment(at)) for number, at in data.saved],
        alerts=[
            _named(visit, words=each.said, paused=each.paused, since=_moment(each.since))
            for each in data.alerts
        ],
        followed=[
            _named(
                visit, story=each.article_id, since=_moment(each.since), updated_at=_moment(each.updated_at)
            )
            for each in data.followed
        ],
        reactions=visit.services.talk.data_word("no_names", visit.language),
        brought=list(data.brought),
        set_up=list(data.set_up),
        chat_notices=data.told,
        threads=list(data.threads),
        desk=_staffed(visit, data, data.staffed) if data.staffed else None,
    )
    return json.dumps(said, ensure_ascii=False, indent=2).encode()


def _named(visit: Visit, **facts: Any) -> Said:
    """Return facts under their names in the visitor's language."""
    talk = visit.services.talk
    return {talk.data_word(name, visit.language): value for name, value in facts.items()}


def _chat(visit: Visit, data: OwnData) -> Said:
    chat = data.chat
    assert chat is not None
    talk = visit.services.talk
    facts: Said = {
        "state": talk.data_word("state_word", visit.language, state=str(chat.state)),
        "since": _moment(data.since),
        "language": own_name(chat.language),
    }
    if chat.state is not ChatState.STOPPED:
        facts |= {
            "came_at": _moment(data.came_at),
            "state_reason": chat.state_reason,
            **_choices(visit, chat),
        }
    return _named(visit, **facts)


def _choices(visit: Visit, chat: Chat) -> Said:
    return {
        "title": chat.title,
        "username": chat.username,
        "zone": chat.zone,
        "instant": chat.instant,
        "news_languages": [own_name(each) for each in chat.news_languages],
        "form": chat.form,
        "pictures": chat.pictures,
        "quiet": [_clock(each) for each in chat.quiet or ()],
        "flash_at_night": chat.flash_at_night,
        "digest_at": [
            f"{_clock(each.at)} · {visit.label('days', days=each.days)}" for each in chat.digest_times
        ],
        "weekend": [_clock(each) for each in chat.bounds.weekend or ()],
        "most_hour": chat.bounds.most_hour,
        "most_day": chat.bounds.most_day,
        "merges": chat.merges,
        "silent": chat.bounds.silent,
        "away_since": _moment(chat.bounds.away_since),
        "away_until": _moment(chat.bounds.away_until),
        "away_flash": chat.bounds.away_flash,
        "digest_size": chat.digest_size,
        "digest_empty": chat.digest_empty,
        "digest_due": _moment(chat.digest_due),
        "digest_last": _moment(chat.digest_last),
    }


def _topic(visit: Visit, data: OwnData, chosen: Subscription) -> Said:
    topic = data.topics.by_id.get(chosen.topic_id)
    name = topic.name(visit.language) if topic else str(chosen.topic_id)
    if chosen.topic_id == WIRE:
        name = visit.label("all_news")
    mode = visit.label("mode", way=chosen.mode.name.lower())
    return _named(visit, topic=name, mode=mode, since=_moment(chosen.since), most=chosen.most)


def _muted(visit: Visit, muted: Muted) -> Said:
    until = _moment(muted.until) or visit.label("mute_span", span="good")
    return _named(visit, what=muted.what.name(visit.language), until=until)


def _sent(visit: Visit, data: OwnData) -> Said:
    sent = data.sent
    return _named(visit, stories=sent.stories, digests=sent.digests, messages=sent.messages)


def _staffed(visit: Visit, data: OwnData, staffed: Staffed) -> Said:
    notes = staffed.notes
    return _named(
        visit,
        rights=_rights(visit, data, staffed.grant) if staffed.grant else None,
        notices=notes["desk_notice"],
        no_notices=bool(notes["desk_mute"]),
        cards=notes["shown_card"],
        breaking=notes["card"],
        deeds=[
            _named(
                visit,
                at=_moment(each.at),
                deed=visit.services.talk.data_word("deed_word", visit.language, verb=each.verb),
                story=each.article_id,
                revision=each.revision,
                detail=each.detail,
            )
            for each in staffed.deeds
        ],
    )


def _rights(visit: Visit, data: OwnData, grant: Grant) -> Said:
    known = data.topics.by_id
    only = None if grant.topics is None else sorted(grant.topics)
    return _named(
        visit,
        title=grant.name,
        may=[visit.label(f"right_{each}") for each in sorted(grant.rights)],
        only_topics=None if only is None else [known[at].name(visit.language) for at in only if at in known],
        until=_moment(grant.until),
        given_at=_moment(grant.given_at),
        given_by=grant.given_by or None,
    )


def _moment(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


def _clock(at: time) -> str:
    return at.strftime("%H:%M")

"""The pages of a change: what each field says with a button that changes it, who is editing, and what was not lost."""

from __future__ import annotations

from typing import Any

from bot.conversations.access import role_of
from bot.conversations.desk.pages import back, editor_facts, when_facts
from bot.conversations.language import own_name
from bot.conversations.visit import Visit
from bot.desk import lookup
from bot.desk.story import lock
from bot.model.desk.title import cut, head
from bot.model.message import Button, Keyboard, OutgoingMessage
from bot.model.newsroom.role import Right
from bot.model.press import pack
from bot.model.story.article import Article, Status
from bot.model.story.content import plain_text
from bot.readers import topics

LONGEST = 200
"""How many characters of each field the page shows."""


async def edit_page(visit: Visit, article_id: int) -> OutgoingMessage:
    """Return what the story's fields say now, and a button for each."""
    article = await lookup.get(visit.services.db, article_id)
    role = await role_of(visit.services, visit.user_id)
    may_release = role.covers(Right.FLASH if article.flash else Right.PUBLISH, article.topic_ids)
    text = visit.say("desk_edit", **await _facts(visit, article))
    return OutgoingMessage(text, buttons=_rows(visit, article, may_release=may_release))


async def locked_page(visit: Visit, article: Article) -> OutgoingMessage:
    """Return who is editing the story, with a button that takes the editing over for who may approve the story."""
    held = await lock.holder(visit.services.db, article.id, visit.services.now())
    facts = await editor_facts(visit, held)
    role = await role_of(visit.services, visit.user_id)
    over = Button(
        visit.label("edit_over"),
        press=pack("edit", "over", article.id, article.revision),
        style="danger",
        disabled=not role.covers(Right.APPROVE, article.topic_ids),
    )
    text = visit.say("desk_locked", headline=head(article.id, article.content.headline), editor=facts)
    return OutgoingMessage(text, buttons=((over,), (back(visit, article),)))


def kept_page(
    visit: Visit, article: Article, field: str, *, why: str, words: str, again: str
) -> OutgoingMessage:
    """Return what was typed and could not be put in, and why, with the button that puts it in all the same."""
    anyway = Button(visit.label("edit_again"), press=again, style="primary")
    text = visit.say("desk_kept", why=why, words=words, field=field)
    return OutgoingMessage(text, buttons=((anyway,), (back(visit, article),)))


async def _facts(visit: Visit, article: Article) -> dict[str, Any]:
    content, services = article.content, visit.services
    known = await topics.all_topics(services.db)
    body = " ".join(plain_text(content.blocks).split())
    held = await lock.holder(services.db, article.id, services.now())
    return {
        "headline": cut(content.headline, LONGEST),
        "lead": cut(content.lead, LONGEST),
        "dateline": content.dateline,
        "body": cut(body, LONGEST),
        "characters": len(body),
        "picture": content.picture is not None,
        "story_language": own_name(content.language) if content.language else "",
        "languages": [own_name(code) for code in article.languages],
        "topics": known.names(article.topic_ids, visit.language),
        "embargo": when_facts(visit, article.embargo_until),
        "editor": await editor_facts(visit, held),
        "signed": article.status is not Status.DRAFT
        and (article.status is not Status.SCHEDULED or article.approval is not None),
        "revision": article.revision,
        "number": article.id,
    }


def _rows(visit: Visit, article: Article, *, may_release: bool) -> Keyboard:
    def ask(field: str) -> Button:
        return Button(
            visit.label("edit_field", field=field),
            press=pack("edit", "ask", article.id, article.revision, field),
        )

    def way(verb: str, *args: object) -> Button:
        press = pack("edit", verb, article.id, article.revision, *args)
        return Button(visit.label(f"edit_{verb}"), press=press)

    picture = (ask("picture"), way("unpicture")) if article.content.picture else (ask("picture"),)
    last = [way("for")]
    if article.status is not Status.SCHEDULED:
        press = pack("desk", "embargo", article.id, article.revision)
        last.append(Button(visit.label("desk_embargo"), press=press, disabled=not may_release))
    done = Button(visit.label("edit_done"), press=pack("edit", "back", article.id, article.revision))
    return (
        (ask("headline"), ask("lead")),
        (ask("dateline"), ask("text")),
        picture,
        (way("topics", 0, 0), way("lang")),
        tuple(last),
        (done,),
    )

"""The pages of what comes after publication: a correction in preparation, and follow-ups that are not out yet."""

from __future__ import annotations

from collections.abc import Sequence

from bot.conversations.desk.pages import back
from bot.conversations.desk.published.fields import offered
from bot.conversations.visit import Visit
from bot.desk.afterwards import aftermath
from bot.desk.afterwards.proposals import Prepared
from bot.model.desk.title import head, title
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack
from bot.model.story.article import Article, Status
from bot.model.story.difference import Change
from bot.model.story.topic import Topics
from bot.readers import topics


async def correction_page(visit: Visit, article: Article, found: Prepared | None) -> OutgoingMessage:
    """Return what an editor's correction would change, with the buttons that add to it and let it go out."""
    services = visit.services
    known = await topics.all_topics(services.db)
    outdated = found is not None and found.outdated
    text = visit.say(
        "desk_correction",
        headline=head(article.id, article.content.headline),
        changes=[_words(visit, each, known) for each in found.changes] if found else [],
        outdated=outdated,
        revision=article.revision,
        copies=await aftermath.copies(services.db, article),
        out=article.status is Status.PUBLISHED,
    )
    content = found.proposal.content if found else article.content
    named = [
        Button(visit.label("fix", field=each), press=pack("desk", f"fix{each}", article.id, article.revision))
        for each in offered(content)
    ]
    ways = _ways_out(visit, article, found) if found is not None else [()]
    # The look at the correction fills the row of the last field, and to drop it stands beside the way back.
    above = (*named, *ways[0])
    rows = [tuple(above[at : at + 2]) for at in range(0, len(above), 2)]
    return OutgoingMessage(text, buttons=(*rows, *ways[1:-1], (*ways[-1], back(visit, article))))


def _ways_out(visit: Visit, article: Article, found: Prepared) -> list[tuple[Button, ...]]:
    """Return the rows of what can be done with a correction: first the look at it, last what drops it."""

    def button(verb: str, label: str, style: str | None = None) -> Button:
        data = pack("desk", verb, article.id, found.proposal.base, found.proposal.version)
        return Button(visit.label(label), press=data, style=style)

    drop = button("fixdrop", "fix_drop", "danger")
    preview = button("fixpreview", "desk_preview")
    if found.outdated:
        return [(), (button("fixcarry", "fix_carry", "primary"),), (preview,), (drop,)]
    if not found.changes:
        return [(), (drop,)]
    if article.status is not Status.PUBLISHED:
        # Nobody has a copy of what is in the archive: there is nothing to be loud about.
        return [(preview,), (button("fixquiet", "fix_archived", "primary"),), (drop,)]
    dated, quiet = button("fixdated", "fix_dated", "primary"), button("fixquiet", "fix_quiet")
    return [(preview,), (dated,), (quiet,), (button("fixloud", "fix_loud"),), (drop,)]


def waiting_updates_page(visit: Visit, article: Article, waiting: Sequence[Article]) -> OutgoingMessage:
    """Return the question whether another follow-up shall be written although some are not out yet."""
    rows = [(opens(visit, each),) for each in waiting]
    another = Button(
        visit.label("write_another"), press=pack("desk", "another", article.id, article.revision)
    )
    text = visit.say("desk_updates", headline=head(article.id, article.content.headline))
    return OutgoingMessage(text, buttons=(*rows, (another,), (back(visit, article),)))


def choice_page(visit: Visit, found: Sequence[Article]) -> OutgoingMessage:
    """Return the stories that one message holds, for an editor to choose from."""
    text = visit.say("desk_list", title=visit.label("stories_in_message"), empty=not found, since="")
    return OutgoingMessage(text, buttons=tuple((opens(visit, each),) for each in found))


def opens(visit: Visit, article: Article) -> Button:
    """Return the button that opens a story's card."""
    return Button(title(article.id, article.content.headline), press=pack("desk", "card", article.id))


def _words(visit: Visit, change: Change, known: Topics) -> dict[str, str]:
    old, new = change.old, change.new
    if change.field == "topics":
        old, new = (
            ", ".join(known.names([int(each) for each in ids.split()], visit.language)) for ids in (old, new)
        )
    return {"field": change.field, "old": old, "new": new}

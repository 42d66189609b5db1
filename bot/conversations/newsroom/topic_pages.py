"""The pages of topics: all of them, one of them, and into which another it shall be merged."""

from __future__ import annotations

from bot.conversations.newsroom.pages import LISTED, MOST_TOPICS, grid
from bot.conversations.visit import Visit
from bot.desk.newsroom.topics import followers
from bot.model.message import Button, OutgoingMessage
from bot.model.press import pack
from bot.model.story.topic import Topic, Topics
from bot.readers import topics


async def topics_page(visit: Visit) -> OutgoingMessage:
    """Return all topics, each below the one above it, with how many chats chose it."""
    services = visit.services
    known = await topics.all_topics(services.db)
    following = await followers(services.db, services.bot.id)
    listed = _in_order(known)
    facts = [
        {
            "name": each.name(visit.language),
            "slug": each.slug,
            "indent": "· · " * (len(known.chain(each.id)) - 1),
            "paused": each.paused,
            "followers": following.get(each.id, 0),
        }
        for each in listed[:LISTED]
    ]
    rows = [
        Button(each.name(visit.language), press=pack("src", "topic", each.id))
        for each in listed[:MOST_TOPICS]
    ]
    add = Button(visit.label("src_add_topic"), press=pack("src", "new-topic"), style="primary")
    back = Button(visit.label("src_feeds"), press=pack("src", "home"))
    return OutgoingMessage(visit.say("source_topics", topics=facts), buttons=(*grid(rows), (add,), (back,)))


async def topic_page(visit: Visit, known: Topics, topic: Topic) -> OutgoingMessage:
    """Return what a topic is called and who follows it, with a button for each thing that can be changed."""
    services, label = visit.services, visit.label
    following = await followers(services.db, services.bot.id)
    above = known.by_id.get(topic.parent_id or 0)
    text = visit.say(
        "source_topic",
        name=topic.name(visit.language),
        slug=topic.slug,
        names=list(topic.names.items()),
        above=above.name(visit.language) if above else "",
        aliases=topic.aliases[:20],
        followers=following.get(topic.id, 0),
        paused=topic.paused,
    )

    def button(name: str, verb: str) -> Button:
        return Button(label(name), press=pack("src", verb, topic.id, topic.version))

    steer = button("src_resume", "tgo") if topic.paused else button("src_pause", "tpause")
    rows = [(button("src_rename", "tname"), steer)]
    rows.append((button("src_add_below", "tbelow"), button("src_merge", "tmerge")))
    back = (Button(label("src_all_topics"), press=pack("src", "topics")),)
    return OutgoingMessage(text, buttons=(*rows, back))


def merge_page(visit: Visit, known: Topics, topic: Topic) -> OutgoingMessage:
    """Return the topics that one can become part of."""
    others = [
        Button(each.name(visit.language), press=pack("src", "tinto", topic.id, topic.version, each.id))
        for each in _in_order(known)[:MOST_TOPICS]
        if each.id != topic.id
    ]
    text = visit.say("source_merge", name=topic.name(visit.language), into="")
    return OutgoingMessage(text, buttons=(*grid(others), _back(visit, topic)))


def merge_sure_page(visit: Visit, topic: Topic, into: Topic) -> OutgoingMessage:
    """Return the question whether to merge a topic into another."""
    data = pack("src", "tdone", topic.id, topic.version, into.id)
    sure = (Button(visit.label("src_merge_sure"), press=data, style="danger"),)
    text = visit.say("source_merge", name=topic.name(visit.language), into=into.name(visit.language))
    return OutgoingMessage(text, buttons=(sure, _back(visit, topic)))


def _back(visit: Visit, topic: Topic) -> tuple[Button, ...]:
    return (Button(visit.label("back"), press=pack("src", "topic", topic.id)),)


def _in_order(known: Topics) -> list[Topic]:
    """Return the topics as a tree is read: each before those below it."""
    placed = {each.id: (each.position, each.id) for each in known.all}
    return sorted(known.all, key=lambda one: [placed[each] for each in reversed(known.chain(one.id))])

"""Every verb of conversation that takes a right: how it is tried, and the right that it takes.

A verb is tried by its words or by its button, as anybody could: buttons can be forged. The names are those of the
handlers; `test_matrix.py` fails where a handler has no line, here or among those that are open to all.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.newsroom.role import Right


@dataclass(frozen=True)
class Verb:
    """A handler, what is sent to it, and the right that it takes.

    `press` and `words` may hold `{card}`, `{story}`, `{feed}`, `{person}` and `{topic}`: a card of one's own about the
    topic, a draft and a feed about it, somebody who has no rights, and the topic. `about` are verbs whose right must
    hold for the topic of the card, the story or the feed, not just for any; `whole` are those whose right must hold
    for all topics.
    """

    handler: str
    right: Right
    words: str = ""
    press: str = ""
    about: bool = False
    whole: bool = False


MATRIX = (
    Verb("editor.breaking.begin", Right.FLASH, words="/breaking"),
    Verb("editor.card_presses.address", Right.FLASH, press="flash:to:{card}:{topic}", about=True),
    Verb("editor.card_presses.address_language", Right.FLASH, press="flash:in:{card}:en"),
    Verb("editor.card_presses.send", Right.FLASH, press="flash:send:{card}", about=True),
    Verb("editor.card_presses.send_surely", Right.FLASH, press="flash:sure:{card}", about=True),
    Verb("editor.card_presses.send_update", Right.FLASH, press="flash:update:{card}:1:{story}", about=True),
    Verb("editor.card_presses.choose_manner", Right.FLASH, press="flash:as:{card}:1"),
    Verb("flash.story.open_choice", Right.FLASH, press="desk:flash:{story}:1", about=True),
    Verb("flash.story.leave_choice", Right.FLASH, press="flash:desk:{card}"),
    Verb("flash.undo.take_back", Right.FLASH, press="flash:undo:{card}", about=True),
    Verb("flash.undo.take_story_back", Right.PUBLISH, press="desk:undo:{story}", about=True),
    Verb("editor.card_presses.go_back", Right.FLASH, press="flash:back:{card}"),
    Verb("editor.card_presses.reword", Right.FLASH, press="flash:keep:{card}"),
    Verb("editor.card_presses.drop", Right.FLASH, press="flash:drop:{card}"),
    Verb("editor.card_presses.steer", Right.FLASH, press="flash:pause:{card}", about=True),
    Verb("editor.status.tell_status", Right.PUBLISH, words="/status"),
    Verb("desk.shelves.open_desk", Right.WRITE, words="/desk"),
    Verb("desk.shelves.show_desk", Right.WRITE, press="desk:home"),
    Verb("desk.shelves.show_shelf", Right.WRITE, press="desk:shelf:drafts:0"),
    Verb("desk.shelves.turn_found", Right.WRITE, press="desk:find:0"),
    Verb("desk.presses.open_card", Right.WRITE, press="desk:card:{story}"),
    Verb("desk.presses.show_more", Right.WRITE, press="desk:more:{story}:1"),
    Verb("desk.presses.preview", Right.WRITE, press="desk:preview:{story}"),
    Verb("desk.presses.submit", Right.WRITE, press="desk:submit:{story}:1", about=True),
    Verb("desk.presses.approve", Right.APPROVE, press="desk:approve:{story}:1", about=True),
    Verb("desk.presses.ask_note", Right.APPROVE, press="desk:return:{story}:1", about=True),
    Verb("desk.presses.publish", Right.PUBLISH, press="desk:publish:{story}:1", about=True),
    Verb("desk.presses.ask_time", Right.PUBLISH, press="desk:schedule:{story}:1", about=True),
    Verb("desk.presses.take_hour_away", Right.PUBLISH, press="desk:unschedule:{story}:1", about=True),
    Verb("desk.presses.ask_way", Right.KILL, press="desk:withdraw:{story}:1", about=True),
    Verb("desk.presses.ask_reason", Right.KILL, press="desk:kill:{story}:1", about=True),
    Verb("desk.presses.steer", Right.FLASH, press="desk:pause:{story}", about=True),
    Verb("desk.presses.decide", Right.FLASH, press="desk:again:{story}", about=True),
    Verb("desk.live.notices.switch_notices", Right.WRITE, press="desk:notices"),
    Verb("desk.live.group.choose_group", Right.PEOPLE, words="/desk here"),
    Verb("desk.live.group.leave_group", Right.PEOPLE, words="/desk off"),
    Verb("desk.answers.take_answer", Right.KILL, words="(answers the desk)", about=True),
    Verb("desk.fields.presses.open_page", Right.WRITE, press="desk:change:{story}:1", about=True),
    Verb("desk.fields.presses.ask_words", Right.WRITE, press="edit:ask:{story}:1:lead", about=True),
    Verb("desk.fields.presses.remove_picture", Right.WRITE, press="edit:unpicture:{story}:1", about=True),
    Verb("desk.fields.presses.show_page", Right.WRITE, press="edit:page:{story}:1", about=True),
    Verb("desk.fields.presses.take_over", Right.APPROVE, press="edit:over:{story}:1", about=True),
    Verb("desk.fields.presses.go_back", Right.WRITE, press="edit:back:{story}:1", about=True),
    Verb("desk.fields.answers.take_field", Right.WRITE, words="(answers for a field)", about=True),
    Verb("desk.fields.answers.put_all_the_same", Right.WRITE, press="edit:again:{story}:0:lead", about=True),
    Verb("desk.fields.choices.show_topics", Right.WRITE, press="edit:topics:{story}:1:0:0", about=True),
    Verb("desk.fields.choices.choose_topic", Right.WRITE, press="edit:topic:{story}:1:{topic}:0", about=True),
    Verb("desk.fields.choices.choose_language", Right.WRITE, press="edit:lang:{story}:1:en", about=True),
    Verb("desk.fields.choices.choose_readers", Right.WRITE, press="edit:for:{story}:1:en", about=True),
    Verb("desk.fields.presses.ask_until", Right.PUBLISH, press="desk:embargo:{story}:1", about=True),
    Verb("desk.fields.presses.lift", Right.PUBLISH, press="desk:lift:{story}:1", about=True),
    Verb("desk.fields.looks.show_looks", Right.WRITE, press="desk:looks:{story}:1"),
    Verb("desk.fields.looks.show_look", Right.WRITE, press="desk:look:{story}:1:brief:en"),
    Verb("desk.fields.held.show_held", Right.CORRECT, press="desk:held:{story}", about=True),
    Verb("desk.fields.held.accept", Right.CORRECT, press="desk:accept:{story}:1:-", about=True),
    Verb("desk.fields.held.refuse", Right.CORRECT, press="desk:refuse:{story}:1:-", about=True),
    Verb("desk.writing.make", Right.WRITE, press="write:make"),
    Verb("desk.edits.take", Right.WRITE, press="write:take:{story}:1"),
    Verb("desk.highlights.presses.pick", Right.PUBLISH, press="desk:pick:{story}:1", about=True),
    Verb("desk.highlights.presses.show_list", Right.PUBLISH, press="picks:list"),
    Verb("desk.highlights.presses.show", Right.PUBLISH, press="picks:show:1"),
    Verb("desk.highlights.presses.preview", Right.PUBLISH, press="picks:preview:1"),
    Verb("desk.highlights.presses.rearrange", Right.PUBLISH, press="picks:up:1:1:1"),
    Verb("desk.highlights.presses.decide", Right.PUBLISH, press="picks:send:1:1"),
    Verb("desk.highlights.presses.stop", Right.PUBLISH, press="picks:stop:1:1"),
    Verb("desk.highlights.presses.ask_words", Right.PUBLISH, press="picks:title:1:1"),
    Verb("desk.highlights.questions.take_answer", Right.PUBLISH, words="(answers highlights)"),
    Verb("figures.presses.show_figures", Right.WRITE, words="/stats"),
    Verb("figures.presses.choose_period", Right.WRITE, press="stats:days:7"),
    Verb("figures.presses.draw_period", Right.WRITE, press="stats:pictures:7"),
    Verb("figures.presses.show_story", Right.WRITE, press="desk:figures:{story}"),
    Verb("figures.presses.draw_story", Right.WRITE, press="desk:curve:{story}"),
    Verb(
        "desk.published.correction.open_correction", Right.CORRECT, press="desk:correct:{story}:1", about=True
    ),
    Verb("desk.published.correction.ask_field", Right.CORRECT, press="desk:fixlead:{story}:1", about=True),
    Verb("desk.published.correction.preview", Right.CORRECT, press="desk:fixpreview:{story}:1:1", about=True),
    Verb("desk.published.correction.let_out", Right.CORRECT, press="desk:fixdated:{story}:1:1", about=True),
    Verb("desk.published.correction.ask_notice", Right.CORRECT, press="desk:fixloud:{story}:1:1", about=True),
    Verb(
        "desk.published.correction.carry_over", Right.CORRECT, press="desk:fixcarry:{story}:1:1", about=True
    ),
    Verb("desk.published.correction.drop", Right.CORRECT, press="desk:fixdrop:{story}:1:1", about=True),
    Verb("desk.published.follow_ups.ask_update", Right.WRITE, press="desk:update:{story}:1", about=True),
    Verb("desk.published.follow_ups.try_again", Right.KILL, press="desk:retry:{story}:1", about=True),
    Verb(
        "desk.published.replies.take_answer", Right.CORRECT, words="(answers after publication)", about=True
    ),
    Verb("desk.published.discovery.open_answered", Right.WRITE, words="(answers a story with /desk)"),
    Verb("desk.published.discovery.open_forwarded", Right.WRITE, words="(forwards a story)"),
    Verb("people.roster.editors", Right.PEOPLE, words="/editors"),
    Verb("people.roster.remove", Right.PEOPLE, press="editor:{person}"),
    Verb("people.roster.ask_person", Right.PEOPLE, press="staff:add"),
    Verb("people.roster.take_person", Right.PEOPLE, words="(shares a person)"),
    Verb("people.rights.show_everybody", Right.PEOPLE, press="staff:list"),
    Verb("people.rights.show_person", Right.PEOPLE, press="staff:open:{person}"),
    Verb("people.rights.give_role", Right.PEOPLE, press="staff:role:{person}:0:author"),
    Verb("people.rights.give_or_take_right", Right.PEOPLE, press="staff:right:{person}:0:write"),
    Verb("people.rights.show_topics", Right.PEOPLE, press="staff:topics:{person}:0"),
    Verb("people.rights.choose_topic", Right.PEOPLE, press="staff:topic:{person}:0:{topic}"),
    Verb("people.rights.show_until", Right.PEOPLE, press="staff:until:{person}:0"),
    Verb("people.rights.choose_length", Right.PEOPLE, press="staff:for:{person}:0:week"),
    Verb("people.rights.ask_until", Right.PEOPLE, press="staff:ask:{person}:0"),
    Verb("people.rights.take_until", Right.PEOPLE, words="(answers until when)"),
    Verb("people.rights.take_rights", Right.PEOPLE, press="staff:away:{person}:0"),
    Verb("people.record.show_record", Right.PEOPLE, words="/audit"),
    Verb("people.record.turn_page", Right.PEOPLE, press="audit:before:9"),
    Verb("newsroom.feed_presses.open_sources", Right.SOURCES, words="/sources"),
    Verb("newsroom.feed_presses.show_sources", Right.SOURCES, press="src:home"),
    Verb("newsroom.feed_presses.export", Right.SOURCES, press="src:export", whole=True),
    Verb("newsroom.feed_presses.ask_feed", Right.SOURCES, press="src:new-feed"),
    Verb("newsroom.feed_presses.open_feed", Right.SOURCES, press="src:feed:{feed}", about=True),
    Verb("newsroom.feed_presses.pause", Right.SOURCES, press="src:fpause:{feed}:1", about=True),
    Verb("newsroom.feed_presses.resume", Right.SOURCES, press="src:fgo:{feed}:1", about=True),
    Verb("newsroom.feed_presses.choose_publish", Right.SOURCES, press="src:fout:{feed}:1:draft", about=True),
    Verb("newsroom.feed_presses.ask_name", Right.SOURCES, press="src:fname:{feed}:1", about=True),
    Verb("newsroom.feed_presses.show_topics", Right.SOURCES, press="src:ftopics:{feed}:1", about=True),
    Verb(
        "newsroom.feed_presses.choose_topic", Right.SOURCES, press="src:ftopic:{feed}:1:{topic}", about=True
    ),
    Verb("newsroom.feed_presses.ask_removal", Right.SOURCES, press="src:fdrop:{feed}:1", about=True),
    Verb("newsroom.feed_presses.remove", Right.SOURCES, press="src:fgone:{feed}:1", about=True),
    Verb("newsroom.trial.feed", Right.SOURCES, words="/feed http://127.0.0.1:9/feed"),
    Verb("newsroom.trial.try_known", Right.SOURCES, press="src:ftest:{feed}:1", about=True),
    Verb("newsroom.trial.look_again", Right.SOURCES, press="src:look"),
    Verb("newsroom.trial.add", Right.SOURCES, press="src:add:auto"),
    Verb("newsroom.answers.take_answer", Right.SOURCES, words="(answers about a topic)", about=True),
    Verb("newsroom.topic_presses.show_topics", Right.SOURCES, press="src:topics"),
    Verb("newsroom.topic_presses.ask_topic", Right.SOURCES, press="src:new-topic", whole=True),
    Verb("newsroom.topic_presses.open_topic", Right.SOURCES, press="src:topic:{topic}", about=True),
    Verb("newsroom.topic_presses.ask_below", Right.SOURCES, press="src:tbelow:{topic}:1", about=True),
    Verb("newsroom.topic_presses.ask_name", Right.SOURCES, press="src:tname:{topic}:1", about=True),
    Verb("newsroom.topic_presses.pause", Right.SOURCES, press="src:tpause:{topic}:9", about=True),
    Verb("newsroom.topic_presses.resume", Right.SOURCES, press="src:tgo:{topic}:9", about=True),
    Verb("newsroom.topic_presses.show_others", Right.SOURCES, press="src:tmerge:{topic}:1", about=True),
    Verb("newsroom.topic_presses.ask_merge", Right.SOURCES, press="src:tinto:{topic}:1:1", about=True),
    Verb("newsroom.topic_presses.merge", Right.SOURCES, press="src:tdone:{topic}:9:{topic}", about=True),
    Verb("newsroom.setup.begin", Right.SOURCES, words="/setup", whole=True),
    Verb("newsroom.setup.go_on", Right.SOURCES, press="setup:home", whole=True),
    Verb("newsroom.setup.go_to", Right.SOURCES, press="setup:step:feed", whole=True),
    Verb("newsroom.setup.settle", Right.SOURCES, press="setup:settle", whole=True),
    Verb("newsroom.setup.add_usual_topics", Right.SOURCES, press="setup:usual", whole=True),
    Verb("newsroom.setup.ask_topic", Right.SOURCES, press="setup:own", whole=True),
    Verb("newsroom.setup.ask_feed", Right.SOURCES, press="setup:feed", whole=True),
    Verb("newsroom.setup.ask_channel", Right.SOURCES, press="setup:channel", whole=True),
    Verb("newsroom.setup.take_channel", Right.SOURCES, words="(shares a channel)", whole=True),
    Verb("newsroom.setup.show_story", Right.SOURCES, press="setup:show:0", whole=True),
)

BY_THEIR_OWN_CARD = {
    "editor.breaking.rewrite",
    "editor.breaking.take",
    "editor.breaking.not_taken",
    "editor.breaking.offer_rewording",
}
"""Handlers of words that only pass where the person has begun a card: `test_breaking.py` takes the right away then."""

HEARD_OF_WRITERS_ALONE = {
    "desk.writing.write",
    "desk.writing.write_document",
    "desk.edits.rewrite",
    "desk.edits.rewrite_document",
}
"""Handlers of what a person says of their own accord: whoever may not write is answered as everybody is."""

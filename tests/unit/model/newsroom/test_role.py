"""Roles are sets of rights, for all topics or for some."""

from __future__ import annotations

from bot.model.newsroom.role import EDITOR, OWNER, READER, Right, Role


def test_an_owner_may_do_everything_and_a_reader_nothing() -> None:
    assert all(OWNER.may(right) for right in Right)
    assert not any(READER.may(right) for right in Right)


def test_an_editor_sends_breaking_news_and_makes_nobody_an_editor() -> None:
    assert EDITOR.may(Right.FLASH)
    assert not EDITOR.may(Right.PEOPLE)


def test_a_role_for_some_topics_has_its_rights_for_those_alone() -> None:
    role = Role("sports desk", frozenset({Right.PUBLISH}), topics=frozenset({4}))
    assert role.may(Right.PUBLISH)
    assert role.may(Right.PUBLISH, 4)
    assert not role.may(Right.PUBLISH, 5)
    assert not role.may(Right.KILL, 4)

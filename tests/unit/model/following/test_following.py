"""The rule of modes: the nearest choice on the way up decides, each mode brings what the lesser ones bring."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.model.following.following import Following
from bot.model.following.mode import WIRE, Mode, nearest, resolved
from bot.model.story.topic import Topic, Topics

# 1 > 2 > 3, and 4 by itself.
PARENTS = {1: None, 2: 1, 3: 2, 4: None}
TOPICS = Topics(
    tuple(Topic(at, f"t{at}", {"ru": f"Т{at}"}, parent_id=above) for at, above in PARENTS.items())
)
SOME_CHOICES = st.dictionaries(st.sampled_from((WIRE, *PARENTS)), st.sampled_from(Mode), max_size=5)
A_TOPIC = st.sampled_from(sorted(PARENTS))


def asked_upwards(topic_id: int, chosen: dict[int, Mode]) -> Mode:
    """Return what decides, looked for step by step."""
    if topic_id in chosen:
        return chosen[topic_id]
    above = PARENTS.get(topic_id)
    if above is not None:
        return asked_upwards(above, chosen)
    return chosen.get(WIRE, Mode.OFF)


@given(SOME_CHOICES, A_TOPIC)
def test_the_nearest_choice_decides_and_the_whole_wire_last(chosen: dict[int, Mode], topic_id: int) -> None:
    assert nearest(TOPICS.chain(topic_id), chosen) is asked_upwards(topic_id, chosen)
    assert nearest((), chosen) is chosen.get(WIRE, Mode.OFF)


@given(SOME_CHOICES, A_TOPIC, st.booleans())
def test_as_usual_is_what_the_chat_has_for_all(chosen: dict[int, Mode], topic_id: int, instant: bool) -> None:
    found = Following(TOPICS, chosen, instant=instant)
    usual = Mode.AT_ONCE if instant else Mode.DIGEST
    own = asked_upwards(topic_id, chosen)
    assert found.mode(topic_id) is (usual if own is Mode.USUAL else own)
    assert resolved(own, instant=instant) is not Mode.USUAL


@given(SOME_CHOICES, A_TOPIC, st.sampled_from((Mode.OFF, Mode.FLASH, Mode.DIGEST)), st.booleans())
def test_who_chooses_more_loses_nothing(
    chosen: dict[int, Mode], topic_id: int, mode: Mode, instant: bool
) -> None:
    less = Following(TOPICS, chosen | {topic_id: mode}, instant=instant)
    more = Following(TOPICS, chosen | {topic_id: Mode(mode + 1)}, instant=instant)
    for each in PARENTS:
        assert more.mode(each) >= less.mode(each)
    assert set(less.wanted()) <= set(more.wanted())


@given(SOME_CHOICES, A_TOPIC)
def test_a_section_takes_along_what_chose_nothing_nearer(chosen: dict[int, Mode], topic_id: int) -> None:
    found = Following(TOPICS, chosen)
    if topic_id not in chosen:
        assert found.mode(topic_id) is found.above(topic_id)
    decides = found.decides(topic_id)
    assert (decides is None) == (not {*TOPICS.chain(topic_id)[1:], WIRE} & set(chosen))
    if decides is not None:
        assert found.above(topic_id) is found.resolved(chosen[decides])


def test_what_a_chat_chose_itself_is_told_by_mode() -> None:
    found = Following(TOPICS, {WIRE: Mode.DIGEST, 4: Mode.USUAL, 2: Mode.FLASH, 3: Mode.OFF})
    assert found.in_mode(Mode.DIGEST) == [WIRE]
    assert found.in_mode(Mode.AT_ONCE) == [4]
    assert found.in_mode(Mode.FLASH) == [2]
    assert found.in_mode(Mode.OFF) == [3]
    assert found.any
    assert not Following(TOPICS, {3: Mode.OFF}).any

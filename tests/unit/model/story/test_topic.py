import pytest

from bot.model.story.topic import Topic, Topics

TOPICS = Topics(
    (
        Topic(1, "world", {"ru": "Мир", "en": "World"}, position=1),
        Topic(2, "asia", {"ru": "Азия", "en": "Asia"}, parent_id=1, aliases=("Восток",)),
        Topic(3, "economy", {"ru": "Экономика"}, position=0),
    )
)


@pytest.mark.parametrize("said", ["asia", "ASIA", "world/asia", "Азия", "азия", "Asia", "восток", "#азия"])
def test_a_topic_is_found_by_whatever_a_person_calls_it(said: str) -> None:
    found = TOPICS.find(said)
    assert found
    assert found.id == 2


def test_an_unknown_topic_is_not_found() -> None:
    assert TOPICS.find("sport") is None


def test_topics_hang_together() -> None:
    assert TOPICS.chain(2) == [2, 1]
    assert TOPICS.path(2) == "world/asia"
    assert TOPICS.below(1) == [1, 2]
    assert [topic.slug for topic in TOPICS.children(None)] == ["economy", "world"]


def test_a_loop_of_parents_ends() -> None:
    looped = Topics((Topic(1, "a", {}, parent_id=2), Topic(2, "b", {}, parent_id=1)))
    assert looped.chain(1) == [1, 2]


def test_a_missing_name_is_given_in_another_language() -> None:
    assert TOPICS.names([3, 9], "en") == ["Экономика"]

"""Each verb of a card in the editor's own language: the button, the question, the answer, and what is said of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from bot.conversations.desk.offers import OFFERS
from bot.desk import record
from bot.model.newsroom.role import OWNER
from bot.tongues import TONGUES
from tests.integration.conversations.desk.live.test_races import ONLY_SHOW, RACES, approved, going_out
from tests.support.desk.editors import BRIDGE, hire
from tests.support.messages import Message, buttons, labels, plain
from tests.support.people import JAMES, NAMES
from tests.support.people import OWNER as OLGA
from tests.support.world import BOT, World

THEIRS = (
    *(BRIDGE.headline, BRIDGE.lead, BRIDGE.source_name, "Отозвано"),
    *("Вестник Долины", *(each.name for each in TONGUES), *NAMES.values()),
)
"""What is in Russian wherever it stands: the story, what its readers are told, names, what a language calls itself."""


@dataclass(frozen=True)
class Editor:
    """Somebody at the desk, and what they answer: when, why, and what happened next."""

    user: int
    language: str
    when: str
    why: str
    then: str


EDITORS = {
    "ru": Editor(OLGA, "ru", "через 2 часа", "Нет даты", "Мост снова закрыли до утра"),
    "en": Editor(JAMES, "en", "in 2 hours", "No date in it", "The bridge is closed again tonight"),
}
SHOWN = {"update": going_out, "correct": going_out, "figures": going_out}
"""How the story stands whose card has a button that only shows something; else it is approved."""


def test_every_button_is_pressed_in_both_languages() -> None:
    assert {each.verb for each in OFFERS} == {*RACES, *ONLY_SHOW}


@pytest.mark.parametrize("language", EDITORS)
@pytest.mark.parametrize("verb", RACES)
async def test_a_verb_is_done_in_the_editors_language(room: World, verb: str, language: str) -> None:
    editor, race = EDITORS[language], RACES[verb]
    await begun(room)
    number = await race.stands(room)
    said = [str((await pressed(room, editor, number, verb)).get("text") or "")]
    if race.between:
        page = await room.until(lambda: button(room, editor, f"desk:{race.deed}:"))
        said.append(str((await room.forge(editor.user, *page)).get("text") or ""))
    if race.answer:
        asked = await room.until(lambda: question(room, editor))
        words = editor.when if verb in ("schedule", "embargo") else editor.why
        await room.say(editor.user, words, reply_to=asked["message_id"])
    await room.services.errands.settle()
    deeds = (await record.of_article(room.db, BOT, number, 9)).deeds
    assert (race.deed, editor.user) in [(each.verb, each.actor) for each in deeds]
    assert any(said) or race.answer
    assert_spoken(room, editor, said)


@pytest.mark.parametrize("language", EDITORS)
@pytest.mark.parametrize("verb", sorted(ONLY_SHOW))
async def test_what_a_button_shows_is_in_the_editors_language(room: World, verb: str, language: str) -> None:
    editor = EDITORS[language]
    await begun(room)
    number = await SHOWN.get(verb, approved)(room)
    before = shown(room, editor)
    said = str((await pressed(room, editor, number, verb)).get("text") or "")
    await room.until(lambda: shown(room, editor) != before)
    if verb == "update":
        asked = await room.until(lambda: question(room, editor))
        assert editor.then in plain(await room.say(editor.user, editor.then, reply_to=asked["message_id"]))
    await room.services.errands.settle()
    assert_spoken(room, editor, [said])


async def begun(room: World) -> None:
    await room.say(OLGA, "/start")
    await hire(room, JAMES, "James", OWNER.rights)


async def pressed(room: World, editor: Editor, number: int, verb: str) -> dict[str, object]:
    """Open the story's card and press the verb's button by its words in the editor's language, also behind "more"."""
    own = await room.say(editor.user, "/id")
    await room.forge(editor.user, own, f"desk:card:{number}")
    (offer,) = [each for each in OFFERS if each.verb == verb]
    label = room.services.talk.label(
        offer.label or f"desk_{verb}", editor.language, **({"count": 1} if offer.counted else {})
    )
    more = room.services.talk.label("desk_more", editor.language)

    def there() -> set[str]:
        return {label, more} & {*labels(room.again(own))}

    if label not in await room.until(there):
        await room.press(editor.user, room.again(own), more)
    return await room.press(editor.user, await room.changed(own, label), label)


def button(room: World, editor: Editor, data: str) -> tuple[Message, str] | None:
    """The newest button whose data begins so, with the message in which it stands."""
    standing = ((each, found) for each in reversed(room.shown(editor.user)) for found in buttons(each))
    return next(
        (
            (each, found["callback_data"])
            for each, found in standing
            if found.get("callback_data", "").startswith(data)
        ),
        None,
    )


def question(room: World, editor: Editor) -> Message | None:
    return next(
        (each for each in room.shown(editor.user) if "force_reply" in each.get("reply_markup", {})), None
    )


def shown(room: World, editor: Editor) -> str:
    return "\n".join("\n".join((plain(each), *labels(each))) for each in room.shown(editor.user))


def assert_spoken(room: World, editor: Editor, answers: list[str]) -> None:
    """All that the bot said is in the editor's language, the story's own words and names aside."""
    said = "\n".join((shown(room, editor), *answers)).replace("\u00a0", " ")
    for each in THEIRS:
        said = said.replace(each, "")
    russian = re.findall("[а-яё]+", said, re.IGNORECASE)
    if editor.language == "ru":
        assert russian
    else:
        assert not russian, said

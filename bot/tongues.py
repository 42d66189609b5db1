"""The languages that the bot speaks. A line in `TONGUES` and a catalogue make one more: docs/adding-a-language.md."""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "en"
"""The language that the templates are written in; people get it whose language the bot does not speak."""


@dataclass(frozen=True, slots=True)
class Tongue:
    """A language that the bot speaks.

    `code` is its IETF code, `name` what it calls itself, `people` the codes of other languages whose people read it
    sooner than English. A `draft` waits for a native's eye: `instead` is the language of what it has no words for.
    `stemmer` is Snowball's name of its rules, for words with one of the `letters` (a class of a regular expression).
    """

    code: str
    name: str
    people: str = ""
    instead: str = ""
    draft: bool = False
    stemmer: str = ""
    letters: str = ""


TONGUES: tuple[Tongue, ...] = (
    Tongue(
        "ru",
        "Русский",
        people="be uk kk tg uz tk hy az mo tt ba cv",
        stemmer="russian",
        letters="а-я",
    ),
    Tongue("en", "English", stemmer="english", letters="a-z"),
    Tongue("ky", "Кыргызча", instead="ru", draft=True),
)
"""In the order in which they are offered."""


def codes() -> tuple[str, ...]:
    """Return the codes of all languages that the bot speaks."""
    return tuple(each.code for each in TONGUES)


def drafts() -> frozenset[str]:
    """Return the codes of the languages that wait for a native's eye."""
    return frozenset(each.code for each in TONGUES if each.draft)


def known(code: str) -> Tongue | None:
    """Return the language of a code; None for one that the bot does not speak."""
    return next((each for each in TONGUES if each.code == code), None)


def chain(code: str) -> tuple[str, ...]:
    """Return the code, and those of the languages that stand in for it, the nearest first."""
    found = [code]
    while (tongue := known(found[-1])) and tongue.instead and tongue.instead not in found:
        found.append(tongue.instead)
    return tuple(found)


def of_person(code: str | None, default: str) -> str:
    """Return the language to speak to a person in: Telegram's `language_code` (IETF, optional) tells theirs."""
    if not code:
        return default
    theirs = code.replace("_", "-").partition("-")[0].lower()
    readers = (each.code for each in TONGUES if theirs == each.code or theirs in each.people.split())
    return next(readers, SOURCE)

"""What the desk looks at before a verb is done with a story: items of a list, blocking or a warning."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.model.errors import Refusal


class Verb(StrEnum):
    """A verb of the desk that has a list of its own."""

    SUBMIT = "submit"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    PUBLISH = "publish"
    CORRECT = "correct"


@dataclass(frozen=True, slots=True)
class Check:
    """Something that is not as it should be. A blocking one ends the verb, a warning can be passed by its code.

    `detail` holds the facts that its wording may use (`templates/talk/refusals.j2`).
    """

    code: str
    blocking: bool
    detail: dict[str, Any] = field(default_factory=dict)


def passed(checks: Iterable[Check], named: Collection[str]) -> str:
    """Return the codes of the warnings that were passed, for the audit.

    Refused with the code of the first blocking item, else with `warned` where a warning was not named; `checks`
    among the facts are all items.
    """
    found = tuple(checks)
    if blocking := next((each for each in found if each.blocking), None):
        raise Refusal(blocking.code, **blocking.detail, checks=found)
    if left := [each for each in found if each.code not in named]:
        raise Refusal("warned", checks=tuple(left))
    return " ".join(sorted(each.code for each in found))

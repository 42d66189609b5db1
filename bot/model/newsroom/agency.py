"""What a newsroom says of itself, beside its topics and feeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.model.story.form import USUAL, Style


@dataclass(frozen=True, slots=True)
class Agency:
    """What the newsroom file says of the newsroom itself.

    `name` holds where a language has none in `names`; `style` is what chats get that chose nothing else. `bots` are the
    tables that say what each bot carries, as the file has them.
    """

    name: str = "Vestnik"
    names: Mapping[str, str] = field(default_factory=dict)
    style: Style = USUAL
    bots: Sequence[Mapping[str, Any]] = ()

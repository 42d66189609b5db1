"""What a newsroom decides about its desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class DeskRules:
    """Whether a story needs an approval before an editor may publish, and whether the author may give it.

    `zone` is the newsroom's zone. A flash of an editor starts `flash_undo` after the press, and can be taken
    back until then. The command line needs no approval: whoever has it has the server.
    """

    zone: str = "UTC"
    approval: bool = True
    other_approves: bool = True
    flash_undo: timedelta = timedelta()

"""What the bot says in conversation: texts, buttons' labels, notices, refusals, command menus."""

from __future__ import annotations

from typing import Any

from bot.rendering.breaks import shorten
from bot.rendering.environment import Missing, Templates
from bot.rendering.fit import TEXT_ROOM, clip
from bot.rendering.spans import write

NOTICE_LIMIT = 200
LABEL_LIMIT = 64
DESCRIPTION_LIMIT = 512
_PRIVATE = ("start", "topics", "latest", "digest", "settings", "help", "stop", "id")
_GROUP = ("topics", "latest", "settings", "help", "stop", "id")
_STAFF = {"reader": (), "editor": ("breaking", "status"), "owner": ("breaking", "status", "editors")}


class Talk:
    """Words each template of `templates/talk/` in the language of whoever is spoken to."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def say(self, name: str, language: str, /, **facts: Any) -> str:
        """Return the HTML of `talk/<name>.j2`. `zone` and `now` say in which zone dates are written, and when.

        Raises jinja2.UndefinedError where a fact is missing that the template asks for.
        """
        spans = self._templates.render(f"talk/{name}.j2", self._templates.language(language), **facts)
        return write(clip(spans, TEXT_ROOM))

    def label(self, name: str, language: str, /, **facts: Any) -> str:
        """Return a button's label: the macro of `talk/buttons.j2`, as plain text."""
        return shorten(self._macro("buttons", name, language, facts), LABEL_LIMIT)

    def notice(self, name: str, language: str, /, **facts: Any) -> str:
        """Return the answer to a press: the macro of `talk/notices.j2`, plain text of at most 200 characters."""
        return shorten(self._macro("notices", name, language, facts), NOTICE_LIMIT)

    def refusal(self, code: str, language: str, /, **facts: Any) -> str:
        """Return why something can't be done, as plain text; a kind general sentence for an unknown code."""
        try:
            return self._macro("refusals", code.replace("-", "_"), language, facts)
        except Missing:
            return self._macro("refusals", "general", language, facts)

    def command_menu(self, language: str, kind: str, role: str = "reader") -> list[tuple[str, str]]:
        """Return (command, description) pairs for a private chat or a group, a reader's, editor's or owner's."""
        commands = _PRIVATE + _STAFF[role] if kind == "private" else _GROUP
        return [(command, self._macro("commands", command, language, {})) for command in commands]

    def problems(self) -> list[str]:
        """Return what is wrong with the newsroom's own templates: file, line and reason of each."""
        return self._templates.problems()

    def about(self, language: str) -> str:
        """Return what the bot says of itself to whoever has not started it, at most 512 characters."""
        return shorten(self._macro("commands", "about", language, {}), DESCRIPTION_LIMIT)

    def _macro(self, file: str, name: str, language: str, facts: dict[str, Any]) -> str:
        return self._templates.macro(f"talk/{file}.j2", name, self._templates.language(language), **facts)

"""The bot's words in conversation: texts, buttons' labels, notices, refusals, command menus."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from bot.model.newsroom.role import Right
from bot.rendering.templates.environment import Missing, Templates
from bot.rendering.text.breaks import shorten
from bot.rendering.text.fit import TEXT_ROOM, clip
from bot.rendering.text.spans import write

NOTICE_LIMIT = 200
LABEL_LIMIT = 64
NAME_LIMIT = 64
DESCRIPTION_LIMIT = 512
SHORT_LIMIT = 120
_PRIVATE = (
    "start",
    "topics",
    "latest",
    "search",
    "digest",
    "saved",
    "mute",
    "alerts",
    "following",
    "settings",
    "channels",
    "pause",
    "help",
    "mydata",
    "stop",
    "id",
)
_GROUP = ("topics", "latest", "search", "mute", "alerts", "settings", "help", "stop", "id")
_STAFF = {
    "desk": {Right.WRITE, Right.APPROVE, Right.PUBLISH},
    "breaking": {Right.FLASH},
    "stats": {Right.WRITE, Right.APPROVE, Right.PUBLISH},
    "status": {Right.PUBLISH},
    "editors": {Right.PEOPLE},
    "audit": {Right.PEOPLE},
    "sources": {Right.SOURCES},
    "setup": {Right.SOURCES},
}
"""Commands for whoever has one of the rights."""


class Talk:
    """Renders the templates of `templates/talk/` in a reader's language (IETF code)."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates

    def say(self, name: str, language: str, /, **variables: Any) -> str:
        """Return `talk/<name>.j2` as classic HTML, within the limit of a message.

        `zone` and `now` among the variables are as in `Templates.render`. Raises jinja2.UndefinedError where
        a variable is missing that the template asks for.
        """
        spans = self._templates.render(f"talk/{name}.j2", self._templates.language(language), **variables)
        return write(clip(spans, TEXT_ROOM))

    def label(self, name: str, language: str, /, **variables: Any) -> str:
        """Return a button's label (a macro of `talk/buttons.j2`): plain text of at most 64 characters."""
        return shorten(self._macro("buttons", name, language, variables), LABEL_LIMIT)

    def notice(self, name: str, language: str, /, **variables: Any) -> str:
        """Return the answer to a press (a macro of `talk/notices.j2`): plain text of at most 200 characters."""
        return shorten(self._macro("notices", name, language, variables), NOTICE_LIMIT)

    def refusal(self, code: str, language: str, /, **variables: Any) -> str:
        """Return why something can't be done (a macro of `talk/refusals.j2`), as plain text.

        A code without a macro gets a general sentence.
        """
        try:
            return self._macro("refusals", code.replace("-", "_"), language, variables)
        except Missing:
            return self._macro("refusals", "general", language, variables)

    def data_word(self, name: str, language: str, /, **variables: Any) -> str:
        """Return what something is called in the file of /mydata (a macro of `talk/data_words.j2`), as plain text."""
        return self._macro("data_words", name, language, variables)

    def command_menu(self, language: str, kind: str, rights: Collection[Right] = ()) -> list[tuple[str, str]]:
        """Return (command, description) pairs for a kind of chat and what the person there may do."""
        theirs = tuple(command for command, any_of in _STAFF.items() if any_of & set(rights))
        commands = _PRIVATE + theirs if kind == "private" else _GROUP
        return [(command, self._macro("commands", command, language, {})) for command in commands]

    def problems(self) -> list[str]:
        """Return the mistakes in the newsroom's own templates, each as `file:line: reason`."""
        return self._templates.problems()

    @property
    def names(self) -> dict[str, str]:
        """The newsroom's names by language, where it has several: the bot has them, too. At most 64 characters."""
        return {language: shorten(name, NAME_LIMIT) for language, name in self._templates.names.items()}

    def about(self, language: str) -> str:
        """Return the bot's description for people who have not started it, at most 512 characters."""
        return shorten(self._macro("commands", "about", language, {}), DESCRIPTION_LIMIT)

    def about_briefly(self, language: str) -> str:
        """Return what stands on the bot's profile and beside links to the bot, at most 120 characters."""
        return shorten(self._macro("commands", "about_briefly", language, {}), SHORT_LIMIT)

    def _macro(self, file: str, name: str, language: str, variables: dict[str, Any]) -> str:
        return self._templates.macro(f"talk/{file}.j2", name, self._templates.language(language), **variables)

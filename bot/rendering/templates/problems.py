"""The mistakes in a newsroom's own templates, each with file and line, until the file is changed."""

from __future__ import annotations

import logging
import re
import traceback
from pathlib import Path

from jinja2 import Environment, TemplateError, TemplateSyntaxError

from bot.log import Event

log = logging.getLogger(__name__)


class Problems:
    """The problems found so far; a problem is forgotten when its file changes.

    `failed` are the names of the templates that did not work: the shipped ones take their place.
    """

    def __init__(self, shipped: Path, override: Path | None) -> None:
        self._shipped = shipped
        self._override = override
        self._noted: dict[str, tuple[Path, float]] = {}
        self.failed: frozenset[str] = frozenset()
        if override and not override.is_dir():
            self.note(override, 1, "there is no such folder")

    def note(self, file: Path, line: int, reason: str) -> None:
        """Keep a problem, and log it the first time."""
        reason = " ".join(reason.split())
        text = f"{file}:{line}: {reason}"
        if text not in self._noted:
            log.warning(Event("template.failed", file=file, line=line, reason=reason))
        self._noted[text] = (file, _changed_at(file))

    def note_error(self, error: Exception, name: str) -> None:
        """Keep the error that the template `name` raised, at the file and line that its traceback names."""
        file, line = self._place(error, name)
        kind = "" if isinstance(error, TemplateError | ValueError) else f"{type(error).__name__}: "
        self.note(file, line, f"{kind}{error}")
        if self._override and file.is_relative_to(self._override):
            self.failed |= {file.relative_to(self._override).as_posix()}

    def note_tag(self, name: str, tag: str) -> None:
        """Keep the problem that a template uses a tag which Telegram doesn't have."""
        file = self._file(name)
        source = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else ""
        found = re.search(rf"</?{re.escape(tag)}\b", source, re.IGNORECASE)
        line = source.count("\n", 0, found.start()) + 1 if found else 1
        self.note(file, line, f"Telegram has no tag <{tag}>; its text stays, the tag is left out")

    def compile_all(self, environment: Environment) -> None:
        """Compile each template of the override folder, and note the mistakes.

        Also notes files that no shipped template has the name of: nothing would use them.
        """
        assert self._override is not None
        for path in sorted(self._override.rglob("*.j2")):
            name = path.relative_to(self._override).as_posix()
            if name in self.failed:
                continue
            try:
                environment.get_template(name)
            except Exception as error:  # a mistake of any kind in a newsroom's file
                self.note_error(error, name)
            if not (self._shipped / name).is_file() and not path.name.startswith("_"):
                self.note(path, 1, "the bot has no template of this name, so nothing uses it")

    def listed(self) -> list[str]:
        """Return each problem as `file:line: reason`."""
        for text, (file, changed) in list(self._noted.items()):
            if _changed_at(file) != changed:
                del self._noted[text]
        return sorted(self._noted)

    def _place(self, error: Exception, name: str) -> tuple[Path, int]:
        if isinstance(error, TemplateSyntaxError) and error.filename:
            return Path(error.filename), error.lineno
        theirs = str(self._override)
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(theirs)]
        if frames:
            return Path(frames[-1].filename), frames[-1].lineno or 1
        return self._file(name), 1

    def _file(self, name: str) -> Path:
        name = name.partition(":")[0]
        folders = (self._override, self._shipped)
        found = (folder / name for folder in folders if folder and (folder / name).is_file())
        return next(found, self._shipped / name)


def _changed_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0

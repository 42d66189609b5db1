"""A newsroom's folder of templates and catalogues: what stands in it, and how it goes before the shipped one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from gettext import NullTranslations
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, TemplateNotFound

from bot.rendering import catalogues
from bot.rendering.problems import Problems

_KINDS = ("*.j2", "*.po")


def state_of(folder: Path) -> object:
    """Return what tells one state of the folder from another: its files' names, times and sizes."""
    found = []
    for kind in _KINDS:
        for path in sorted(folder.rglob(kind)):
            try:
                stat = path.stat()
            except OSError:  # gone since it was listed, or a link that leads nowhere
                continue
            found.append((str(path), stat.st_mtime_ns, stat.st_size))
    return folder.is_dir(), tuple(found)


class Own(FileSystemLoader):
    """The folder's templates, without those left out; each stays as it was when it was first read."""

    def __init__(self, folder: Path, left_out: Set[str]) -> None:
        super().__init__(folder)
        self._left_out = left_out

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's source, its path, and that it never needs to be read again."""
        if template in self._left_out:
            raise TemplateNotFound(template)
        source, path, _ = super().get_source(environment, template)
        return source, path, lambda: True


def loader(folder: Path, shipped: Path, left_out: Set[str]) -> BaseLoader:
    """Return a loader that takes the folder's templates before the shipped ones."""
    return ChoiceLoader([Own(folder, left_out), FileSystemLoader(shipped)])


def words(
    folder: Path, shipped: Mapping[str, NullTranslations], problems: Problems
) -> dict[str, NullTranslations]:
    """Return the catalogues by language, the folder's before the shipped ones. What can't be read is noted."""
    found = dict(shipped)
    for language in catalogues.languages_in(folder):
        path = catalogues.po_file(folder, language)
        try:
            theirs = catalogues.translations(catalogues.load(path, language))
        except ValueError as error:
            problems.note(path, 1, str(error).removeprefix(f"{path}:"))
            continue
        theirs.add_fallback(shipped.get(language) or NullTranslations())
        found[language] = theirs
    return found

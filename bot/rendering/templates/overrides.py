"""A newsroom's folder of templates and catalogues, which go before the shipped ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from gettext import NullTranslations
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, TemplateNotFound

from bot.rendering.templates import catalogues
from bot.rendering.templates.problems import Problems

_KINDS = ("*.j2", "*.po")


def state_of(folder: Path) -> object:
    """Return a value that differs whenever a template or catalogue of the folder was changed, added or removed."""
    found = []
    for kind in _KINDS:
        for path in sorted(folder.rglob(kind)):
            try:
                stat = path.stat()
            except OSError:  # gone since it was listed, or a link that leads nowhere
                continue
            found.append((str(path), stat.st_mtime_ns, stat.st_size))
    return folder.is_dir(), tuple(found)


class OverrideLoader(FileSystemLoader):
    """Loads the folder's templates except those left out; a template stays as it was when first read.

    So a file that is being written is not used before its trial.
    """

    def __init__(self, folder: Path, left_out: Set[str]) -> None:
        super().__init__(folder)
        self._left_out = left_out

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's source, its path, and a function that says whether it is up to date: always."""
        if template in self._left_out:
            raise TemplateNotFound(template)
        source, path, _ = super().get_source(environment, template)
        return source, path, lambda: True


def loader(folder: Path, shipped: Path, left_out: Set[str]) -> BaseLoader:
    """Return a loader that takes the folder's templates before the shipped ones."""
    return ChoiceLoader([OverrideLoader(folder, left_out), FileSystemLoader(shipped)])


def translations(
    folder: Path, shipped: Mapping[str, NullTranslations], problems: Problems
) -> dict[str, NullTranslations]:
    """Return the translations by language, the folder's before the shipped ones.

    A catalogue that can't be read is noted as a problem and left out.
    """
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

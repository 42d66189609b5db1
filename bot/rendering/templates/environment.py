"""All templates: a newsroom's own before the shipped ones.

A newsroom's folder is read again when it changes. What is new there is tried first, then used; a template
that fails, in the trial or later, is noted with file and line, and the shipped template takes its place: a
mistake in a text never stops the news.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from gettext import NullTranslations
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Any, TypeVar

from jinja2 import FileSystemLoader
from markupsafe import Markup

from bot.model.clock import Clock
from bot.rendering.rich import tidy as rich_tidy
from bot.rendering.rich import tree
from bot.rendering.rich.tree import Node
from bot.rendering.templates import catalogues, overrides
from bot.rendering.templates.limits import OUTPUT, LimitedEnvironment, Rendering, TooMuch
from bot.rendering.templates.overrides import state_of
from bot.rendering.templates.problems import Problems
from bot.rendering.templates.shipped import shipped_templates
from bot.rendering.templates.template_set import TemplateSet, Work
from bot.rendering.text.spans import Spans, read, text_of, tidy, unknown_tags
from bot.tongues import SOURCE, chain

_BODY = f"body-{token_hex(8)}"
"""Stands for a body while its template is rendered; no story can hold the same text."""

T = TypeVar("T")
Finish = Callable[[str], tuple[T, list[str]]]
"""Reads the markup that a template wrote; returns the result and the names of tags that don't exist."""


class Empty(ValueError):
    """A template wrote nothing."""


class Missing(LookupError):
    """A file of macros lacks the wanted macro: a newsroom's file may word only some of them."""


@dataclass(frozen=True, slots=True)
class _Reader:
    language: str
    zone: str = "UTC"
    now: datetime | None = None


class Templates:
    """Renders templates by name; `languages` are the IETF codes that have a catalogue.

    `trial` renders samples through every template of the Templates that it gets, so that their mistakes
    are noted before a newsroom's templates are used. `bot.rendering.check.checked_templates` brings one.
    """

    def __init__(
        self,
        override: Path | None = None,
        *,
        trial: Callable[[Templates], object],
        agency: str = "Vestnik",
        names: Mapping[str, str] | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.folder = shipped_templates()
        self._override = override
        self.agency = agency
        """The newsroom's name, where a language has no name of its own."""
        self.names = dict(names or {})
        """The newsroom's names by language (IETF code), where it has several."""
        self._clock = clock or Clock()
        self._trial = trial
        self._problems = Problems(self.folder, override)
        self._translations = _shipped_translations(self.folder)
        self._shipped = TemplateSet(FileSystemLoader(self.folder), self._translations)
        self._sets = [self._shipped]
        self.languages = tuple(self._translations)
        self._seen: object = None
        self._refreshing = Lock()
        self.refresh()

    def refresh(self) -> bool:
        """Read the newsroom's folder again where it changed, and return whether it had.

        Cheap where nothing changed. May be called from any thread; takes up to a second after a change.
        """
        if self._override is None:
            return False
        with self._refreshing:
            seen = state_of(self._override)
            if seen == self._seen:
                return False
            self._seen = seen
            self._use(self._override)
        return True

    def _use(self, folder: Path) -> None:
        """Try the newsroom's templates, leaving out those that fail, until all that are left work."""
        problems = Problems(self.folder, folder)
        translations = overrides.translations(folder, self._translations, problems)
        left_out: frozenset[str] = frozenset()
        while True:
            own = TemplateSet(overrides.loader(folder, self.folder, left_out), translations)
            trial = copy(self)
            trial._sets, trial._problems = [own, self._shipped], problems
            trial.languages = (
                *self._translations,
                *(each for each in translations if each not in self._translations),
            )
            problems.compile_all(own.environment)
            self._trial(trial)
            if problems.failed <= left_out:
                break
            left_out |= problems.failed
        # Each attribute is replaced whole, so that a rendering under way keeps the set that it began with.
        self._problems, self._sets, self.languages = problems, trial._sets, trial.languages

    def language(self, code: str | None) -> str:
        """Return the language to use for an IETF code such as `ru-RU`: English where it has no catalogue."""
        wanted = (code or "").lower().replace("_", "-")
        known = (wanted, wanted.partition("-")[0], SOURCE, self.languages[0])
        return next(language for language in known if language in self.languages)

    def render(
        self, name: str, language: str, /, *, zone: str = "UTC", now: datetime | None = None, **variables: Any
    ) -> Spans:
        """Return the text that template `name` (such as `talk/start.j2`) writes with the variables.

        Dates are written in the IANA zone, ages counted back from `now` (UTC; the clock's time where it is
        None). Raises jinja2.UndefinedError where the shipped template asks for a variable that is missing.
        """
        reader = _Reader(language, zone, now)
        return self._first_that_works(name, reader, self._whole(name, language, variables), _classic)

    def render_rich(
        self,
        name: str,
        language: str,
        /,
        body: str = "",
        *,
        zone: str = "UTC",
        now: datetime | None = None,
        **variables: Any,
    ) -> list[Node]:
        """Return the rich message that template `name` (such as `article/rich.j2`) writes.

        The body is rich HTML. It is put where the template says `{{ body }}`, after the template's own
        output was measured: a long story is not the template's fault. The rest is as in `render`.
        """

        def finish(html: str) -> tuple[list[Node], list[str]]:
            return _rich(html.replace(_BODY, body), tree.unknown_tags(html))

        variables["body"] = Markup(_BODY if body else "")
        work = self._whole(name, language, variables)
        return self._first_that_works(name, _Reader(language, zone, now), work, finish)

    def page(
        self, name: str, language: str, /, *, zone: str = "UTC", now: datetime | None = None, **variables: Any
    ) -> str:
        """Return the HTML page that the shipped template `name` (such as `operator/front.j2`) writes.

        It is no message: nothing of a newsroom's own folder takes part. The template knows `now`, too.
        Raises jinja2.UndefinedError where a variable is missing that the template asks for.
        """
        shipped, moment = self._shipped, now or self._clock.now()
        translations = shipped.translations.get(language) or NullTranslations()
        rendering = Rendering(language, zone, moment, translations)
        return shipped.run(rendering, self._whole(name, language, {"now": moment, **variables}))

    def _whole(self, name: str, language: str, variables: dict[str, Any]) -> Work:
        def work(environment: LimitedEnvironment) -> str:
            return _limited(environment.get_template(name).generate(self._common(language) | variables))

        return work

    def macro(self, file: str, name: str, language: str, /, **variables: Any) -> str:
        """Return the plain text of a macro, on one line. Variables that it has no parameter for are left out.

        Raises Missing where not even the shipped file has the macro.
        """

        def work(environment: LimitedEnvironment) -> str:
            macro = getattr(environment.macros(file, self._common(language)), name, None)
            if macro is None:
                raise Missing(f"{file} has no macro {name}")
            return str(macro(**{key: value for key, value in variables.items() if key in macro.arguments}))

        spans = self._first_that_works(f"{file}: {name}", _Reader(language), work, _classic)
        return " ".join(text_of(spans).split())

    def _common(self, language: str) -> dict[str, str]:
        names = (self.names[code] for code in chain(language) if code in self.names)
        return {"agency": next(names, self.agency), "language": language}

    def _first_that_works(self, name: str, reader: _Reader, work: Work, finish: Finish[T]) -> T:
        failed: Exception | None = None
        now = reader.now or self._clock.now()
        for each in self._sets:
            translations = each.translations.get(reader.language) or NullTranslations()
            rendering = Rendering(reader.language, reader.zone, now, translations)
            try:
                made, unknown = finish(each.run(rendering, work))
            except Exception as error:
                if each is self._shipped:
                    raise
                failed = None if isinstance(error, Missing) else error
                continue
            if failed:
                self._problems.note_error(failed, name)
            elif unknown:
                self._problems.note_tag(name, unknown[0])
            return made
        raise AssertionError("the shipped set is always the last")

    def problems(self) -> list[str]:
        """Return the mistakes in the newsroom's own templates, each as `file:line: reason`."""
        return self._problems.listed()


@cache
def _shipped_translations(folder: Path) -> Mapping[str, NullTranslations]:
    """Return the translations that come with the bot; read once, since nothing changes them while it runs."""
    found = {
        language: catalogues.translations(catalogues.load(catalogues.po_file(folder, language), language))
        for language in catalogues.languages_in(folder)
    }
    for language, translations in found.items():
        # What stands in for that one, in turn, is its own fallback.
        for instead in chain(language)[1:2]:
            translations.add_fallback(found[instead])
    return found


def _classic(html: str) -> tuple[Spans, list[str]]:
    spans = tidy(read(html))
    if not text_of(spans).strip():
        raise Empty("it writes nothing")
    return spans, unknown_tags(html)


def _rich(html: str, unknown: list[str]) -> tuple[list[Node], list[str]]:
    nodes = rich_tidy.tidy(tree.read(html))
    if not nodes:
        raise Empty("it writes nothing")
    return nodes, unknown


def _limited(parts: Iterable[str]) -> str:
    written: list[str] = []
    length = 0
    for text in parts:
        length += len(text)
        if length > OUTPUT:
            raise TooMuch(f"it writes more than {OUTPUT} characters")
        written.append(text)
    return "".join(written)

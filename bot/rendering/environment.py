"""All templates and catalogues, a newsroom's own before the shipped ones.

A newsroom's folder is taken up as it changes. What is new there is tried on a gallery of samples before it
takes effect; a template that fails, then or later, is noted with file and line, and the shipped one takes
its place: a slip in a text never stops the news.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from copy import copy
from datetime import datetime
from gettext import NullTranslations
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Any, TypeVar

from jinja2 import BaseLoader, FileSystemLoader, StrictUndefined
from jinja2.nodes import Macro
from markupsafe import Markup

from bot.model.clock import Clock
from bot.model.errors import SetupError
from bot.rendering import catalogues, overrides, rich_tidy, rich_tree
from bot.rendering.budget import OUTPUT, BudgetedEnvironment, Rendering, TooMuch, current, short_range, tick
from bot.rendering.filters import all_filters
from bot.rendering.overrides import state_of
from bot.rendering.problems import Problems
from bot.rendering.rich_tree import Node
from bot.rendering.spans import Spans, read, text_of, tidy, unknown_tags

_BODY = f"body-{token_hex(8)}"
"""What stands for a body while its template is rendered: nothing that a story could hold."""

T = TypeVar("T")
Finish = Callable[[str], tuple[T, list[str]]]
"""Reads what a template wrote; returns that and the tags in it that don't exist."""


def shipped_templates() -> Path:
    """Return the folder of the templates that come with the bot: beside it, or inside its wheel."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_templates", package.parent / "templates"):
        if (folder / "locale").is_dir():
            return folder
    raise SetupError("The bot's templates are missing: neither bot/_templates nor templates/ is there.")


class Empty(ValueError):
    """A template wrote nothing."""


class Missing(LookupError):
    """A file of macros that has not the one wanted: a newsroom's file may word only some."""


class Kitchen:
    """One set of templates with its catalogues: the shipped one, or a newsroom's over it."""

    def __init__(self, loader: BaseLoader, words: dict[str, NullTranslations]) -> None:
        self.words = words
        self.environment = BudgetedEnvironment(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        environment: Any = self.environment
        environment.policies["ext.i18n.trimmed"] = True
        environment.filters = all_filters()
        environment.globals = {"range": short_range, "_tick": tick}
        environment.install_gettext_callables(_gettext, _ngettext, newstyle=True)

    def run(self, rendering: Rendering, work: Callable[[BudgetedEnvironment], str]) -> str:
        """Return what the work writes, within its budget."""
        token = current.set(rendering)
        try:
            return work(self.environment)
        except Exception:
            # Makes the traceback speak of templates' lines; raises what it was given.
            self.environment.handle_exception()
        finally:
            current.reset(token)


def _gettext(message: str) -> str:
    return str(current.get().translations.gettext(message))


def _ngettext(one: str, many: str, number: int) -> str:
    return str(current.get().translations.ngettext(one, many, number))


class Templates:
    """All templates and catalogues, with a newsroom's override folder before them."""

    def __init__(
        self,
        override: Path | None = None,
        agency: str = "Vestnik",
        source_folder: Path | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.folder = source_folder or shipped_templates()
        self.override = override
        self.agency = agency
        self.clock = clock or Clock()
        self._problems = Problems(self.folder, override)
        self._words = self._shipped_words()
        self._shipped = Kitchen(FileSystemLoader(self.folder), self._words)
        self._kitchens = [self._shipped]
        self.languages = tuple(self._words)
        self._seen: object = None
        self._taking_up = Lock()
        self.refresh()

    def _shipped_words(self) -> dict[str, NullTranslations]:
        return {
            language: catalogues.translations(
                catalogues.load(catalogues.po_file(self.folder, language), language)
            )
            for language in catalogues.languages_in(self.folder)
        }

    def refresh(self) -> bool:
        """Take up what changed in the newsroom's folder, and return whether anything did. Else it is cheap."""
        if self.override is None:
            return False
        with self._taking_up:
            seen = state_of(self.override)
            if seen == self._seen:
                return False
            self._seen = seen
            self._take_up(self.override)
        return True

    def _take_up(self, folder: Path) -> None:
        """Try the newsroom's templates, leaving out those that fail, until all that are left work."""
        from bot.rendering.gallery import render_all

        problems = Problems(self.folder, folder)
        words = overrides.words(folder, self._words, problems)
        left_out: frozenset[str] = frozenset()
        while True:
            kitchen = Kitchen(overrides.loader(folder, self.folder, left_out), words)
            trial = copy(self)
            trial._kitchens, trial._problems = [kitchen, self._shipped], problems
            trial.languages = (*self._words, *(each for each in words if each not in self._words))
            problems.compile_all(kitchen.environment)
            render_all(trial)
            if problems.failed <= left_out:
                break
            left_out |= problems.failed
        # One at a time, each whole: a rendering under way keeps what it began with.
        self._problems, self._kitchens, self.languages = problems, trial._kitchens, trial.languages

    def language(self, code: str | None) -> str:
        """Return the language to use for an IETF code such as `ru-RU`: English for those we lack."""
        wanted = (code or "").lower().replace("_", "-")
        known = (wanted, wanted.partition("-")[0], "en", self.languages[0])
        return next(language for language in known if language in self.languages)

    def render(
        self, name: str, language: str, /, *, zone: str = "UTC", now: datetime | None = None, **facts: Any
    ) -> Spans:
        """Return what template `name` (such as `talk/start.j2`) makes of the facts."""
        return self._first_that_works(name, language, zone, now, self._whole(name, language, facts), _classic)

    def render_rich(
        self,
        name: str,
        language: str,
        /,
        body: str = "",
        *,
        zone: str = "UTC",
        now: datetime | None = None,
        **facts: Any,
    ) -> list[Node]:
        """Return what template `name` (such as `article/rich.j2`) makes of the facts, as a rich message.

        The body is rich HTML that is put in where the template says so: its length is no template's fault.
        """

        def finish(html: str) -> tuple[list[Node], list[str]]:
            return _rich(html.replace(_BODY, body), rich_tree.unknown_tags(html))

        facts["body"] = Markup(_BODY if body else "")
        return self._first_that_works(name, language, zone, now, self._whole(name, language, facts), finish)

    def _whole(self, name: str, language: str, facts: dict[str, Any]) -> Callable[[BudgetedEnvironment], str]:
        def work(environment: BudgetedEnvironment) -> str:
            return _limited(environment.get_template(name).generate(self._common(language) | facts))

        return work

    def macro(self, file: str, name: str, language: str, /, **facts: Any) -> str:
        """Return the plain text of a macro. Facts that it doesn't ask for are left out."""

        def work(environment: BudgetedEnvironment) -> str:
            module = environment.get_template(file).make_module(self._common(language))
            macro = getattr(module, name, None)
            if macro is None:
                raise Missing(f"{file} has no macro {name}")
            return str(macro(**{key: value for key, value in facts.items() if key in macro.arguments}))

        spans = self._first_that_works(f"{file}: {name}", language, "UTC", None, work, _classic)
        return " ".join(text_of(spans).split())

    def macros(self, file: str) -> list[str]:
        """Return the names of the macros in a shipped file."""
        environment = self._kitchens[-1].environment
        assert environment.loader is not None
        source, _, _ = environment.loader.get_source(environment, file)
        return [node.name for node in environment.parse(source).find_all(Macro)]

    def _common(self, language: str) -> dict[str, Any]:
        return {"agency": self.agency, "language": language}

    def _first_that_works(
        self,
        name: str,
        language: str,
        zone: str,
        now: datetime | None,
        work: Callable[[BudgetedEnvironment], str],
        finish: Finish[T],
    ) -> T:
        failed: Exception | None = None
        for kitchen in self._kitchens:
            words = kitchen.words.get(language) or NullTranslations()
            rendering = Rendering(language, zone, now or self.clock.now(), words)
            try:
                made, unknown = finish(kitchen.run(rendering, work))
            except Exception as error:
                if kitchen is self._kitchens[-1]:
                    raise
                failed = None if isinstance(error, Missing) else error
                continue
            if failed:
                self._problems.note_error(failed, name)
            elif unknown:
                self._problems.note_tag(name, unknown[0])
            return made
        raise AssertionError("there is always the shipped set")

    def problems(self) -> list[str]:
        """Return what is wrong with the newsroom's own templates: file, line and reason of each."""
        return self._problems.listed()

    def check(self) -> list[str]:
        """Render a gallery of samples through every template in every language; return what fails."""
        from bot.rendering.gallery import render_all

        return [*render_all(self), *self.problems()]


def _classic(html: str) -> tuple[Spans, list[str]]:
    spans = tidy(read(html))
    if not text_of(spans).strip():
        raise Empty("it writes nothing")
    return spans, unknown_tags(html)


def _rich(html: str, unknown: list[str]) -> tuple[list[Node], list[str]]:
    nodes = rich_tidy.tidy(rich_tree.read(html))
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

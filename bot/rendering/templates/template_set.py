"""One set of templates with its translations, rendered within limits: the shipped set, or a newsroom's over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from gettext import NullTranslations
from typing import Any

from jinja2 import BaseLoader, StrictUndefined

from bot.rendering.templates.bytecode import COMPILED
from bot.rendering.templates.filters import all_filters
from bot.rendering.templates.limits import STEP, LimitedEnvironment, Rendering, current, short_range, step

Work = Callable[[LimitedEnvironment], str]
"""Renders something with the set's Jinja2 environment."""


class TemplateSet:
    """Templates that a loader finds, and translations by language (IETF code)."""

    def __init__(self, loader: BaseLoader, translations: Mapping[str, NullTranslations]) -> None:
        self.translations = translations
        self.environment = LimitedEnvironment(
            loader=loader,
            bytecode_cache=COMPILED,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        environment: Any = self.environment
        environment.policies["ext.i18n.trimmed"] = True
        environment.filters = {**all_filters(), STEP: step}
        environment.globals = {"range": short_range}
        environment.install_gettext_callables(_gettext, _ngettext, newstyle=True)

    def run(self, rendering: Rendering, work: Work) -> str:
        """Return what the work writes, with the rendering as the current one.

        Raises whatever the template raised (TooMuch where it passed a limit); the traceback names the
        template's own file and line.
        """
        token = current.set(rendering)
        try:
            return work(self.environment)
        except Exception:
            # Puts the template's lines into the traceback, then raises the same error again.
            self.environment.handle_exception()
        finally:
            current.reset(token)


def _gettext(message: str) -> str:
    return str(current.get().translations.gettext(message))


def _ngettext(one: str, many: str, number: int) -> str:
    return str(current.get().translations.ngettext(one, many, number))

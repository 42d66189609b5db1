"""Templates in their sandbox: no endless loop, no tag that Telegram lacks, no error that stops the news."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2.exceptions import UndefinedError

from bot.rendering.check import checked_templates
from bot.rendering.rich.tree import write as write_rich
from bot.rendering.templates.environment import Templates
from bot.rendering.text.spans import text_of, write


def own(folder: Path, name: str, text: str) -> Templates:
    """Return templates with one of a newsroom's own."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return checked_templates(folder, agency="Вестник")


def shown(templates: Templates) -> str:
    return text_of(templates.render("talk/stopped.j2", "ru"))


def test_what_people_say_is_escaped(tmp_path: Path) -> None:
    said = checked_templates().render(
        "talk/start.j2", "ru", name="<b>Анна</b> & Ко", setup=False, stale=False
    )
    assert "&lt;b&gt;Анна&lt;/b&gt; &amp; Ко" in write(said)


def test_a_missing_fact_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        checked_templates().render("talk/start_topic.j2", "ru")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{% for a in range(999) %}{% for b in range(999) %}{% endfor %}{% endfor %}", "steps"),
        ("{% for a in range(999) %}{{ 'слово' * 999 }}{% endfor %}", "takes numbers below a million"),
        ("{{ range(100000) }}", "range of more than"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{% if %}", "Expected an expression"),
        ("{{ nothing_of_the_kind }}", "nothing_of_the_kind"),
        ("   ", "writes nothing"),
    ],
)
def test_a_broken_template_is_named_and_the_shipped_one_speaks(
    tmp_path: Path, text: str, reason: str
) -> None:
    templates = own(tmp_path, "talk/stopped.j2", text)
    assert shown(templates) == shown(checked_templates())
    (problem,) = templates.problems()
    assert problem.startswith(f"{tmp_path / 'talk/stopped.j2'}:1:")
    assert reason in problem


def test_a_tag_that_telegram_lacks_is_left_out_and_named(tmp_path: Path) -> None:
    templates = own(tmp_path, "talk/stopped.j2", "раз\n<div>два</div>")
    assert shown(templates) == "раз\nдва"
    assert any("stopped.j2:2:" in problem and "<div>" in problem for problem in templates.problems())


def test_a_rich_template_of_their_own_is_made_sound(tmp_path: Path) -> None:
    templates = own(tmp_path, "article/rich.j2", "<div><h1>{{ headline }}<p>x</p></h1>{{ body }}</div>")
    made = templates.render_rich("article/rich.j2", "ru", "<p>текст</p>", headline="Мост")
    assert write_rich(made) == "<h1>Мост x</h1><p>текст</p>"
    assert any("rich.j2:1:" in problem for problem in templates.problems())


def test_macros_are_made_once_for_each_language_and_count_their_steps_anew(tmp_path: Path) -> None:
    counts = "{% for each in range(900) %}{% endfor %}"
    words = f"{{% macro back() %}}{counts}{{{{ agency }}}} {{{{ language }}}}{{% endmacro %}}"
    templates = own(tmp_path, "talk/buttons.j2", words)
    said = {templates.macro("talk/buttons.j2", "back", each) for each in ("ru", "en") for _ in range(30)}
    assert (said, templates.problems()) == ({"Вестник ru", "Вестник en"}, [])

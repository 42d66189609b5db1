"""What the documents point to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.paths import ROOT

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CODE = [
    f"/{path.relative_to(ROOT)}"
    for top in ("bot", "bench", "tests", "packaging")
    for path in (ROOT / top).rglob("*.py")
]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
MODULE = re.compile(r"`([\w/]+/\w+\.py)`")
MENTIONED = re.compile(r"\bdocs/[\w/-]+\.(?:md|png)\b")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (document.parent / link).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_module_that_a_document_names_is_there(document: Path) -> None:
    named = MODULE.findall(document.read_text(encoding="utf-8"))
    assert [name for name in named if not any(path.endswith(f"/{name}") for path in CODE)] == []


def test_every_document_that_a_file_mentions_is_there() -> None:
    files = [
        *(ROOT / name for name in (".env.example", "newsroom.example.toml", "README.md")),
        *(ROOT / "bot").rglob("*.py"),
        *(ROOT / "bot").rglob("*.toml"),
        *(ROOT / "docs").glob("*.md"),
    ]
    named = {name for path in files for name in MENTIONED.findall(path.read_text(encoding="utf-8"))}
    assert named
    assert sorted(name for name in named if not (ROOT / name).exists()) == []


def test_the_readme_leads_to_every_document() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    reached = set(LINK.findall(readme))
    for document in DOCUMENTS[1:]:
        assert f"docs/{document.name}" in reached, document.name

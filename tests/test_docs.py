"""What the documents point to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
MENTIONED = re.compile(r"\bdocs/[\w/-]+\.(?:md|png)\b")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_leads_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (document.parent / link).exists()] == []


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

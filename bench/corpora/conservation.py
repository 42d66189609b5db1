"""How much of what sources say is in the blocks that we read from them.

`python -m bench conservation FOLDER` reads every page and feed of a folder (docs/conservation.md says how to
gather one) and prints shares in percent. `--show N` lists the N stories that lose or gain most.

The yardstick is not our own reader: for a page it is what the corpus itself calls the body, for a feed's
item all that lxml finds in the item's HTML.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.support.yardstick import (
    Kept,
    Story,
    body_of_html,
    body_of_text,
    feed_bodies,
    furniture,
    measure,
    said,
)
from bot.sources.formats.files import read_stories
from bot.sources.formats.newest import MOST_ITEMS
from bot.sources.item import Item, SourceError

REFERENCE = ".body."
FOLDER = Path("corpus")


@dataclass(frozen=True, slots=True)
class Source:
    """A file of the corpus: where it comes from, and what the corpus says of it."""

    path: Path
    name: str
    url: str
    facts: dict[str, object]

    def stories(self) -> list[Item]:
        """Return its stories. Raises SourceError where it can't be read."""
        return read_stories(self.url or self.name, self.path.read_bytes())


def sources(folder: Path) -> Iterator[Source]:
    """Yield the files of a corpus; `index.json`, where there is one, says what is known of each."""
    index = folder / "index.json"
    known = json.loads(index.read_bytes()) if index.exists() else {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and path != index and REFERENCE not in path.name:
            facts = known.get(name, {})
            yield Source(path, name, facts.get("url", ""), facts)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure a corpus and print the figures."""
    parser = argparse.ArgumentParser(prog="bench conservation", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--corpus", type=Path, help="the folder, named")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="list the N worst stories")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    given = parser.parse_args(arguments)
    folder = given.corpus or given.folder or FOLDER
    if not folder.is_dir():
        print(f"{folder} is no folder", file=sys.stderr)
        return 2
    groups, unread = run(folder)
    _print(groups, unread, as_json=given.json)
    for story in _worst([each for group in groups.values() for each in group], given.show):
        print(
            f"\n{story.name}\n  lost:  {' '.join(story.kept.lost)[:300]}\n  extra: {' '.join(story.kept.extra)[:300]}"
        )
    return 0


def run(folder: Path) -> tuple[dict[str, list[Story]], dict[str, str]]:
    """Return what was measured, by group, and why some files could not be read."""
    groups: dict[str, list[Story]] = {}
    unread: dict[str, str] = {}
    for source in sources(folder):
        try:
            items = source.stories()
        except SourceError as error:
            unread[source.name] = error.reason
            continue
        group = source.name.partition("/")[0]
        groups.setdefault(group, []).extend(_measured(source, items))
    return groups, unread


def _measured(source: Source, items: list[Item]) -> Iterator[Story]:
    if "with" in source.facts:
        yield _excerpts(source, items[0])
    elif source.facts.get("body"):
        reference = source.path.parent / Path(str(source.facts["body"])).name
        text = reference.read_text("utf-8")
        body = body_of_html(text, source.url) if reference.suffix == ".html" else body_of_text(text)
        around = furniture(source.path.read_bytes(), body)
        yield Story(source.name, measure(items[0], body, around))
    else:
        yield from _fed(source, items)


def _excerpts(source: Source, item: Item) -> Story:
    """Measure by excerpts: those that must be there, and those that must not."""
    text = said(item)
    wanted, unwanted = (
        [" ".join(str(words).split()) for words in source.facts[key]]  # type: ignore[attr-defined]
        for key in ("with", "without")
    )
    lost = [words for words in wanted if words not in text]
    leaked = [words for words in unwanted if words in text]
    kept = Kept(
        words=(len(wanted) - len(lost), len(wanted)),
        dropped=(len(unwanted) - len(leaked), len(unwanted)),
        lost=tuple(lost),
        extra=tuple(leaked),
    )
    return Story(source.name, kept)


def _fed(source: Source, items: list[Item]) -> Iterator[Story]:
    by_name: dict[str, Item] = {}
    for item in items:
        for name in (item.uid, item.url or "", item.headline):
            by_name.setdefault(name, item)
    bodies = itertools.islice(feed_bodies(source.path.read_bytes(), source.url), MOST_ITEMS)
    for number, (names, body) in enumerate(bodies):
        found = next((by_name[name] for name in names if name in by_name), None)
        name = f"{source.name}#{number}"
        if found is not None:
            yield Story(name, measure(found, body, None))
        elif body.words:
            yield Story(name, measure(Item("", ""), body, None))


def _worst(stories: list[Story], most: int) -> list[Story]:
    return sorted(stories, key=lambda each: -len(each.kept.lost) - len(each.kept.extra))[:most]


def _print(groups: dict[str, list[Story]], unread: dict[str, str], *, as_json: bool) -> None:
    rows = {name: _sums(stories) for name, stories in groups.items()}
    rows["all"] = _sums([each for stories in groups.values() for each in stories])
    if as_json:
        print(json.dumps({"figures": rows, "unread": unread}, ensure_ascii=False))
        return
    columns = ("stories", *Kept.FIGURES)
    print(f"{'':14}" + "".join(f"{column:>12}" for column in columns))
    for name, row in rows.items():
        print(f"{name:14}" + "".join(f"{row[column]!s:>12}" for column in columns))
    if unread:
        print(
            f"\n{len(unread)} files hold no story: "
            + ", ".join(sorted(f"{n} ({r})" for n, r in unread.items()))
        )


def _sums(stories: list[Story]) -> dict[str, object]:
    found: dict[str, object] = {"stories": len(stories)}
    for figure in Kept.FIGURES:
        pairs = [getattr(story.kept, figure) for story in stories]
        whole = sum(pair[1] for pair in pairs)
        found[figure] = f"{100 * sum(pair[0] for pair in pairs) / whole:.2f}" if whole else "-"
    return found


if __name__ == "__main__":
    sys.exit(main())

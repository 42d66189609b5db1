"""Content blocks to JSON values and back: how the store keeps them and how `import` takes them.

A block is an object with `type` (the class's name in lower case) and its fields; a field that has its
default is left out; a text without marks is a plain string. So what an older version wrote is read as it
was meant, as long as a new field has a default.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from types import NoneType
from typing import Any

from bot.model.story.content import (
    Block,
    Blocks,
    Cell,
    Details,
    Divider,
    Embed,
    Figure,
    Footnotes,
    Gallery,
    Heading,
    ListBlock,
    Mark,
    Media,
    MediaKind,
    Paragraph,
    Preformatted,
    Quote,
    Run,
    Table,
    Text,
)

_TYPES: dict[str, type[Block]] = {
    "paragraph": Paragraph,
    "heading": Heading,
    "quote": Quote,
    "list": ListBlock,
    "figure": Figure,
    "gallery": Gallery,
    "table": Table,
    "preformatted": Preformatted,
    "details": Details,
    "embed": Embed,
    "footnotes": Footnotes,
    "divider": Divider,
}
_NAMES = {cls: name for name, cls in _TYPES.items()}
# Far deeper than any story, and far from where Python's own stack ends.
_DEEPEST = 100
_SCALARS: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "bool": (bool,),
    "str | None": (str, NoneType),
    "int | None": (int, NoneType),
}


def dump_blocks(blocks: Blocks) -> list[dict[str, Any]]:
    """Return the blocks as JSON values."""
    return [_dump_block(block) for block in blocks]


def load_blocks(values: Any) -> Blocks:
    """Return the blocks of JSON values.

    Raises ValueError naming what does not fit: an unknown type, a missing or a surplus field, a value of
    the wrong kind, blocks in blocks without end.
    """
    return _load_blocks(values, 0)


def dump_text(text: Text) -> Any:
    """Return a text as a JSON value: a string where nothing is marked."""
    if not text:
        return ""
    if len(text) == 1 and text[0] == Run(text[0].text):
        return text[0].text
    return [_dump_run(run) for run in text]


def load_text(value: Any) -> Text:
    """Return the text of a JSON value. Raises ValueError where it is none."""
    if isinstance(value, str):
        return (Run(value),) if value else ()
    if not isinstance(value, list):
        raise ValueError(f"text: a string or a list of runs is wanted, not {type(value).__name__}")
    return tuple(_load_run(run) for run in value)


def dump_media(media: Media) -> dict[str, Any]:
    """Return a medium as a JSON value."""
    return dict(_set_fields(media))


def load_media(value: Any) -> Media:
    """Return the medium of a JSON value. Raises ValueError where it is none."""
    if not isinstance(value, dict):
        raise ValueError("media: an object is wanted")
    _check_fields("media", Media, value)
    return Media(**{**value, "kind": MediaKind(value.get("kind", "picture"))})


def _set_fields(thing: Any) -> list[tuple[str, Any]]:
    return [
        (f.name, value)
        for f in fields(thing)
        if (value := getattr(thing, f.name)) != f.default or f.default is MISSING
    ]


def _dump_run(run: Run) -> dict[str, Any]:
    return {
        name: sorted(value) if name == "marks" else value
        for name, value in _set_fields(run)
        if name != "marks" or value
    }


def _load_run(value: Any) -> Run:
    if isinstance(value, str):
        return Run(value)
    if not isinstance(value, dict) or "text" not in value:
        raise ValueError("run: an object with a text is wanted")
    _check_fields("run", Run, value)
    marks = value.get("marks", [])
    if not isinstance(marks, list):
        raise ValueError("run: marks: a list is wanted")
    return Run(**{**value, "marks": frozenset(Mark(mark) for mark in marks)})


def _dump_block(block: Block) -> dict[str, Any]:
    dumped = {name: _dump_value(name, value) for name, value in _set_fields(block)}
    return {"type": _NAMES[type(block)], **dumped}


def _dump_value(name: str, value: Any) -> Any:
    match name:
        case "text" | "caption" | "credit" | "summary":
            return dump_text(value)
        case "blocks" | "figures":
            return dump_blocks(value)
        case "items":
            return [dump_blocks(item) for item in value]
        case "media":
            return dump_media(value)
        case "rows":
            return [[_dump_cell(cell) for cell in row] for row in value]
        case "notes":
            return [[label, dump_text(note)] for label, note in value]
        case _:
            return value


def _dump_cell(cell: Cell) -> dict[str, Any]:
    return {name: dump_text(v) if name == "text" else v for name, v in _set_fields(cell)}


def _load_blocks(values: Any, depth: int) -> Blocks:
    if not isinstance(values, list):
        raise ValueError("blocks: a list is wanted")
    if depth > _DEEPEST:
        raise ValueError(f"blocks: nested deeper than {_DEEPEST}")
    return tuple(_load_block(value, depth) for value in values)


def _load_block(value: Any, depth: int) -> Block:
    name = value.get("type") if isinstance(value, dict) else value
    if not isinstance(value, dict) or not isinstance(name, str) or name not in _TYPES:
        raise ValueError(f"block: unknown type {name!r}")
    cls = _TYPES[name]
    given = {field: v for field, v in value.items() if field != "type"}
    _check_fields(name, cls, given)
    try:
        return cls(**{field: _load_value(field, v, depth) for field, v in given.items()})
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from None


def _check_fields(name: str, cls: type, value: dict[str, Any]) -> None:
    """Raise ValueError for a field that the class lacks, or that holds another kind of value."""
    kinds = {each.name: str(each.type) for each in fields(cls)}
    if surplus := value.keys() - kinds.keys():
        raise ValueError(f"{name}: unknown field {min(surplus)!r}")
    for field, held in value.items():
        if (wanted := _SCALARS.get(kinds[field])) and type(held) not in wanted:
            raise ValueError(f"{name}: {field}: not of the kind {kinds[field]}")


def _load_value(name: str, value: Any, depth: int) -> Any:
    match name:
        case "text" | "caption" | "credit" | "summary":
            return load_text(value)
        case "blocks" | "figures":
            return _load_blocks(value, depth + 1)
        case "items":
            return tuple(_load_blocks(item, depth + 1) for item in _listed(name, value))
        case "media":
            return load_media(value)
        case "rows":
            rows = (_listed(name, row) for row in _listed(name, value))
            return tuple(tuple(_load_cell(cell) for cell in row) for row in rows)
        case "notes":
            pairs = [_listed(name, pair) for pair in _listed(name, value)]
            return tuple((str(label), load_text(note)) for label, note in pairs)
        case "place":
            return _load_place(value)
        case _:
            return value


def _listed(name: str, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError(f"{name}: a list is wanted")
    return value


def _load_place(value: Any) -> tuple[float, float] | None:
    match value:
        case None:
            return None
        case [int() | float() as latitude, int() | float() as longitude]:
            return float(latitude), float(longitude)
        case _:
            raise ValueError("place: latitude and longitude are wanted")


def _load_cell(value: Any) -> Cell:
    if not isinstance(value, dict):
        return Cell(load_text(value))
    _check_fields("cell", Cell, value)
    return Cell(**{**value, "text": load_text(value.get("text", ""))})

"""Content blocks to JSON values and back: how the store keeps them and how `import` takes them.

A block is an object with `type` (the class's name in lower case) and its fields; a field that has its
default is left out; a text without marks is a plain string.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any

from bot.model.content import (
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


def dump_blocks(blocks: Blocks) -> list[dict[str, Any]]:
    """Return the blocks as JSON values."""
    return [_dump_block(block) for block in blocks]


def load_blocks(values: Any) -> Blocks:
    """Return the blocks of JSON values.

    Raises ValueError naming what does not fit: an unknown type, a missing or a surplus field.
    """
    if not isinstance(values, list):
        raise ValueError("blocks: a list is wanted")
    return tuple(_load_block(value) for value in values)


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
    known = {f.name for f in fields(Media)}
    if surplus := value.keys() - known:
        raise ValueError(f"media: unknown field {min(surplus)!r}")
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
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        raise ValueError("run: an object with a text is wanted")
    marks = frozenset(Mark(mark) for mark in value.get("marks", ()))
    return Run(value["text"], marks, value.get("href"), value.get("unix"))


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


def _load_block(value: Any) -> Block:
    if not isinstance(value, dict) or value.get("type") not in _TYPES:
        raise ValueError(f"block: unknown type {value.get('type') if isinstance(value, dict) else value!r}")
    cls = _TYPES[value["type"]]
    given = {name: v for name, v in value.items() if name != "type"}
    if surplus := given.keys() - {f.name for f in fields(cls)}:
        raise ValueError(f"{value['type']}: unknown field {min(surplus)!r}")
    try:
        return cls(**{name: _load_value(name, v) for name, v in given.items()})
    except TypeError as error:
        raise ValueError(f"{value['type']}: {error}") from None


def _load_value(name: str, value: Any) -> Any:
    match name:
        case "text" | "caption" | "credit" | "summary":
            return load_text(value)
        case "blocks" | "figures":
            return load_blocks(value)
        case "items":
            return tuple(load_blocks(item) for item in value)
        case "media":
            return load_media(value)
        case "rows":
            return tuple(tuple(_load_cell(cell) for cell in row) for row in value)
        case "notes":
            return tuple((str(label), load_text(note)) for label, note in value)
        case _:
            return value


def _load_cell(value: Any) -> Cell:
    if not isinstance(value, dict):
        return Cell(load_text(value))
    return Cell(**{**value, "text": load_text(value.get("text", ""))})

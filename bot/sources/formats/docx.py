"""Reads .docx documents. They are zips of XML, which a stranger can make as large and as deep as they like.

mammoth turns the document into HTML; nothing but its XML is unpacked for that, and nothing outside it is asked for.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from typing import Any

import mammoth

from bot.model.story.content import Heading, Paragraph, plain
from bot.sources.html.blocks import to_blocks
from bot.sources.html.tree import LONGEST
from bot.sources.item import Item, SourceError, Told, digest
from bot.sources.text.head import headline_apart, lead_apart

MAGIC = b"PK\x03\x04"

MOST_PARTS = 1000
MOST_XML = 8 * 1024 * 1024
"""How many bytes of XML a document may hold: a book of a thousand pages has some 5 MB."""

_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"
# zipfile raises NotImplementedError for a compression that it does not know, RuntimeError for an encrypted part.
_BROKEN = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError)


def read_docx(data: bytes) -> Told:
    """Return a document's story, and how many pictures were left out of it. Raises SourceError."""
    pictures = 0

    def leave_out(_: Any) -> list[Any]:
        nonlocal pictures
        pictures += 1
        return []

    html = _html(_words_alone(data), leave_out)
    if len(html) > LONGEST:
        raise SourceError("too-much", "it is longer than any story")
    blocks = to_blocks(html)
    headline, blocks = headline_apart(blocks)
    lead, blocks = lead_apart(blocks)
    said = "\n".join(plain(each.text) for each in blocks if isinstance(each, Paragraph | Heading))
    if not (headline or lead or blocks):
        raise SourceError("empty", "there is no story in it")
    return Told(
        [Item(uid=digest(headline or lead, said[:1000]), headline=headline, lead=lead, blocks=blocks)],
        pictures,
    )


def _html(document: BytesIO, leave_out: Any) -> str:
    try:
        made = mammoth.convert_to_html(
            document,
            style_map=_STYLES,
            include_embedded_style_map=False,
            convert_image=leave_out,
            external_file_access=False,
        )
    except (MemoryError, RecursionError):
        raise
    except Exception:
        # Whatever else a document lacks, it is none that a word processor wrote.
        raise SourceError("broken", "it is no whole .docx document") from None
    return str(made.value)


def _words_alone(data: bytes) -> BytesIO:
    """Return the document's XML as a zip of its own: its size is known by then, and it names no entities."""
    kept, left = BytesIO(), MOST_XML
    try:
        with zipfile.ZipFile(BytesIO(data)) as given, zipfile.ZipFile(kept, "w") as taken:
            parts = {each.filename: each for each in given.infolist()[: MOST_PARTS + 1]}
            if len(parts) > MOST_PARTS:
                raise SourceError("too-much", "it holds too many parts")
            xml = [each for name, each in parts.items() if name.lower().endswith((".xml", ".rels"))]
            if sum(each.file_size for each in xml) > MOST_XML:
                raise SourceError("too-much", "its text takes up too much")
            for each in xml:
                with given.open(each) as part:
                    content = part.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise SourceError("too-much", "its text takes up too much")
                if b"<!DOCTYPE" in content.replace(b"\0", b""):
                    raise SourceError("entities", "it defines entities of its own")
                taken.writestr(each.filename, content)
    except _BROKEN:
        raise SourceError("broken", "it is no whole .docx document") from None
    kept.seek(0)
    return kept

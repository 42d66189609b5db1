"""The encoding of what came in, from where the standards say and nowhere else."""

from __future__ import annotations

import codecs
import re
from email.message import Message

from bot.sources.item import SourceError

# UTF-32 first: its mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""\s*<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")

_META = re.compile(rb"""<meta[^>]{1,300}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
# The standard looks at 1,024 bytes; pages often put it a little later, and browsers find it there too.
_META_WITHIN = 4096


def decode_xml(data: bytes, content_type: str = "") -> str:
    """Return an XML document's text.

    RFC 7303, section 3: a byte order mark, else the HTTP header's charset, else the declaration, else
    UTF-8. One that the bytes themselves disprove gives way to the next, because servers name a charset
    that they have not looked at. Raises SourceError where none of them fits.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strictly(data, name, "replace") or ""
    # XML 1.0, appendix F: without a mark, UTF-16 shows by its first character, which is "<".
    if data[:2] in (b"<\0", b"\0<"):
        return _strictly(data, "utf-16-le" if data[0] == 0x3C else "utf-16-be", "replace") or ""
    declared = _DECLARED.match(data)
    named = (charset(content_type), declared[1].decode() if declared else None)
    for one in (*named, "utf-8"):
        if one and (text := _strictly(data, one)) is not None:
            return text
    if any(named):
        return data.decode("utf-8", "replace")
    raise SourceError("encoding", "it names no encoding and is not UTF-8")


def decode_html(data: bytes, content_type: str = "") -> str:
    """Return a page's text, its encoding found as the HTML standard does (section 13.2.3.2).

    A byte order mark, else the HTTP header's charset, else what `meta` says, else UTF-8 where the bytes
    are that, else the windows-1251 (Cyrillic) or windows-1252 that browsers fall back to.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strictly(data, name, "replace") or ""
    declared = _META.search(data[:_META_WITHIN])
    named = (charset(content_type), declared[1].decode() if declared else None)
    for one in (*named, "utf-8"):
        if one and (text := _strictly(data, _web_name(one))) is not None:
            return text
    if any(named):
        return data.decode("utf-8", "replace")
    return _strictly(data, "windows-1251") or data.decode("windows-1252", "replace")


def _web_name(name: str) -> str:
    # The Encoding standard: these labels mean windows-1252 on the web, UTF-16 in a meta means UTF-8.
    plain = name.strip().lower()
    if plain in ("iso-8859-1", "latin1", "ascii", "us-ascii"):
        return "windows-1252"
    return "utf-8" if plain.startswith("utf-16") else plain


def decode_text(data: bytes) -> str:
    """Return a plain text file's text: by its mark, else UTF-8, else the windows-1251 of old desks.

    Raises SourceError where it is none of them.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strictly(data, name, "replace") or ""
    for name in ("utf-8", "windows-1251"):
        if (text := _strictly(data, name)) is not None:
            return text
    raise SourceError("encoding", "it is neither UTF-8 nor windows-1251")


def charset(content_type: str) -> str | None:
    """Return the charset that a Content-Type header names."""
    header = Message()
    header["Content-Type"] = content_type.replace("\n", " ").replace("\r", " ")
    found = header.get_param("charset")
    return found if isinstance(found, str) else None


def _strictly(data: bytes, name: str, errors: str = "strict") -> str | None:
    try:
        if not codecs.lookup(name)._is_text_encoding:
            return None
        return data.decode(name, errors)
    except (LookupError, ValueError):
        return None

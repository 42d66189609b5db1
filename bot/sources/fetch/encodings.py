"""Decodes documents: by their bytes first, because the names of encodings are often wrong."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Sequence
from email.message import Message

import cchardet

from bot.sources.fetch.mojibake import undone
from bot.sources.item import SourceError

# UTF-32 first: its mark begins with UTF-16's.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""\s*+<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")

_META = re.compile(rb"""<meta[^>]{1,300}?charset\s*=\s*["']?\s*([A-Za-z0-9._:-]{1,40})""", re.IGNORECASE)
# The standard looks at 1,024 bytes; pages often put it a little later, and browsers find it there too.
_META_WITHIN = 4096

_CYRILLIC = ("cp1251", "koi8-r", "koi8-u", "cp866", "iso8859-5", "mac-cyrillic")
_WESTERN = ("cp1252", "iso8859-1", "iso8859-15", "cp1250", "iso8859-2", "ascii")
# They hold every sign of the names beside them, and more.
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "koi8-r": "koi8-u", "gb2312": "gb18030", "gbk": "gb18030"}
_LETTERS = re.compile("[\u0400-\u04ff]")
# What letters beyond ASCII stand beside in a text that makes sense: small Cyrillic, or Latin around an accent.
_SENSE = re.compile("(?=[а-џ][а-џ]|[A-Za-z][À-ɏ]|[À-ɏ][A-Za-z])")
_PAIR = re.compile("(?=[Ѐ-џ][Ѐ-џ])")
_ACCENTED = re.compile("[A-Za-z][À-ɏ]|[À-ɏ][A-Za-z]")
_LOST = re.compile("\ufffd|(?<![\\w?])\\?{3,}+")
LARGEST = 20_000_000
"""How many bytes a packed document may hold."""

_SAMPLE = 65_536
_BROKEN = re.compile("[\udc80-\udcff]+")
# Fewer letters than these tell no encoding from another.
_ENOUGH_CYRILLIC, _ENOUGH_ACCENTED = 6, 2


def decode_xml(data: bytes, content_type: str = "") -> str:
    """Return an XML document's text, without regard to names that its bytes contradict (see `_decoded`).

    Raises SourceError where no encoding fits, or most letters were lost before the document came here.
    """
    # XML 1.0, appendix F: without a mark, UTF-16 shows by its first character, which is "<".
    if data[:2] in (b"<\0", b"\0<"):
        return _strictly(data, "utf-16-le" if data[0] == 0x3C else "utf-16-be", "replace") or ""
    declared = _DECLARED.match(data)
    named = [name for name in (charset(content_type), declared and declared[1].decode()) if name]
    return _readable(_decoded(data, named), "it is in no encoding that can be told from its bytes")


def decode_html(data: bytes, content_type: str = "") -> str:
    """Return a page's text: by its bytes, the names that fit them, else as windows-1251, else windows-1252.

    The names (HTML standard, section 13.2.3.2): the HTTP header's charset, then the `meta` element's.
    """
    declared = _META.search(data[:_META_WITHIN])
    named = [name for name in (charset(content_type), declared and declared[1].decode()) if name]
    if (text := _decoded(data, named)) is not None:
        return text
    if named:
        return data.decode("utf-8", "replace")
    return _strictly(data, "cp1251") or data.decode("cp1252", "replace")


def decode_text(data: bytes) -> str:
    """Return a plain text file's text: in the encoding that its bytes show, else windows-1251.

    Raises SourceError where neither fits the bytes.
    """
    text = _decoded(data, ())
    return _readable(
        _strictly(data, "cp1251") if text is None else text, "it is neither UTF-8 nor windows-1251"
    )


def unpacked(data: bytes) -> bytes:
    """Return what was packed with gzip, and named so by nobody; other bytes as they are.

    Raises SourceError where the bytes would grow beyond `LARGEST`. Of bytes that break off the beginning is returned.
    """
    if not data.startswith(b"\x1f\x8b\x08"):
        return data
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        found = unpacker.decompress(data, LARGEST)
    except zlib.error as error:
        raise SourceError("packed", f"it can't be unpacked: {error}") from None
    if unpacker.unconsumed_tail:
        raise SourceError("too-large", f"unpacked it is larger than {LARGEST:,} bytes")
    return found


def unreadable(text: str) -> bool:
    """Return whether most of a text's letters were lost: replaced by U+FFFD, or by question marks."""
    if "\ufffd" not in text and "???" not in text:
        return False
    lost = sum(len(run) for run in _LOST.findall(text))
    return lost > 2 and 2 * lost > sum(map(str.isalpha, text))


def charset(content_type: str) -> str | None:
    """Return the charset that a Content-Type header names, None without one."""
    header = Message()
    header["Content-Type"] = content_type.replace("\n", " ").replace("\r", " ")
    found = header.get_param("charset")
    return found if isinstance(found, str) else None


def _readable(text: str | None, otherwise: str) -> str:
    if text is None:
        raise SourceError("encoding", otherwise)
    if "\ufffd" in text and text.count("\ufffd") * 2 > _foreign(text) > 10:
        raise SourceError("encoding", "most of its letters were lost")
    return text


def _decoded(data: bytes, named: Sequence[str]) -> str | None:
    """Return the text, None where nothing fits.

    A byte order mark decides; then bytes that are valid UTF-8, whatever is named, and UTF-8 with a few broken
    letters; then the names that fit; then what a detector finds.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _strictly(data, name, "replace")
    names = [plain for name in named if (plain := _plain_name(name))]
    if data.isascii():
        # Japanese mail's encodings write their letters in ASCII; every other name changes nothing.
        japanese = (_strictly(data, name) for name in names if name.startswith(("iso2022", "hz")))
        return next((text for text in japanese if text is not None), data.decode("ascii"))
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if broken == data.count(b"\xef\xbf\xbd"):
        return undone(text)
    if 5 * broken <= _foreign(text):
        return _pieced(data)
    found = None if b"\0" in data else _detected(data)
    for name in names:
        fits = None if name.startswith(("utf", "iso2022")) else _strictly(data, name)
        if fits is not None:
            return found if found and _contradicts(found, fits, name) else fits
    return found


def _pieced(data: bytes) -> str:
    """Return the text of UTF-8 into which pieces in another encoding were set, such as one item of another site."""
    text = data.decode("utf-8", "surrogateescape")
    return _BROKEN.sub(_piece, text)


def _piece(found: re.Match[str]) -> str:
    raw = found[0].encode("utf-8", "surrogateescape")
    # Capitals and small letters of windows-1251; a letter of UTF-8 that was cut off holds other bytes too.
    if len(raw) > 1 and all(each >= 0xC0 or each in b"\xa8\xb8" for each in raw):
        return raw.decode("cp1251")
    text, at, end = found.string, found.start(), found.end()
    beside = text[max(at - 1, 0) : at] + text[end : end + 1]
    if len(raw) == 1 and raw[0] >= 0x82 and any(each.isascii() and each.isalpha() for each in beside):
        return raw.decode("cp1252", "replace")
    return "\ufffd" * len(raw)


def _foreign(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


def _plain_name(name: str) -> str:
    """Return Python's name of an encoding for text, as the web means that name; empty for anything else."""
    try:
        known = codecs.lookup(name.strip())
    except (LookupError, ValueError):
        return ""
    return _WIDER.get(known.name, known.name) if known._is_text_encoding else ""


def _detected(data: bytes) -> str | None:
    """Return the text in the encoding that a detector finds; None where too few letters bear that out."""
    first = next(at for at, byte in enumerate(data) if byte > 127)
    start = max(0, first - 200)
    name = _plain_name(str(cchardet.detect(data[start : start + _SAMPLE])["encoding"]))
    text = _strictly(data, name, "replace" if name in _CYRILLIC else "strict") if name else None
    if text is None:
        return None
    foreign = _foreign(text)
    if name in _CYRILLIC:
        enough = len(_LETTERS.findall(text)) >= max(_ENOUGH_CYRILLIC, foreign * 0.6)
    elif name in _WESTERN or name.startswith(("iso8859", "cp125")):
        enough = len(_ACCENTED.findall(text)) >= max(_ENOUGH_ACCENTED, foreign * 0.2)
    else:
        enough = foreign >= _ENOUGH_CYRILLIC
    return text if enough else None


def _contradicts(found: str, text: str, name: str) -> bool:
    """Return whether what a detector found makes sense where the text in a named encoding makes none.

    Windows-1251 read as koi8-r has its capitals inside words, read as windows-1252 no Cyrillic letter.
    """
    if name not in _CYRILLIC + _WESTERN:
        return False
    return (
        _share(_SENSE, found) > _share(_SENSE, text) + 0.2 or _share(_PAIR, found) > _share(_PAIR, text) + 0.4
    )


def _share(pairs: re.Pattern[str], text: str) -> float:
    return len(pairs.findall(text)) / max(1, _foreign(text))


def _strictly(data: bytes, name: str, errors: str = "strict") -> str | None:
    try:
        return data.decode(name, errors) if codecs.lookup(name)._is_text_encoding else None
    except (LookupError, ValueError):
        return None

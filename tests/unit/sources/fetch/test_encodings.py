"""Encodings: named by headers and documents, often wrongly."""

from __future__ import annotations

import gzip

import pytest

from bot.sources.fetch.encodings import (
    LARGEST,
    charset,
    decode_html,
    decode_text,
    decode_xml,
    unpacked,
    unreadable,
)
from bot.sources.item import SourceError


@pytest.mark.parametrize(
    ("data", "content_type", "text"),
    [
        ("Мост".encode(), "", "Мост"),
        ('<meta charset="windows-1251">Мост'.encode("cp1251"), "", '<meta charset="windows-1251">Мост'),
        ("Мост".encode("koi8-r"), "text/html; charset=KOI8-R", "Мост"),
        ("Мост".encode("cp1251"), "", "Мост"),
        ("Мост".encode("utf-16"), "", "Мост"),
        ("Мост".encode(), "text/html; charset=no-such-thing", "Мост"),
        ("Café".encode("cp1252"), "text/html; charset=iso-8859-1", "Café"),
        (b"\x93x\x94", "text/html; charset=latin1", "“x”"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=utf-16">x', "", None),
    ],
)
def test_a_pages_encoding_is_found_as_browsers_find_it(
    data: bytes, content_type: str, text: str | None
) -> None:
    assert decode_html(data, content_type) == (data.decode() if text is None else text)


def test_a_charset_that_is_no_charset_is_none() -> None:
    assert charset("text/xml; charset=utf-8") == "utf-8"
    assert charset('text/xml; charset="a\r\nb"') is not None
    assert charset("") is None
    assert decode_xml(b"<?xml version='1.0' encoding='zlib_codec'?><a/>").startswith("<?xml")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(SourceError):
        decode_text(b"\x98\xff")
    with pytest.raises(SourceError):
        decode_xml(b"<a>\xff</a>")


RUSSIAN = "В порту снова открыта переправа. Изменения вступили в силу."
UKRAINIAN = "У порту знову відкрито переправу. Зміни набули чинності."
GERMAN = "Die Fähre fährt wieder, die Brücke ist geöffnet."


def document(text: str, named: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="{named}"?>' if named else ""
    ) + f"<rss><title>{text}</title></rss>"


@pytest.mark.parametrize("header", ["", "text/xml; charset=windows-1251", "text/xml; charset=iso-8859-1"])
@pytest.mark.parametrize("named", ["", "windows-1251", "koi8-r", "utf-16", "iso-8859-1"])
def test_bytes_that_are_utf_8_are_utf_8_whatever_is_named(named: str, header: str) -> None:
    text = document(RUSSIAN, named)
    assert decode_xml(text.encode(), header) == text
    assert decode_html(text.encode(), header) == text


@pytest.mark.parametrize("named", ["", "utf-8", "utf-16", "iso-8859-1", "windows-1251", "koi8-r", "nonsense"])
@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "cp866", "iso-8859-5"])
def test_a_name_that_the_bytes_contradict_is_not_believed(encoding: str, named: str) -> None:
    text = document(RUSSIAN, named)
    assert decode_xml(text.encode(encoding)) == text
    assert decode_xml(text.encode(encoding), f"text/xml; charset={named}") == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *((RUSSIAN, encoding) for encoding in ("windows-1251", "koi8-r", "cp866", "iso-8859-5", "utf-16")),
        ("Мост открыт", "koi8-r"),
        ("Переправа открыта", "cp866"),
        (UKRAINIAN, "windows-1251"),
        (UKRAINIAN, "koi8-u"),
        (GERMAN, "windows-1252"),
    ],
)
def test_a_text_without_a_name_is_read_by_its_bytes(text: str, encoding: str) -> None:
    assert decode_text(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("named", "text"), [("iso-8859-1", GERMAN), ("windows-1251", RUSSIAN), ("cp1253", "Η γέφυρα")]
)
def test_a_name_that_fits_the_bytes_is_believed(named: str, text: str) -> None:
    assert decode_xml(document(text, named).encode(named)) == document(text, named)


def test_a_few_broken_letters_do_not_make_utf_8_another_encoding() -> None:
    data = document(RUSSIAN).encode()
    at = data.index("порту".encode())
    assert decode_xml(data[:at] + b"\xd0" + data[at:]).count("\ufffd") == 1


def test_text_whose_letters_were_lost_is_refused() -> None:
    lost = document("\ufffd" * 8 + " " + "\ufffd" * 7)
    with pytest.raises(SourceError, match="letters were lost"):
        decode_xml(lost.encode())


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        (RUSSIAN, False),
        ("Что это было???", False),
        ("Мост\ufffdоткрыт", False),
        ("\ufffd\ufffd\ufffd\ufffd\ufffd через реку открыт", False),
        ("\ufffd\ufffd\ufffd\ufffd\ufffd \ufffd\ufffd\ufffd 2026", True),
        ("???? ??????", True),
    ],
)
def test_lost_letters_are_told_from_a_question(text: str, lost: bool) -> None:
    assert unreadable(text) is lost


@pytest.mark.parametrize("name", ["cp1252", "latin-1", "cp1251"])
@pytest.mark.parametrize("text", ["Мост открыт — «да», в 10:15.", "The bridge’s café – open"])
def test_letters_that_were_read_wrongly_before_are_undone(name: str, text: str) -> None:
    shown = "".join(bytes([each]).decode(name, "ignore") or chr(each) for each in text.encode())
    expected = text if (name, text[0]) != ("cp1251", "T") else "The bridge’s café – open"
    assert decode_xml(f"<a>{shown}</a>".encode()) == f"<a>{expected}</a>"


@pytest.mark.parametrize(
    "text",
    ["РСФСР и СССР", "Кафе «Ромашка»", "É… À…» Ç’est", "CAFÉ® À™", "PÃO", "Où ça? Déjà vu", "ВЂ В«Заре»"],
)
def test_letters_that_only_look_like_that_stay(text: str) -> None:
    assert decode_xml(text.encode()) == text


def test_pieces_in_another_encoding_are_read_in_theirs() -> None:
    russian = "Мост открыт для всех, движение пущено утром: ".encode() + "ещё вчера".encode("cp1251")
    assert decode_xml(russian).endswith("пущено утром: ещё вчера")
    french = "Le pont est rouvert à la circulation après l’été : ".encode() + "café".encode("cp1252")
    assert decode_xml(french).endswith("l’été : café")
    assert decode_xml("Мост открыт для всех, движение".encode()[:-1]).endswith("движени\ufffd")


def test_a_control_character_of_windows_1252_is_its_letter() -> None:
    assert decode_xml("It\x92s open\x85".encode()) == "It’s open…"


def test_what_was_packed_is_unpacked_within_bounds() -> None:
    assert unpacked(gzip.compress(b"<rss/>")) == b"<rss/>"
    assert unpacked(gzip.compress(b"<rss>" + b"a" * 99)[:-12]).startswith(b"<rss>")
    assert unpacked(b"<rss/>") == b"<rss/>"
    with pytest.raises(SourceError, match="too-large"):
        unpacked(gzip.compress(b"a" * (LARGEST + 1)))
    with pytest.raises(SourceError, match="packed"):
        unpacked(b"\x1f\x8b\x08\0no archive at all")

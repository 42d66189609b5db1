"""XML that is not well-formed is mended before parsers see it, in time that grows with its length."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable

import lxml.etree
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sources.formats.doctype import without_prolog
from bot.sources.formats.feed import parse_feed
from bot.sources.formats.xml_repair import well_formed
from bot.sources.item import Item, SourceError
from bot.sources.text.plain import clean

URL = "https://example.org/feed.xml"
MEDIA = ' xmlns:media="http://search.yahoo.com/mrss/"'
START = f'<rss version="2.0"{MEDIA}><channel>'
PICTURE = '<media:content url="https://example.org/m.jpg" medium="image"/>'
OTHER = f"<item><guid>id-2</guid><title>Мост</title>{PICTURE}</item>"


def feed(inside: str, prolog: str = "", start: str = START) -> bytes:
    return f"{prolog}{start}<item><guid>id-1</guid>{inside}</item>{OTHER}</channel></rss>".encode()


def read(inside: str, prolog: str = "", start: str = START) -> Item:
    """Return the first item; the second one must have kept its words and its picture."""
    first, second = parse_feed(feed(inside, prolog, start), "", URL)
    assert second.headline == "Мост"
    assert second.picture is not None
    assert second.picture.url == "https://example.org/m.jpg"
    return first


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("Fish & Chips opens R&D port & more", "Fish & Chips opens R&D port & more"),
        ("Tom&Jerry; again", "Tom&Jerry; again"),
        ("Мост&nbsp;&laquo;Северный&raquo; &mdash; открыт", "Мост «Северный» — открыт"),
        ("Two &amp; three & four", "Two & three & four"),
        ("Less < more, 2 <3", "Less < more, 2 <3"),
        ("Мост &#0;открыт&#xFFFF;", "Мост открыт"),
        ("Мост \x01\x1fоткрыт", "Мост открыт"),
        ("Write to <desk@example.org> & wait", "Write to <desk@example.org> & wait"),
        ("<![CDATA[Мост & река]]> &", "Мост & река &"),
        ("<![CDATA[Мост & река", "Мост & река"),
    ],
)
def test_words_stay_as_they_were_meant(title: str, headline: str) -> None:
    assert read(f"<title>{title}</title>").headline == headline


def test_an_address_keeps_its_parameters() -> None:
    item = read(
        "<title>x</title><link>https://example.org/?a=1&b=2&copy=3</link><description>&</description>"
    )
    assert item.url == "https://example.org/?a=1&b=2&copy=3"


@pytest.mark.parametrize(
    "fault",
    [
        "<description>Tom & Jerry</description>",
        "<description>Раз<br>два <b>три</description>",
        "<description>Раз</b></i></description>",
        "<description><![CDATA[Раз</description>",
        "<description><a href=/x title='y>Раз</a></description>",
        '<enclosure url="https://example.org/?a=1&b=2" type=audio/mpeg>',
        "<media:credit>Имя</media:credit><nowhere:word>Раз</nowhere:word>",
        "<!-- unfinished <description>Раз</description>",
    ],
)
def test_a_fault_in_one_item_costs_another_nothing(fault: str) -> None:
    assert read(f"<title>Река</title>{fault}").headline == "Река"


def test_a_prefix_that_is_not_declared_means_the_usual() -> None:
    body = "<content:encoded>&lt;p&gt;Раз&lt;/p&gt;&lt;p&gt;Два&lt;/p&gt;</content:encoded>"
    item = read(
        f"<title>Река</title><dc:date>2026-05-04T10:30:00Z</dc:date>{body}",
        start='<rss version="2.0"><channel>',
    )
    assert len(item.blocks) == 2
    assert item.published is not None


def test_what_stands_before_and_after_the_feed_is_left_out() -> None:
    body = b"<br /><b>Warning</b>: x & y in z" + feed("<title>x</title>") + b"</rss> trailing & <junk"
    assert [item.headline for item in parse_feed(body, "", URL)] == ["x", "Мост"]


@pytest.mark.parametrize(
    "prolog",
    [
        '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY nbsp "&#160;"><!ENTITY agency \'Agency\'>]>',
        '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://example.org/rss-0.91.dtd">',
        '<!DOCTYPE rss [<!ELEMENT rss ANY><!-- <!ENTITY x SYSTEM "y"> --><!ENTITY agency "Agency">]>\n',
    ],
)
def test_a_harmless_document_type_is_read(prolog: str) -> None:
    headline = read("<title>One&nbsp;two &agency;</title>", prolog).headline
    assert headline in ("One two Agency", "One two &agency;")
    assert ("Agency" in headline) == ("<!ENTITY agency" in prolog or "'Agency'" in prolog)


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/hostname">',
        '<!ENTITY a PUBLIC "x" "http://example.org/x">',
        '<!ENTITY % a "x">',
        '<!ENTITY a "%x;">',
        f'<!ENTITY a "{"ha" * 100}">',
        '<!ENTITY a "x"' + " " * 30_000 + ">",
    ],
)
def test_a_harmful_document_type_is_refused(declared: str) -> None:
    with pytest.raises(SourceError) as raised:
        parse_feed(feed("<title>&a;</title>", f"<!DOCTYPE rss [{declared}]>"), "", URL)
    assert raised.value.reason == "entities"


def test_many_short_entities_do_not_grow_without_end() -> None:
    prolog = f'<!DOCTYPE rss [<!ENTITY a "{"ha" * 30}">]>'
    with pytest.raises(SourceError) as raised:
        parse_feed(feed(f"<title>{'&a;' * 10_000}</title>", prolog), "", URL)
    assert raised.value.reason == "entities"


def test_what_is_well_formed_stays_as_it_is() -> None:
    text = feed("<title>Мост &amp; река</title><description><![CDATA[<p>a & b]]></description>").decode()
    assert well_formed(text, {}) == text


PARTS = st.one_of(
    st.sampled_from(
        [
            "<item>",
            "</item>",
            "<title>",
            "</title>",
            "<b>",
            "</b>",
            "<br/>",
            "<![CDATA[",
            "]]>",
            "<!--",
            "-->",
        ]
    ),
    st.sampled_from(
        ["&", "&amp;", "&nbsp;", "&#0;", "<?x", "?>", '<a b="', "'", '"', ">", "<", "<p:x q:y=1>"]
    ),
    st.text(max_size=10),
)


@given(st.lists(PARTS, max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_whatever_comes_is_well_formed_after_it(inside: str) -> None:
    text, entities = without_prolog(clean(f"<rss>{inside}"))
    lxml.etree.fromstring(well_formed(text, entities).encode())


GROWING: dict[str, Callable[[int], str]] = {
    "an open tag": lambda size: "<" + "a" * size,
    "attributes": lambda size: "<a " + "b " * (size // 2) + "> &",
    "quotes": lambda size: '<a b="' + "'" * size + " &",
    "ampersands": lambda size: "&" * size,
    "references": lambda size: "&#" * (size // 2),
    "names": lambda size: "&" + "a" * size,
    "CDATA": lambda size: "<![CDATA[" * (size // 9),
    "ends of CDATA": lambda size: "]]>" * (size // 3) + "&",
    "comments": lambda size: "<!--" * (size // 100) + "-" * size,
    "instructions": lambda size: "<?a " * (size // 100) + "?" * size,
    "elements": lambda size: "<b>x</b>" * (size // 8) + "&",
    "ends of elements": lambda size: "</b>" * (size // 4),
    "spaces": lambda size: "<a" + " " * size + "&",
}


def seconds(text: str) -> float:
    def once() -> float:
        began = time.process_time()
        document, entities = without_prolog(text)
        well_formed(document, entities)
        return time.process_time() - began

    return min(once() for _ in range(3))


@pytest.mark.parametrize("name", GROWING)
def test_mending_takes_time_in_proportion_to_the_length(name: str) -> None:
    grow = GROWING[name]
    small, big = seconds(START + grow(20_000)), seconds(START + grow(320_000))
    assert big < 16 * 5 * max(small, 0.001)


@pytest.mark.parametrize(
    "piece", ["<!-- -->", "<?a?>", "<!DOCTYPE a>", "<!DOCTYPE a [", "<!DOCTYPE a [<!ENTITY b 'c"]
)
def test_what_stands_before_the_feed_takes_time_in_proportion_too(piece: str) -> None:
    def spent(size: int) -> float:
        began = time.process_time()
        with contextlib.suppress(SourceError):
            without_prolog(piece * (size // len(piece)))
        return time.process_time() - began

    small, big = (min(spent(size) for _ in range(3)) for size in (20_000, 320_000))
    assert big < 16 * 5 * max(small, 0.001)


@pytest.mark.parametrize(
    "title",
    [
        "&lt;![CDATA[Мост открыт]]&gt;",
        "<![CDATA[<![CDATA[Мост открыт]]>]]>",
        "<![CDATA[<![CDATA[Мост открыт]]]]><![CDATA[>]]>",
    ],
)
def test_cdata_that_was_escaped_or_doubled_is_text(title: str) -> None:
    feed = (
        f"<rss><channel><item><title>{title}</title><description>{title}</description></item></channel></rss>"
    )
    assert [item.headline for item in parse_feed(feed.encode())] == ["Мост открыт"]


@pytest.mark.parametrize("written", ["&#55357;&#56832;", "&#xD83D;&#xDE00;", "<![CDATA[&#55357;&#56832;]]>"])
def test_a_letter_in_two_halves_is_one_letter(written: str) -> None:
    feed = f"<rss><channel><item><title>Мост {written} открыт</title></item></channel></rss>"
    assert [item.headline for item in parse_feed(feed.encode())] == ["Мост 😀 открыт"]


def test_an_end_with_a_misspelled_name_ends_its_element() -> None:
    feed = "<rss><channel><item><title>Мост открыт</titel><description>Утром.</description></item></channel></rss>"
    (item,) = parse_feed(feed.encode())
    assert (item.headline, item.lead) == ("Мост открыт", "Утром.")


@pytest.mark.parametrize(
    "address", [" http://search.yahoo.com/mrss/", "http://search.yahoo.com/mrss/ ", "http://a b/mrss/"]
)
def test_a_namespace_with_spaces_in_its_address_costs_nothing(address: str) -> None:
    feed = (
        f'<rss xmlns:m="{address}"><channel><item><title>Мост открыт</title>'
        '<m:content url="https://example.org/a.jpg" medium="image"/></item></channel></rss>'
    )
    (item,) = parse_feed(feed.encode())
    assert item.picture is not None

"""Footnotes: finds the links in a text that lead to notes of the same text, and the links that lead back.

WordPress marks its own (`data-fn`, `wp-block-footnotes`); converters from Markdown and word processors are
known by the pair of links, one down from the text and one back up from the note.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from lxml.html import HtmlElement

_HOLDER = re.compile(r"foot-?notes?|endnotes?|references|refnotes", re.IGNORECASE)
_LABEL = re.compile(r"[\[(]?\s*([\w*†‡§¶]{1,6})\s*[\])]?")
_BOXES = ("li", "p", "div", "dd")
_ARROWS = " \n\u00a0\ufe0e\ufe0f↑↩↵⤴^[]()"
# Each look at a pair of links costs a search; a text with more is an index, not an article.
_MOST, _MOST_RETURNS = 500, 50


def find_notes(root: HtmlElement) -> dict[str, str]:
    """Return the ids of the notes in a tree, each with its label."""
    links = [link for link in root.iter("a") if link.get("href", "").startswith("#")][:_MOST]
    if not links:
        return {}
    order = {each: number for number, each in enumerate(root.iter())}
    places = {name: each for each in order if (name := _named(each))}
    found: dict[str, str] = {}
    for link in links:
        place = places.get(link.get("href", "")[1:])
        label = _LABEL.fullmatch(link.text_content().strip())
        if label and place is not None and order[place] > order[link] and _is_reference(link, place):
            found.setdefault(_named(place), label[1])
    return found


def is_note(element: HtmlElement, notes: Mapping[str, str]) -> str | None:
    """Return the label of the note that an element holds, None where it holds none."""
    if not notes:
        return None
    own = notes.get(element.get("id", ""))
    return own or next((notes[name] for each in element.iter() if (name := _named(each)) in notes), None)


def without_returns(element: HtmlElement, notes: Mapping[str, str]) -> None:
    """Drop the links by which a note leads back to the text, and the number that it repeats."""
    for link in list(element.iter("a")):
        words = link.text_content().strip(_ARROWS)
        leads_back = link.get("href", "").startswith("#") and (not words or words in notes.values())
        if leads_back and link.get("href", "")[1:] not in notes:
            above = link.getparent()
            link.drop_tree()
            if above is not None and above.tag == "sup" and not above.text_content().strip():
                above.drop_tree()


def _is_reference(link: HtmlElement, place: HtmlElement) -> bool:
    """Return whether a link refers to a note, and the place that it leads to is one."""
    above = link.getparent()
    if above is not None and ("data-fn" in above.attrib or "fn" in above.get("class", "").split()):
        return True
    note = next((each for each in (place, *place.iterancestors()) if each.tag in _BOXES), place)
    if note in link.iterancestors():
        return False
    holder = next((each for each in (note, *note.iterancestors()) if _HOLDER.search(_called(each))), None)
    if holder is not None:
        return holder not in link.iterancestors()
    own = {_named(each) for each in (link, *link.iterancestors("sup", "span"))} - {""}
    return any(each.get("href", "")[1:] in own for each in islice(note.iter("a"), _MOST_RETURNS))


def _called(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _named(element: HtmlElement) -> str:
    return str(element.get("id") or element.get("name") or "")

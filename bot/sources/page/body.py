"""Finds the element of a page that holds the story, and drops the page's own parts around and inside it.

A page that names the element (schema.org's articleBody, the class names of WordPress and of other systems)
is believed where the words are there. Elsewhere elements are scored: paragraphs that read like prose give
points to the elements around them, as in Arc90's Readability.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from lxml.html import HtmlElement

from bot.sources.html.boilerplate import beside_a_story, called, is_furniture, is_handle, is_talk
from bot.sources.html.tree import drop, outermost, show_without_scripts

# What names the body in the markup of WordPress, Drupal, Joomla and of newspapers' own systems.
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:entry|post|article|story|news|content|page|single|detail|item)"
    r"[\s_-]{0,2}(?:content|body|text|full|entry|article)(?:$|[\s_])"
    r"|(?:^|\s)(?:articlebody|storybody|articletext|fulltext|td-post-content|mw-parser-output|entry)(?:$|\s)",
    re.IGNORECASE,
)
_PROMISING = re.compile(
    r"article|body|content|entry|hentry|h-entry|main|page|post|text|blog|story|news", re.IGNORECASE
)
_DOUBTFUL = re.compile(
    r"hidden|banner|combx|comment|contact|foot|gdpr|masthead|media|meta|outbrain|promo|related|scroll|share|"
    r"sidebar|sponsor|shopping|tags|widget|teaser|list|rail",
    re.IGNORECASE,
)
_PROSE = {"p", "pre", "td", "blockquote", "li", "dd"}
_BOXES = {"div", "section", "article", "main", "table", "ul", "ol", "dl", "aside", "header", "footer", "p"}
_ENOUGH, _SHORT, _LONG, _TOLD = 140, 25, 60, 250
_LINKS = 0.3
_MARKS = re.compile(r"[,，、،;:.]\s")


def find_body(root: HtmlElement, *, told: bool = False) -> list[HtmlElement]:
    """Return the elements that hold the story, in order, cleaned; the root itself where no element stands out.

    `told` says that the page has the story elsewhere too, for machines.
    """
    prune(root, told=told)
    show_without_scripts(root)
    scores = _scores(root)
    best = max(scores, key=lambda each: scores[each], default=root)
    named = _named(root, len(_said(best)))
    whole = named if named is not None else _whole(best)
    found = _with_siblings(best, scores) if whole is best and scores else [whole]
    for element in found:
        _drop_link_lists(element)
    return found


def prune(root: HtmlElement, *, told: bool = False) -> None:
    """Drop from the tree what is hidden, what readers say, and what belongs to the page.

    What readers say goes first, however long: it is no measure of the page. Only where nothing else is there, and
    the story was not `told` elsewhere, it is the story. Then an element stays with over 40 % of the page's prose or
    with what is called the story; so does one that tells something and is named after a button in it.
    """
    talks = list(outermost(root, lambda each: is_talk(each) and not _holds_story(each), stop=()))
    said = sum(_prose(each) for each in talks)
    apart = _prose(root) - said
    if told or apart >= min(_ENOUGH, said) or _called_story(root, talks) is not None:
        for element in talks:
            drop(element)
    whole = _prose(root)
    story = _called_story(root)
    kept = {story, *story.iterancestors()} if story is not None else set()
    for element in _inside(root):
        most = 0.4 * whole
        if not (_is_hidden(element) or beside_a_story(element)):
            most = min(most, _TOLD) if is_handle(element) else -1
        if element not in kept and _prose(element) <= most:
            drop(element)


def _called_story(root: HtmlElement, talks: Container[HtmlElement] = ()) -> HtmlElement | None:
    """Return the longest element that is called the story's body, outside of what readers say."""
    named = [each for each in root.iter("div", "section", "article", "td") if _NAMED.search(called(each))]
    own = [
        each
        for each in named
        if each not in talks and not any(above in talks for above in each.iterancestors())
    ]
    longest = max(own, key=lambda each: len(_said(each)), default=None)
    if longest is None or len(_said(longest)) < _ENOUGH or link_density(longest) > _LINKS:
        return None
    return longest


def _inside(root: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the elements of a tree, those of dropped ones aside."""
    for element in list(root.iterdescendants()):
        if element.getparent() is not None and isinstance(element.tag, str) and element.tag != "img":
            yield element


def _is_hidden(element: HtmlElement) -> bool:
    return "hidden" in element.attrib or is_furniture(element.get("class", ""), element.get("style", ""))


def _holds_story(element: HtmlElement) -> bool:
    """Return whether the page's headline or its named story stands in an element."""
    return element.find(".//h1") is not None or bool(
        element.xpath("descendant-or-self::*[@itemprop='articleBody']")
    )


def _prose(element: HtmlElement) -> int:
    """Return how many characters stand in paragraphs that are long enough to say something."""
    lengths = (len(_said(each)) for each in element.iter() if _is_prose(each))
    return sum(length for length in lengths if length >= _LONG)


def _named(root: HtmlElement, weighed: int) -> HtmlElement | None:
    """Return the element that is called the body, where it says about as much as the one that was weighed."""
    for candidates in (
        root.xpath(".//*[contains(@itemprop, 'articleBody')]"),
        [each for each in root.iter("div", "section", "article", "td") if _NAMED.search(called(each))],
        [each for each in root.iter("article") if each.find(".//h1") is not None],
        list(root.iter("article")),
        root.xpath(".//main | .//*[@role='main']"),
    ):
        longest = max(candidates, key=lambda each: len(_said(each)), default=None)
        if longest is not None and len(_said(longest)) >= max(_ENOUGH, weighed * 0.6):
            inner = [each for each in candidates if each is not longest and longest in each.iterancestors()]
            return next((each for each in inner if len(_said(each)) > 0.8 * len(_said(longest))), longest)
    return None


def _whole(best: HtmlElement) -> HtmlElement:
    """Return what an element is only a part of: a story told in steps, each in a box of its own."""
    for above in best.iterancestors("div", "section", "article", "main"):
        if _prose(above) > 1.5 * _prose(best) and link_density(above) < 0.2:
            best = above
    return best


def _scores(root: HtmlElement) -> dict[HtmlElement, float]:
    scores: dict[HtmlElement, float] = {}
    for element in root.iter():
        if not _is_prose(element):
            continue
        words = _said(element)
        if len(words) < _SHORT:
            continue
        points = 1 + len(_MARKS.findall(words)) + min(len(words) / 100, 3)
        for level, above in enumerate(_ancestors(element, 4)):
            scores.setdefault(above, _prior(above))
            scores[above] += points / (1, 2, 6, 9)[level]
    return {each: score * (1 - link_density(each)) for each, score in scores.items()}


def _is_prose(element: HtmlElement) -> bool:
    if element.tag in _PROSE:
        return not any(child.tag in _BOXES for child in element)
    return element.tag in ("div", "section") and not any(child.tag in _BOXES for child in element)


def _ancestors(element: HtmlElement, most: int) -> Iterator[HtmlElement]:
    for level, above in enumerate(element.iterancestors()):
        if level == most or above.tag in ("html", "body"):
            return
        yield above


def _prior(element: HtmlElement) -> float:
    names = called(element)
    prior = {"div": 5.0, "article": 8.0, "pre": 3.0, "td": 3.0, "blockquote": 3.0}.get(str(element.tag), 0.0)
    prior -= 3.0 if element.tag in ("ul", "ol", "dl", "li", "dd", "dt", "address") else 0.0
    prior += 25.0 if _PROMISING.search(names) else 0.0
    return prior - (25.0 if _DOUBTFUL.search(names) else 0.0)


def _with_siblings(best: HtmlElement, scores: dict[HtmlElement, float]) -> list[HtmlElement]:
    """Return the best element and those beside it that go on with the story."""
    above = best.getparent()
    if above is None:
        return [best]
    enough = max(10.0, scores[best] * 0.2)
    found = []
    for each in above:
        words = _said(each)
        reads_on = each.tag == "p" and len(words) > 80 and link_density(each) < 0.25
        if each is best or scores.get(each, 0.0) >= enough or reads_on or each.tag == "figure":
            found.append(each)
    return found


def _drop_link_lists(body: HtmlElement) -> None:
    """Drop lists and boxes that are little but links to other pages, and the headings over them."""
    for element in list(body.iter("ul", "ol", "div", "section", "table", "aside", "p")):
        if element is body or element.getparent() is None or element.find(".//img") is not None:
            continue
        links = element.findall(".//a")
        words = _said(element)
        listed = element.tag in ("ul", "ol") and len(links) > 1
        if words and links and link_density(element) > (0.6 if listed else 0.8) and _aside(element, links):
            before = element.getprevious()
            drop(element)
            if (
                before is not None
                and re.fullmatch(r"h[2-6]|p", str(before.tag))
                and _said(before).endswith(":")
            ):
                drop(before)


def _aside(element: HtmlElement, links: list[HtmlElement]) -> bool:
    """Return whether links stand there for themselves, not as a part of what is being said."""
    if element.tag == "p":
        return False
    return len(links) > 1 or element.tag in ("aside", "section")


def link_density(element: HtmlElement) -> float:
    """Return the share (0 to 1) of an element's characters in links to other pages."""
    whole = len(_said(element))
    linked = sum(len(_said(link)) for link in element.iter("a") if not link.get("href", "#").startswith("#"))
    return linked / whole if whole else 0.0


def _said(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())

"""Where on a page the story is: the element that holds its words, without what stands around and among them.

Pages that say it themselves (schema.org's articleBody, the class names of WordPress and of other systems)
are believed, as far as the words are there. Others are weighed: paragraphs that read like prose speak for
the element around them, as in Arc90's Readability.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lxml.html import HtmlElement

from bot.sources.furniture import beside_a_story, is_furniture

Weigh = Callable[[HtmlElement], float]

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
# What readers say under a story can be longer than the story.
_TALK = re.compile(r"(?:^|[\s_-])(?:comments?|commentlist|respond|disqus\w*)(?:$|[\s_-])", re.IGNORECASE)
_ENOUGH, _SHORT, _LONG, _TOO_MUCH = 140, 25, 60, 3000
_MARKS = re.compile(r"[,，、،;:.]\s")


def find_body(root: HtmlElement) -> list[HtmlElement]:
    """Return the elements that hold the story, in order, rid of furniture; the root itself where none does."""
    prune(root, beside_a_story)
    scores = _scores(root)
    best = max(scores, key=lambda each: scores[each], default=root)
    named = _named(root, len(_said(best)))
    whole = named if named is not None else _whole(best)
    found = _with_siblings(best, scores) if whole is best and scores else [whole]
    for element in found:
        _drop_link_lists(element)
    return found


def prune(root: HtmlElement, unwanted: Callable[[HtmlElement], bool]) -> None:
    """Drop the elements that are unwanted, unless much of the page's prose is in one."""
    whole = _prose(root)
    for element in list(root.iterdescendants()):
        if element.getparent() is None or not isinstance(element.tag, str):
            continue
        hidden = "hidden" in element.attrib or is_furniture(
            element.get("class", ""), element.get("style", "")
        )
        if (hidden or unwanted(element)) and (
            _prose(element) <= whole * 0.4 or _TALK.search(_names(element))
        ):
            element.drop_tree()


def _prose(element: HtmlElement) -> int:
    """Return how many characters stand in paragraphs that are long enough to say something."""
    lengths = (len(_said(each)) for each in element.iter() if _is_prose(each))
    return sum(length for length in lengths if length >= _LONG)


def _named(root: HtmlElement, weighed: int) -> HtmlElement | None:
    """Return the element that is called the body, where it says about as much as the one that was weighed."""
    for candidates in (
        root.xpath(".//*[contains(@itemprop, 'articleBody')]"),
        [each for each in root.iter("div", "section", "article", "td") if _NAMED.search(_names(each))],
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
    names = _names(element)
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
            element.drop_tree()
            if (
                before is not None
                and re.fullmatch(r"h[2-6]|p", str(before.tag))
                and _said(before).endswith(":")
            ):
                before.drop_tree()


def _aside(element: HtmlElement, links: list[HtmlElement]) -> bool:
    """Return whether links stand there for themselves, not as a part of what is being said."""
    if element.tag == "p":
        return False
    return len(links) > 1 or element.tag in ("aside", "section")


def link_density(element: HtmlElement) -> float:
    """Return the share of an element's characters that stand in links, in-page ones aside."""
    whole = len(_said(element))
    linked = sum(len(_said(link)) for link in element.iter("a") if not link.get("href", "#").startswith("#"))
    return linked / whole if whole else 0.0


def _names(element: HtmlElement) -> str:
    return f"{element.get('class', '')} {element.get('id', '')}"


def _said(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())

"""Makes blocks of the elements that show something: pictures, players, files, galleries, embeds; with captions."""

from __future__ import annotations

import re
from dataclasses import replace

from lxml.html import HtmlElement

from bot.model.story.content import (
    Block,
    Embed,
    Figure,
    Gallery,
    ListBlock,
    Media,
    MediaKind,
    Paragraph,
    Quote,
    Table,
    Text,
    plain,
)
from bot.sources.html.embeds import embed
from bot.sources.html.media import is_picture, picture, player, sourced
from bot.sources.html.styles import behind
from bot.sources.html.tree import FIGURE, GALLERY, drop, is_caption, is_credit, outermost
from bot.sources.html.walk import Walk
from bot.sources.text.builder import join
from bot.sources.text.links import absolute
from bot.sources.text.plain import one_line

_ADDRESS = re.compile(r"\s*https?://\S+\s*")
_CREDIT_WORDS = re.compile(
    r"(?:photo(?:graph)?s?(?: by)?|image(?: credit)?|credits?|source|фото|фотография|снимок|источник|изображение)"
    r"\s*[:/©].{1,120}|©.{1,120}",
    re.IGNORECASE | re.DOTALL,
)


def image(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the figure of an `<img>`, with its link's target unless that is the picture itself."""
    media = picture(element, walk.base)
    href = walk.look.href
    return [Figure(media, href=None if href is None or is_picture(href) else href)] if media else []


def sources(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the figure of a `<picture>` without an `<img>`."""
    media = sourced(element, walk.base)
    return [Figure(media)] if media else []


def play(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the figure of a `<video>` or `<audio>`."""
    media = player(element, walk.base)
    return [Figure(media)] if media else []


def backdrop(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the blocks of a box with a background picture: the picture, then the words."""
    url = absolute(behind(element.get("style", "")), walk.base)
    inner = walk.blocks(element)
    shown = any(isinstance(each, Figure) and each.media.url == url for each in inner)
    return inner if url is None or shown else [Figure(Media(MediaKind.PICTURE, url)), *inner]


def attachment(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the figure of a file to download, named by the words of its link."""
    links = [link for link in element.iter("a") if link.get("href")]
    url = absolute(links[0].get("href"), walk.base) if links else None
    if url is None:
        return walk.blocks(element)
    name = walk.text(links[0])[0]
    return [Figure(Media(MediaKind.FILE, url, alt=one_line(plain(name))), name)]


def frame(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the embed of an `<iframe>`."""
    address = element.get("src") or element.get("data-src") or element.get("data-lazy-src")
    if element.get("data-src") and not absolute(element.get("src"), walk.base):
        address = element.get("data-src")
    found = embed(absolute(address, walk.base), element.get("title", ""))
    return [found] if found else []


def post(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the embed of a social network's post: its address and its words."""
    links = [absolute(link.get("href"), walk.base) for link in element.iter("a")]
    named = element.get("cite") or element.get("data-instgrm-permalink") or element.get("data-href")
    url = absolute(named, walk.base) or next((link for link in reversed(links) if link), None)
    words, media = walk.text(element)
    found = embed(url, "", words)
    return [found or Quote((Paragraph(words),)), *media] if found or words else media


def figure(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the blocks of a `<figure>` (or WordPress's older captions), with caption and credit."""
    captions = list(outermost(element, is_caption, stop={"figure"}))
    credit = [text for each in captions for text in walk.take_out(each, is_credit, stop={"figure"})]
    caption = [text for each in captions if (text := walk.text(each)[0])]
    for each in captions:
        drop(each)
    classes = element.get("class", "")
    inner = _bare_embed(walk, element) if "wp-block-embed" in classes else walk.blocks(element)
    if FIGURE.search(classes) and not caption:
        inner, caption = _words_as_caption(inner)
    if GALLERY.search(classes):
        inner = _as_gallery(inner)
    if "pullquote" in classes:
        inner = [replace(block, pull=True) if isinstance(block, Quote) else block for block in inner]
    return _captioned(inner, *_told_apart(join(caption, "\n"), join(credit)))


def _words_as_caption(inner: list[Block]) -> tuple[list[Block], list[Text]]:
    """Return a shortcode's picture, and the words under it as its caption."""
    match inner:
        case [Figure() as shown, *others] if all(isinstance(each, Paragraph) for each in others):
            return [shown], [each.text for each in others if isinstance(each, Paragraph)]
        case _:
            return inner, []


def gallery(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the gallery of an element's pictures."""
    return _as_gallery(walk.blocks(element))


def _bare_embed(walk: Walk, element: HtmlElement) -> list[Block]:
    """Return the embed of a WordPress embed block: of the other site's code, or of its address alone, as in feeds."""
    title = next((frame.get("title", "") for frame in element.iter("iframe")), "")
    words = one_line(element.text_content())
    if _ADDRESS.fullmatch(words) and (found := embed(absolute(words, walk.base), title)):
        return [found]
    inner = walk.blocks(element)
    embeds = [block for block in inner if isinstance(block, Embed)]
    quoted = [block for block in inner if isinstance(block, Quote)]
    if len(embeds) == 1 and len(quoted) == 1 and len(inner) == 2:
        # A WordPress site shows a story of another: its title as a quotation, itself in a frame.
        return [_titled(embeds[0], quoted[0])]
    return inner


def _titled(shown: Embed, quoted: Quote) -> Embed:
    runs = [run for block in quoted.blocks if isinstance(block, Paragraph) for run in block.text]
    href = next((run.href for run in runs if run.href), None)
    return replace(
        shown, url=href or shown.url, title=one_line("".join(run.text for run in runs)) or shown.title
    )


def _told_apart(caption: Text, credit: Text) -> tuple[Text, Text]:
    """Return caption and credit; a caption's last line that names the source is the credit."""
    if credit or not caption:
        return caption, credit
    if _CREDIT_WORDS.fullmatch(plain(caption).strip()):
        return (), caption
    last = caption[-1]
    head, found, tail = last.text.rpartition("\n")
    if found and _CREDIT_WORDS.fullmatch(tail.strip()):
        kept = (*caption[:-1], replace(last, text=head)) if head else caption[:-1]
        return kept, (replace(last, text=tail.strip()),)
    return caption, credit


def _as_gallery(inner: list[Block]) -> list[Block]:
    flat = [each for block in inner for each in _flat(block)]
    shown = tuple(block for block in flat if isinstance(block, Figure))
    others = [block for block in flat if not isinstance(block, Figure)]
    return [*([Gallery(shown)] if len(shown) > 1 else shown), *others]


def _flat(block: Block) -> list[Block]:
    """Return a block's parts where it is only how a gallery is laid out."""
    match block:
        case Gallery(found, ()):
            return list(found)
        case ListBlock(items) if all(isinstance(each, Figure) for item in items for each in item):
            return [each for item in items for each in item]
        case _:
            return [block]


def _captioned(inner: list[Block], caption: Text, credit: Text) -> list[Block]:
    """Give the caption to what the figure shows, or let it stand as a paragraph."""
    shown = [block for block in inner if isinstance(block, Figure | Gallery | Embed | Table)]
    if len(shown) == 1 or (shown and isinstance(shown[0], Gallery | Embed | Table)):
        return [_with_words(block, caption, credit) if block is shown[0] else block for block in inner]
    match inner:
        case [Quote() as quoted] if caption and not quoted.credit:
            return [replace(quoted, credit=join((caption, credit), "\n"))]
        case [Figure(), *_] if len(shown) == len(inner) and (caption or credit):
            together = tuple(each for each in inner if isinstance(each, Figure))
            if len(together) == len(inner):
                return [Gallery(together, join((caption, credit), "\n"))]
    words = join((caption, credit), "\n")
    return [*inner, *([Paragraph(words)] if words else [])]


def _with_words(shown: Block, caption: Text, credit: Text) -> Block:
    match shown:
        case Figure():
            whole = join((shown.caption, caption), "\n")
            return replace(shown, caption=whole, credit=join((shown.credit, credit)))
        case Gallery() | Embed() | Table():
            return replace(shown, caption=join((shown.caption, caption, credit), "\n"))
        case _:
            return shown

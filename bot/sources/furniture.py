"""What a page shows around a story and the story does not say: counters, sharing, 'read more'."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.model.content import Block, Divider, Paragraph, Run, Text, plain

# Class names of WordPress, Jetpack, AddToAny, AMP and the like, each as a whole word of the attribute.
_CLASSES = re.compile(
    r"(?:^|\s)(?:sharedaddy|jp-relatedposts|sd-sharing[\w-]*|addtoany[\w-]*|a2a_[\w-]*|social-share[\w-]*|"
    r"share-buttons?|related-posts?|read-more|wp-block-read-more|screen-reader-text|visually-hidden|"
    r"sr-only|feedflare|mf-viral|yarpp[\w-]*|adsbygoogle|advert|ad-container)(?:\s|$)",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_COUNTERS = re.compile(
    r"(?:^|\.)(?:pixel\.wp\.com|stats\.wordpress\.com|feedburner\.com|feedsportal\.com|mc\.yandex\.ru|"
    r"counter\.yadro\.ru|top-fwz1\.mail\.ru|google-analytics\.com|doubleclick\.net|scorecardresearch\.com)$",
    re.IGNORECASE,
)
_TAILS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"the post .{1,300} (?:first )?appeared (?:first )?on .{1,200}",
        r"(?:сообщение|запись|статья) .{1,300} (?:впервые )?появил[аои]с[ья] "
        r"(?:сначала |впервые )?(?:на|в) .{1,200}",
        r"источник записи\b.{0,200}",
    )
)
_MORE = re.compile(
    r"[\[(]?\s*(?:читать|читайте|смотреть|узнать)\s+(?:далее|дальше|полностью|больше|ещ[её])\s*[\])]?[\s.…>»→⟶]*"
    r"|(?:read|see|view)\s+(?:more|full (?:story|article))[\s.…>»→⟶]*|continue reading\b.{0,200}"
    r"|подробнее[\s.…>»→⟶]*|\[\s*(?:…|\.\.\.)\s*\]",
    re.IGNORECASE | re.DOTALL,
)


def is_furniture(classes: str, style: str) -> bool:
    """Return whether an element with these attributes is not a part of the story."""
    return bool(_CLASSES.search(classes) or _HIDDEN.search(style))


def is_counter(url: str, width: int | None, height: int | None) -> bool:
    """Return whether a picture is there to count readers, not to be seen."""
    if any(side is not None and side <= 2 for side in (width, height)):
        return True
    return bool(_COUNTERS.search(urlsplit(url).hostname or ""))


def without_tails(blocks: list[Block]) -> list[Block]:
    """Return the blocks without 'read more', 'appeared first on' and bare rules at their ends."""
    kept = list(blocks)
    while kept:
        last = kept[-1]
        if isinstance(last, Divider):
            kept.pop()
        elif isinstance(last, Paragraph) and (text := _without_more(last.text)) != last.text:
            kept[-1:] = [Paragraph(text)] if text else []
        else:
            break
    while kept and isinstance(kept[0], Divider):
        kept.pop(0)
    return kept


def _without_more(text: Text) -> Text:
    said = plain(text).strip()
    if not said or _MORE.fullmatch(said) or any(tail.fullmatch(said) for tail in _TAILS):
        return ()
    last = text[-1]
    # At the end of other words it is furniture only as a link, or as the mark of a cut.
    if len(text) > 1 and last.href and _MORE.fullmatch(last.text.strip()):
        return _stripped(text[:-1])
    if cut := re.search(r"\s*\[(?:…|\.\.\.)\]$", last.text):
        return (*text[:-1], Run(last.text[: cut.start()] + "…", last.marks, last.href))
    return text


def _stripped(text: Text) -> Text:
    last = text[-1]
    bare = last.text.rstrip()
    return (*text[:-1], Run(bare, last.marks, last.href)) if bare else text[:-1]

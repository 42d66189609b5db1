"""What a page shows around a story and the story does not say: counters, sharing, 'read more'."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from bot.model.content import Block, Divider, Paragraph, Run, Text, plain

# Class names of WordPress, Jetpack, AddToAny, AMP and the like, each as a whole word of the attribute.
_CLASSES = re.compile(
    r"(?:^|\s)(?:sharedaddy|jp-relatedposts|sd-sharing[\w-]*|addtoany[\w-]*|a2a_[\w-]*|social-share[\w-]*|"
    r"share-buttons?|related-posts?|read-more|wp-block-read-more|screen-reader-text|visually-hidden|"
    r"sr-only|feedflare|mf-viral|yarpp[\w-]*|adsbygoogle|advert|ad-container)(?:\s|$)",
    re.IGNORECASE,
)
# Blocks of WordPress that show the site, not the story; `wp-block-` goes before each.
_SITE_BLOCKS = re.compile(
    r"(?:^|\s)wp-block-(?:archives|avatar|calendar|categories|comments?(?:-[a-z-]+)?|jetpack-(?:subscriptions|"
    r"sharing-[a-z]+|related-posts|like|contact-form)|latest-(?:comments|posts)|loginout|navigation(?:-[a-z]+)?|"
    r"page-list|post-(?:author|comments|date|excerpt|featured|navigation|template|terms|title)[a-z-]*|"
    r"query(?:-[a-z-]+)?|read-more|rss|search|site-[a-z]+|social-links?|spacer|tag-cloud|template-part|"
    r"term-description)(?:\s|$)"
)
# Words of class names and ids around a story on any site's page.
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|shares|social|socials|follow-?us|addtoany|related|recirc\w*|recommend\w*|"
    r"readmore|see-?also|more-?(?:news|stories|articles)|most-?(?:read|popular)|popular|trending|"
    r"newsletters?|subscribe|subscription|signup|sign-?up|mailchimp|mc_embed\w*|paywall|"
    r"comments?|commentlist|disqus\w*|respond|breadcrumbs?|pagination|pager|nav|navbar|navigation|menu|"
    r"sidebar|widgets?|widget-area|masthead|site-header|site-footer|colophon|skip-link|cookies?|gdpr|consent|"
    r"ads?|adv|advert\w*|adsense|sponsor\w*|promo\w*|banner|teasers?|outbrain|taboola|"
    r"byline|post-?meta|entry-?meta|article-?meta|entry-?footer|post-?tags|tags-?links|tag-?list|cat-?links|"
    r"author-?(?:box|bio|info|card)|about-?author|toolbar|print-?(?:button|link)|jump-?link)(?:$|[\s_-])",
    re.IGNORECASE,
)
_POSTS = re.compile(
    r"(?:^|\s)(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed|bluesky-embed)(?:\s|$)"
)
_BESIDE_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu"}
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

# Before links to other stories: a line that is nothing but this and links.
_ELSEWHERE = re.compile(
    r"\W*(?:(?:читайте|читать|смотрите|смотреть|слушайте)\s+(?:также|ещ[её]|далее|по\s+теме)|(?:также|ещ[её])\s+"
    r"(?:читайте|по\s+теме)|(?:ранее\s+)?по\s+теме|материалы\s+по\s+теме|(?:read|see|watch|listen)\s+(?:also|more|next)|"
    r"also\s+(?:read|see|on\s+\w+)|related(?:\s+(?:stories|articles|posts|coverage|news))?|more(?:\s+on\s+this)?|"
    r"recommended|don[’']t\s+miss)\W*",
    re.IGNORECASE,
)


def is_furniture(classes: str, style: str) -> bool:
    """Return whether an element with these attributes is not a part of the story."""
    return bool(_CLASSES.search(classes) or _SITE_BLOCKS.search(classes) or _HIDDEN.search(style))


def beside_a_story(element: HtmlElement) -> bool:
    """Return whether an element of a whole page belongs to the page, not to its story."""
    if element.tag in ("footer", "nav", "aside") and not element.xpath("ancestor::blockquote"):
        return not (element.tag == "aside" and "pull" in element.get("class", ""))
    if any(_POSTS.search(each.get("class", "")) for each in element.iter("blockquote")):
        return False
    if element.get("role", "") in _BESIDE_ROLES:
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}"
    return bool(_BESIDE.search(names)) and element.tag not in ("body", "main", "article", "html", "figure")


def is_counter(url: str, width: int | None, height: int | None) -> bool:
    """Return whether a picture is there to count readers, not to be seen."""
    if any(side is not None and side <= 2 for side in (width, height)):
        return True
    return bool(_COUNTERS.search(urlsplit(url).hostname or ""))


def without_tails(blocks: list[Block]) -> list[Block]:
    """Return the blocks without 'read also' among them, 'appeared first on' and bare rules at their ends."""
    kept = [block for block in blocks if not (isinstance(block, Paragraph) and _leads_elsewhere(block.text))]
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


def _leads_elsewhere(text: Text) -> bool:
    """Return whether a text is only a link to another story, under a label that says so."""
    own = "".join(run.text for run in text if not run.href)
    return any(run.href for run in text) and bool(_ELSEWHERE.fullmatch(own))


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

"""Recognises the parts of a page that are no part of its story: counters, sharing, 'read more'."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from bot.model.story.content import Block, Divider, Paragraph, Run, Text, plain
from bot.sources.html.styles import hides

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
_TURBO_BLOCKS = {
    "breadcrumblist", "callback", "comments", "feed", "infinity", "rating", "search", "share", "subscription",
    "widget-feedback", "widget-search",
}  # fmt: skip
# Words of class names and ids around a story on any site's page.
_BESIDE = re.compile(
    r"(?:^|[\s_-])(?<!no-)(?<!has-)(?<!with-)(?<!without-)(?:related|recirc\w*|recommend\w*|"
    r"readmore|see-?also|more-?(?:news|stories|articles)|most-?(?:read|popular)|popular|trending|"
    r"newsletters?|signup|sign-?up|mailchimp|mc_embed\w*|"
    r"breadcrumbs?|pagination|pager|nav|navbar|navigation|menu|"
    r"sidebar|widgets?|widget-area|masthead|site-header|site-footer|colophon|skip-link|cookies?|gdpr|consent|"
    r"ads?|adv|advert\w*|adsense|promo\w*|teasers?|outbrain|taboola|"
    r"byline|post-?meta|entry-?meta|article-?meta|entry-?footer|post-?tags|tags-?links|tag-?list|cat-?links|"
    r"author-?(?:box|bio|info|card)|about-?author|toolbar|print-?(?:button|link)|jump-?link)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Words that name a button or a bar as well as a story with such a thing in it, or a story behind one.
_HANDLES = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|shares|social|socials|follow-?us|addtoany|subscribe|subscription|paywall|"
    r"sponsor\w*|banner)(?:$|[\s_-])",
    re.IGNORECASE,
)
# What readers say under a story can be longer than the story.
_TALK = re.compile(
    r"(?:^|[\s_-])(?<!no-)(?<!has-)(?<!with-)(?<!without-)"
    r"(?:comments?(?!-(?:open|closed|off|on|enabled|disabled)(?:$|\s))|comments?(?:list|block|area|section|box)|respond|replies|discussion|"
    r"disqus\w*|hypercomments\w*|cackle\w*|kommentar\w*)(?:$|[\s_-])",
    re.IGNORECASE,
)
_POSTS = re.compile(
    r"(?:^|\s)(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed|bluesky-embed)(?:\s|$)"
)
_BESIDE_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search", "dialog", "menu"}
_COUNTERS = re.compile(
    r"(?:^|\.)(?:pixel\.wp\.com|stats\.wordpress\.com|feedburner\.com|feedsportal\.com|mc\.yandex\.ru|"
    r"counter\.yadro\.ru|counter\.rambler\.ru|tns-counter\.ru|mc\.webvisor\.(?:org|com)|pixel\.quantserve\.com|top-fwz1\.mail\.ru|google-analytics\.com|doubleclick\.net|scorecardresearch\.com)$",
    re.IGNORECASE,
)
# What a picture that counts is called, on any host.
_COUNTER_NAME = re.compile(
    r"(?:^|/)(?:(?:tracking|tracker|count)[_-]?)?(?:pixel|counter|beacon)\.(?:gif|php)$", re.IGNORECASE
)
# No line of furniture is longer; the patterns meet no longer words of strangers.
_LONGEST, _LONGEST_NOTICE = 700, 120
_TAILS = tuple(
    re.compile(pattern, re.IGNORECASE | re.DOTALL)
    for pattern in (
        r"the post .{1,300} (?:first )?appeared (?:first )?on .{1,200}",
        r"(?:сообщение|запись|статья) .{1,300} (?:впервые )?появил[аои]с[ья] "
        r"(?:сначала |впервые )?(?:на|в) .{1,200}",
        r"(?:сообщение|запись|статья) .{1,300} впервые появил[аои]с[ья] .{1,200}",
        r"(?:допис|запис|стаття) .{1,300} (?:спершу|вперше|спочатку) з[’']явив?[а-я]{1,4} на .{1,200}",
        r"(?:der beitrag|the post) .{1,300} erschien zuerst auf .{1,200}",
        r"(?:l[’']article|cet article) .{1,300} est apparu en premier sur .{1,200}",
        r"la entrada .{1,300} (?:se publicó primero|aparece primero|apareció primero) en .{1,200}",
        r"l[’']articolo .{1,300} (?:proviene da|sembra essere il primo su) .{1,200}",
        r"o post .{1,300} apareceu primeiro em .{1,200}",
        r"(?:het bericht|het artikel) .{1,300} verscheen eerst op .{1,200}",
        r"artykuł .{1,300} pochodzi z serwisu .{1,200}",
        r"источник записи\b.{0,200}",
    )
)
_MORE = re.compile(
    r"\s*[\[(]?\s*(?:"
    r"(?:читать|читайте|смотреть|узнать)\s+(?:далее|дальше|полностью|больше|ещ[её]|на\s+сайте)|подробнее|далее|"
    r"(?:читати|дізнатися)\s+(?:далі|повністю|більше)|докладніше|детальніше|"
    r"(?:read|see|view|keep|find\s+out|learn|show)\s+(?:the\s+)?(?:more|on|reading|full\s+(?:story|article|post))|"
    r"full\s+(?:story|article)|more|continue\s+reading\b.{0,200}|"
    r"lire\s+(?:la\s+suite|plus|l[’']article)|en\s+savoir\s+plus|weiterlesen|weiter\s+lesen|mehr\s+(?:lesen|erfahren)|"
    r"leer\s+más|seguir\s+leyendo|leggi\s+(?:tutto|di\s+più|l[’']articolo)|continua\s+a\s+leggere|ler\s+mais|"
    r"saiba\s+mais|continue\s+lendo|lees\s+(?:meer|verder)|läs\s+mer|les\s+mer|læs\s+mere|lue\s+lisää|"
    r"czytaj\s+(?:więcej|dalej)|číst\s+dále|devamını\s+oku"
    r")[\s.…>»→⟶]*[\])]?[\s.…>»→⟶]*|\[\s*(?:…|\.\.\.)\s*\]",
    re.IGNORECASE | re.DOTALL,
)
# What a player or a channel's page says to those who can't see what stands there.
_NOTICES = re.compile(
    r"\W{0,20}(?:this\s+media\s+is\s+not\s+supported\s+in\s+(?:your|the)\s+browser|view\s+in\s+telegram|"
    r"please\s+open\s+telegram\s+to\s+view\s+this\s+post|"
    r"(?:your|the)\s+browser\s+does\s+not\s+support\s+(?:the\s+|html5\s+)?(?:video|audio|iframes?)(?:\s+(?:tag|element))?|"
    r"(?:ваш\s+)?браузер\s+не\s+поддерживает\s+(?:видео|аудио|этот\s+формат)|(?:смотреть|открыть)\s+в\s+telegram)\W{0,20}",
    re.IGNORECASE,
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
    """Return whether an element with this `class` and `style` is no part of the story, on any site."""
    return bool(_CLASSES.search(classes) or _SITE_BLOCKS.search(classes)) or hides(style)


def is_site_block(element: HtmlElement) -> bool:
    """Return whether an element of a Yandex Turbo page shows the site, not the story (`data-block`, its menu)."""
    above = element.getparent()
    return element.get("data-block", "") in _TURBO_BLOCKS or (
        element.tag == "menu" and above is not None and above.tag == "header"
    )


def beside_a_story(element: HtmlElement) -> bool:
    """Return whether an element of a whole page belongs to the page, not to its story."""
    if element.tag in ("footer", "nav", "aside") and not element.xpath("ancestor::blockquote"):
        return not (element.tag == "aside" and "pull" in element.get("class", ""))
    if _holds_post(element):
        return False
    if element.get("role", "") in _BESIDE_ROLES:
        return True
    if element.tag in ("body", "main", "article", "html", "figure"):
        return False
    return bool(_BESIDE.search(called(element)))


def _holds_post(element: HtmlElement) -> bool:
    return any(_POSTS.search(each.get("class", "")) for each in element.iter("blockquote"))


def is_handle(element: HtmlElement) -> bool:
    """Return whether an element is called a button or a bar: to share, to subscribe, to pay."""
    if element.tag in ("body", "main", "article", "html", "figure") or not _HANDLES.search(called(element)):
        return False
    return not _holds_post(element)


def is_talk(element: HtmlElement) -> bool:
    """Return whether an element is called what readers say."""
    return element.tag not in ("body", "main", "html") and bool(_TALK.search(called(element)))


def called(element: HtmlElement) -> str:
    """Return an element's class names and its id."""
    return f"{element.get('class', '')} {element.get('id', '')}"


def is_counter(url: str, width: int | None, height: int | None) -> bool:
    """Return whether a picture counts readers: by its size in pixels or by its host."""
    if any(side is not None and side <= 2 for side in (width, height)):
        return True
    parts = urlsplit(url)
    return bool(_COUNTERS.search(parts.hostname or "") or _COUNTER_NAME.search(parts.path[-60:]))


def without_tails(blocks: list[Block]) -> list[Block]:
    """Return the blocks without 'read also' lines, and without 'appeared first on' and rules at the ends."""
    kept = [block for block in blocks if not (isinstance(block, Paragraph) and _is_aside(block.text))]
    while kept:
        last = kept[-1]
        if isinstance(last, Divider):
            kept.pop()
        elif isinstance(last, Paragraph) and (text := _without_more(last.text)) != last.text:
            kept[-1:] = [Paragraph(text)] if text else []
        else:
            break
    first = next((at for at, block in enumerate(kept) if not isinstance(block, Divider)), 0)
    return kept[first:]


def _is_aside(text: Text) -> bool:
    words = plain(text)
    return _leads_elsewhere(text) or (len(words) <= _LONGEST_NOTICE and bool(_NOTICES.fullmatch(words)))


def _leads_elsewhere(text: Text) -> bool:
    """Return whether a text is only a link to another story, under a label that says so."""
    own = "".join(run.text for run in text if not run.href)
    return len(own) <= _LONGEST and any(run.href for run in text) and bool(_ELSEWHERE.fullmatch(own))


def _without_more(text: Text) -> Text:
    said = plain(text).strip()
    if not said or _is_more(said) or (len(said) <= _LONGEST and any(each.fullmatch(said) for each in _TAILS)):
        return ()
    last = text[-1]
    # At the end of other words it is furniture only as a link, or as the mark of a cut.
    if len(text) > 1 and last.href and _is_more(last.text.strip()):
        return _stripped(text[:-1])
    if last.text.endswith(("[…]", "[...]")):
        return (*text[:-1], Run(last.text.rpartition("[")[0].rstrip() + "…", last.marks, last.href))
    return text


def _is_more(words: str) -> bool:
    return len(words) <= _LONGEST and bool(_MORE.fullmatch(words))


def _stripped(text: Text) -> Text:
    last = text[-1]
    bare = last.text.rstrip()
    return (*text[:-1], Run(bare, last.marks, last.href)) if bare else text[:-1]

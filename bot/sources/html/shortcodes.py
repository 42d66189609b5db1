"""WordPress's shortcodes in a feed: the core's become HTML, others are dropped.

Text between a pair of unknown ones is kept. Brackets that are mere words ([sic], [Ред.]) stay words.
"""

from __future__ import annotations

import re
from collections import Counter

# As typed, as entities, and as WordPress's typography turns them.
_QUOTE = r"(?:\"|'|&quot;|&#0?39;|&#8220;|&#8221;|&#8243;|&#8217;|&#187;|&#171;|&raquo;|&laquo;|[“”″»«’])"
# A value ends where the next pair or the end begins; atomic, so that a bracket that never closes costs one try.
_ENDS = r"(?=\s{0,20}/?\]|\s{1,20}[\w-]{1,60}\s{0,20}=)"
_PAIR = (
    rf"(?>\s{{1,20}}[\w-]{{1,60}}\s{{0,20}}=\s{{0,20}}"
    rf"(?:{_QUOTE}.{{0,300}}?{_QUOTE}{_ENDS}|[^\s\]\[\"'<>]{{1,300}}))"
)
_CODE = re.compile(rf"\[(\[?)(/?)([a-zA-Z][\w-]{{1,40}})((?:{_PAIR}){{0,20}}+)\s{{0,20}}(/?)\](\]?)")
_ATTRIBUTE = re.compile(
    rf"([\w-]{{1,60}})\s*=\s*(?:{_QUOTE}(.{{0,300}}?){_QUOTE}(?={_ENDS}|$)|([^\s\]\[\"'<>]{{1,300}}))"
)
_TAG = re.compile(r"(<[^<>]*>)")
_NAME = re.compile(r"<(/?)(pre|code|script|style|textarea)\b", re.IGNORECASE)
_BARE = {"gallery", "playlist", "caption", "embed", "audio", "video", "wp_caption"}


def without_shortcodes(html: str) -> str:
    """Return the HTML with the core's shortcodes as HTML and without the others."""
    if "[" not in html or "]" not in html:
        return html
    pieces = _pieces(html)
    codes = [match for said, text in pieces if said for match in _CODE.finditer(text)]
    closed, opened = ({each[3].lower() for each in codes if bool(each[2]) is end} for end in (True, False))
    paired = closed & opened
    return "".join(
        _CODE.sub(lambda match: _worked(match, paired), text) if said else text for said, text in pieces
    )


def _pieces(html: str) -> list[tuple[bool, str]]:
    """Return the HTML in pieces, True with each that is words: no tag, and no part of code or of a script."""
    parts = _TAG.split(html)
    named = [(at, found) for at, part in enumerate(parts) if at % 2 and (found := _NAME.match(part))]
    ends = Counter(found[2].lower() for _, found in named if found[1])
    pieces, within, marks = [], "", dict(named)
    for at, part in enumerate(parts):
        pieces.append((at % 2 == 0 and not within, part))
        if found := marks.get(at):
            name = found[2].lower()
            if found[1]:
                ends[name] -= 1
                within = "" if within == name else within
            elif not within and ends[name]:
                within = name
    return pieces


def _worked(match: re.Match[str], paired: set[str]) -> str:
    name, closing = match[3].lower(), bool(match[2])
    if match[1] and match[6]:
        return match[0][1:-1]
    if not (match[4] or name in paired or name in _BARE):
        return match[0]
    around = (match[1], match[6])
    return around[0] + _html(name, _attributes(match[4]), closing=closing) + around[1]


def _html(name: str, given: dict[str, str], *, closing: bool) -> str:
    match name:
        case "caption" | "wp_caption":
            words = f'<span class="wp-caption-text">{given["caption"]}</span>' if given.get("caption") else ""
            return "</span>" if closing else f'<span class="wp-caption">{words}'
        case "embed":
            return "</figure>" if closing else '<figure class="wp-block-embed">'
        case "audio" | "video" if not closing:
            kinds = ("src", "mp4", "m4v", "webm", "ogv", "mp3", "m4a", "ogg", "wav")
            src = next((given[kind] for kind in kinds if given.get(kind)), "")
            return f'<{name} src="{src}"></{name}>' if src else ""
        case _:
            return ""


def _attributes(text: str) -> dict[str, str]:
    return {
        match[1].lower(): (match[2] or match[3] or "").replace('"', "&quot;")
        for match in _ATTRIBUTE.finditer(text)
    }

"""WordPress's shortcodes, where a site's feed still has them: those of the core as HTML, others dropped.

What stands between an unknown pair is kept. Brackets that are mere words ([sic], [Ред.]) stay words.
"""

from __future__ import annotations

import re

# As typed, as entities, and as WordPress's typography turns them.
_QUOTE = r"(?:\"|'|&quot;|&#0?39;|&#8220;|&#8221;|&#8243;|&#8217;|&#187;|&#171;|&raquo;|&laquo;|[“”″»«’])"
_PAIR = rf"\s+[\w-]+\s*=\s*(?:{_QUOTE}.{{0,300}}?{_QUOTE}|[^\s\]\[\"'<>]{{1,300}})"
_CODE = re.compile(rf"\[(\[?)(/?)([a-zA-Z][\w-]{{1,40}})((?:{_PAIR}){{0,20}})\s*(/?)\](\]?)")
_ATTRIBUTE = re.compile(rf"([\w-]+)\s*=\s*(?:{_QUOTE}(.{{0,300}}?){_QUOTE}|([^\s\]\[\"'<>]{{1,300}}))")
_APART = re.compile(r"(<(pre|code|script|style|textarea)\b.*?</\2\s*>|<[^<>]*>)", re.IGNORECASE | re.DOTALL)
_CAPTION = re.compile(r"((?:<a\b[^<>]*>\s*)?<img\b[^<>]*>(?:\s*</a>)?)(.*)", re.IGNORECASE | re.DOTALL)
_BARE = {"gallery", "playlist", "caption", "embed", "audio", "video", "wp_caption"}


def without_shortcodes(html: str) -> str:
    """Return the HTML with its shortcodes worked out or dropped."""
    if "[" not in html or "]" not in html:
        return html
    pieces = _APART.split(html)
    # A split with two groups: words, the whole match, the inner group's name, words …
    said = pieces[0::3]
    closed = {match[3].lower() for text in said for match in _CODE.finditer(text) if match[2]}
    opened = {match[3].lower() for text in said for match in _CODE.finditer(text) if not match[2]}
    paired = closed & opened
    known = [_CODE.sub(lambda match: _worked(match, paired), text) for text in said]
    between = pieces[1::3]
    return "".join(part for pair in zip(known, [*between, ""], strict=True) for part in pair)


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

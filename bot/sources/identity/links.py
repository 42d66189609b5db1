"""A story's address in one form, however it was written: without scheme, `www.` and what only counts clicks.

The parameters are those that the lists of AdGuard (TrackParamFilter), ClearURLs and Firefox (query stripping)
name for all sites, and those of the Russian counters. A name that some site uses for the story itself, such as
`id`, `uid` or `source`, is not among them: two stories under one address are worse than one story under two.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

_CAMPAIGNS = re.compile(
    r"(?:utm|ga|gad|gs|hsa|itm|mkt|ml|mtm|matomo|oly|pk|piwik|vero|wt|stm|at_recipient|at_campaign)_.*"
    r"|at_(?:medium|creation|variant|format|channel|ptr_name|link_\w+|bbc_team)"
    r"|(?:dc|fbc|gc|twc|yc|ysc|tdc)lid|(?:msclk|gbra|wbra|igsh|ttclk|s_kw|li_fat_|irclick)id|igsh|srsltid"
    r"|yclid|ymclid|ysclid|_openstat|openstat|from_openstat|frommail|_ym_.*|_ga|_gl|gclsrc"
    r"|mc_(?:cid|eid|tc)|_hs(?:enc|mi)|hs_?ctatracking|mkt_tok|trk_.*|s_cid|xtor|cmpid|ocid|ncid|smid"
    r"|ref_(?:src|url|page)|__twitter_impression|__(?:s|tn__|cft__.*)|fb_(?:action_\w+|source|ref)|feature_share"
    r"|amp|amp_js_v|usqp|rss|from_?rss|soc_(?:src|trk)|spm|scm|action_ref_map|wickedid|vgo_ee",
    re.IGNORECASE,
)
# Values that say where a reader came from; under other values these names may mean the story.
_VISITS = re.compile(
    r"(?:rss|atom|feed|telegram|tg|vk|ok|twitter|facebook|fb|dzen|zen|yandex(?:news)?|google(?:news)?|mail"
    r"|newsletter|email|push|share|social)(?:[_-]?(?:feed|rss|channel|bot|news))?",
    re.IGNORECASE,
)
_VISIT_NAMES = frozenset({"from", "ref", "source", "src", "referrer", "via", "channel"})
_LEADING = re.compile(r"^(?:www\d?|m|amp|mobile)\.(?=[^.]+\.)")
_AMP = re.compile(r"/(?:amp|index\.(?:html?|php))$|\.amp$", re.IGNORECASE)
_MOST = 2000


def canonical(url: str | None) -> str:
    """Return the address in its one form; empty where it names no story: no address, or a site's front page."""
    try:
        parts = urlsplit((url or "")[:_MOST].strip())
        host, port = parts.hostname or "", parts.port
        query = _query(parts.query)
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host:
        return ""
    if port not in (None, 80, 443):
        host = f"{host}:{port}"
    path = quote(
        unquote(_AMP.sub("", re.sub(r"/{2,}", "/", parts.path).rstrip("/"))), safe="/~!$&'()*+,;=:@-._"
    )
    route = f"#{parts.fragment}" if parts.fragment.startswith(("!", "/")) else ""
    if not (path or query or route):
        return ""
    return f"{_LEADING.sub('', host)}{path}{'?' + query if query else ''}{route}"


def path_of(link: str) -> str:
    """Return what stays of a canonical link on another domain; empty where many sites would have the same."""
    _, slash, path = link.partition("/")
    telling = len(path) >= 12 or sum(map(str.isdigit, path)) >= 4
    return path if slash and telling else ""


def same_page(link: str, other: str) -> bool:
    """Return whether two canonical links lead to one page, also where its site moved to another domain."""
    return bool(link) and (link == other or path_of(link) == path_of(other) != "")


def _query(query: str) -> str:
    pairs = (
        parse_qsl(query.replace("&amp;", "&"), keep_blank_values=True, max_num_fields=100) if query else []
    )
    return urlencode(sorted(pair for pair in pairs if not _counts(*pair)))


def _counts(name: str, value: str) -> bool:
    """Return whether a parameter only counts clicks."""
    if _CAMPAIGNS.fullmatch(name):
        return True
    return name.lower() in _VISIT_NAMES and _VISITS.fullmatch(value) is not None

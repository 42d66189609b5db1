"""Embeds (a video, a post, a map): provider, place and a person's address, found out from the embed's address."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from bot.model.story.content import Embed, Text
from bot.sources.text.plain import one_line

_PROVIDERS = {
    "youtube.com": "YouTube",
    "youtube-nocookie.com": "YouTube",
    "youtu.be": "YouTube",
    "vimeo.com": "Vimeo",
    "dailymotion.com": "Dailymotion",
    "rutube.ru": "RuTube",
    "vk.com": "VK",
    "vk.ru": "VK",
    "vkvideo.ru": "VK",
    "ok.ru": "OK",
    "dzen.ru": "Dzen",
    "t.me": "Telegram",
    "twitter.com": "X",
    "x.com": "X",
    "bsky.app": "Bluesky",
    "instagram.com": "Instagram",
    "facebook.com": "Facebook",
    "tiktok.com": "TikTok",
    "reddit.com": "Reddit",
    "soundcloud.com": "SoundCloud",
    "spotify.com": "Spotify",
    "music.yandex.ru": "Яндекс Музыка",
    "yandex.ru": "Яндекс",
    "openstreetmap.org": "OpenStreetMap",
    "google.com": "Google",
    "2gis.ru": "2ГИС",
}
_POST = re.compile(
    r"(?:^|\s)(?:twitter-(?:tweet|video)|instagram-media|tiktok-embed|bluesky-embed|mastodon-embed|fb-post|"
    r"reddit-embed-bq|text-post-media|imgur-embed-pub)(?:\s|$)"
)
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s/]+/\S+")
_LONGEST_ADDRESS = 2_048
_NUMBER = r"(-?\d{1,3}(?:\.\d+)?)"
# Where each map's address holds its marker, else its middle; True where the longitude comes first.
_PLACES: tuple[tuple[re.Pattern[str], bool], ...] = (
    (re.compile(rf"[?&]marker={_NUMBER}(?:,|%2C){_NUMBER}", re.IGNORECASE), False),
    (re.compile(rf"#map=\d+/{_NUMBER}/{_NUMBER}"), False),
    (re.compile(rf"[?&](?:ll|pt|whatshere%5Bpoint%5D)={_NUMBER}(?:,|%2C){_NUMBER}", re.IGNORECASE), True),
)
_GOOGLE_PLACES = (
    (re.compile(rf"!2d{_NUMBER}!3d{_NUMBER}"), True),
    (re.compile(rf"!3d{_NUMBER}!4d{_NUMBER}"), False),
    (re.compile(rf"[?&](?:q|ll|center)={_NUMBER}(?:,|%2C){_NUMBER}", re.IGNORECASE), False),
    (re.compile(rf"/@{_NUMBER},{_NUMBER}"), False),
)
_MAPS = re.compile(r"(?:^|[./-])maps?(?:[./-]|$)|openstreetmap|2gis", re.IGNORECASE)


def embed(url: str | None, title: str, caption: Text = ()) -> Embed | None:
    """Return the embed of an address, under the address that a person would open; None without an address."""
    if url is None:
        return None
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    site = next((site for site in _PROVIDERS if host == site or host.endswith("." + site)), "")
    provider = _PROVIDERS.get(site, host)
    return Embed(_watchable(url, provider), one_line(title), provider, caption, _place(url, provider))


def embed_alone(words: str) -> Embed | None:
    """Return the embed that WordPress would show for a paragraph that is an address alone, None for other words."""
    if len(words) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(words):
        return None
    found = embed(words, "")
    return found if found and found.provider in _PROVIDERS.values() else None


def is_post(classes: str) -> bool:
    """Return whether a quotation of these classes is a social network's post."""
    return bool(_POST.search(classes))


def _watchable(url: str, provider: str) -> str:
    parts = urlsplit(url)
    if provider == "YouTube" and (found := re.match(r"/(?:embed|v|shorts|live)/([\w-]{6,20})", parts.path)):
        start = parse_qs(parts.query).get("start", [""])[0]
        return f"https://www.youtube.com/watch?v={found[1]}" + (f"&t={start}s" if start.isdecimal() else "")
    if provider == "Vimeo" and (found := re.match(r"/video/(\d+)", parts.path)):
        return f"https://vimeo.com/{found[1]}"
    if provider == "RuTube" and (found := re.match(r"/play/embed/(\w+)", parts.path)):
        return f"https://rutube.ru/video/{found[1]}/"
    if provider == "Dailymotion" and (found := re.match(r"/embed/video/(\w+)", parts.path)):
        return f"https://www.dailymotion.com/video/{found[1]}"
    if provider == "Telegram" and "embed" in parse_qs(parts.query, keep_blank_values=True):
        return f"https://t.me{parts.path}"
    return url


def _place(url: str, provider: str) -> tuple[float, float] | None:
    """Return the latitude and longitude that a map's address names, None where there are none."""
    parts = urlsplit(url)
    if not _MAPS.search(f"{parts.hostname}{parts.path}"):
        return None
    for pattern, longitude_first in _GOOGLE_PLACES if provider == "Google" else _PLACES:
        if found := pattern.search(url):
            one, other = float(found[1]), float(found[2])
            latitude, longitude = (other, one) if longitude_first else (one, other)
            return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
    return None

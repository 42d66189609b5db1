"""Who sent a request, where proxies stand between and anybody may write any header."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from bot.settings import TELEGRAM_NETWORKS
from bot.web.sender import Senders

TELEGRAM, STRANGER = "149.154.167.197", "198.51.100.7"
PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))
ALONE, BEHIND = Senders(TELEGRAM_NETWORKS), Senders(TELEGRAM_NETWORKS, PROXIES)


@pytest.mark.parametrize(
    ("peer", "forwarded", "alone", "behind"),
    [
        (TELEGRAM, [], True, True),
        ("91.108.7.255", [], True, True),
        ("91.108.8.0", [], False, False),
        ("8.8.8.8", [], False, False),
        # Nobody's word counts but a trusted proxy's.
        ("8.8.8.8", [TELEGRAM], False, False),
        ("127.0.0.1", [], True, False),
        ("10.1.2.3", [], True, False),
        ("10.1.2.3", ["8.8.8.8"], True, False),
        ("10.1.2.3", [TELEGRAM], True, True),
        # What a stranger writes stands in front of what the proxy adds.
        ("10.1.2.3", [f"{TELEGRAM}, 8.8.8.8"], True, False),
        ("10.1.2.3", [TELEGRAM, "8.8.8.8"], True, False),
        ("10.1.2.3", [f"8.8.8.8, {TELEGRAM}"], True, True),
        ("10.1.2.3", [f"{TELEGRAM}:443, 10.9.9.9"], True, True),
        ("10.1.2.3", [f"{TELEGRAM}, [2001:db8::7]:80 "], True, True),
        ("10.1.2.3", ["unknown"], True, False),
        ("10.1.2.3", [f"{TELEGRAM}, "], True, False),
        ("10.1.2.3", [", ".join(["10.0.0.1"] * 50_000)], True, False),
        ("::ffff:149.154.167.197", [], True, True),
        ("2001:db8::1", [f"::ffff:{TELEGRAM}"], True, True),
        ("fe80::1%eth0", [], True, False),
        ("", [TELEGRAM], False, False),
        (None, [TELEGRAM], False, False),
    ],
)
def test_who_is_let_in(peer: str | None, forwarded: list[str], alone: bool, behind: bool) -> None:
    assert (ALONE.allow(peer, forwarded), BEHIND.allow(peer, forwarded)) == (alone, behind)


def test_a_stranger_of_a_network_for_examples_is_no_proxy_of_ours() -> None:
    """Python calls such networks private; nobody comes from there but in examples."""
    assert not BEHIND.allow(STRANGER, [TELEGRAM])

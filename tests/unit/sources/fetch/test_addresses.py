"""Which addresses are the public network's, and what is shown of one."""

from __future__ import annotations

import pytest

from bot.sources.fetch.addresses import is_public, shown


@pytest.mark.parametrize(
    "host",
    [
        "93.184.215.14",
        "192.0.1.1",
        "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
        "::ffff:93.184.215.14",
        "64:ff9b::93.184.215.14",
        "2001:4860:4860::8888",
    ],
)
def test_public_addresses_are_public(host: str) -> None:
    assert is_public(host)


@pytest.mark.parametrize(
    "host",
    [
        *(
            "127.0.0.1",
            "127.1",
            "0x7f.1",
            "017700000001",
            "2130706433",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
        ),
        *(
            "169.254.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "::1",
            "::",
            "fc00::1",
            "fe80::1%eth0",
        ),
        *("::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "::127.0.0.1", "ff02::1", "[::1]"),
        *(
            "192.0.0.1",
            "192.0.0.9",
            "192.0.0.192",
            "192.88.99.1",
            "198.19.0.1",
            "203.0.113.9",
            "168.63.129.16",
        ),
        *("fec0::1", "64:ff9b::192.0.0.192", "64:ff9b:1::a00:1", "::ffff:0:a00:1", "2002:c000:c0::1"),
        *("100::1", "100:0:0:1::1", "2001::1", "2001:20::1", "2001:db8::1", "3fff::1", "5f00::1", "4000::1"),
    ],
)
def test_all_others_are_not(host: str) -> None:
    assert not is_public(host)


def test_a_name_is_asked_about_once_it_is_resolved() -> None:
    assert not is_public("example.org")
    assert is_public("example.org", literal_only=True)


def test_user_password_and_query_are_not_shown() -> None:
    assert shown("https://user:secret@example.org:8443/a?key=secret#x") == "https://example.org:8443/a?…"
    assert shown("http://[::1]:99999/") == "(not an address)"

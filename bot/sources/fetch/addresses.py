"""Tells public addresses from private ones, and shows an address without its secrets."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from bot.model.errors import VestnikError

# Python's own tables follow its version: 3.11 takes 192.0.0.192 and fec0::/10 for public.
_SPECIAL = tuple(
    ipaddress.ip_network(each)
    for each in (
        # iana.org/assignments/iana-ipv4-special-registry, and multicast
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        # Azure's own service, which each of its virtual machines reaches at this address
        "168.63.129.16/32",
        # iana.org/assignments/iana-ipv6-special-registry, inside _UNICAST
        *("2001::/23", "2001:db8::/32", "3fff::/20"),
    )
)
# iana.org/assignments/ipv6-address-space: everything else is not given out, or is no public host's.
_UNICAST = ipaddress.ip_network("2000::/3")
# RFC 6052: an IPv4 address inside IPv6, reached through a translator.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class PrivateAddress(VestnikError):
    """The address is loopback, private, link-local or otherwise outside the public network."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is not on the public network")


def is_public(host: str, *, literal_only: bool = False) -> bool:
    """Return whether an IP address belongs to the public network.

    A host's name passes with `literal_only` alone: the caller asks again with the resolved addresses.
    """
    address = _address(host)
    if address is None:
        return literal_only
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return _global(inner)
        return address in _UNICAST and _global(address)
    return _global(address)


def shown(url: str) -> str:
    """Return the address for logs: without user, password and query, which may be secrets."""
    try:
        parts = urlsplit(url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "(not an address)"
    return f"{parts.scheme}://{host}{port}{parts.path}{'?…' if parts.query else ''}"


def _global(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    special = any(address in each for each in _SPECIAL if each.version == address.version)
    return address.is_global and not special


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    bare = host.strip("[]").split("%")[0]
    try:
        return ipaddress.ip_address(bare)
    except ValueError:
        pass
    try:
        # The forms that a connection would still take: 127.1, 0x7f000001, 2130706433, 017700000001.
        return ipaddress.IPv4Address(socket.inet_aton(bare))
    except (OSError, UnicodeError):
        return None

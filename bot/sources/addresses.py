"""Which addresses may be asked, and how an address is shown without its secrets."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import urlsplit

from bot.model.errors import VestnikError

# RFC 6052: an IPv4 address inside IPv6, reached through a translator.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class PrivateAddress(VestnikError):
    """The address is loopback, private, link-local or otherwise not the public network's."""

    def __init__(self, host: str) -> None:
        super().__init__(f"{host} is not on the public network")


def is_public(host: str, *, literal_only: bool = False) -> bool:
    """Return whether an IP address is the public network's.

    With `literal_only` a host's name passes: it is asked about again once it is resolved.
    """
    address = _address(host)
    if address is None:
        return literal_only
    if isinstance(address, ipaddress.IPv6Address):
        inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64 or int(address) < 2**32:
            inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
        if any(each is not None and not _global(each) for each in inner):
            return False
        if address.ipv4_mapped is not None:
            return True
    return _global(address)


def shown(url: str) -> str:
    """Return the address without its user, password and query, which may be secrets."""
    try:
        parts = urlsplit(url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "(not an address)"
    return f"{parts.scheme}://{host}{port}{parts.path}{'?…' if parts.query else ''}"


def _global(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


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

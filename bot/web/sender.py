"""Who sent a request: the peer of the connection or, behind proxies that are trusted, whom these name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

MOST_NAMED = 20
"""How many addresses of X-Forwarded-For are looked at."""


@dataclass(frozen=True, slots=True)
class Senders:
    """Who may send: `networks`, as proxies in `proxies` name the sender.

    Without such proxies nobody's word counts, and a peer of this machine or of a private network is let in: it is a
    proxy of ours, behind which nobody can be told from another.
    """

    networks: Sequence[Network]
    proxies: Sequence[Network] = ()

    def allow(self, peer: str | None, forwarded: Iterable[str]) -> bool:
        """Return whether a sender may send. `forwarded` are the X-Forwarded-For headers, in order."""
        sender = self.sender(peer, forwarded)
        if sender is None:
            return False
        return _within(sender, self.networks) or (not self.proxies and not sender.is_global)

    def sender(self, peer: str | None, forwarded: Iterable[str]) -> Address | None:
        """Return the nearest address that no trusted proxy has; None where one can't be read.

        Each proxy adds at the end whom it heard from, so that what stands in front may be anybody's invention.
        """
        heard = _address(peer or "")
        if heard is None or not _within(heard, self.proxies):
            return heard
        named = ",".join(forwarded).rsplit(",", MOST_NAMED)
        for name in reversed(named):
            if not name.strip():
                break
            heard = _address(name)
            if heard is None or not _within(heard, self.proxies):
                return heard
        return heard


def _within(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)


def _address(text: str) -> Address | None:
    """Read an address, also with a port: `192.0.2.1:443`, `[2001:db8::1]:443`."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found

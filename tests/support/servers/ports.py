"""Ports on which nobody listens."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from contextlib import contextmanager

RANGE = (20_000, 30_000)
"""Below the ports that the system gives to whoever asks for any: nobody gets one of these by chance."""


def free_port() -> int:
    """Return a port of 127.0.0.1 that can be listened on."""
    chance = random.SystemRandom()
    while True:
        port = chance.randrange(*RANGE)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


@contextmanager
def closed_port() -> Iterator[int]:
    """Hold a port of 127.0.0.1 on which nobody listens for as long as the block lasts."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]

"""A port for the bot's own page, which the bot's process takes a moment later."""

from __future__ import annotations

import socket

TRIED = 50


def free_port(host: str, first: int) -> int:
    """Return the first free port from there on; any free one where `first` is 0, or none of fifty is free."""
    for port in (*range(first, min(first + TRIED, 65_536)), 0) if first else (0,):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                tried.bind((host, port))
            except OSError:
                continue
            return int(tried.getsockname()[1])
    raise AssertionError

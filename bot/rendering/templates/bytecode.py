"""Compiled templates, shared by all sets of the process: what did not change is not compiled again.

A newsroom's change to one file has the whole set tried anew, and compiling takes most of that time.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from types import CodeType

from jinja2.bccache import Bucket, BytecodeCache

MOST = 1_000
"""How many templates are kept, those used last; there are about a hundred shipped ones."""


class CompiledTemplates(BytecodeCache):
    """Compiled templates in memory, by name, file and text. Usable from any thread."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._kept: OrderedDict[tuple[str, str], CodeType] = OrderedDict()
        self._lock = Lock()

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give Jinja2 what was compiled from the same text, if anything."""
        key = (bucket.key, bucket.checksum)
        with self._lock:
            if (code := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was just compiled."""
        if bucket.code is None:
            return
        with self._lock:
            self._kept[bucket.key, bucket.checksum] = bucket.code
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)


COMPILED = CompiledTemplates()
"""The process's own: the environments of all sets compile alike."""

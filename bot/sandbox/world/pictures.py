"""Pictures without an imaging library: reads a picture's size, and draws a small one on demand."""

from __future__ import annotations

import struct
import zlib
from typing import NamedTuple

WIDTH, HEIGHT = 480, 300
_JPEG_SIZES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # the frame headers


class Measured(NamedTuple):
    """A picture's MIME type, and its width and height in pixels."""

    mime: str
    width: int
    height: int


def measure(content: bytes) -> Measured | None:
    """Return type and size of a PNG, GIF or JPEG; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return Measured("image/png", width, height)
    if content.startswith((b"GIF87a", b"GIF89a")) and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return Measured("image/gif", width, height)
    if content.startswith(b"\xff\xd8"):
        return _measure_jpeg(content)
    return None


def _measure_jpeg(content: bytes) -> Measured | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        if content[at + 1] in _JPEG_SIZES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return Measured("image/jpeg", width, height)
        at += 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    return None


def draw(seed: int, width: int = WIDTH, height: int = HEIGHT) -> bytes:
    """Return a PNG of a gradient whose colours follow from `seed`."""
    red, green, blue = ((seed * step) % 160 + 60 for step in (37, 91, 149))
    rows = bytearray()
    for y in range(height):
        shade = 96 * y // height
        pixel = bytes((max(red - shade, 0), max(green - shade // 2, 0), min(blue + shade, 255)))
        rows += b"\0" + pixel * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

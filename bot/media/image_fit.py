"""Turns any picture into a picture that Telegram takes as a photo. Run as a program, from stdin to stdout.

The program imports nothing of the bot: a stranger's bytes are decoded in a process of its own, which knows no
secret, has bounded memory and time, and can be killed. The limits are those of the Bot API's "Sending
files" and `sendPhoto`: 10 MB, width and height together 10,000, a ratio of 20 at most.
"""

from __future__ import annotations

import io
import json
import sys
import warnings

from PIL import (  # the plugins are for what they register
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

MAX_UPLOAD = 10 * 1024 * 1024
MAX_SIDES, MAX_RATIO = 10_000, 20
MOST_PIXELS = 40_000_000
"""A picture of more pixels is a bomb, or useless on a phone. JPEG can be read at a smaller scale."""

LONGEST_SIDE = 2560
"""Telegram itself keeps no more of a photo's side, in pixels."""

SHORTEST_SIDE = 10
"""A picture with a shorter side counts readers or draws a line."""

QUALITY = 88
# No format that needs another program or is a language (EPS, WMF, SVG).
_PLUGINS = (
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    GifImagePlugin,
    WebPImagePlugin,
    AvifImagePlugin,
    TiffImagePlugin,
    BmpImagePlugin,
)
_NAMED = {"JPEG", "MPO", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP"}
FORMATS = tuple(sorted(_NAMED & Image.OPEN.keys()))
_EXTENSIONS = {"JPEG": "jpg", "MPO": "jpg", "PNG": "png"}
_ORIENTATION = 0x0112  # EXIF
_MEMORY, _SECONDS = 1024 * 1024 * 1024, 10

Image.MAX_IMAGE_PIXELS = None  # it is asked here, before anything is unpacked


class Unfit(Exception):
    """No photo can be made of the picture; the text is a short slug."""


def fit(content: bytes, *, force: bool = False) -> tuple[str, bytes | None]:
    """Return a file name, and the photo; None where Telegram takes the picture unchanged.

    `force` encodes a good picture anew too. Raises Unfit.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _fit(content, force)
    except Unfit:
        raise
    except UnidentifiedImageError:
        raise Unfit("not-a-picture") from None
    except MemoryError:
        raise Unfit("too-many-pixels") from None
    except Exception:
        # Decoders raise whatever they like on broken bytes: OSError, SyntaxError, struct.error …
        raise Unfit("broken") from None


def _fit(content: bytes, force: bool) -> tuple[str, bytes | None]:
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        if min(picture.size) < SHORTEST_SIDE:
            raise Unfit("too-small")
        good = not force and _is_good(picture, len(content))
        if not good and picture.format in ("JPEG", "MPO"):
            picture.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        if picture.width * picture.height > MOST_PIXELS:
            raise Unfit("too-many-pixels")
        picture.load()
        if good:
            return f"photo.{_EXTENSIONS[picture.format or 'JPEG']}", None
        return "photo.jpg", _encode(_upright(picture))


def _is_good(picture: Image.Image, weight: int) -> bool:
    """Return whether Telegram shows the picture as it was meant."""
    return (
        picture.format in _EXTENSIONS
        and picture.mode in ("RGB", "L", "P")
        and not picture.has_transparency_data
        and getattr(picture, "n_frames", 1) == 1
        and picture.getexif().get(_ORIENTATION, 1) == 1
        and weight <= MAX_UPLOAD
        and sum(picture.size) <= MAX_SIDES
        and max(picture.size) <= MAX_RATIO * min(picture.size)
    )


def _upright(picture: Image.Image) -> Image.Image:
    """Return the first frame upright, opaque on white, in sRGB, at most 2,560 pixels a side."""
    picture = ImageOps.exif_transpose(picture)
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=2.0)
    if picture.mode.startswith(("I", "F")):
        picture = _eight_bits(picture)
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return _wide_enough(_srgb(picture))


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Return a picture of 16 or 32 bits a point with its greys stretched over eight."""
    low, high = picture.getextrema()
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    span = max(float(high) - low, 1.0)
    wide = picture.convert("F")
    return wide.point(lambda value: value * (255 / span) - low * 255 / span).convert("L")


def _srgb(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            converted = None  # a profile that is broken, or of another kind of picture
        if converted is not None:
            return converted
    return picture.convert("RGB")


def _wide_enough(picture: Image.Image) -> Image.Image:
    """Return the picture with white beside it where it is too long for its width."""
    least = -(-max(picture.size) // MAX_RATIO)
    wanted = (max(picture.width, least), max(picture.height, least))
    return picture if wanted == picture.size else ImageOps.pad(picture, wanted, color="white")


def _encode(picture: Image.Image) -> bytes:
    picture.info.clear()  # what the camera wrote down is nobody's business
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return made.getvalue()


def _limit() -> None:
    """Bound what decoding may take, where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))


def main() -> None:
    """Read a picture, write a line of JSON (`name` or `unfit`), and the new picture where there is one."""
    _limit()
    try:
        name, made = fit(sys.stdin.buffer.read(), force="--force" in sys.argv)
        told = {"name": name}
    except Unfit as error:
        told, made = {"unfit": str(error)}, None
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + (made or b""))


if __name__ == "__main__":
    main()

"""What becomes of pictures of every kind, each in a process of its own.

The tests make their pictures themselves: to make all takes seconds, and tests are collected by every worker.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PIL import Image

from bot.media.image_worker import ImageWorker
from bot.model.errors import MediaError
from tests.support.servers.pictures import encoded, opened, picture

TRANSPARENT = Image.new("RGBA", (300, 200), (200, 0, 0, 0))
TURNED = Image.Exif()
TURNED[0x0112] = 6  # the camera was held upright
SECRET = Image.Exif()
SECRET[0x010F] = "Camera of a source"
GREYS_16 = Image.linear_gradient("L").convert("I").point(lambda value: value * 257).convert("I;16")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
async def test_a_picture_that_telegram_takes_is_left_as_it_is(kind: str) -> None:
    name, made = await ImageWorker().fit(picture(kind))
    assert (name.rpartition(".")[2], made) == ({"JPEG": "jpg", "PNG": "png"}[kind], None)


@pytest.mark.parametrize(
    ("make", "size"),
    [
        pytest.param(lambda: picture("WEBP"), (320, 200), id="webp"),
        pytest.param(lambda: picture("AVIF"), (320, 200), id="avif"),
        pytest.param(lambda: picture("BMP"), (320, 200), id="bmp"),
        pytest.param(lambda: picture("TIFF"), (320, 200), id="tiff"),
        pytest.param(lambda: picture("GIF"), (320, 200), id="gif"),
        pytest.param(
            lambda: picture("GIF", save_all=True, append_images=[opened(picture())]),
            (320, 200),
            id="animated gif",
        ),
        pytest.param(
            lambda: picture("PNG", save_all=True, append_images=[opened(picture())]),
            (320, 200),
            id="animated png",
        ),
        pytest.param(lambda: encoded(opened(picture()).convert("CMYK"), "JPEG"), (320, 200), id="cmyk"),
        pytest.param(lambda: encoded(GREYS_16, "PNG"), (256, 256), id="16 bits"),
        pytest.param(lambda: encoded(Image.new("1", (320, 200)), "PNG"), (320, 200), id="1 bit"),
        pytest.param(lambda: picture(exif=TURNED), (200, 320), id="turned"),
        pytest.param(lambda: picture(size=(9000, 1200)), (2560, 341), id="sides"),
        pytest.param(lambda: picture("PNG", (300, 9000)), (128, 2560), id="ratio"),
        pytest.param(lambda: encoded(TRANSPARENT, "PNG"), (300, 200), id="transparent"),
    ],
)
async def test_any_other_becomes_a_jpeg_that_telegram_takes(
    make: Callable[[], bytes], size: tuple[int, int]
) -> None:
    name, made = await ImageWorker().fit(make())
    assert made is not None
    shown = opened(made)
    assert (name, shown.format, shown.mode, shown.size) == ("photo.jpg", "JPEG", "RGB", size)


async def test_what_is_transparent_lies_on_white() -> None:
    for content in (encoded(TRANSPARENT, "PNG"), encoded(Image.new("P", (90, 90)), "PNG", transparency=0)):
        _, made = await ImageWorker().fit(content)
        assert opened(made or b"").convert("L").getextrema() == (255, 255)


async def test_greys_of_sixteen_bits_keep_their_range() -> None:
    _, made = await ImageWorker().fit(encoded(GREYS_16, "PNG"))
    low, high = opened(made or b"").convert("L").getextrema()
    assert low < 5
    assert high > 250


async def test_what_the_camera_wrote_down_is_not_passed_on() -> None:
    _, made = await ImageWorker().fit(picture(exif=SECRET), force=True)
    assert made is not None
    assert not opened(made).getexif()
    assert b"Camera of a source" not in made


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(lambda: b"", "not-a-picture", id="nothing"),
        pytest.param(lambda: b"<html><body>404", "not-a-picture", id="a page"),
        pytest.param(lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not-a-picture", id="svg"),
        pytest.param(lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "not-a-picture", id="eps"),
        pytest.param(lambda: picture()[: len(picture()) // 2], "broken", id="half a jpeg"),
        pytest.param(lambda: picture("PNG")[:300], "broken", id="half a png"),
        pytest.param(lambda: picture(size=(1, 1)), "too-small", id="a pixel that counts readers"),
        pytest.param(
            lambda: encoded(Image.new("1", (30_000, 30_000)), "PNG"), "too-many-pixels", id="a bomb"
        ),
    ],
)
async def test_what_is_no_picture_is_named(make: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(MediaError, match=reason):
        await ImageWorker().fit(make())

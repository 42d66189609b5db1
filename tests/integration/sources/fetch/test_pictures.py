"""How pictures are fetched: what is final, what Telegram may try, and who is waited for less."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest

from bot.model.errors import MediaError
from bot.sources.fetch.pictures import SLOW_FOR, PictureFetcher
from tests.support.servers.pictures import PictureServer, picture, picture_server


@pytest.fixture
async def server() -> AsyncIterator[PictureServer]:
    async with picture_server() as made:
        yield made


async def _refused(fetcher: PictureFetcher, url: str) -> tuple[str, bool]:
    with pytest.raises(MediaError) as raised:
        await fetcher.fetch(url)
    return raised.value.reason, raised.value.elsewhere


async def test_what_is_there_is_returned_and_asked_for_as_a_picture(server: PictureServer) -> None:
    async with PictureFetcher(allow_private=True, seconds=60) as fetcher:
        assert await fetcher.fetch(server.put("a.jpg", picture())) == picture()


async def test_only_what_telegram_could_reach_better_is_left_to_it(server: PictureServer) -> None:
    async with PictureFetcher(allow_private=True, seconds=60) as fetcher:
        assert await _refused(fetcher, server.put("shut.jpg", status=403)) == ("http-403", True)
        assert await _refused(fetcher, "http://127.0.0.1:9/a.jpg") == ("no-connection", True)
        assert await _refused(fetcher, server.put("none.jpg", status=404)) == ("http-404", False)
        assert await _refused(fetcher, "ftp://news.example.com/a.jpg") == ("bad-address", False)
        assert await _refused(fetcher, "http://[::1/a.jpg") == ("bad-address", False)
    async with PictureFetcher(allow_private=False, seconds=60) as fetcher:
        assert await _refused(fetcher, f"{server.url}/a.jpg") == ("private-address", False)
        leads_home = server.put("away.jpg", status=302, Location="http://127.0.0.1/a.jpg")
        assert await _refused(fetcher, leads_home) == ("private-address", False)


async def test_a_host_that_did_not_answer_is_waited_for_less_for_a_while(server: PictureServer) -> None:
    now = 100.0
    async with PictureFetcher(allow_private=True, seconds=0.3, now=lambda: now) as fetcher:
        assert await _refused(fetcher, server.hang("a.jpg")) == ("timeout", False)
        assert fetcher.is_slow(server.url)
        now += SLOW_FOR + 1
        assert not fetcher.is_slow(server.url)


async def test_a_host_that_answers_again_is_waited_for_as_before(server: PictureServer) -> None:
    async with PictureFetcher(allow_private=True, seconds=2) as fetcher:
        assert await _refused(fetcher, server.hang("a.jpg")) == ("timeout", False)
        assert fetcher.is_slow(server.url)
        await fetcher.fetch(server.put("b.jpg", picture()))
        assert not fetcher.is_slow(server.url)


async def test_the_log_holds_no_secret_of_an_address(
    server: PictureServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with PictureFetcher(allow_private=True, seconds=60) as fetcher:
        await _refused(fetcher, server.url.replace("//", "//me:word@") + "/none.jpg?key=secret")
    assert "none.jpg" in caplog.text
    assert "secret" not in caplog.text
    assert "word" not in caplog.text

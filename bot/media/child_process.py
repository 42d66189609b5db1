"""A process of its own for work that a stranger's bytes could make long or large: asked once, and then gone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from bot.model.errors import MediaError


async def answer_of(
    command: Sequence[str], asked: bytes, *, environment: Mapping[str, str], seconds: float
) -> bytes:
    """Start the command, write `asked` to it, and return what it writes.

    Raises MediaError as `too-slow` where that takes longer; the process is dead then.
    """
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment,
    )
    try:
        async with asyncio.timeout(seconds):
            answer, _ = await process.communicate(asked)
    except TimeoutError:
        raise MediaError("too-slow") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return answer

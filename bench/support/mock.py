"""A Bot API server that costs far less than any client: its own process, on the other core.

`python -m bench.support.mock [--latency S] [--rate R] [--ban S]` prints its address and serves until its input
ends. With `--rate` it is strict: at most R calls in any sliding second, one a second to a chat, else 429;
with `--ban` it says nothing but 429 for so many seconds after one.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import re
import sys
from collections import Counter, deque
from collections.abc import Callable
from time import monotonic

import uvloop

from bench.support.cores import pin
from bench.support.news import FLASH, OWNER, TEXT

CHAT = re.compile(rb'chat_id"?[\s:=]+(-?\d+)')
ANSWERED = re.compile(rb'message_id(?:"|%22)?(?:[\s:=+]|%3A)+(\d+)')
LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
PACED = (b"send", b"edit", b"copy", b"forw", b"dele")

BOT = {"id": 700700, "is_bot": True, "first_name": "Vestnik", "username": "vestnik_bot"}
ABOUT = {"name": "", "description": "", "short_description": "", "amount": 0}
POLL_SECONDS = 5.0


class Server:
    """What all connections share: the limits and the counters."""

    def __init__(self, latency: float, rate: int, ban: float) -> None:
        self.latency = latency
        self._rate = rate
        self._ban = ban
        self._loop = asyncio.get_running_loop()
        self._numbers = 0
        self._poll: asyncio.Future[bytes] | None = None
        self._updates: deque[bytes] = deque()
        # As Telegram does: ASCII alone, the whole message said back.
        rest = json.dumps({"from": BOT, "date": 1_790_000_000, "text": TEXT})[1:]
        self._tail = b',"type":"private","first_name":"A"},' + rest.encode() + b"}"
        self.reset()

    def reset(self) -> None:
        self.counts: Counter[str] = Counter()
        self._banned_until = 0.0
        self._passed: deque[float] = deque(maxlen=self._rate or 1)
        self._chats: dict[int, float] = {}
        self.first: dict[str, float] = {}
        self.to_owner: list[str] = []
        self._asked = 0

    def answer(self, method: bytes, body: bytes) -> tuple[bytes, float]:
        """Return the answer to a call and after how many seconds it is given."""
        name = method.decode()
        if not method.lower().startswith(PACED):
            return self._other(name, body)
        found = CHAT.search(body)
        chat = int(found[1]) if found else 0
        if self._rate and (wait := self._refusal(chat)):
            self.counts["429"] += 1
            said = {
                "ok": False,
                "error_code": 429,
                "description": f"Too Many Requests: retry after {wait}",
                "parameters": {"retry_after": wait},
            }
            return _reply(json.dumps(said).encode(), b"429 Too Many Requests"), self.latency
        self.counts[name] += 1
        if chat == OWNER:
            self.to_owner.append(body.decode())
            # Cards that follow their stories are edited too: only what names the press or the command answers it.
            if (named := ANSWERED.search(body)) and int(named[1]) == self._asked:
                self.first.setdefault("answer", monotonic())
        elif FLASH in body:
            self.first.setdefault("flash", monotonic())
        else:
            self.first.setdefault("news", monotonic())
        if name.lower().startswith("delete"):
            return _reply(b'{"ok":true,"result":true}'), self.latency
        self._numbers += 1
        head = b'{"ok":true,"result":{"message_id":%d,"chat":{"id":%d' % (self._numbers, chat)
        return _reply(head + self._tail), self.latency

    def _other(self, name: str, body: bytes) -> tuple[bytes, float]:
        match name.lower():
            case "getme":
                said = json.dumps({"ok": True, "result": {**BOT, "can_join_groups": True}})
            case "getmycommands":
                said = '{"ok":true,"result":[]}'
            case "getwebhookinfo":
                info = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
                said = json.dumps({"ok": True, "result": info})
            case about if about.startswith("getmy"):
                said = json.dumps({"ok": True, "result": ABOUT})
            case "counts":
                said = json.dumps({**self.counts, "first": self.first})
            case "reset":
                self.reset()
                said = "{}"
            case "push":
                self.first.pop("answer", None)
                update = json.loads(body)
                message = update.get("message") or update["callback_query"]["message"]
                self._asked = message["message_id"]
                self._push(body)
                said = json.dumps({"at": monotonic()})
            case "said":
                said = json.dumps({"bodies": self.to_owner})
            case _:
                said = '{"ok":true,"result":true}'
        return _reply(said.encode()), 0.0

    def _refusal(self, chat: int) -> int:
        """Return the seconds to wait where the call is over a limit, or 0; a call that passes is counted."""
        now = monotonic()
        if now < self._banned_until:
            return math.ceil(self._banned_until - now)
        full = len(self._passed) == self._rate and now - self._passed[0] < 1.0
        if full or now - self._chats.get(chat, -1.0) < 1.0:
            self.counts["429 all" if full else "429 chat"] += 1
            self._banned_until = now + self._ban
            return max(1, math.ceil(self._ban))
        self._passed.append(now)
        self._chats[chat] = now
        return 0

    def poll(self, give: Callable[[bytes], None]) -> None:
        """Answer a long poll: at once where there is an update, else when one comes or it is over."""
        self._poll = poll = self._loop.create_future()
        poll.add_done_callback(lambda one: give(_reply(b'{"ok":true,"result":[%b]}' % one.result())))
        if self._updates:
            poll.set_result(self._updates.popleft())
        else:
            self._loop.call_later(POLL_SECONDS, _end, poll)

    def _push(self, update: bytes) -> None:
        if self._poll is None or self._poll.done():
            self._updates.append(update)
        else:
            self._poll.set_result(update)


class Connection(asyncio.Protocol):
    """HTTP/1.1 with as little of it as clients need."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._seen = b""
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        seen = self._seen + data if self._seen else data
        while (end := seen.find(b"\r\n\r\n")) >= 0:
            found = LENGTH.search(seen, 0, end)
            whole = end + 4 + (int(found[1]) if found else 0)
            if b"100-continue" in seen[:end]:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")  # type: ignore[attr-defined]
            if len(seen) < whole:
                break
            path = seen[: seen.index(b" HTTP/1.1")].rsplit(b"/", 1)[-1]
            body, seen = seen[end + 4 : whole], seen[whole:]
            if path == b"getUpdates":
                self._server.poll(self._write)
                continue
            answer, wait = self._server.answer(path, body)
            if wait:
                self._loop.call_later(wait, self._write, answer)
            else:
                self._write(answer)
        self._seen = seen

    def _write(self, answer: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(answer)  # type: ignore[attr-defined]


def _end(poll: asyncio.Future[bytes]) -> None:
    if not poll.done():
        poll.set_result(b"")


def _reply(body: bytes, status: bytes = b"200 OK") -> bytes:
    return b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
        status,
        len(body),
        body,
    )


async def serve(latency: float, rate: int, ban: float) -> None:
    """Serve until the standard input ends: the measurement that asked for it is gone then."""
    server = Server(latency, rate, ban)
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(lambda: Connection(server), "127.0.0.1", 0, backlog=4096)
    print(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--rate", type=int, default=0)
    parser.add_argument("--ban", type=float, default=0.0)
    asked = parser.parse_args()
    pin(last=True)
    uvloop.run(serve(asked.latency, asked.rate, asked.ban))

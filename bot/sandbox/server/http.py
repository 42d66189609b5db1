"""The Bot API's HTTP side: finds the bot and the method, answers with the envelope, misbehaves on demand."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from types import CoroutineType
from typing import Any

from aiohttp import web

from bot.sandbox.calls.answers import Json, Refusal, success, too_many_requests
from bot.sandbox.calls.faults import Fault, Faults
from bot.sandbox.calls.limits import Gate, is_counted
from bot.sandbox.calls.log import CallLog, as_chat_id
from bot.sandbox.calls.parameters import Parameters, known_parameters, read_parameters, refuse_unknown
from bot.sandbox.methods import HANDLERS
from bot.sandbox.methods.call import Call
from bot.sandbox.world.state import Bot, World

_TOKEN = re.compile(r"\d{1,19}:[A-Za-z0-9_-]{30,}\Z")
_BAD_GATEWAY = b"<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
DROPPED = 0  # the status of a call whose connection was dropped


class BotApi:
    """Serves `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(
        self,
        world: World,
        calls: CallLog,
        faults: Faults,
        gate: Gate,
        *,
        strict: bool,
        welcome: Callable[[str], Bot] | None,
    ) -> None:
        self._world = world
        self._calls = calls
        self._faults = faults
        self._gate = gate
        self._strict = strict
        self._welcome = welcome
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """End the calls that a fault holds up."""
        self._stopping.set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one call of a method, and log it."""
        method = request.match_info["method"]
        params, bot_id, fault, description = Parameters({}), 0, None, ""
        try:
            bot = self._bot(request.match_info["token"])
            bot_id = bot.id
            params = await read_parameters(request)
            fault = self._faults.hit(method, params)
            call = Call(self._world, bot, params, self._invoke)
            response = await self._faulty(call, method, fault) if fault else await self._run(call, method)
        except Refusal as refused:
            response, description = _refused(refused), refused.description
        dropped = response is None
        status = DROPPED if response is None else response.status
        self._calls.add(
            method,
            params.values,
            at=self._world.now(),
            bot_id=bot_id,
            status=status,
            description=description or (f"fault: {fault.kind}" if fault else ""),
        )
        self._world.changes.wake()
        if dropped and request.transport is not None:
            request.transport.abort()
        return response or web.Response(status=500)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Send a file to the bot that may see it."""
        try:
            bot = self._bot(request.match_info["token"])
        except Refusal as refused:
            return _refused(refused)
        stored = self._world.files.at_path(request.match_info["path"])
        if stored is None or bot.id not in stored.seen_by:
            return _refused(Refusal(404, "Not Found"))
        return web.Response(body=stored.content, content_type=stored.mime)

    def _bot(self, token: str) -> Bot:
        if not _TOKEN.match(token):
            raise Refusal(401, "Unauthorized: invalid token specified")
        bot = self._world.bots.get(int(token.partition(":")[0]))
        if bot is None and self._welcome is not None:
            return self._welcome(token)
        if bot is None or bot.token != token:
            raise Refusal(401, "Unauthorized")
        return bot

    async def _run(self, call: Call, method: str) -> web.Response:
        name = method.lower()
        if (
            not self._gate.idle
            and is_counted(name)
            and (delay := self._gate.pass_through(call.bot.id, call.params))
        ):
            await asyncio.sleep(delay)
        return web.Response(body=await self._answer(call, method), content_type="application/json")

    async def _answer(self, call: Call, method: str) -> bytes:
        name = method.lower()
        handler = HANDLERS.get(name)
        if handler is None:
            if name in known_parameters():
                raise Refusal(501, f"Not Implemented: the sandbox does not have {method}")
            raise Refusal(404, "Not Found: method not found")
        if self._strict:
            refuse_unknown(method, call.params.values)
        result: Any = handler(call)
        if type(result) is CoroutineType:
            result = await result
        if call.params.flag("allow_paid_broadcast"):
            call.bot.stars.charge(self._world.now())
        return success(result, call.note)

    async def _faulty(self, call: Call, method: str, fault: Fault) -> web.Response | None:
        """Answer as a fault wants it; None drops the connection."""
        if fault.kind == "429":
            chat_id = as_chat_id(call.params.values.get("chat_id"))
            self._gate.close(fault.scope, call.bot.id, chat_id, fault.retry_after)
            raise too_many_requests(fault.retry_after)
        if fault.kind == "error":
            raise Refusal(fault.code, fault.description, fault.parameters)
        if fault.kind == "500":
            raise Refusal(500, "Internal Server Error")
        if fault.kind == "502":
            return web.Response(body=_BAD_GATEWAY, status=502, content_type="text/html")
        if fault.kind == "slow":
            await self._wait(fault.seconds)
            return await self._run(call, method)
        if fault.kind == "reset_after":
            await self._run(call, method)
        elif fault.kind == "hang":
            await self._wait(fault.seconds)
        return None

    async def _wait(self, seconds: float) -> None:
        ends = {asyncio.ensure_future(each) for each in (self._stopping.wait(), self._faults.cleared.wait())}
        await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for each in ends:
            each.cancel()

    async def _invoke(self, bot: Bot, method: str, values: Json) -> None:
        """Carry out a call that came in a webhook's answer."""
        params = Parameters(values)
        status, description = 200, ""
        try:
            await self._run(Call(self._world, bot, params, self._invoke), method)
        except Refusal as refused:
            status, description = refused.code, refused.description
        at = self._world.now()
        self._calls.add(method, values, at=at, bot_id=bot.id, status=status, description=description)
        self._world.changes.wake()


def _refused(refused: Refusal) -> web.Response:
    headers = None
    if refused.code == 429 and refused.parameters:
        headers = {"Retry-After": str(refused.parameters.get("retry_after", 1))}
    return web.Response(
        body=refused.body(), status=refused.code, content_type="application/json", headers=headers
    )

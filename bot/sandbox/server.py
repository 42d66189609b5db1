"""The Bot API's HTTP side: finds the bot and the method, answers with the envelope."""

from __future__ import annotations

import re
from types import CoroutineType
from typing import Any

from aiohttp import web

from bot.sandbox.answers import Refusal, success
from bot.sandbox.call import Call
from bot.sandbox.calls import CallLog
from bot.sandbox.methods import HANDLERS
from bot.sandbox.parameters import Parameters, known_parameters, read_parameters, refuse_unknown
from bot.sandbox.state import Bot, World

_TOKEN = re.compile(r"\d{1,19}:[A-Za-z0-9_-]{30,}\Z")
_NOT_FOUND = Refusal(404, "Not Found")


class BotApi:
    """Serves `/bot<token>/<method>`."""

    def __init__(self, world: World, calls: CallLog, *, strict: bool) -> None:
        self._world = world
        self._calls = calls
        self._strict = strict
        self._canonical = {name.lower(): name for name in known_parameters()}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        method = request.match_info["method"]
        params = Parameters({})
        bot_id = 0
        try:
            bot = self._bot(request.match_info["token"])
            bot_id = bot.id
            params = await read_parameters(request)
            body = await self._answer(Call(self._world, bot, params), method)
            status, description = 200, ""
        except Refusal as refused:
            body, status, description = refused.body(), refused.code, refused.description
        self._calls.add(
            method,
            params.values,
            at=self._world.now(),
            bot_id=bot_id,
            status=status,
            description=description,
        )
        self._world.changes.wake()
        return web.Response(body=body, status=status, content_type="application/json")

    def _bot(self, token: str) -> Bot:
        if not _TOKEN.match(token):
            raise Refusal(401, "Unauthorized: invalid token specified")
        bot = self._world.bots.get(int(token.partition(":")[0]))
        if bot is None or bot.token != token:
            raise Refusal(401, "Unauthorized")
        return bot

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
        return success(result, call.note)

"""The control API: the verbs of the sandbox over HTTP. `docs/sandbox.md` describes it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.calls.answers import Impossible, Json
from bot.sandbox.verbs import Verbs
from bot.sandbox.world.photos import NoPicture, fetch_picture
from bot.sandbox.world.pictures import measure
from bot.sandbox.world.views import state_view

Verb = Callable[[web.Request, Json], Awaitable[Any]]
MAX_CALLS = 2000  # in one answer


class Control:
    """Serves `/sandbox/…`."""

    def __init__(self, sandbox: Verbs) -> None:
        self._sandbox = sandbox

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of the control API."""
        chat, user = r"/sandbox/chats/{id:-?\d+}", r"/sandbox/users/{id:\d+}"
        verbs: list[tuple[str, str, Verb]] = [
            ("GET", "/sandbox/state", self._state),
            ("POST", "/sandbox/bots", self._add_bot),
            ("POST", "/sandbox/users", self._add_user),
            ("POST", user + "/{verb:block|unblock|deactivate}", self._change_user),
            ("POST", "/sandbox/chats", self._add_chat),
            ("POST", chat + "/members", self._set_member),
            ("POST", chat + "/send", self._send),
            ("POST", chat + "/command", self._command),
            ("POST", chat + "/press", self._press),
            ("POST", "/sandbox/topics", self._topics),
            ("POST", chat + "/share", self._share),
            ("POST", chat + "/threads", self._add_thread),
            ("POST", chat + r"/threads/{thread:\d+}", self._change_thread),
            ("POST", chat + "/upgrade", self._upgrade),
            ("GET", chat + "/messages", self._messages),
            ("POST", chat + r"/messages/{message:\d+}", self._edit),
            ("GET", "/sandbox/callbacks/{id}", self._callback),
            ("POST", user + "/inline", self._inline),
            ("POST", chat + "/choose", self._choose),
            ("POST", chat + "/summon", self._summon),
            ("GET", "/sandbox/queries/{id}", self._shown),
            ("POST", "/sandbox/clock", self._clock),
            ("GET", "/sandbox/faults", self._faults),
            ("POST", "/sandbox/faults", self._add_fault),
            ("DELETE", "/sandbox/faults", self._clear_faults),
            ("GET", "/sandbox/calls", self._calls),
        ]
        return [web.route(method, path, _answering(verb)) for method, path, verb in verbs] + [
            web.get("/sandbox/files/{id}", self._file),
            web.get("/sandbox/picture", self._picture),
        ]

    async def _state(self, request: web.Request, body: Json) -> Json:
        return state_view(self._sandbox.world)

    async def _add_bot(self, request: web.Request, body: Json) -> Json:
        return self._sandbox.add_bot(**body)

    async def _add_user(self, request: web.Request, body: Json) -> Json:
        return self._sandbox.add_user(**body)

    async def _change_user(self, request: web.Request, body: Json) -> Json:
        verb, user_id = request.match_info["verb"], _id(request)
        if verb == "deactivate":
            self._sandbox.deactivate(user_id)
        else:
            self._sandbox.block(user_id, bot_id=body.get("bot_id"), blocked=verb == "block")
        return {}

    async def _add_chat(self, request: web.Request, body: Json) -> Json:
        return self._sandbox.add_chat(body.pop("type", ""), **body)

    async def _set_member(self, request: web.Request, body: Json) -> Json:
        return self._sandbox.set_member(_id(request), **body)

    async def _send(self, request: web.Request, body: Json) -> Json:
        photo = body.get("photo")
        if isinstance(photo, str) and photo.startswith(("http://", "https://")):
            body["photo"] = await fetch_picture(self._sandbox.world.files, photo)
        return self._sandbox.send(_id(request), **body)

    async def _command(self, request: web.Request, body: Json) -> Json:
        return self._sandbox.command(_id(request), **body)

    async def _topics(self, request: web.Request, body: Json) -> Json:
        self._sandbox.set_topics(bool(body.get("enabled", True)))
        return {}

    async def _press(self, request: web.Request, body: Json) -> Json:
        body.pop("thread_id", None)
        return {"callback_query_id": self._sandbox.press(_id(request), **body)}

    async def _share(self, request: web.Request, body: Json) -> Json:
        """Hand people or a chat to a bot, as a person does by a button below the chat."""
        user_id, asked = int(body["user_id"]), int(body["request_id"])
        if "users" in body:
            return self._sandbox.share_users(_id(request), user_id, asked, list(map(int, body["users"])))
        return self._sandbox.share_chat(_id(request), user_id, asked, int(body["chat_id"]))

    async def _add_thread(self, request: web.Request, body: Json) -> Json:
        return {"id": self._sandbox.add_thread(_id(request), **body)}

    async def _change_thread(self, request: web.Request, body: Json) -> Json:
        self._sandbox.change_thread(_id(request), _id(request, "thread"), **body)
        return {}

    async def _upgrade(self, request: web.Request, body: Json) -> Json:
        return {"id": self._sandbox.upgrade(_id(request))}

    async def _messages(self, request: web.Request, body: Json) -> list[Json]:
        if person := request.query.get("ephemeral_to"):
            return self._sandbox.ephemeral(_id(request), int(person))
        include_deleted = request.query.get("include_deleted") == "1"
        return self._sandbox.messages(_id(request), include_deleted=include_deleted)

    async def _edit(self, request: web.Request, body: Json) -> Json:
        return self._sandbox.edit(_id(request), message_id=_id(request, "message"), **body)

    async def _callback(self, request: web.Request, body: Json) -> Json:
        return self._sandbox.callback(request.match_info["id"])

    async def _inline(self, request: web.Request, body: Json) -> Json:
        return {"query_id": self._sandbox.inline(_id(request), body.pop("query", ""), **body)}

    async def _choose(self, request: web.Request, body: Json) -> Json:
        return self._sandbox.choose(_id(request), **body)

    async def _summon(self, request: web.Request, body: Json) -> Json:
        return {"query_id": self._sandbox.summon(_id(request), **body)}

    async def _shown(self, request: web.Request, body: Json) -> Json:
        return self._sandbox.shown(request.match_info["id"])

    async def _clock(self, request: web.Request, body: Json) -> Json:
        if "set" in body:
            self._sandbox.set_clock(float(body["set"]))
        else:
            self._sandbox.advance(float(body["advance"]))
        return {"now": self._sandbox.world.now()}

    async def _faults(self, request: web.Request, body: Json) -> list[Json]:
        return [fault.view() for fault in self._sandbox.faults.waiting()]

    async def _add_fault(self, request: web.Request, body: Json) -> Json:
        return self._sandbox.fault(body.pop("kind", ""), **body)

    async def _clear_faults(self, request: web.Request, body: Json) -> Json:
        self._sandbox.clear_faults()
        return {}

    async def _calls(self, request: web.Request, body: Json) -> Json:
        log = self._sandbox.call_log
        calls = log.since(int(request.query.get("since", 0)))[-MAX_CALLS:]
        return {"next": log.total, "calls": [call.view() for call in calls]}

    async def _file(self, request: web.Request) -> web.Response:
        stored = self._sandbox.world.files.get(request.match_info["id"])
        if stored is None:
            raise web.HTTPNotFound
        return web.Response(body=stored.content, content_type=stored.mime)

    async def _picture(self, request: web.Request) -> web.Response:
        """Send the picture behind a URL, if the sandbox can have it; it fetches from this machine only."""
        try:
            content = await fetch_picture(self._sandbox.world.files, request.query.get("url", ""))
        except NoPicture:
            content = b""
        if (measured := measure(content)) is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type=measured.mime)


def _id(request: web.Request, name: str = "id") -> int:
    return int(request.match_info[name])


def _answering(verb: Verb) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return a handler that speaks JSON, and 400 with a sentence about what cannot be.

    A body must be declared as JSON: a page of another site cannot send that unasked.
    """

    async def handle(request: web.Request) -> web.Response:
        try:
            body: Json = {}
            if request.can_read_body:
                if request.content_type != "application/json":
                    raise Impossible("the body must be application/json")
                body = orjson.loads(await request.read())
            result = await verb(request, body)
        except (Impossible, NoPicture) as error:
            return _json({"error": str(error)}, 400)
        except KeyError as error:
            return _json({"error": f"there is no {error}"}, 400)
        except (TypeError, ValueError, AttributeError) as error:
            return _json({"error": f"the request does not fit: {error}"}, 400)
        return _json(result)

    return handle


def _json(value: Any, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(value), status=status, content_type="application/json")

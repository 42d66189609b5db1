"""Two questions of whoever runs the bot: does the process live, and is the bot ready for its work?"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from aiohttp import web

from bot.log import phrase
from bot.model.operations.readiness import ReadinessCheck


def probe_routes(
    ended: Callable[[], Collection[str]], checks: Callable[[], Sequence[ReadinessCheck]]
) -> Sequence[web.RouteDef]:
    """Return `/livez` and `/readyz`, each 200 where all is well, else 503.

    Both are answered from memory, so that many questions cost little. `ended` names the loops that run no more:
    only a new start brings them back. What a new start would not mend is `/readyz`'s alone.
    """

    async def live(_request: web.Request) -> web.Response:
        dead = sorted(ended())
        return _answer({"live": not dead, "ended": dead}, well=not dead)

    async def ready(request: web.Request) -> web.Response:
        found = checks()
        reasons = [check.word for check in found if check.trouble]
        facts: dict[str, object] = {"ready": not reasons, "reasons": reasons}
        if "verbose" in request.query:
            facts["checks"] = {check.word: phrase(check.trouble) or "ok" for check in found}
        return _answer(facts, well=not reasons)

    return [web.get("/livez", live), web.get("/readyz", ready)]


def _answer(facts: dict[str, object], *, well: bool) -> web.Response:
    # What stands in between must not answer with yesterday's health.
    return web.json_response(facts, status=200 if well else 503, headers={"Cache-Control": "no-store"})

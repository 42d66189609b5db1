"""Who the bot is, and how it gets its updates."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from bot.sandbox.calls.answers import Json, Refusal, bad_request, too_many_requests
from bot.sandbox.calls.webhooks import MOST_CONNECTIONS, USUAL_CONNECTIONS, Target, Webhook
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.world.photos import is_loopback

MAX_UPDATES = 100
MAX_TIMEOUT = 50  # seconds
PORTS = (None, 80, 88, 443, 8443)  # None: the usual one
_SECRET = re.compile(r"[A-Za-z0-9_-]*\Z")
_WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
_CONFLICT_WITH_WEBHOOK = "Conflict: terminated by setWebhook request"
_NO_REPLY = ("get", "setwebhook", "deletewebhook", "close", "logout")


def get_me(call: Call) -> Json:
    """Return the bot's own User, with the fields that only getMe returns."""
    return {
        **call.bot.user,
        "can_join_groups": True,
        "can_read_all_group_messages": not call.bot.privacy,
        "supports_inline_queries": call.bot.inline,
        "supports_guest_queries": call.bot.guests,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": call.bot.topics,
        "allows_users_to_create_topics": call.bot.topics,
    }


def _set_allowed(call: Call) -> None:
    allowed = call.params.json("allowed_updates", "allowed updates")
    if isinstance(allowed, list):
        call.bot.updates.allowed = frozenset(map(str, allowed))


async def get_updates(call: Call) -> list[Json]:
    """Return the oldest updates, or wait for the first."""
    params = call.params
    if call.bot.webhook is not None:
        raise Refusal(409, _WEBHOOK_ACTIVE)
    _set_allowed(call)
    call.world.changes.wake()
    return await call.bot.updates.poll(
        params.integer("offset"),
        params.integer("limit", MAX_UPDATES, 1, MAX_UPDATES),
        params.integer("timeout", 0, 0, MAX_TIMEOUT),
    )


async def set_webhook(call: Call) -> bool:
    """Have updates posted to an address: https, or http on this machine."""
    target = _target(call)
    if not target.url:
        return await delete_webhook(call)
    old, drop = call.bot.webhook, call.params.flag("drop_pending_updates")
    if old is not None and old.target == target and not drop:
        _set_allowed(call)
        call.note = "Webhook is already set"
        return True
    now = call.world.now()
    if abs(now - call.bot.webhook_set_at) < 1:
        raise too_many_requests(1)
    call.bot.webhook_set_at = now
    _set_allowed(call)
    if old is not None:
        await old.stop()
    if drop:
        call.bot.updates.clear()
    call.bot.updates.terminate(_CONFLICT_WITH_WEBHOOK)

    async def reply(asked: Json) -> None:
        method = str(asked.pop("method"))
        if not method.lower().startswith(_NO_REPLY):
            await call.invoke(method, asked)

    call.bot.webhook = Webhook(target, call.bot.updates, reply, call.world.changes.wake)
    call.note = "Webhook was set"
    return True


def _target(call: Call) -> Target:
    """Read and check what a call wants. Connections that Telegram has no room for are as many as it has."""
    url, secret = call.params.text("url"), call.params.text("secret_token")
    connections = call.params.integer("max_connections", USUAL_CONNECTIONS, 1, MOST_CONNECTIONS)
    if url:
        _check_address(urlsplit(url))
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not _SECRET.match(secret):
        raise bad_request("secret token contains unallowed characters")
    return Target(url, secret, connections)


def _check_address(parts: SplitResult) -> None:
    try:
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if not host or parts.scheme not in ("http", "https"):
        raise bad_request("invalid webhook URL specified")
    if is_loopback(host):
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    try:
        address = ip_address(host)
    except ValueError:
        return
    if address.version == 6:
        raise bad_request("bad webhook: IPv6-only addresses are not allowed")
    if not address.is_global:
        raise bad_request(f"bad webhook: IP address {address} is reserved")


async def delete_webhook(call: Call) -> bool:
    """Go back to getUpdates."""
    drop = call.params.flag("drop_pending_updates")
    webhook, call.bot.webhook = call.bot.webhook, None
    if webhook is not None:
        await webhook.stop()
    if drop:
        call.bot.updates.clear()
    call.note = "Webhook was deleted" if webhook else "Webhook is already deleted"
    return True


def get_webhook_info(call: Call) -> Json:
    """Return the state of the webhook."""
    queue, webhook = call.bot.updates, call.bot.webhook
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(queue)}
    if webhook is not None:
        info.update(url=webhook.target.url, max_connections=webhook.target.connections)
        if webhook.last_error:
            info.update(last_error_date=webhook.last_error_at, last_error_message=webhook.last_error)
    if queue.allowed:
        info["allowed_updates"] = sorted(queue.allowed)
    return info


def _true(call: Call) -> bool:
    return True


METHODS: dict[str, Handler] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "close": _true,
    "logOut": _true,
}

"""Who the bot is, and how it gets its updates."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.sandbox.calls.answers import Json, Refusal, bad_request
from bot.sandbox.calls.webhooks import Webhook
from bot.sandbox.methods.call import Call, Handler
from bot.sandbox.world.photos import is_loopback

MAX_UPDATES = 100
MAX_TIMEOUT = 50  # seconds
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
    url = call.params.text("url")
    if not url:
        return await delete_webhook(call)
    secret = call.params.text("secret_token")
    _check_webhook(url, secret)
    _set_allowed(call)
    if call.params.flag("drop_pending_updates"):
        call.bot.updates.clear()
    old = call.bot.webhook
    if old is not None and (old.url, old.secret) == (url, secret):
        call.note = "Webhook is already set"
        return True
    if old is not None:
        await old.stop()
    call.bot.updates.terminate(_CONFLICT_WITH_WEBHOOK)

    async def reply(asked: Json) -> None:
        method = str(asked.pop("method"))
        if not method.lower().startswith(_NO_REPLY):
            await call.invoke(method, asked)

    call.bot.webhook = Webhook(url, secret, call.bot.updates, reply)
    call.note = "Webhook was set"
    return True


def _check_webhook(url: str, secret: str) -> None:
    parts = urlsplit(url)
    if not parts.hostname:
        raise bad_request("invalid webhook URL specified")
    if parts.scheme != "https" and not is_loopback(parts.hostname):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if len(secret) > 256:
        raise bad_request("secret token is too long")
    if not _SECRET.match(secret):
        raise bad_request("secret token contains unallowed characters")


async def delete_webhook(call: Call) -> bool:
    """Go back to getUpdates."""
    if call.params.flag("drop_pending_updates"):
        call.bot.updates.clear()
    webhook, call.bot.webhook = call.bot.webhook, None
    if webhook is not None:
        await webhook.stop()
    call.note = "Webhook was deleted" if webhook else "Webhook is already deleted"
    return True


def get_webhook_info(call: Call) -> Json:
    """Return the state of the webhook."""
    queue, webhook = call.bot.updates, call.bot.webhook
    info: Json = {"url": "", "has_custom_certificate": False, "pending_update_count": len(queue)}
    if webhook is not None:
        info.update(url=webhook.url, max_connections=40)
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

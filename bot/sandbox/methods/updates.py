"""Who the bot is, and how it gets its updates."""

from __future__ import annotations

from bot.sandbox.answers import Json
from bot.sandbox.call import Call, Handler

MAX_UPDATES = 100
MAX_TIMEOUT = 50  # seconds


def get_me(call: Call) -> Json:
    """Return the bot's own user with what is told to nobody else."""
    return {
        **call.bot.user,
        "can_join_groups": True,
        "can_read_all_group_messages": not call.bot.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
    }


async def get_updates(call: Call) -> list[Json]:
    """Return the updates that wait, or wait for one."""
    params, queue = call.params, call.bot.updates
    allowed = params.json("allowed_updates", "allowed updates")
    if isinstance(allowed, list):
        queue.allowed = frozenset(map(str, allowed))
    call.world.changes.wake()
    return await queue.poll(
        params.integer("offset"),
        params.integer("limit", MAX_UPDATES, 1, MAX_UPDATES),
        params.integer("timeout", 0, 0, MAX_TIMEOUT),
    )


def delete_webhook(call: Call) -> bool:
    """Go back to getUpdates."""
    if call.params.flag("drop_pending_updates"):
        call.bot.updates.clear()
    call.note = "Webhook is already deleted"
    return True


METHODS: dict[str, Handler] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "deleteWebhook": delete_webhook,
}

"""ChatMember objects, complete as Bot API 10.3 requires them."""

from __future__ import annotations

from bot.sandbox.calls.answers import Json

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics", "can_manage_tags")
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_edit_tag",
)
STATUSES = frozenset({"creator", "administrator", "member", "restricted", "left", "kicked"})


def member_object(user: Json, member: Json) -> Json:
    """Return the ChatMember of a user whose status and rights are kept in `member`."""
    status = member["status"]
    common = {"status": status, "user": user}
    if status == "creator":
        return {**common, "is_anonymous": False}
    if status == "administrator":
        rights = {name: bool(member.get(name)) for name in ADMIN_RIGHTS}
        rights |= {name: bool(member[name]) for name in CHANNEL_RIGHTS + GROUP_RIGHTS if name in member}
        return {**common, "can_be_edited": False, "is_anonymous": False, **rights, "can_manage_chat": True}
    if status == "restricted":
        permissions = {name: bool(member.get(name)) for name in PERMISSIONS}
        return {**common, "is_member": True, **permissions, "until_date": 0}
    return {**common, "until_date": 0} if status == "kicked" else common

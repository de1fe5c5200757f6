"""Chats and their members in full, as getChat and getChatMember tell them."""

from __future__ import annotations

from typing import Any

from tests.botapi.world import Chat, User

RIGHTS = [
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_send_welcome_messages",
    "can_delete_stories",
]
ALL_FORBIDDEN = [
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
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
    "can_react_to_messages",
    "can_edit_tag",
]
BANNED = frozenset({"kicked", "blocked"})
ABSENT = frozenset({"left", "stranger", "deactivated", "deleted"})


def member(chat: Chat, user: User) -> dict[str, Any]:
    """Return how someone stands in a chat; people are members unless they are among its admins."""
    told: dict[str, Any] = {"user": user.wire(), "status": "member"}
    if not user.is_bot:
        if user.id == chat.creator:
            return told | {"status": "creator", "is_anonymous": False}
        return _administrator(chat, told) if user.id in chat.admins else told
    if chat.standing in BANNED:
        return told | {"status": "kicked", "until_date": 0}
    if chat.standing in ABSENT:
        return told | {"status": "left"}
    if chat.standing == "mute":
        return told | {"status": "restricted", "is_member": True, "until_date": 0} | dict.fromkeys(ALL_FORBIDDEN, False)
    return _administrator(chat, told) if chat.standing == "administrator" else told


def _administrator(chat: Chat, told: dict[str, Any]) -> dict[str, Any]:
    rights: dict[str, Any] = {"status": "administrator", "can_be_edited": False, "is_anonymous": False}
    rights |= dict.fromkeys(RIGHTS, True)
    if chat.type == "channel":
        rights |= {"can_post_messages": chat.posts, "can_edit_messages": chat.edits_others}
    return told | rights


def chat_information(chat: Chat) -> dict[str, Any]:
    """Return the chat with the fields that only getChat has."""
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    return chat.wire() | {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts}

"""What is known of an update before anything is made of it: whose turn it is in, who sent it, whether it is for us.

Read out of the raw JSON, which may look like anything: nothing here raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Raw: TypeAlias = dict[str, Any]

MESSAGES = ("message", "channel_post")
INLINE = "inline_query"
WANTED = (*MESSAGES, "callback_query", "my_chat_member", INLINE)
"""The kinds of updates that Telegram is asked for."""
MIGRATIONS = ("migrate_to_chat_id", "migrate_from_chat_id")
SHARED = frozenset({"group", "supergroup", "channel"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An update in short.

    `turn` is what keeps its order: the chat, or the person in the inline mode. `sender` is who sent it, a chat where one
    writes as such, 0 where nobody does. `sent` is when a message was written, in Unix time, 0 for what has no such time.
    `binding` updates tell what became of a chat and always count.
    """

    id: int
    kind: str
    turn: tuple[str, int]
    chat_id: int
    sender: int
    language: str = ""
    shared: bool = False
    thread_id: int = 0
    message_id: int = 0
    query_id: str = ""
    sent: int = 0
    binding: bool = False
    addressed: bool = True


def read_incoming(raw: Raw, bot_id: int = 0, username: str = "") -> Incoming:
    """Return what an update is about; `bot_id` and `username` are ours, to tell what is said to us among others."""
    kind = next((name for name in WANTED if name in raw), "")
    payload = _part(raw, kind)
    message = payload if kind in MESSAGES else _part(payload, "message")
    person = _part(payload, "from")
    chat_id = _number(_part(message, "chat") or _part(payload, "chat"), "id") or _number(person, "id")
    shared = _part(message, "chat").get("type") in SHARED
    return Incoming(
        id=_number(raw, "update_id"),
        kind=kind,
        turn=("inline" if kind == INLINE else "chat", chat_id),
        chat_id=chat_id,
        sender=_number(_part(payload, "sender_chat"), "id") or _number(person, "id"),
        language=_word(person, "language_code"),
        shared=shared,
        thread_id=_number(message, "message_thread_id") if message.get("is_topic_message") is True else 0,
        message_id=_number(message, "message_id"),
        query_id=_word(payload, "id"),
        sent=_number(payload, "date") if kind in MESSAGES else 0,
        binding=kind == "my_chat_member" or any(name in payload for name in MIGRATIONS),
        addressed=kind not in MESSAGES or not shared or _says_something_to_us(payload, bot_id, username),
    )


def _says_something_to_us(message: Mapping[str, Any], bot_id: int, username: str) -> bool:
    """Tell whether a message among others is a command, a reply to us, or names us."""
    text = _word(message, "text") or _word(message, "caption")
    replied = _part(_part(message, "reply_to_message"), "from")
    named = bool(username) and f"@{username}".casefold() in text.casefold()
    return text.startswith("/") or named or (bot_id != 0 and _number(replied, "id") == bot_id)


def _part(value: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = value.get(name)
    return part if isinstance(part, dict) else {}


def _number(value: Mapping[str, Any], name: str) -> int:
    number = value.get(name)
    return number if isinstance(number, int) else 0


def _word(value: Mapping[str, Any], name: str) -> str:
    word = value.get(name)
    return word if isinstance(word, str) else ""

"""The people, chats and messages of a small Telegram, kept in memory.

Ids go as they do there: a channel or supergroup numbers its own messages, private chats and basic groups share one
sequence, so that only in the former the next id of a chat tells anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from tests.botapi.markup import Entity
from tests.botapi.refusal import Refusal, bad_request, forbidden, migrated

ChatType: TypeAlias = Literal["private", "group", "supergroup", "channel"]
Standing: TypeAlias = Literal[
    "member", "administrator", "mute", "left", "kicked", "blocked", "deactivated", "stranger", "deleted"
]


@dataclass(frozen=True, slots=True)
class User:
    """A person, or the bot."""

    id: int
    first_name: str
    language_code: str = ""
    username: str = ""
    is_bot: bool = False

    def wire(self) -> dict[str, Any]:
        """Return the user as JSON."""
        told = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        extra = {"language_code": self.language_code, "username": self.username}
        return told | {key: value for key, value in extra.items() if value}


@dataclass(slots=True)
class Message:
    """A message as its chat shows it. `versions` are the texts it has shown, the newest last; `own` says: by the bot."""

    chat_id: int
    message_id: int
    date: int
    sender: User | None
    own: bool
    text: str
    entities: tuple[Entity, ...] = ()
    html: str = ""
    markup: Mapping[str, Any] | None = None
    preview: Mapping[str, Any] | None = None
    silent: bool = False
    reply_to: int = 0
    thread_id: int = 0
    edited: int = 0
    versions: list[str] = field(default_factory=list)

    @property
    def buttons(self) -> list[str]:
        """The labels of its inline buttons."""
        rows = (self.markup or {}).get("inline_keyboard", ())
        return [button["text"] for row in rows for button in row]


@dataclass(slots=True)
class Chat:
    """A chat, what it shows, and how the bot stands in it."""

    id: int
    type: ChatType
    title: str
    username: str = ""
    standing: Standing = "member"
    migrated_to: int = 0
    threads: frozenset[int] = frozenset()
    edits_others: bool = False
    admins: frozenset[int] = frozenset()
    messages: dict[int, Message] = field(default_factory=dict)
    log: list[Message] = field(default_factory=list)
    last_id: int = 0

    def wire(self) -> dict[str, Any]:
        """Return the chat as JSON."""
        name = "first_name" if self.type == "private" else "title"
        told: dict[str, Any] = {"id": self.id, "type": self.type, name: self.title}
        if self.username:
            told["username"] = self.username
        return told | ({"is_forum": True} if self.threads else {})


@dataclass(slots=True)
class World:
    """Everything there is. `clock` gives Unix time."""

    bot: User
    clock: Callable[[], float] = time.time
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    last_id: int = 0

    def chat(self, chat_id: int | str) -> Chat:
        """Return a chat by id or @username, or refuse as Telegram does."""
        if chat_id == "":
            raise bad_request("chat_id is empty")
        for chat in self.chats.values():
            if chat_id in (chat.id, f"@{chat.username}"):
                return chat
        raise bad_request("chat not found")

    def add(self, message: Message) -> Message:
        """Put a message into its chat under the next id."""
        chat = self.chats[message.chat_id]
        owner: Chat | World = chat if chat.type in ("supergroup", "channel") else self
        owner.last_id += 1
        message.message_id = owner.last_id
        message.versions.append(message.html or message.text)
        chat.messages[message.message_id] = message
        chat.log.append(message)
        return message

    def now(self) -> int:
        """Return the Unix time in whole seconds."""
        return int(self.clock())

    def wire(self, message: Message) -> dict[str, Any]:
        """Return a message as JSON."""
        chat = self.chats[message.chat_id]
        told: dict[str, Any] = {"message_id": message.message_id, "date": message.date, "chat": chat.wire()}
        told |= {"sender_chat": chat.wire()} if message.sender is None else {"from": message.sender.wire()}
        told["text"] = message.text
        if message.entities:
            told["entities"] = [_entity(entity) for entity in message.entities]
        if message.edited:
            told["edit_date"] = message.edited
        if message.thread_id:
            told |= {"message_thread_id": message.thread_id, "is_topic_message": True}
        if message.markup is not None:
            told["reply_markup"] = message.markup
        if message.preview is not None:
            told["link_preview_options"] = message.preview
        replied = chat.messages.get(message.reply_to)
        if replied is not None:
            told["reply_to_message"] = {key: it for key, it in self.wire(replied).items() if key != "reply_to_message"}
        return told


ENTITY_ARGUMENT = {"text_link": "url", "pre": "language", "custom_emoji": "custom_emoji_id"}


def _entity(entity: Entity) -> dict[str, Any]:
    told: dict[str, Any] = {"type": entity.type, "offset": entity.offset, "length": entity.length}
    name = ENTITY_ARGUMENT.get(entity.type)
    return told | ({name: entity.argument} if name and entity.argument else {})


def posting_refusal(chat: Chat) -> Refusal | None:
    """Return why the bot may not post there, in Telegram's words."""
    kind = f"{chat.type} chat"
    if chat.migrated_to:
        return migrated(chat.migrated_to)
    reasons: dict[str, Refusal] = {
        "blocked": forbidden("bot was blocked by the user"),
        "deactivated": forbidden("user is deactivated"),
        "stranger": forbidden("bot can't initiate conversation with a user"),
        "kicked": forbidden(f"bot was kicked from the {kind}"),
        "left": forbidden(f"bot is not a member of the {kind}"),
        "deleted": forbidden("the group chat was deleted"),
        "mute": bad_request("not enough rights to send text messages to the chat"),
    }
    if chat.type == "channel" and chat.standing == "member":
        return bad_request("need administrator rights in the channel chat")
    return reasons.get(chat.standing)

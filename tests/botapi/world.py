"""The people, chats and messages of a small Telegram, kept in memory.

Ids go as they do there: a channel or supergroup numbers its own messages, private chats and basic groups share one
sequence, so that only in the former the next id of a chat tells anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
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


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that was uploaded."""

    file_id: str
    width: int
    height: int
    data: bytes

    def wire(self) -> list[dict[str, Any]]:
        """Return its only size as JSON."""
        size = {"width": self.width, "height": self.height, "file_size": len(self.data)}
        return [{"file_id": self.file_id, "file_unique_id": f"unique-{self.file_id}"} | size]


@dataclass(slots=True)
class Message:
    """A message as its chat shows it. `versions` are the texts it has shown, the newest last; `own` says: by the bot.

    The text of a `photo` is its caption. `origin` is where a forwarded one comes from; one that is `fixed` cannot be
    edited; `inline_id` names one that was sent through the inline mode; `signed` is one that an admin sent as the chat.
    """

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
    photo: Photo | None = None
    origin: Mapping[str, Any] | None = None
    fixed: bool = False
    inline_id: str = ""
    signed: bool = False
    versions: list[str] = field(default_factory=list)

    @property
    def buttons(self) -> list[str]:
        """The labels of its inline buttons."""
        rows = (self.markup or {}).get("inline_keyboard", ())
        return [button["text"] for row in rows for button in row]


@dataclass(slots=True)
class Chat:
    """A chat, what it shows, and how the bot stands in it.

    `topics` names those of a forum's threads that have a name; `posts` says whether the bot may post as an
    administrator; `keyboard` is what stands in the place of the letters.
    """

    id: int
    type: ChatType
    title: str
    username: str = ""
    standing: Standing = "member"
    migrated_to: int = 0
    threads: frozenset[int] = frozenset()
    edits_others: bool = False
    posts: bool = True
    admins: frozenset[int] = frozenset()
    creator: int = 0
    topics: Mapping[int, str] = field(default_factory=dict)
    closed: frozenset[int] = frozenset()
    keyboard: Sequence[Sequence[Any]] = ()
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
    photos: dict[str, Photo] = field(default_factory=dict)
    inline: dict[str, Message] = field(default_factory=dict)
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

    def keep(self, photo: Photo) -> Photo:
        """Keep a file under its id."""
        self.photos[photo.file_id] = photo
        return photo

    def origin(self, message: Message) -> dict[str, Any]:
        """Return where a message comes from, as its forwarded copies tell it."""
        if message.origin is not None:
            return dict(message.origin)
        chat = self.chats[message.chat_id].wire()
        if chat["type"] == "channel":
            return {"type": "channel", "date": message.date, "chat": chat, "message_id": message.message_id}
        if message.sender is None or message.signed:
            return {"type": "chat", "date": message.date, "sender_chat": chat}
        return {"type": "user", "date": message.date, "sender_user": message.sender.wire()}

    def wire(self, message: Message) -> dict[str, Any]:
        """Return a message as JSON."""
        chat = self.chats[message.chat_id]
        told: dict[str, Any] = {"message_id": message.message_id, "date": message.date, "chat": chat.wire()}
        told |= self._author(message, chat) | _content(message)
        optional = {
            "edit_date": message.edited,
            "forward_origin": message.origin,
            "reply_markup": message.markup,
            "link_preview_options": message.preview,
        }
        told |= {key: value for key, value in optional.items() if value}
        if message.thread_id:
            told |= {"message_thread_id": message.thread_id, "is_topic_message": True}
        replied = chat.messages.get(message.reply_to)
        if replied is not None:
            told["reply_to_message"] = {key: it for key, it in self.wire(replied).items() if key != "reply_to_message"}
        elif message.thread_id in chat.topics:
            told["reply_to_message"] = self._opening(chat, message.thread_id)
        return told

    def _author(self, message: Message, chat: Chat) -> dict[str, Any]:
        if message.sender is None:
            return {"sender_chat": chat.wire()}
        if message.signed:
            return {"from": ANONYMOUS.wire(), "sender_chat": chat.wire()}
        return {"from": message.sender.wire()}

    def _opening(self, chat: Chat, thread_id: int) -> dict[str, Any]:
        """Return the message that opened a topic: what is said in it, and answers nothing, answers that one."""
        opened = {"name": chat.topics[thread_id], "icon_color": 7322096}
        told = {"message_id": thread_id, "date": 1, "chat": chat.wire(), "from": ANONYMOUS.wire()}
        return told | {"message_thread_id": thread_id, "is_topic_message": True, "forum_topic_created": opened}


ANONYMOUS = User(1087968824, "Group", username="GroupAnonymousBot", is_bot=True)


def _content(message: Message) -> dict[str, Any]:
    """Return what the message shows: a text, or a photo with or without a caption."""
    entities = [_entity(entity) for entity in message.entities]
    if message.photo is None:
        return {"text": message.text} | ({"entities": entities} if entities else {})
    told: dict[str, Any] = {"photo": message.photo.wire()}
    told |= {"caption": message.text} if message.text else {}
    return told | ({"caption_entities": entities} if entities else {})


ENTITY_ARGUMENT = {"text_link": "url", "pre": "language", "custom_emoji": "custom_emoji_id"}


def _entity(entity: Entity) -> dict[str, Any]:
    told: dict[str, Any] = {"type": entity.type, "offset": entity.offset, "length": entity.length}
    if entity.type == "date_time":
        told["unix_time"] = int(entity.argument)
        return told | ({"date_time_format": entity.format} if entity.format else {})
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
    if chat.type == "channel" and (chat.standing == "member" or not chat.posts):
        return bad_request("need administrator rights in the channel chat")
    return reasons.get(chat.standing)

"""What each method does to the world, and when it is refused.

A method that is not here is answered with 500 and noted, so that a test cannot pass by calling one that nobody modelled.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.botapi.markup import Entity, MarkupError, parse_html
from tests.botapi.members import chat_information, member
from tests.botapi.refusal import NOT_MODIFIED, OLD_QUERY, Refusal, bad_request
from tests.botapi.updates import UpdateQueue
from tests.botapi.world import Chat, Message, World, posting_refusal

Parameters: TypeAlias = Mapping[str, Any]
LONGEST = 4096
LONGEST_DATA = 64
LONGEST_ANSWER = 200
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ],
)
DESCRIPTIONS = {"name": 64, "description": 512, "short_description": 120}


@dataclass(slots=True)
class Methods:
    """The methods over one world and one queue of updates."""

    world: World
    updates: UpdateQueue
    queries: set[str] = field(default_factory=set)
    answers: dict[str, Parameters] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    told: dict[tuple[str, str], str] = field(default_factory=dict)

    def find(self, name: str) -> Callable[[Parameters], Any] | None:
        """Return the method of that name, if it is modelled."""
        return self._table().get(name)

    def _table(self) -> dict[str, Callable[[Parameters], Any]]:
        table: dict[str, Callable[[Parameters], Any]] = {
            "getMe": self.get_me,
            "sendMessage": self.send_message,
            "editMessageText": self.edit_message_text,
            "editMessageReplyMarkup": self.edit_message_reply_markup,
            "deleteMessage": self.delete_message,
            "answerCallbackQuery": self.answer_callback_query,
            "sendChatAction": self.send_chat_action,
            "getChat": self.get_chat,
            "getChatMember": self.get_chat_member,
            "getChatAdministrators": self.get_chat_administrators,
            "setMyCommands": self.set_my_commands,
            "getMyCommands": self.get_my_commands,
            "deleteMyCommands": self.delete_my_commands,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
        }
        for what in DESCRIPTIONS:
            api_name = "My" + what.title().replace("_", "")
            table["set" + api_name] = functools.partial(self._tell, what)
            table["get" + api_name] = functools.partial(self._told, what)
        return table

    def get_me(self, _: Parameters) -> dict[str, Any]:
        abilities = {
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        return self.world.bot.wire() | abilities

    def send_message(self, given: Parameters) -> dict[str, Any]:
        shown, entities = _content(given)
        chat = self._open_chat(given["chat_id"])
        message = Message(
            chat_id=chat.id,
            message_id=0,
            date=self.world.now(),
            sender=None if chat.type == "channel" else self.world.bot,
            own=True,
            text=shown,
            entities=entities,
            html=given["text"],
            markup=_keyboard(given),
            preview=given.get("link_preview_options"),
            silent=given.get("disable_notification", False),
            reply_to=_replied(chat, given),
            thread_id=_thread(chat, given),
        )
        return self.world.wire(self.world.add(message))

    def edit_message_text(self, given: Parameters) -> dict[str, Any]:
        shown, entities = _content(given)
        message, markup = self._editable(given), _keyboard(given)
        if (message.text, message.entities, message.markup) == (shown, entities, markup):
            raise NOT_MODIFIED
        message.text, message.entities, message.html, message.markup = shown, entities, given["text"], markup
        message.preview = given.get("link_preview_options")
        return self._edited(message)

    def edit_message_reply_markup(self, given: Parameters) -> dict[str, Any]:
        message, markup = self._editable(given), _keyboard(given)
        if message.markup == markup:
            raise NOT_MODIFIED
        message.markup = markup
        return self._edited(message)

    def delete_message(self, given: Parameters) -> bool:
        chat = self.world.chat(given["chat_id"])
        message = chat.messages.get(given["message_id"])
        if message is None:
            raise bad_request("message to delete not found")
        if not message.own and chat.standing != "administrator":
            raise bad_request("message can't be deleted")
        del chat.messages[message.message_id]
        return True

    def answer_callback_query(self, given: Parameters) -> bool:
        if given["callback_query_id"] not in self.queries:
            raise OLD_QUERY
        if len(given.get("text", "")) > LONGEST_ANSWER:
            raise bad_request("MESSAGE_TOO_LONG")
        self.queries.discard(given["callback_query_id"])
        self.answers[given["callback_query_id"]] = given
        return True

    def send_chat_action(self, given: Parameters) -> bool:
        if given["action"] not in ACTIONS:
            raise bad_request("wrong parameter action in request")
        self._open_chat(given["chat_id"])
        return True

    def get_chat(self, given: Parameters) -> dict[str, Any]:
        return chat_information(self.world.chat(given["chat_id"]))

    def get_chat_member(self, given: Parameters) -> dict[str, Any]:
        chat, user_id = self.world.chat(given["chat_id"]), given["user_id"]
        user = self.world.bot if user_id == self.world.bot.id else self.world.users.get(user_id)
        if user is None:
            raise bad_request("invalid user_id specified")
        return member(chat, user)

    def get_chat_administrators(self, given: Parameters) -> list[dict[str, Any]]:
        chat = self.world.chat(given["chat_id"])
        if chat.type == "private":
            raise bad_request("there are no administrators in the private chat")
        return [member(chat, self.world.users[user_id]) for user_id in sorted(chat.admins)]

    def set_my_commands(self, given: Parameters) -> bool:
        for command in given["commands"]:
            if not COMMAND.fullmatch(command["command"]):
                raise bad_request("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
        if len(given["commands"]) > 100:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        if "chat_id" in given.get("scope", {}):
            self.world.chat(given["scope"]["chat_id"])
        self.commands[_audience(given)] = given["commands"]
        return True

    def get_my_commands(self, given: Parameters) -> list[dict[str, str]]:
        return self.commands.get(_audience(given), [])

    def delete_my_commands(self, given: Parameters) -> bool:
        self.commands.pop(_audience(given), None)
        return True

    def set_webhook(self, given: Parameters) -> bool:
        self.updates.webhook = given["url"]
        return True

    def delete_webhook(self, given: Parameters) -> bool:
        self.updates.webhook = ""
        if given.get("drop_pending_updates"):
            self.updates.waiting.clear()
        return True

    def _tell(self, what: str, given: Parameters) -> bool:
        text = given.get(what, "")
        if len(text) > DESCRIPTIONS[what]:
            raise bad_request(f"{what.replace('_', ' ')} is too long")
        self.told[what, given.get("language_code", "")] = text
        return True

    def _told(self, what: str, given: Parameters) -> dict[str, str]:
        default = self.told.get((what, ""), self.world.bot.first_name if what == "name" else "")
        return {what: self.told.get((what, given.get("language_code", "")), default)}

    def _open_chat(self, chat_id: int | str) -> Chat:
        chat = self.world.chat(chat_id)
        refusal = posting_refusal(chat)
        if refusal is not None:
            raise refusal
        return chat

    def _editable(self, given: Parameters) -> Message:
        if "chat_id" not in given or "message_id" not in given:
            raise bad_request("message identifier is not specified")
        chat = self._open_chat(given["chat_id"])
        message = chat.messages.get(given["message_id"])
        if message is None:
            raise bad_request("message to edit not found")
        if not (message.own or (chat.type == "channel" and chat.edits_others)):
            raise bad_request("message can't be edited")
        return message

    def _edited(self, message: Message) -> dict[str, Any]:
        message.edited = self.world.now()
        message.versions.append(message.html)
        return self.world.wire(message)


def _audience(given: Parameters) -> tuple[str, str]:
    return json.dumps(given.get("scope", {"type": "default"}), sort_keys=True), given.get("language_code", "")


def _content(given: Parameters) -> tuple[str, tuple[Entity, ...]]:
    """Return what the text shows, trimmed, and its formatting."""
    text, mode = given["text"], given.get("parse_mode", "").lower()
    if not text:
        raise bad_request("message text is empty")
    if mode not in ("", "html"):
        raise bad_request("unsupported parse_mode")
    try:
        shown, entities = parse_html(text) if mode else (text, ())
    except MarkupError as error:
        raise bad_request(f"can't parse entities: {error}") from error
    trimmed = shown.strip()
    if not trimmed:
        raise bad_request("text must be non-empty")
    if len(trimmed) > LONGEST:
        raise bad_request("message is too long")
    return trimmed, _shifted(entities, len(shown) - len(shown.lstrip()), len(trimmed.encode("utf-16-le")) // 2)


def _shifted(entities: tuple[Entity, ...], left: int, length: int) -> tuple[Entity, ...]:
    """Fit formatting to a text that lost `left` spaces at its start and is `length` units long."""
    fitted = []
    for entity in entities:
        start = max(entity.offset - left, 0)
        end = min(entity.offset + entity.length - left, length)
        if end > start:
            fitted.append(Entity(entity.type, start, end - start, entity.argument))
    return tuple(fitted)


def _keyboard(given: Parameters) -> Mapping[str, Any] | None:
    markup: Mapping[str, Any] | None = given.get("reply_markup")
    for row in (markup or {}).get("inline_keyboard", ()):
        for button in row:
            refusal = _button_refusal(button)
            if refusal is not None:
                raise refusal
    return markup if markup and markup.get("inline_keyboard") else None


def _button_refusal(button: Mapping[str, Any]) -> Refusal | None:
    actions = [name for name in button if name not in ("text", "style", "icon_custom_emoji_id")]
    if not actions:
        return bad_request("text buttons are unallowed in the inline keyboard")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= LONGEST_DATA:
        return bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not button["url"].startswith(("http://", "https://", "tg://")):
        return bad_request(f"inline keyboard button URL '{button['url']}' is invalid: unsupported URL protocol")
    return None


def _replied(chat: Chat, given: Parameters) -> int:
    reply = given.get("reply_parameters", {})
    wanted: int = reply.get("message_id", given.get("reply_to_message_id", 0))
    if not wanted or wanted in chat.messages:
        return wanted
    if reply.get("allow_sending_without_reply") or given.get("allow_sending_without_reply"):
        return 0
    raise bad_request("message to be replied not found")


def _thread(chat: Chat, given: Parameters) -> int:
    wanted: int = given.get("message_thread_id", 0)
    if not wanted or not chat.threads:
        return 0
    if wanted not in chat.threads:
        raise bad_request("message thread not found")
    return wanted

"""Messages that the bot sends, changes and deletes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.botapi.content import Parameters, Words, read_caption, read_markup, read_photo, read_text
from tests.botapi.refusal import NOT_MODIFIED, bad_request
from tests.botapi.world import Chat, Message, World, posting_refusal

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


@dataclass(slots=True)
class Sending:
    """The methods that leave something in a chat."""

    world: World

    def table(self) -> dict[str, Callable[[Parameters], Any]]:
        """Return the methods by name."""
        return {
            "sendMessage": self.send_message,
            "sendPhoto": self.send_photo,
            "forwardMessage": self.forward_message,
            "editMessageText": self.edit_message_text,
            "editMessageCaption": self.edit_message_caption,
            "editMessageMedia": self.edit_message_media,
            "editMessageReplyMarkup": self.edit_message_reply_markup,
            "deleteMessage": self.delete_message,
            "sendChatAction": self.send_chat_action,
        }

    def send_message(self, given: Parameters) -> dict[str, Any]:
        words = read_text(given)
        message = self._new(given, words)
        message.preview = given.get("link_preview_options")
        return self.world.wire(self.world.add(message))

    def send_photo(self, given: Parameters) -> dict[str, Any]:
        words = read_caption(given)
        message = self._new(given, words)
        message.photo = read_photo(self.world, given["photo"])
        return self.world.wire(self.world.add(message))

    def forward_message(self, given: Parameters) -> dict[str, Any]:
        chat, source = self._open_chat(given["chat_id"]), self.world.chat(given["from_chat_id"])
        original = source.messages.get(given["message_id"])
        if original is None:
            raise bad_request("message to forward not found")
        message = self._new(given, Words(original.text, original.entities, original.html))
        message.chat_id, message.photo, message.origin = chat.id, original.photo, self.world.origin(original)
        return self.world.wire(self.world.add(message))

    def edit_message_text(self, given: Parameters) -> dict[str, Any] | bool:
        words = read_text(given)
        message, markup = self._editable(given), read_markup(given)
        if message.photo is not None:
            raise bad_request("there is no text in the message to edit")
        _refuse_the_same(message, words, markup)
        message.preview = given.get("link_preview_options")
        return self._changed(message, words, markup)

    def edit_message_caption(self, given: Parameters) -> dict[str, Any] | bool:
        words = read_caption(given)
        message, markup = self._editable(given), read_markup(given)
        if message.photo is None:
            raise bad_request("there is no caption in the message to edit")
        _refuse_the_same(message, words, markup)
        return self._changed(message, words, markup)

    def edit_message_media(self, given: Parameters) -> dict[str, Any] | bool:
        """Put another picture and caption in place; a file that is uploaded anew counts as another one."""
        media = given["media"]
        if media["type"] != "photo":
            raise bad_request("can't use the media of the specified type")
        words, message, markup = read_caption(media), self._editable(given), read_markup(given)
        photo = read_photo(self.world, media["media"])
        if message.photo == photo:
            _refuse_the_same(message, words, markup)
        message.photo = photo
        return self._changed(message, words, markup)

    def edit_message_reply_markup(self, given: Parameters) -> dict[str, Any] | bool:
        message, markup = self._editable(given), read_markup(given)
        if message.markup == markup:
            raise NOT_MODIFIED
        return self._changed(message, Words(message.text, message.entities, message.html), markup)

    def delete_message(self, given: Parameters) -> bool:
        chat = self.world.chat(given["chat_id"])
        message = chat.messages.get(given["message_id"])
        if message is None:
            raise bad_request("message to delete not found")
        if not message.own and chat.standing != "administrator":
            raise bad_request("message can't be deleted")
        del chat.messages[message.message_id]
        return True

    def send_chat_action(self, given: Parameters) -> bool:
        if given["action"] not in ACTIONS:
            raise bad_request("wrong parameter action in request")
        self._open_chat(given["chat_id"])
        return True

    def _new(self, given: Parameters, words: Words) -> Message:
        chat = self._open_chat(given["chat_id"])
        markup, thread_id, reply_to = read_markup(given), _thread(chat, given), _replied(chat, given)
        keyboard = given.get("reply_markup") or {}
        _keep_keyboard(chat, keyboard)
        return Message(
            chat_id=chat.id,
            message_id=0,
            date=self.world.now(),
            sender=None if chat.type == "channel" else self.world.bot,
            own=True,
            text=words.shown,
            entities=words.entities,
            html=words.sent,
            markup=markup,
            fixed="keyboard" in keyboard,
            silent=given.get("disable_notification", False),
            reply_to=reply_to,
            thread_id=thread_id,
        )

    def _open_chat(self, chat_id: int | str) -> Chat:
        chat = self.world.chat(chat_id)
        refusal = posting_refusal(chat)
        if refusal is not None:
            raise refusal
        return chat

    def _editable(self, given: Parameters) -> Message:
        if "inline_message_id" in given:
            message = self.world.inline.get(given["inline_message_id"])
            if message is None:
                raise bad_request("MESSAGE_ID_INVALID")
            return message
        if "chat_id" not in given or "message_id" not in given:
            raise bad_request("message identifier is not specified")
        chat = self._open_chat(given["chat_id"])
        message = chat.messages.get(given["message_id"])
        if message is None:
            raise bad_request("message to edit not found")
        if message.fixed or not (message.own or (chat.type == "channel" and chat.edits_others)):
            raise bad_request("message can't be edited")
        return message

    def _changed(self, message: Message, words: Words, markup: Mapping[str, Any] | None) -> dict[str, Any] | bool:
        message.text, message.entities, message.html, message.markup = words.shown, words.entities, words.sent, markup
        message.edited = self.world.now()
        message.versions.append(message.html)
        return True if message.inline_id else self.world.wire(message)


def _refuse_the_same(message: Message, words: Words, markup: Mapping[str, Any] | None) -> None:
    if (message.text, message.entities, message.markup) == (words.shown, words.entities, markup):
        raise NOT_MODIFIED


def _keep_keyboard(chat: Chat, markup: Mapping[str, Any]) -> None:
    """Show or take away the keyboard in the place of the chat's letters."""
    rows = markup.get("keyboard")
    asks = any(
        name.startswith("request_") for row in rows or () for each in row if isinstance(each, dict) for name in each
    )
    if asks and chat.type != "private":
        raise bad_request("phone number, location, users and chats can be requested in private chats only")
    if rows or markup.get("remove_keyboard"):
        chat.keyboard = rows or ()


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

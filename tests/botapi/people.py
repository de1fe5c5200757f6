"""What people do: they open chats, write, press buttons, block the bot, and read what it wrote."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from typing import Any

from tests.botapi.faults import Fault, Faults
from tests.botapi.markup import Entity, parse_html
from tests.botapi.members import member
from tests.botapi.methods import Methods
from tests.botapi.updates import UpdateQueue
from tests.botapi.world import Chat, Message, Photo, Standing, User, World

COMMANDS = re.compile(r"(?:^|(?<=\s))/[A-Za-z0-9_]{1,32}(?:@\w+)?")


class People:
    """The part of the server that a test plays. Chats are named by id, as at Telegram."""

    world: World
    updates: UpdateQueue
    methods: Methods
    faults: Faults
    _ids = itertools.count(1)

    def person(self, user_id: int = 100, name: str = "Olena", language: str = "uk") -> Chat:
        """Return the private chat with a new person, who has pressed "start"."""
        self.world.users[user_id] = User(user_id, name, language)
        return self._chat(Chat(user_id, "private", name))

    def group(self, chat_id: int = -500) -> Chat:
        """Return a new basic group with the bot in it."""
        return self._chat(Chat(chat_id, "group", "Group"))

    def supergroup(self, chat_id: int = -1001000000500, threads: frozenset[int] = frozenset()) -> Chat:
        """Return a new supergroup with the bot in it; a forum where it has threads."""
        return self._chat(Chat(chat_id, "supergroup", "Supergroup", threads=threads))

    def topic(self, chat_id: int, thread_id: int, name: str) -> Chat:
        """Open a topic in a supergroup, which becomes a forum, and return the supergroup."""
        chat = self.world.chats[chat_id]
        chat.threads, chat.topics = chat.threads | {thread_id}, {**chat.topics, thread_id: name}
        return chat

    def channel(self, chat_id: int = -1001000000900, username: str = "") -> Chat:
        """Return a new channel that the bot may post to."""
        return self._chat(Chat(chat_id, "channel", "Channel", username, standing="administrator"))

    def say(
        self,
        chat_id: int,
        text: str,
        user_id: int = 100,
        *,
        html: bool = False,
        thread_id: int = 0,
        reply_to: int = 0,
        origin: Mapping[str, Any] | None = None,
        photo: Photo | None = None,
        anonymous: bool = False,
    ) -> int:
        """Write into a chat (post, in a channel) and return the update's id.

        With `html` the text is formatted, with a `photo` it is its caption, with an `origin` (as `origin_of_...` make them)
        it is forwarded; an `anonymous` admin writes as the group itself.
        """
        chat = self.world.chats[chat_id]
        sender = None if chat.type == "channel" else self.world.users[user_id]
        shown, entities = parse_html(text) if html else (text, ())
        commands = tuple(
            Entity("bot_command", found.start(), found.end() - found.start()) for found in COMMANDS.finditer(shown)
        )
        message = Message(chat_id, 0, self.world.now(), sender, own=False, text=shown, entities=entities or commands)
        message.thread_id, message.reply_to = thread_id, reply_to
        message.origin, message.photo, message.signed = origin, photo, anonymous
        told = self.world.wire(self.world.add(message))
        return self.updates.push("channel_post" if sender is None else "message", told)

    def origin_of_channel(self, chat_id: int, message_id: int = 1) -> dict[str, Any]:
        """Return where a post comes from that somebody forwards out of a channel."""
        chat = self.world.chats[chat_id].wire()
        return {"type": "channel", "date": self.world.now(), "chat": chat, "message_id": message_id}

    def origin_of_user(self, user_id: int) -> dict[str, Any]:
        """Return where a message comes from that somebody forwards out of a person's chat."""
        return {"type": "user", "date": self.world.now(), "sender_user": self.world.users[user_id].wire()}

    def origin_of_hidden(self, name: str) -> dict[str, Any]:
        """Return where a message comes from whose author does not want to be linked."""
        return {"type": "hidden_user", "date": self.world.now(), "sender_user_name": name}

    def share(self, chat_id: int, shared_id: int, request_id: int, user_id: int = 100) -> int:
        """Choose a chat where the bot's keyboard asked for one, and return the update's id."""
        asked = [
            each["request_chat"]
            for row in self.world.chats[chat_id].keyboard
            for each in row
            if isinstance(each, dict) and each.get("request_chat", {}).get("request_id") == request_id
        ]
        assert asked, f"no button asks for a chat with request {request_id}"
        chosen = self.world.chats[shared_id]
        assert asked[0]["chat_is_channel"] == (chosen.type == "channel"), "the button does not offer such chats"
        shared: dict[str, Any] = {"request_id": request_id, "chat_id": shared_id}
        shared |= {"title": chosen.title} if asked[0].get("request_title") else {}
        shared |= {"username": chosen.username} if asked[0].get("request_username") and chosen.username else {}
        message = Message(chat_id, 0, self.world.now(), self.world.users[user_id], own=False, text="")
        told = self.world.wire(self.world.add(message))
        del told["text"]
        return self.updates.push("message", told | {"chat_shared": shared})

    def ask_inline(self, text: str, user_id: int = 100, offset: str = "", chat_type: str = "sender") -> str:
        """Type `@bot text` in some chat and return the query's id."""
        query_id = str(next(self._ids))
        self.methods.asked.inline.add(query_id)
        asked = {"id": query_id, "from": self.world.users[user_id].wire(), "query": text, "offset": offset}
        self.updates.push("inline_query", asked | {"chat_type": chat_type})
        return query_id

    def choose(self, query_id: str, result_id: str, text: str = "", user_id: int = 100) -> Message:
        """Send one of the results of an inline query and return the message; one with buttons can be edited later."""
        results = {result["id"]: result for result in self.methods.results[query_id]["results"]}
        chosen = results[result_id]
        content = chosen.get("input_message_content") or chosen
        html = content.get("message_text", content.get("caption", ""))
        shown, entities = parse_html(html) if content.get("parse_mode") else (html, ())
        message = Message(0, 0, self.world.now(), self.world.users[user_id], own=True, text=shown, entities=entities)
        message.html, message.markup = html, chosen.get("reply_markup")
        message.versions.append(html)
        told: dict[str, Any] = {"result_id": result_id, "from": self.world.users[user_id].wire(), "query": text}
        if message.markup:
            message.inline_id = f"inline-{query_id}-{result_id}"
            self.world.inline[message.inline_id] = message
            told["inline_message_id"] = message.inline_id
        self.updates.push("chosen_inline_result", told)
        return message

    def press_inline(self, inline_id: str, data: str, user_id: int = 100) -> str:
        """Press a button under a message that was sent through the inline mode, and return the query's id."""
        query_id = str(next(self._ids))
        self.methods.queries.add(query_id)
        query = {"id": query_id, "from": self.world.users[user_id].wire(), "chat_instance": "1", "data": data}
        self.updates.push("callback_query", query | {"inline_message_id": inline_id})
        return query_id

    def press(self, chat_id: int, message_id: int, data: str, user_id: int = 100) -> str:
        """Press a button by its data, whether or not it is there, and return the query's id.

        Of a message that is gone, or too old, Telegram tells nothing but where it stood.
        """
        query_id, chat = str(next(self._ids)), self.world.chats[chat_id]
        self.methods.queries.add(query_id)
        pressed = chat.messages.get(message_id)
        gone = {"chat": chat.wire(), "message_id": message_id, "date": 0}
        query = {
            "id": query_id,
            "from": self.world.users[user_id].wire(),
            "chat_instance": str(chat_id),
            "message": gone if pressed is None else self.world.wire(pressed),
            "data": data,
        }
        self.updates.push("callback_query", query)
        return query_id

    def stand(self, chat_id: int, standing: Standing, user_id: int = 100) -> int:
        """Change how the bot stands in a chat (block it, add it, ...) and return the update's id."""
        chat, bot = self.world.chats[chat_id], self.world.bot
        before = member(chat, bot)
        chat.standing = standing
        change = {
            "chat": chat.wire(),
            "from": self.world.users.get(user_id, User(user_id, "Someone")).wire(),
            "date": self.world.now(),
            "old_chat_member": before,
            "new_chat_member": member(chat, bot),
        }
        return self.updates.push("my_chat_member", change)

    def migrate(self, chat_id: int, new_id: int) -> Chat:
        """Turn a group into a supergroup, with the two service messages that say so."""
        chat = self.world.chats[chat_id]
        chat.migrated_to = new_id
        new = self._chat(Chat(new_id, "supergroup", chat.title, standing=chat.standing))
        sender = User(self.world.bot.id + 1, "Someone").wire()
        for old, key, other in ((chat, "migrate_to_chat_id", new_id), (new, "migrate_from_chat_id", chat_id)):
            note = {"message_id": 0, "date": self.world.now(), "chat": old.wire(), "from": sender, key: other}
            self.updates.push("message", note)
        return new

    def inject(self, raw: dict[str, Any]) -> int:
        """Send an update of any content, for example one that no library can parse."""
        kind, payload = next(iter(raw.items()))
        return self.updates.push(kind, payload)

    def shown(self, chat_id: int) -> list[Message]:
        """Return the bot's messages that still stand in a chat, oldest first."""
        return [message for message in self.world.chats[chat_id].messages.values() if message.own]

    def sent(self, chat_id: int) -> list[Message]:
        """Return every message the bot ever sent to a chat, deleted ones too."""
        return [message for message in self.world.chats[chat_id].log if message.own]

    def flood(self, seconds: float, chat_id: int | None = None, times: int = 1, method: str = "") -> Fault:
        """Answer 429 with retry_after, to one chat or to all."""
        return self.faults.add(Fault("flood", method, chat_id, times, seconds))

    def drop(self, method: str = "", times: int = 1, *, applied: bool = True) -> Fault:
        """Take a request, let it take effect (or not), and cut the connection."""
        return self.faults.add(Fault("drop", method, times=times, applied=applied))

    def bad_gateway(self, method: str = "", times: int = 1, *, applied: bool = False) -> Fault:
        """Answer 502 with a page of HTML."""
        return self.faults.add(Fault("bad_gateway", method, times=times, applied=applied))

    def nonsense(self, method: str = "", times: int = 1) -> Fault:
        """Answer 200 with a body that is no JSON, after the request took effect."""
        return self.faults.add(Fault("nonsense", method, times=times))

    def hold(self, method: str = "", chat_id: int | None = None, times: int = 1) -> Fault:
        """Hold a request until `released` is set, as Telegram does silently with sends; `reached` says it is there."""
        return self.faults.add(Fault("hold", method, chat_id, times))

    def _chat(self, chat: Chat) -> Chat:
        self.world.chats[chat.id] = chat
        return chat

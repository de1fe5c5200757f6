"""What people do: they open chats, write, press buttons, block the bot, and read what it wrote."""

from __future__ import annotations

import itertools
import re
from typing import Any

from tests.botapi.faults import Fault, Faults
from tests.botapi.members import member
from tests.botapi.methods import Methods
from tests.botapi.updates import UpdateQueue
from tests.botapi.world import Chat, Message, Standing, User, World

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

    def channel(self, chat_id: int = -1001000000900, username: str = "") -> Chat:
        """Return a new channel that the bot may post to."""
        return self._chat(Chat(chat_id, "channel", "Channel", username, standing="administrator"))

    def say(self, chat_id: int, text: str, user_id: int = 100) -> int:
        """Write into a chat (post, in a channel) and return the update's id."""
        chat = self.world.chats[chat_id]
        sender = None if chat.type == "channel" else self.world.users[user_id]
        message = self.world.add(Message(chat_id, 0, self.world.now(), sender, own=False, text=text))
        told = self.world.wire(message)
        commands = [
            {"type": "bot_command", "offset": found.start(), "length": len(found[0])}
            for found in COMMANDS.finditer(text)
        ]
        told |= {"entities": commands} if commands else {}
        return self.updates.push("channel_post" if sender is None else "message", told)

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

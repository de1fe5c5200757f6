"""What each method does to the world, and when it is refused.

A method that is not here is answered with 500 and noted, so that a test cannot pass by calling one that nobody modelled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.asked import Asked
from tests.botapi.content import Parameters
from tests.botapi.members import chat_information, member
from tests.botapi.profile import Profile
from tests.botapi.refusal import bad_request
from tests.botapi.sending import Sending
from tests.botapi.updates import UpdateQueue
from tests.botapi.webhook import check_webhook
from tests.botapi.world import World


@dataclass(slots=True)
class Methods:
    """The methods over one world and one queue of updates."""

    world: World
    updates: UpdateQueue
    sending: Sending = field(init=False)
    asked: Asked = field(init=False)
    profile: Profile = field(init=False)

    def __post_init__(self) -> None:
        self.sending, self.asked, self.profile = Sending(self.world), Asked(self.world), Profile(self.world)

    @property
    def queries(self) -> set[str]:
        """The presses that wait for an answer."""
        return self.asked.queries

    @property
    def answers(self) -> dict[str, Parameters]:
        """The answers to presses."""
        return self.asked.answers

    @property
    def results(self) -> dict[str, Parameters]:
        """The answers to inline queries."""
        return self.asked.results

    @property
    def commands(self) -> dict[tuple[str, str], list[dict[str, str]]]:
        """The menus by scope and language."""
        return self.profile.commands

    def find(self, name: str) -> Callable[[Parameters], Any] | None:
        """Return the method of that name, if it is modelled."""
        return self._table().get(name)

    def _table(self) -> dict[str, Callable[[Parameters], Any]]:
        own: dict[str, Callable[[Parameters], Any]] = {
            "getChat": self.get_chat,
            "getChatMember": self.get_chat_member,
            "getChatAdministrators": self.get_chat_administrators,
            "setWebhook": self.set_webhook,
            "deleteWebhook": self.delete_webhook,
            "getWebhookInfo": self.get_webhook_info,
        }
        return own | self.sending.table() | self.asked.table() | self.profile.table()

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

    def set_webhook(self, given: Parameters) -> bool:
        check_webhook(given)
        if given.get("drop_pending_updates"):
            self.updates.waiting.clear()
        self.updates.hook(given)
        return True

    def delete_webhook(self, given: Parameters) -> bool:
        self.updates.hook({"url": ""})
        if given.get("drop_pending_updates"):
            self.updates.waiting.clear()
        return True

    def get_webhook_info(self, _: Parameters) -> dict[str, Any]:
        return self.updates.webhook_information()

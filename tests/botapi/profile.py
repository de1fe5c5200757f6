"""What the bot says of itself: its menus, its name and its descriptions, by language and scope."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.content import Parameters
from tests.botapi.refusal import bad_request
from tests.botapi.world import World

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
DESCRIPTIONS = {"name": 64, "description": 512, "short_description": 120}


@dataclass(slots=True)
class Profile:
    """`commands` are by scope (as JSON) and language, `told` by what is told and language."""

    world: World
    commands: dict[tuple[str, str], list[dict[str, str]]] = field(default_factory=dict)
    told: dict[tuple[str, str], str] = field(default_factory=dict)

    def table(self) -> dict[str, Callable[[Parameters], Any]]:
        """Return the methods by name."""
        table: dict[str, Callable[[Parameters], Any]] = {
            "getMe": self.get_me,
            "setMyCommands": self.set_my_commands,
            "getMyCommands": self.get_my_commands,
            "deleteMyCommands": self.delete_my_commands,
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
            "supports_inline_queries": True,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
        return self.world.bot.wire() | abilities

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

    def _tell(self, what: str, given: Parameters) -> bool:
        text = given.get(what, "")
        if len(text) > DESCRIPTIONS[what]:
            raise bad_request(f"{what.replace('_', ' ')} is too long")
        self.told[what, given.get("language_code", "")] = text
        return True

    def _told(self, what: str, given: Parameters) -> dict[str, str]:
        default = self.told.get((what, ""), self.world.bot.first_name if what == "name" else "")
        return {what: self.told.get((what, given.get("language_code", "")), default)}


def _audience(given: Parameters) -> tuple[str, str]:
    return json.dumps(given.get("scope", {"type": "default"}), sort_keys=True), given.get("language_code", "")

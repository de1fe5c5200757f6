"""What can go wrong on the way, to order.

A fault meets the next `times` requests that it matches and is then used up. `applied` says whether the request took
effect all the same, which the client cannot know.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

FaultKind: TypeAlias = Literal["flood", "drop", "bad_gateway", "hold", "nonsense"]


@dataclass(slots=True)
class Fault:
    """One fault. An empty `method` matches every method but getUpdates, `chat_id` None every chat."""

    kind: FaultKind
    method: str = ""
    chat_id: int | None = None
    times: int = 1
    seconds: float = 0.0
    applied: bool = True
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def matches(self, method: str, chat_id: object) -> bool:
        """Return whether it is this request's turn."""
        named = self.method == method if self.method else method != "getUpdates"
        return self.times > 0 and named and self.chat_id in (None, chat_id)


@dataclass(slots=True)
class Faults:
    """The faults that are still to come, in order."""

    planned: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> Fault:
        """Plan one."""
        self.planned.append(fault)
        return fault

    def meet(self, method: str, chat_id: object) -> Fault | None:
        """Take the first fault that matches."""
        for fault in self.planned:
            if fault.matches(method, chat_id):
                fault.times -= 1
                fault.reached.set()
                return fault
        return None

    def release(self) -> None:
        """Let everything go that is held."""
        for fault in self.planned:
            fault.released.set()

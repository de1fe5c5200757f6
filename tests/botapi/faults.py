"""What can go wrong on the way: to order, or at random from a seed.

A fault meets the next `times` requests that it matches and is then used up. `applied` says whether the request took
effect all the same, which the client cannot know. A `Weather` makes faults of its own: so many of each kind in a
thousand requests.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

FaultKind: TypeAlias = Literal["flood", "drop", "bad_gateway", "hold", "nonsense"]
HARD_TIMES: Mapping[str, int] = {
    "flood": 20,
    "bad_gateway": 20,
    "bad_gateway_late": 10,
    "drop": 20,
    "lost": 20,
    "hold": 10,
}


@dataclass(slots=True)
class Fault:
    """One fault. An empty `method` matches every method but getUpdates, `chat_id` None every chat.

    A hold ends when it is released, or after `seconds` where that is not 0.
    """

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

    async def hold(self) -> None:
        """Wait until the request is let go."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.released.wait(), self.seconds or None)


@dataclass(slots=True)
class Weather:
    """Faults at random, the same for the same seed. `odds` are in a thousand sends, edits and deletions.

    "bad_gateway" and "lost" (a connection cut) come before a request takes effect, "bad_gateway_late" and "drop" after.
    """

    seed: int = 1
    odds: Mapping[str, int] = field(default_factory=lambda: dict(HARD_TIMES))
    flood_seconds: int = 3
    hold_seconds: float = 8.0
    happened: Counter[str] = field(default_factory=Counter)
    _dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def meet(self, method: str) -> Fault | None:
        """Return what befalls a request, if anything does."""
        if not method.startswith(("send", "edit", "delete")):
            return None
        throw = self._dice.randrange(1000)
        for name, odds in self.odds.items():
            if throw < odds:
                self.happened[name] += 1
                return self._fault(name)
            throw -= odds
        return None

    def _fault(self, name: str) -> Fault:
        match name:
            case "flood":
                return Fault("flood", seconds=self.flood_seconds)
            case "hold":
                return Fault("hold", seconds=self.hold_seconds)
            case "bad_gateway" | "bad_gateway_late":
                return Fault("bad_gateway", applied=name == "bad_gateway_late")
        return Fault("drop", applied=name == "drop")


@dataclass(slots=True)
class Faults:
    """The faults that are still to come, in order, and the weather."""

    planned: list[Fault] = field(default_factory=list)
    weather: Weather | None = None

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
        return self.weather.meet(method) if self.weather else None

    def release(self) -> None:
        """Let everything go that is held."""
        for fault in self.planned:
            fault.released.set()

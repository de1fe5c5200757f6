"""What tests of incoming updates share: a store and a handler whose changes can be waited for, and the parts around them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from telegram import Bot, Update

from bot.adapters.memory import Memory
from bot.adapters.telegram import Dispatcher, Floodgate, Guard, Numbers
from bot.core.model import Alarm

NOTICE = "Slow down, please ({code})"


class Watched:
    """Something whose changes can be waited for."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()

    async def tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(condition)


class Kept(Watched):
    """The ports Updates and Alarms, over the store in memory. `broken` operations fail as a full disk does."""

    def __init__(self) -> None:
        super().__init__()
        self.memory = Memory()
        self.put_aside: list[tuple[int, str, str]] = []
        self.kept: list[int] = []
        self.finished: list[int] = []
        self.broken: set[str] = set()
        self.refused = 0

    async def _use(self, operation: str) -> None:
        if operation in self.broken:
            self.refused += 1
            await self.tell()
            raise OSError("disk full")

    async def offset(self) -> int:
        return await self.memory.offset()

    async def handled(self, update_id: int) -> None:
        await self._use("handled")
        await self.memory.handled(update_id)
        await self.tell()

    async def quarantine(self, update_id: int, raw: str, error: str) -> None:
        await self._use("quarantine")
        self.put_aside.append((update_id, raw, error))

    async def receive(self, update_id: int, raw: str, at: datetime) -> bool:
        await self._use("receive")
        fresh = await self.memory.receive(update_id, raw, at)
        self.kept += [update_id] if fresh else []
        return fresh

    async def received(self, limit: int) -> tuple[tuple[int, str, datetime], ...]:
        return await self.memory.received(limit)

    async def done(self, update_id: int) -> None:
        await self._use("done")
        await self.memory.done(update_id)
        self.finished.append(update_id)
        await self.tell()

    async def raise_alarm(self, alarm: Alarm) -> bool:
        return await self.memory.raise_alarm(alarm)

    async def clear(self, key: str) -> bool:
        return await self.memory.clear(key)

    async def untold(self) -> tuple[Alarm, ...]:
        return await self.memory.untold()

    async def told(self, keys: Collection[str]) -> None:
        await self.memory.told(keys)

    async def until_done(self, update_id: int) -> None:
        await self.until(lambda: update_id in self.finished)


class Handler(Watched):
    """Notes the texts it is given and those it is done with; `gates` hold a text until they are opened."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[str] = []
        self.texts: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}

    async def __call__(self, update: Update) -> None:
        message = update.effective_message
        text = message.text if message and message.text else "?"
        self.begun.append(text)
        await self.tell()
        if text == "/broken":
            raise RuntimeError("the handler is broken")
        if text in self.gates:
            await self.gates[text].wait()
        self.texts.append(text)
        await self.tell()


class Hand:
    """Clocks that a test moves: the time of day, and seconds since some moment."""

    def __init__(self) -> None:
        self.time = datetime.fromtimestamp(time.time(), UTC)
        self.seconds = 0.0

    def now(self) -> datetime:
        return self.time

    def ticks(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        self.seconds += seconds

    async def sleep(self, seconds: float) -> None:
        self.wait(seconds)


def dispatcher_over(
    bot: Bot,
    kept: Kept,
    handler: Callable[[Update], Awaitable[None]],
    hand: Hand | None = None,
    guard: Guard | None = None,
) -> Dispatcher:
    """Return a dispatcher as the daemon builds it, with clocks that stand still."""
    hand = hand or Hand()
    gate = Floodgate(bot, kept, hand, lambda code: NOTICE.format(code=code), guard=guard, ticks=hand.ticks)
    return Dispatcher(bot, kept, handler, gate, hand, numbers=Numbers(kept.memory))


def message(
    update_id: int, text: str, sender: int = 100, chat: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    """Return an update as Telegram sends it: somebody wrote, in private unless a chat is given."""
    told = {
        "message_id": update_id,
        "date": int(time.time()),
        "chat": chat or {"id": sender, "type": "private", "first_name": "Olena"},
        "from": {"id": sender, "is_bot": False, "first_name": "Olena", "language_code": "uk"},
        "text": text,
    }
    return {"update_id": update_id, "message": told | more}


def group(chat_id: int = -500) -> dict[str, Any]:
    """Return a group as Telegram describes it."""
    return {"id": chat_id, "type": "supergroup", "title": "Group"}

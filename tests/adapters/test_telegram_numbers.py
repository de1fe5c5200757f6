"""Which message numbers are learnt from updates, and how seldom they are written."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.adapters.telegram import Numbers
from bot.adapters.telegram.incoming import read_incoming
from tests.adapters.updating import group, message

LIVELY, CHANNEL = -1_001_000_000_500, -1_001_000_000_900


class Outbox:
    """Notes what it is told; it fails for the chats that are `broken`."""

    def __init__(self) -> None:
        self.told: list[tuple[int, int]] = []
        self.broken: set[int] = set()

    async def seen(self, chat_id: int, message_id: int) -> None:
        self.told.append((chat_id, message_id))
        if chat_id in self.broken:
            raise OSError("disk full")


class Pause:
    """A sleep that lasts until the test ends it."""

    def __init__(self) -> None:
        self.over = asyncio.Event()
        self.begun = asyncio.Event()

    async def __call__(self, _: float) -> None:
        self.begun.set()
        await self.over.wait()
        self.over.clear()

    async def ends(self) -> None:
        """End the pause, and come back when the next one has begun."""
        self.begun.clear()
        self.over.set()
        async with asyncio.timeout(5):
            await self.begun.wait()


@pytest.fixture
def outbox() -> Outbox:
    return Outbox()


def said(chat_id: int, number: int) -> Any:
    return read_incoming(message(1, "good morning", chat=group(chat_id), message_id=number))


async def test_a_lively_group_costs_one_write_now_and_one_after_a_pause(outbox: Outbox) -> None:
    pause = Pause()
    numbers = Numbers(outbox, sleep=pause)  # type: ignore[arg-type]
    numbers.note(said(LIVELY, 1))
    await asyncio.wait_for(pause.begun.wait(), 5)
    assert outbox.told == [(LIVELY, 1)]
    for number in range(2, 1000):
        numbers.note(said(LIVELY, number))
    numbers.note(said(LIVELY, 500))
    numbers.note(said(CHANNEL, 7))
    assert len(outbox.told) == 1
    await pause.ends()
    assert outbox.told[1:] == [(LIVELY, 999), (CHANNEL, 7)]
    await numbers.close()


async def test_nothing_is_learnt_where_numbers_run_over_all_chats(outbox: Outbox) -> None:
    numbers = Numbers(outbox)  # type: ignore[arg-type]
    numbers.note(read_incoming(message(1, "/latest")))
    numbers.note(said(-5, 2))
    numbers.note(read_incoming({"update_id": 3, "my_chat_member": {"chat": {"id": LIVELY}}}))
    await numbers.close()
    assert outbox.told == []


async def test_the_number_under_which_a_button_was_pressed_counts(outbox: Outbox) -> None:
    numbers = Numbers(outbox)  # type: ignore[arg-type]
    under = {"message_id": 70, "chat": group(LIVELY)}
    pressed = {"id": "1", "from": {"id": 100}, "data": "x", "message": under}
    numbers.note(read_incoming({"update_id": 1, "callback_query": pressed}))
    await numbers.close()
    assert outbox.told == [(LIVELY, 70)]


async def test_a_stop_loses_no_number(outbox: Outbox) -> None:
    numbers = Numbers(outbox)  # type: ignore[arg-type]
    numbers.note(said(LIVELY, 1))
    numbers.note(said(CHANNEL, 2))
    await numbers.close()
    assert outbox.told == [(LIVELY, 1), (CHANNEL, 2)]


async def test_a_store_that_fails_for_one_chat_stops_no_other(outbox: Outbox) -> None:
    outbox.broken = {LIVELY}
    numbers = Numbers(outbox)  # type: ignore[arg-type]
    numbers.note(said(LIVELY, 1))
    numbers.note(said(CHANNEL, 2))
    await numbers.close()
    assert outbox.told == [(LIVELY, 1), (CHANNEL, 2)]

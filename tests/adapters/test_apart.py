"""What goes on in a thread of its own is held up by nothing here, and ends with its block."""

from __future__ import annotations

import asyncio
import threading

from bot.adapters.apart import apart


async def test_a_loop_that_stands_still_holds_nothing_up():
    went_on = threading.Event()

    async def work() -> None:
        went_on.set()

    async with apart("work", work):
        assert went_on.wait(30)  # blocks this loop


async def test_what_goes_on_is_cut_off_at_the_end():
    began, ended = threading.Event(), threading.Event()

    async def work() -> None:
        try:
            began.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with apart("work", work):
        assert began.wait(30)
    assert ended.is_set()


async def test_what_does_not_end_is_left_behind():
    release = threading.Event()

    async def work() -> None:
        release.wait(30)

    async with apart("left", work, last_words=0.01):
        pass
    (left,) = (thread for thread in threading.enumerate() if thread.name == "left")
    release.set()
    left.join(30)

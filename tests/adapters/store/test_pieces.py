"""Answers of many rows leave the loop to others every now and then."""

from __future__ import annotations

import asyncio

from bot.adapters.store.pieces import PIECE, in_pieces


async def test_others_have_their_turn_between_pieces():
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    waiting = asyncio.create_task(others())
    seen = [(row, turns) async for row in in_pieces(range(3 * PIECE))]
    waiting.cancel()
    assert [row for row, _ in seen] == list(range(3 * PIECE))
    assert [at for row, at in seen if row % PIECE == 0] == [0, 1, 2]

"""Answers of many rows, a few at a time: making values of thousands of them in one go would stop the loop meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Final, TypeVar

T = TypeVar("T")

PIECE: Final = 100
"""Rows of which values are made in about a millisecond."""


async def in_pieces(found: Iterable[T]) -> AsyncIterator[T]:
    """Yield rows, and let others have their turn between any `PIECE` of them."""
    for number, row in enumerate(found, 1):
        yield row
        if number % PIECE == 0:
            await asyncio.sleep(0)

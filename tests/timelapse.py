"""An event loop in which waiting takes no time: when nothing is left to do but to wait, its clock goes ahead.

Sockets on loopback are ready at once, so a client and a server in one such loop play hours in moments. What runs in
threads would be outrun: nothing here may use them.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any, TypeVar

T = TypeVar("T")
MOMENT = 0.001
"""Seconds for which sockets are really waited for before the clock goes ahead."""
START = datetime(2025, 6, 9, 12, tzinfo=UTC).timestamp()


class _Impatient(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
    """A selector that calls `skip` instead of waiting."""

    skip: Callable[[float], None]

    def select(self, timeout: float | None = None) -> Any:
        ready = super().select(0 if timeout == 0 else MOMENT)
        if ready or timeout == 0:
            return ready
        if timeout is None:
            return super().select(None)
        self.skip(timeout)
        return ready


class Timelapse(asyncio.SelectorEventLoop):
    """The loop."""

    def __init__(self) -> None:
        selector = _Impatient()
        self._ahead = 0.0
        super().__init__(selector)
        selector.skip = self._skip

    def time(self) -> float:
        return super().time() + self._ahead

    def now(self) -> datetime:
        """Return the time of day: the Clock port of whatever runs in the loop."""
        return datetime.fromtimestamp(START + self.time() % 86_400, UTC)

    def _skip(self, seconds: float) -> None:
        self._ahead += seconds


def play(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine to its end in a loop of its own."""
    with asyncio.Runner(loop_factory=Timelapse) as runner:
        return runner.run(work())

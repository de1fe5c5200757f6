"""Ports that count the calls which go through them: a step before each and one after. At one of the steps the process dies."""

from __future__ import annotations

import inspect
import os
import signal
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from telegram.request import BaseRequest


@dataclass(slots=True)
class Steps:
    """The steps so far, by name. At step `fatal`, counted from 1, the process is killed as by `kill -9`; 0 spares it."""

    fatal: int = 0
    taken: list[str] = field(default_factory=list)

    def step(self, name: str) -> None:
        self.taken.append(name)
        if len(self.taken) == self.fatal:
            os.kill(os.getpid(), signal.SIGKILL)


class Stepped:
    """A port in front of another: each coroutine of it that is called takes two steps. `spared` ones take none."""

    def __init__(self, port: Any, steps: Steps, name: str, spared: frozenset[str] = frozenset()) -> None:
        self._port, self._steps, self._name, self._spared = port, steps, name, spared

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name in self._spared or not inspect.iscoroutinefunction(found):
            return found
        return self._counted(found, f"{self._name}.{name}")

    def _counted(self, call: Any, name: str) -> Any:
        @wraps(call)
        async def counted(*args: Any, **given: Any) -> Any:
            self._steps.step(f"before {name}")
            result = await call(*args, **given)
            self._steps.step(f"after {name}")
            return result

        return counted


class SteppedRequest(BaseRequest):
    """The library's way to Telegram: a step before a request leaves, and one when its answer is there."""

    def __init__(self, inner: BaseRequest, steps: Steps) -> None:
        self._inner, self._steps = inner, steps

    @property
    def read_timeout(self) -> float | None:
        return self._inner.read_timeout

    async def initialize(self) -> None:
        await self._inner.initialize()

    async def shutdown(self) -> None:
        await self._inner.shutdown()

    async def do_request(self, url: str, *args: Any, **given: Any) -> tuple[int, bytes]:
        name = f"telegram.{url.rpartition('/')[2]}"
        self._steps.step(f"before {name}")
        answer = await self._inner.do_request(url, *args, **given)
        self._steps.step(f"after {name}")
        return answer

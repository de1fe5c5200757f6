"""Tables that are made when they are first asked: what a start needs only later does not hold up the first poll."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Late(Mapping[Key, Value]):
    """A mapping that `make` returns, once, when it is asked for the first time; any thread may be the first."""

    def __init__(self, make: Callable[[], Mapping[Key, Value]]) -> None:
        self._make: Callable[[], Mapping[Key, Value]] | None = make
        self._made: Mapping[Key, Value] = {}
        self._making = Lock()

    def __getitem__(self, key: Key) -> Value:
        return self._table()[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._table())

    def __len__(self) -> int:
        return len(self._table())

    def _table(self) -> Mapping[Key, Value]:
        if self._make is not None:
            with self._making:
                if self._make is not None:
                    self._made = self._make()
                    self._make = None  # and what it was made of is let go
        return self._made

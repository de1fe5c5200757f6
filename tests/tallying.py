"""A tally that keeps what it was told, word by word."""

from __future__ import annotations

from collections import Counter


class Tallied:
    """Counts by name and labels; of what was measured it keeps every value."""

    def __init__(self) -> None:
        self.counted: Counter[tuple[str, ...]] = Counter()
        self.measured: list[tuple[str, float, tuple[str, ...]]] = []
        self.noted: dict[tuple[str, ...], float] = {}

    def count(self, name: str, *labels: str, by: float = 1.0) -> None:
        self.counted[(name, *labels)] += by

    def measure(self, name: str, value: float, *labels: str) -> None:
        self.measured.append((name, value, labels))

    def note(self, name: str, value: float, *labels: str) -> None:
        self.noted[(name, *labels)] = value

"""A progress bar for people: on standard error, and only where that is a terminal and the output goes elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

from rich.console import Console
from rich.progress import track

T = TypeVar("T")


def progress(steps: Iterable[T], label: str, total: int | None = None) -> Iterator[T]:
    """Yield the steps while the bar moves; `total` is None where nobody knows it."""
    console = Console(stderr=True)
    if not console.is_terminal or sys.stdout.isatty():
        yield from steps
        return
    yield from track(steps, label, total=total, console=console, transient=True)

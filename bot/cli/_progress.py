"""A progress bar for people: on standard error, and only where that is a terminal and the output goes elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from rich.console import Console
from rich.progress import Progress, track

T = TypeVar("T")


def progress(steps: Iterable[T], label: str, total: int | None = None, *, alone: bool = False) -> Iterator[T]:
    """Yield the steps while the bar moves; `total` is None where nobody knows it.

    `alone` says that nothing is printed meanwhile, so that the bar may move in the terminal that the output goes to.
    """
    console = Console(stderr=True)
    if not console.is_terminal or (sys.stdout.isatty() and not alone):
        yield from steps
        return
    yield from track(steps, label, total=total, console=console, transient=True)


@contextmanager
def bar(label: str) -> Iterator[Callable[[int, int], object]]:
    """Give what is to be told how many steps are done, and of how many, while the bar stands. Nothing else is printed meanwhile."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task(label, total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)

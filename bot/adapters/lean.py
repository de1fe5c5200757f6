"""Keeps out of memory what a library would load for looks, and out of the way of loading what would hold it up."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Let what is imported meanwhile find no libraries of these names, except those that are loaded already."""
    hidden = dict.fromkeys(name for name in names if name not in sys.modules)
    cast("dict[str, object]", sys.modules).update(hidden)
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


@contextmanager
def uncollected() -> Iterator[None]:
    """Let nobody search for garbage meanwhile: what is loaded is none, and a tenth of the loading would go into the search."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

"""Keeps out of memory what a library would load for looks."""

from __future__ import annotations

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

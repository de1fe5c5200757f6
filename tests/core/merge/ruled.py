"""Rulings upon the first voice's report."""

from __future__ import annotations

from bot.core.model import Ruling
from tests.reports import at


def ruling(act: str, number: int, when, **values) -> Ruling:
    """Give a ruling about the first voice's report."""
    about = ("A", f"A-{at(9).isoformat()}", 0)
    return Ruling(id=number, act=act, report=about, by=1, at=when, **values)


def correct(slot: str, value, when=None, number: int = 1) -> Ruling:
    return ruling("correct", number, when or at(9, 14), slot=slot, value=value)

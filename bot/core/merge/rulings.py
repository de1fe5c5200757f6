"""What editors ruled about an event: its verdict, and the values that they set in place of what is reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf

from bot.core.model import ReportId, Ruling, Verdict

VERDICTS: dict[str, Verdict] = {"post": "post", "hold": "hold", "reject": "reject"}


def in_order(rulings: Iterable[Ruling]) -> tuple[Ruling, ...]:
    """Return the rulings without repeats, oldest first, alike for every order in which they are given.

    One that has no number yet is the newest.
    """
    return tuple(sorted(set(rulings), key=_place))


def _place(ruling: Ruling) -> tuple[object, ...]:
    return ruling.at, ruling.id or inf, ruling.act, ruling.report, repr(ruling)


def verdict(rulings: Sequence[Ruling], founder: ReportId) -> Verdict:
    """Return the newest verdict among rulings in order, "" where there is none.

    What was ruled on an event before it was merged into another does not count there: only what is about the event that
    stays, whose first report is `founder`, or was ruled on both together.
    """
    together = True
    for ruling in reversed(rulings):
        if ruling.act in VERDICTS and (together or ruling.report == founder):
            return VERDICTS[ruling.act]
        together = together and ruling.act != "merge"
    return ""


def corrections(rulings: Sequence[Ruling]) -> dict[str, list[Ruling]]:
    """Return the corrections in order, by the slot that each sets."""
    found: dict[str, list[Ruling]] = {}
    for ruling in rulings:
        if ruling.act == "correct":
            found.setdefault(ruling.slot, []).append(ruling)
    return found

"""What editors ruled about an event: its verdict, and the values that they set in place of what is reported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.core.model import Ruling, Verdict

VERDICTS: dict[str, Verdict] = {"post": "post", "hold": "hold", "reject": "reject"}


def in_order(rulings: Iterable[Ruling]) -> tuple[Ruling, ...]:
    """Return the rulings without repeats, oldest first, alike for every order in which they are given."""
    return tuple(sorted(set(rulings), key=_place))


def _place(ruling: Ruling) -> tuple[object, ...]:
    return ruling.at, ruling.id, ruling.act, ruling.report, repr(ruling)


def verdict(rulings: Sequence[Ruling]) -> Verdict:
    """Return the newest verdict among rulings in order, "" where there is none."""
    return next((VERDICTS[ruling.act] for ruling in reversed(rulings) if ruling.act in VERDICTS), "")


def corrections(rulings: Sequence[Ruling]) -> dict[str, list[Ruling]]:
    """Return the corrections in order, by the slot that each sets."""
    found: dict[str, list[Ruling]] = {}
    for ruling in rulings:
        if ruling.act == "correct":
            found.setdefault(ruling.slot, []).append(ruling)
    return found

"""Whether it is the sources that cannot be reached, or we who reach nobody.

One host that does not answer is its own trouble. When several in a row cannot be reached and nobody has answered in
between for a while, the trouble is ours: no source is blamed for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

FEWEST: Final = 5
"""So many hosts have to be out of reach, or all of them where there are fewer; of a single one nothing can be told."""
PATIENCE: Final = timedelta(seconds=10)
"""Nobody answered for so long: at a start the dead fail sooner than the living answer."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The hosts that could not be reached since anybody last answered, when the first of them was tried, and whether we are cut off."""

    lost: frozenset[str] = frozenset()
    since: datetime | None = None
    cut_off: bool = False


def unreachable(reach: Reach, host: str, hosts: int, now: datetime) -> Reach:
    """Return what is known after a host could not be reached; there are so many `hosts` in all."""
    lost, since = reach.lost | {host}, reach.since or now
    enough = len(lost) >= max(2, min(FEWEST, hosts)) and now - since >= PATIENCE
    return replace(reach, lost=lost, since=since, cut_off=reach.cut_off or enough)

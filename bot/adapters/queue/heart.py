"""By what a worker is known to live, and how much it takes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

AT_ONCE: Final = 32
"""Sources that a worker polls at the same time."""


@dataclass(frozen=True, slots=True)
class Heart:
    """When a worker counts as dead: it says every `beat` seconds that it lives, and was `silent` for so long.

    One that notices a pause of more than `numb` seconds takes it that it was given up, before anybody does that.
    """

    beat: float = 5.0
    silent: float = 30.0
    numb: float = 20.0


HEART: Final = Heart()

"""Figures of one strike as voices give them: who says which, how many hours after the first."""

from __future__ import annotations

from datetime import timedelta

from bot.core.merge import fold
from bot.core.model import Side, Speaker
from tests.reports import KINDS, at, june, strike

STRIKE = KINDS["strike"]
OUTLET, AGENCY, OFFICIAL = ("outlet", "independent"), ("agency", "independent"), ("official", "UA")
PORTAL = ("aggregator", "independent")
GOVERNOR, MOSCOW, UN = (*OUTLET, "UA"), (*OUTLET, "RU"), (*OUTLET, "international")


def folded(slot: str, *claims: tuple[float, int, str, str] | tuple[float, int, str, str, Side]):
    """Fold claims of (hour, value, tier, side, side of whom it quotes)."""
    reports = [
        strike(
            f"Voice {hour}",
            at(9) + timedelta(hours=hour),
            june(9),
            facts={slot: value},
            voice={"tier": tier, "side": side},
            speakers={slot: Speaker("office", *quoted)} if quoted else {},
        )
        for hour, value, tier, side, *quoted in claims
    ]
    return fold(STRIKE, reports)


def told(slot: str, *claims) -> int:
    """Return what is shown of claims."""
    return folded(slot, *claims).facts[slot]

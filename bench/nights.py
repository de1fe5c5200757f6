"""Weeks in which one city is struck every night, told by outlets of which some name no day and some the wrong one; invented.

No corpus has that, and it is where joining drifts: every night is a neighbour of the next, tolls are small and alike, and a
report of a wrong day fits both. The true night of each report is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random

from bot.core.model import Item, Origin, Report, Source

WEEKS, NIGHTS = 12, 14
WRONG_DAY, NO_DAY = 0.15, 0.2
FIRST = date(2026, 6, 1)


def nights() -> Iterator[tuple[Item, Report, str]]:
    """Yield items with their reports and the night that they are about."""
    for week in range(WEEKS):
        random = Random(week)
        for night in range(NIGHTS):
            day = FIRST + timedelta(days=50 * week + night)
            killed, injured = random.randint(1, 6), random.randint(4, 20)
            for outlet in range(random.randint(2, 6)):
                grown = {"killed": killed + outlet // 4, "injured": injured + outlet // 2}
                yield *_told(random, day, outlet, grown), day.isoformat()


def _told(random: Random, day: date, outlet: int, figures: dict[str, int]) -> tuple[Item, Report]:
    late = random.random() < WRONG_DAY
    published = datetime(day.year, day.month, day.day, 7 + 2 * outlet, tzinfo=UTC) + timedelta(days=late)
    source = Source(f"outlet-{outlet}", f"Outlet {outlet}", "rss", "", "en")
    item = Item(f"{day}/{outlet}", source, "en", "", published, f"Strike told by outlet {outlet} on {published:%d %B}")
    stated = published.date() if late or random.random() >= NO_DAY else None
    facts = {"attacker": "RU", "region": "UA-63", "places": ("Kharkiv",), **figures}
    return item, Report(kind="strike", origin=Origin.of(item), date=stated, facts=facts)

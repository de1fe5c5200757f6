"""The clock by which the war's days are counted, whatever an item's time says: Kyiv's in summer, Moscow's all year."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo

OF_THE_WAR = timezone(timedelta(hours=3))


def on_clock(moment: datetime, clock: tzinfo = OF_THE_WAR) -> datetime:
    """Return a time by another clock, the time itself where the calendar ends."""
    try:
        return moment.astimezone(clock)
    except OverflowError:
        return moment

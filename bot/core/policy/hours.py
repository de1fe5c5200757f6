"""The hours of a chat: when it is quiet there, and when its next digest is due, by the clock that its readers go by.

A chat's clock is moved twice a year. A digest set for a time that does not exist that night comes as much later as the clock
was moved on, one for a time that comes twice comes the first time. In quiet hours it is the clock on the wall that counts.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.core.model import EVERY_DAY, Subscription, Timetable

HOUR = 60
DAY = timedelta(days=1)
WEEK = 7


def is_quiet(subscription: Subscription, at: datetime) -> bool:
    """Tell whether nothing makes a sound in the chat at that time. From an hour to the same one it is the whole day."""
    quiet = subscription.quiet
    if quiet is None:
        return False
    local = at.astimezone(zone_of(subscription))
    minute = local.hour * HOUR + local.minute
    if quiet.first < quiet.last:
        return quiet.first <= minute < quiet.last
    return minute >= quiet.first or minute < quiet.last


def next_digest(subscription: Subscription, after: datetime) -> datetime | None:
    """Return when the chat gets its first digest after a time, in UTC; None where each event comes at once."""
    timetable = subscription.digest
    if timetable is None:
        return None
    zone = zone_of(subscription)
    today = after.astimezone(zone).date()
    days = (today + DAY * ahead for ahead in range(-1, WEEK + 2))
    wanted = timetable.weekdays or EVERY_DAY
    times = (_moment(datetime.combine(day, time()), timetable, zone) for day in days if day.weekday() in wanted)
    return min(moment for moment in times if moment > after)


def zone_of(subscription: Subscription) -> ZoneInfo:
    """Return the time zone of a chat; one that is known no more counts as UTC."""
    try:
        return ZoneInfo(subscription.zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _moment(midnight: datetime, timetable: Timetable, zone: ZoneInfo) -> datetime:
    """Return the time on the wall as a time in UTC."""
    wall = midnight + timedelta(minutes=timetable.minute)
    return wall.replace(tzinfo=zone).astimezone(UTC)

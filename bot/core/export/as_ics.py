"""ICS (RFC 5545): events as days of a calendar. Exchanges where nobody asks for more: few calendars have room for strikes.

What is planned or unconfirmed is TENTATIVE and says so, what was withdrawn, merged or put off is CANCELLED. An event keeps
its UID whatever becomes of it, so that a calendar that is subscribed to changes along. A calendar has one component at least (3.6):
where there is no event, that is the time zone of what there would be.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Timezone, TimezoneStandard
from icalendar import Event as Day

from bot.core.export import ATTRIBUTION, LICENCE, LICENCE_URL, VERSION, Edition, Entry, Format, uid
from bot.core.export._fields import lines_of, moment, public
from bot.core.model import Event
from bot.core.render.markup import unmarked
from bot.core.render.phrases import Phrasebook
from bot.core.render.post import facts, headline, unique_origins

END = b"END:VCALENDAR\r\n"
HOURLY = timedelta(hours=1)
"""How often a calendar is to ask again."""


def _head(edition: Edition) -> str:
    calendar = Calendar()
    calendar.add("prodid", f"-//Vistka//Events {VERSION}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", "Vistka")
    calendar.add(
        "x-wr-caldesc",
        f"Events: {edition.count}, as of {moment(edition.updated) or '-'}. {ATTRIBUTION}. {LICENCE} {LICENCE_URL}",
    )
    calendar.add("refresh-interval", HOURLY, parameters={"value": "DURATION"})
    calendar.add_component(_utc())
    head: bytes = calendar.to_ical().removesuffix(END)
    return head.decode()


def _utc() -> Timezone:
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001  (a rule begins by the clock of the place: 3.6.5)
    standard.add("tzoffsetfrom", timedelta(0))
    standard.add("tzoffsetto", timedelta(0))
    standard.add("tzname", "UTC")
    zone = Timezone()
    zone.add("tzid", "Etc/UTC")
    zone.add_component(standard)
    return zone


def _row(entry: Entry, edition: Edition) -> str:
    event = entry.event
    if event.date is None:
        return ""
    day = Day()
    day.add("uid", uid(edition.bot, event.id))
    day.add("dtstamp", entry.changed.astimezone(UTC).replace(microsecond=0))
    day.add("last-modified", entry.changed.astimezone(UTC).replace(microsecond=0))
    day.add("sequence", event.revision)
    day.add("dtstart", event.date)
    day.add("status", _status(entry))
    day.add("transp", "TRANSPARENT")
    day.add("categories", [event.kind])
    day.add("summary", _summary(entry, edition.book))
    if entry.state == "told":
        day.add("description", _description(event, edition.book))
    if entry.link:
        day.add("url", entry.link)
    row: bytes = day.to_ical()
    return row.decode()


def _status(entry: Entry) -> str:
    event = entry.event
    if entry.state != "told" or event.status == "postponed":
        return "CANCELLED"
    return "CONFIRMED" if event.confirmed and event.status == "carried_out" else "TENTATIVE"


def _summary(entry: Entry, book: Phrasebook) -> str:
    event = entry.event
    if entry.state != "told":
        return f"Event {event.id}: {entry.state.replace('_', ' ')}"
    return unmarked(headline(event, book)) + ("" if event.confirmed else " (unconfirmed)")


def _description(event: Event, book: Phrasebook) -> str:
    """Return what is known in a few lines, then who says it."""
    sure = [] if event.confirmed else [book.say("unconfirmed")]
    denied = [book.say("disputed")] if event.disputed else []
    origins = unique_origins(event)
    named = f"{book.say('sources')}: {', '.join(origin.name for origin in origins)}"
    read = lines_of(public(origin.url) for origin in origins[:5])
    return "\n".join([*map(unmarked, facts(event, book)), *sure, *denied, named, read]).rstrip()


def _foot(_: Edition) -> str:
    return END.decode()


FORMAT: Format = Format("ics", "text/calendar", _head, _row, _foot, kinds=("swap",))

"""Strikes: drones, missiles and bombs on a region, or the launched and shot-down totals of one night.

An item becomes reports in four steps: its sentences become lines without idioms (`lines`), items about other things fall
silent (`silence`), each line turns into sightings of attacked regions with their figures and day (`sightings`, out of
`where`, `when`, `weapons` and `casualties`), and the sightings of one attacker, day and region are one report (`reports`).
"""

from __future__ import annotations

from bot.core.kinds import Kind, Slot
from bot.core.kinds.strike.join import around, compare, hangs, index, kin, lookup, weigh
from bot.core.kinds.strike.lines import lines_of, today_of
from bot.core.kinds.strike.reports import reports
from bot.core.kinds.strike.sightings import sightings
from bot.core.kinds.strike.silence import silent
from bot.core.model import Event, Origin, Report
from bot.core.text.document import Document
from bot.core.text.lexicon import Lexicon

SLOTS = (
    Slot("attacker", "text", identity=True),
    Slot("region", "text", identity=True),
    Slot("places", "set"),
    Slot("drones", "count", against="attacker"),
    Slot("missiles", "count", against="attacker"),
    Slot("drones_downed", "count", against="attacker"),
    Slot("missiles_downed", "count", against="attacker"),
    Slot("killed", "count", grows=True, against="attacker"),
    Slot("injured", "count", grows=True, against="attacker"),
    Slot("targets", "set"),
)


def read(document: Document, lexicon: Lexicon) -> tuple[Report, ...]:
    """Return what a document says about strikes, one report per attacker, day and region; none where it has no such news."""
    lines = lines_of(document, lexicon)
    if silent(lines):
        return ()
    today = today_of(document.item.published)
    return reports(sightings(lines, today), lines, Origin.of(document.item), today)


def measure(event: Event) -> int | None:
    """Return how many people were killed, as far as anybody says."""
    killed = event.facts.get("killed")
    return killed if isinstance(killed, int) else None


MASS = 10
"""Killed people from which on an event is told at night too."""

KIND: Kind = Kind("strike", SLOTS, read, index, lookup, around, compare, weigh, kin, hangs, measure, MASS)

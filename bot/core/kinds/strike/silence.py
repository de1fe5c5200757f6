"""What is no news of a strike, however many of its words it uses: whole items, and single lines of others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from bot.core.kinds.strike.lines import DAYS_AFTER, WEAPONS, Line
from bot.core.text.document import DateMention

BLOWS = ("attack", "explosion", "damage", "rubble", "reached")
LOSSES = ("killed", "injured", "unhurt", "none_killed", "none_injured")
STOPS = ("shot_down", "jammed")
SUBJECTS = ("sport", "drill", "trial", "anniversary", "accident", "front", "other_war", "labour")

STAMP = 5
"""Words of the longest line that is taken for a stamp."""

PERIOD = 3
"""From how many days on a span is a period and no night."""

LONG_AGO = timedelta(days=30)
"""How long a month or a year has been over whose blows are history."""

BUILDINGS = 3
"""So many buildings are not damaged by a fire or a gas leak."""

BESIDE = 5
"""How far behind the word for a blow its month may stand: "the strike on Dnipro in January 2023"."""

OPENING = 4
"""Lines at the head of an item that together tell of a blow: one names the weapon, another what it did."""


def silent(lines: Sequence[Line]) -> bool:
    """Return whether the item as a whole is about something else."""
    lead = [line for line in lines if line.lead]
    told = any(is_blow(line) and _is_placed(line) for line in lead if line.sentence.field == "title")
    beside = [line for line in lead if not (told and line.sentence.field == "summary" and line.has("front"))]
    other = any(line.has(*SUBJECTS) and not _strikes_here(line) for line in beside)
    other = other or any(line.has("supply") and not line.has(*BLOWS) for line in lead)
    return (
        other
        or _is_aside(lines)
        or _counts_up(lead, lines)
        or _is_abroad(lead)
        or not (any(map(is_blow, lines)) or _is_toll(lead, lines) or _is_told(lines))
    )


def tells(line: Line) -> bool:
    """Return whether a line may carry facts of a strike."""
    return line.worked_out(_tells)


def _refers(line: Line) -> bool:
    """Return whether a line counts on what the lines before spoke of: a toll, its day, or the regions of a list."""
    dates = line.has("happened") and bool(line.sentence.dates)
    return dates or bool(line.match("killed_to") or line.match("counted_now")) or len(line.match("tally")) > 1


def _tells(line: Line) -> bool:
    told = line.has(*BLOWS, *LOSSES, *STOPS, "launched", *WEAPONS) or _refers(line)
    return told and not (_counts_long(line) or _is_of_others(line))


def _counts_long(line: Line) -> bool:
    return (line.has("cumulative") and not line.has("record")) or _sums_up(line)


def _is_of_others(line: Line) -> bool:
    """Return whether the words of a line belong to what is no strike, or lead to one in another article."""
    if line.has("forecast", "front", "drill", "trial", "sport", "other_war", "accident", "labour"):
        return True
    if line.has("supply") and not line.has(*LOSSES, "damage", "explosion"):
        return True
    if _is_history(line):
        return True
    if line.match("estimate") and not line.has(*LOSSES, *STOPS, "damage"):
        return True
    explained = line.sentence.field == "title" and line.clause_has(0, "explainer")
    if explained or line.match("link") or (line.has("anniversary") and not line.has("launched")):
        return True
    return line.has("swap") and not line.has("attack", *WEAPONS)


def _sums_up(line: Line) -> bool:
    """Return whether a line sums up several days: "from 3 to 9 May", "since 24 February", "in October"."""
    days = line.sentence.dates
    spans = any((day.last_day - day.day).days >= PERIOD for day in days if day.precision == "day")
    return spans or any(_is_long_since(line, day) for day in days) or (bool(days) and _is_of_month(line))


def _is_long_since(line: Line, day: DateMention) -> bool:
    """Return whether a day that lies well before the item begins what the line counts."""
    opened = any(0 <= day.first - mark.last <= 1 for mark in line.spans("ever_since"))
    return opened and (line.today - day.day).days >= PERIOD


def _is_of_month(line: Line) -> bool:
    """Return whether a line of figures names months and no day: "5,000 drones were launched in September"."""
    months = [day for day in line.sentence.dates if day.precision != "day"]
    since = [
        day for day in months if any(0 <= day.first - mark.last <= 1 for mark in line.spans("since", "ever_since"))
    ]
    only = len(months) == len(line.sentence.dates) and not since
    return only and not line.has("record") and bool(line.counts()) and not _is_placed(line)


def _is_history(line: Line) -> bool:
    """Return whether a line tells of a blow in a month or a year that is over: "in January 2023 a strike on it killed 46"."""
    days = line.sentence.dates
    if not days or any(day.precision == "day" or line.today - day.last_day < LONG_AGO for day in days):
        return False
    return any(_dates_blow(line, day) for day in days)


def _dates_blow(line: Line, day: DateMention) -> bool:
    """Return whether a month or a year opens a line or stands right behind the word for a blow, and nothing is since then."""
    if any(0 <= day.first - mark.last <= 1 for mark in line.spans("since", "ever_since")):
        return False
    return day.first <= 1 or any(0 <= day.first - mark.last <= BESIDE for mark in line.spans("attack"))


def _is_placed(line: Line) -> bool:
    return any(place.region for place in line.sentence.places)


def _strikes_here(line: Line) -> bool:
    return line.has("ua_attacker", "ru_attacker") and line.has(*BLOWS)


def _is_abroad(lead: Sequence[Line]) -> bool:
    """Return whether the title is about another country and names no place in this war."""
    title = [line for line in lead if line.sentence.field == "title"]
    named = any(line.has("countrywide") or any(place.region for place in line.sentence.places) for line in title)
    return not named and any(line.has("abroad") for line in title)


def _is_toll(lead: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Return whether headline and summary count victims in a place and they or the text speak of an attack."""
    told = [line for line in lead if tells(line)]
    placed = any(place.region for line in (*told, *lines[:OPENING]) for place in line.sentence.places)
    struck = any(line.has("attack") for line in told) or any(_names_blow(line) for line in lines if tells(line))
    struck = struck or any(line.match(name) for line in lines for name in DAYS_AFTER)
    struck = struck or (_is_at_home(lines[:OPENING]) and _is_searched(lines)) or any(map(_is_late_death, told))
    people = any(line.has("killed", "injured") for line in told) and not any(line.has("swap") for line in lead)
    return placed and struck and people


def _names_blow(line: Line) -> bool:
    """Return whether a line has a noun for a blow from the air, and does not say that there was none."""
    return any(not line.clause_has(mark.first, "negation") for mark in line.spans("blow"))


def _is_at_home(told: Sequence[Line]) -> bool:
    """Return whether all places of some lines are Ukraine's, where buildings do not often fall by themselves."""
    regions = {place.region for line in told for place in line.sentence.places if place.region}
    return bool(regions) and all(region.startswith("UA") for region in regions)


def _is_searched(lines: Sequence[Line]) -> bool:
    """Return whether several buildings were damaged and people are searched for among them."""
    searched = any(line.has("rubble", "follow_up", "feared") for line in lines)
    damaged = (line for line in lines if line.has("damage", "rubble") and line.has("target_residential"))
    return searched and any(count.value >= BUILDINGS for line in damaged for count in line.counts())


def _is_late_death(line: Line) -> bool:
    """Return whether a civilian died of wounds, with a place of Ukraine's: "a second docker wounded in Odesa has died"."""
    return (
        line.has("died_later")
        and line.has("injured", "wounded_died")
        and not line.has("troops")
        and _is_at_home([line])
    )


def _is_aside(lines: Sequence[Line]) -> bool:
    """Return whether the first lines are about an anniversary or an accident, and the headline about no blow."""
    title = [line for line in lines if line.sentence.field == "title"]
    if any(map(is_blow, title)) or not any(line.has("anniversary", "accident") for line in lines[:OPENING]):
        return False
    return not any(is_blow(line) and line.has("ua_attacker", "ru_attacker") for line in lines)


def _counts_up(lead: Sequence[Line], lines: Sequence[Line]) -> bool:
    """Return whether the headline sums up weeks or years and no line dates a blow of these days."""
    title = [line for line in lead if line.sentence.field == "title"]
    summed = any(_is_of_months(line) or (line.has("cumulative") and not line.has("record")) for line in title)
    if not any(map(_is_placed, title)):
        summed = summed or any(line.has("cumulative") and _counts_weapons(line) for line in lines[:OPENING])
    return summed and not any(_is_fresh(line) for line in lines)


def _counts_weapons(line: Line) -> bool:
    counted = any(token.kind == "number" for token in line.sentence.tokens)
    return counted and line.has("drone", "missile", "bomb") and not line.has("record")


def _is_of_months(line: Line) -> bool:
    """Return whether a line names months and no day, and no month since which something is."""
    days = line.sentence.dates
    since = any(0 <= day.first - mark.last <= 1 for day in days for mark in line.spans("since", "ever_since"))
    months = bool(days) and all(day.precision in ("month", "year") for day in days)
    return months and not since and not _is_placed(line)


def _is_fresh(line: Line) -> bool:
    days = (day for day in line.sentence.dates if day.precision == "day")
    return is_blow(line) and any(0 <= (line.today - day.day).days <= PERIOD for day in days)


def _is_told(lines: Sequence[Line]) -> bool:
    """Return whether the first lines together tell of a blow from the air in a place, though none does by itself."""
    opening = [line for line in lines[:OPENING] if tells(line)]
    armed = any(line.has("drone", "missile", "bomb", "wreckage") for line in opening)
    placed = any(line.has("capital") or _is_placed(line) for line in opening)
    return armed and placed and any(line.has(*BLOWS, "killed", "injured") for line in opening)


def is_blow(line: Line) -> bool:
    """Return whether a line by itself speaks of a blow from the air."""
    if not tells(line):
        return False
    if line.has(*WEAPONS):
        return _is_armed_blow(line)
    sides = ("ua_attacker", "ru_attacker")
    struck = line.has("attack") and line.has("damage", *LOSSES, *sides)
    return struck or line.has("rubble") or (line.has(*sides) and line.has("killed", "injured"))


def _is_armed_blow(line: Line) -> bool:
    """Return whether a line names a weapon and, in another word, what it did: "shelling" alone is no news."""
    weapons = {mark.first for mark in line.spans(*WEAPONS)}
    done = {mark.first for mark in line.spans(*BLOWS, *LOSSES, *STOPS, "launched")}
    return bool(done - weapons) or len(weapons) > 1 < len(done | weapons)


def is_stamp(line: Line) -> bool:
    """Return whether a line of a few words does nothing but name the day of what follows: "Friday, towards evening."."""
    words = sum(token.kind == "word" for token in line.sentence.tokens)
    dated = any(day.precision == "day" for day in line.sentence.dates)
    return dated and words <= STAMP and not line.lead and not line.has("say", "background")


def names_place(line: Line) -> bool:
    """Return whether a line that tells nothing may still say where the next ones are."""
    return _is_placed(line) and not (line.has("swap", "forecast", *SUBJECTS) or line.clause_has(0, "explainer"))


def is_heading(line: Line) -> bool:
    """Return whether a line that tells nothing still names the place of what follows: "Zhytomyr region.", or a headline."""
    if line.has("swap", "forecast", *SUBJECTS) or line.clause_has(0, "explainer"):
        return False
    words = sum(token.kind == "word" for token in line.sentence.tokens)
    placed = sum(place.last - place.first for place in line.sentence.places if place.region)
    return placed > 0 and (line.lead or words <= placed + 1 or line.has("mourning"))

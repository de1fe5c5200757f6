"""The day that a line speaks of: the day of the strike, not the day somebody said so or will mourn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.kinds.strike.lines import DAYS_AFTER, EARLIER, Line
from bot.core.text.document import DateMention, Mark

OLD = timedelta(days=14)
OPENING_WORDS = 3
"""Up to which token a day opens its sentence and holds for all of it."""
FAR = 14
"""From how many tokens on a day is too far from the word for a blow to be its day."""
BEHIND = 4
"""How far behind the word for a blow its day may stand: "the strike on the port of Odesa on Monday"."""


@dataclass(frozen=True, slots=True)
class Told:
    """A day of a blow, the tokens from `first` to `last` (excluded) that give it, and the rule that read them."""

    day: date
    first: int
    last: int
    rule: str


def day_of(line: Line, today: date, *, background: bool = False) -> date | None:
    """Return the day nearest to the line's news, None where it names none or only days of other things.

    With `background`, the day of the earlier event that the line recalls, which is named after the words that say so.
    """
    told = told_day(line, today, background=background)
    return told.day if told else None


def told_day(line: Line, today: date, *, background: bool = False) -> Told | None:
    """Return the day of a line's news (`day_of`) with the words that give it."""
    if not (line.sentence.dates or line.has("past_day", "day_before")):
        return None
    key = told_day, today, background
    if key not in line.memo:
        line.memo[key] = _told(line, today, background=background)
    found: Told | None = line.memo[key]
    return found


def _told(line: Line, today: date, *, background: bool) -> Told | None:
    days = [
        day for day in line.sentence.dates if _is_of_strike(line, day, today) and background == line.recalls(day.first)
    ]
    if not days:
        return _implied(line, today, background=background)
    marks = line.spans("attack", "launched", "killed", "injured", "shot_down", "damage")
    nearest = min(days, key=lambda day: min((abs(day.first - mark.first) for mark in marks), default=0))
    if all(_is_far(line, nearest, mark) for mark in marks) and marks:
        return None
    late = line.clause_has(nearest.first, "midnight") and not nearest.night and nearest.day < today
    moved = nearest.day + timedelta(days=1 if late else -_days_after(line, nearest))
    return Told(moved, nearest.first, nearest.last, nearest.rule)


def _implied(line: Line, today: date, *, background: bool) -> Told | None:
    """Return the day of a line that names none of its own: "since the evening of 1 May", "in the past day", "the day before"."""
    evening = next((match.captures["day"] for match in line.match("since_evening")), None)
    if evening and isinstance(evening.value, DateMention) and not background:
        opened = min(evening.value.last_day + timedelta(days=1), today)
        return Told(opened, evening.first, evening.last, "since_evening")
    if line.has("day_before") and background == line.has("background"):
        mark = line.spans("day_before")[0]
        known = [day.day for day in line.sentence.dates if day.precision == "day" and day.day <= today]
        return Told(min(known, default=today) - timedelta(days=1), mark.first, mark.last, "day_before")
    past = line.spans("past_day")
    return Told(today, past[0].first, past[0].last, "past_day") if past and not background else None


def day_before_search(line: Line) -> date | None:
    """Return the day of a blow whose victims were searched for in the night that a line names: the day before that night."""
    if not line.has("rubble"):
        return None
    nights = [day for day in line.sentence.dates if day.night and _is_after(line, day)]
    return nights[0].day - timedelta(days=1) if nights else None


def _is_far(line: Line, day: DateMention, mark: Mark) -> bool:
    """Return whether a day stands so far from the word for a blow that it is the day of something else."""
    apart = day.first > OPENING_WORDS and abs(day.first - mark.first) > FAR
    return apart and line.phrase(day.first) != line.phrase(mark.first)


def _is_after(line: Line, day: DateMention) -> bool:
    """Return whether a day is that of a search or a death in hospital, with no word for the blow beside it."""
    after = line.clause_has(day.first, "rubble", "follow_up") and not _days_after(line, day)
    return after and not line.clause_has(day.first, "attack", "explosion", "drone", "missile", "bomb")


def _names_blow(line: Line, day: DateMention) -> bool:
    """Return whether a day stands with the blow itself, and not with the news of its victims: "the strike on Monday"."""
    near = [mark for mark in line.spans("attack") if mark.first - day.last <= 1 and day.first - mark.last <= BEHIND]
    tolls = [mark.first for mark in line.spans("toll")]
    return any(not any(mark.last <= toll < day.first for toll in tolls) for mark in near)


def _days_after(line: Line, day: DateMention) -> int:
    """Return how many days a named day lies behind the blow: "on Sunday, two days after the strike"."""
    if any(0 <= mark.first - day.last <= 1 for mark in line.spans(EARLIER)):
        return 0
    told = (days for name, days in DAYS_AFTER.items() for match in line.match(name) if match.first == day.first)
    return next(told, 0)


def _is_of_strike(line: Line, day: DateMention, today: date) -> bool:
    if day.precision != "day" or day.day > today or (day.day == today and line.clause_has(day.first, "mourning")):
        return False
    said = any(0 <= day.first - mark.last <= 1 or mark.first == day.last for mark in line.spans("say"))
    named = any(mark.first == day.last for mark in line.spans("attack"))
    since = not named and any(0 <= day.first - mark.last <= 1 for mark in line.spans("since"))
    counted = [match for name in ("killed_to", "injured_to") for match in line.match(name)]
    if not _names_blow(line, day) and any(match.first < day.first < match.last for match in counted):
        return False
    evening = any(match.captures["day"].first == day.first for match in line.match("since_evening"))
    once = any(mark.first <= day.last + 1 and day.first < mark.last for mark in line.spans("outdated"))
    later = line.clause_has(day.first, "put_out") and not line.clause_has(day.first, "attack")
    back = any(mark.first < day.last and day.first < mark.last for mark in line.spans("same_night", "part"))
    return not (said or since or once or back or evening or later or _is_after(line, day))

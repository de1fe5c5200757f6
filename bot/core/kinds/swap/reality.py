"""How real an exchange is in a clause: carried out, planned, put off, or only wished for.

Only a verb of exchange, a figure or a day says that something happened; the noun alone ("the exchange") names it. Words
of hope count for nothing unless the clause goes on to tell what was done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from bot.core.kinds.swap.clauses import BREAKS, Clause
from bot.core.kinds.swap.count import Count
from bot.core.kinds.swap.sides import DIRECTIONS
from bot.core.kinds.swap.topic import MOVES
from bot.core.model import Status
from bot.core.text.document import DateMention

SUBJECTS = ("prisoner", "captivity", "exchange", "home", "defender", "ukrainian", "russian", "body", *DIRECTIONS)
"""Without one of these before the words of hope nothing is told there of an exchange."""

QUOTES = frozenset({"«", "»", "“", "”", "„", '"'})
WEEK = timedelta(days=7)

DONE = ("swapped", "done", "home", "repatriation", *MOVES)
"""Words for what happened, and not only for an exchange."""


def status_of(clause: Clause, figures: tuple[Count, ...], published: date) -> Status | None:
    """Return what the clause says of its exchange; None when it only wishes, offers or looks on."""
    off = clause.has("postponed", "not_started") and not (clause.has("overcome") or _only_feared(clause))
    if off and not _not_so(clause, figures, published):
        return "postponed"
    ahead = clause.day is not None and (clause.day.day > published or _denies_plan(clause, clause.day, published))
    if (ahead and clause.has("awaited")) or _agreed(clause, figures):
        return "announced"
    if _wishes(clause) and not clause.has("same_number") and not _done_elsewhere(clause, "wish"):
        return None
    planned = clause.has("planned") and not _done_elsewhere(clause, "planned", "wish")
    return "announced" if ahead or planned else "carried_out"


def _only_feared(clause: Clause) -> bool:
    """Return whether only somebody's words tell of a failure, and the rest that it was held: "«They will cancel it»: how it went"."""
    quotes = [at for at in range(clause.first, clause.last) if clause.sentence.tokens[at].text in QUOTES]
    marks = clause.marks("postponed", "not_started")
    inside = len(quotes) > 1 and all(quotes[0] < mark.first < quotes[-1] for mark in marks)
    return inside and any(mark.first > quotes[-1] for mark in clause.marks("done", *MOVES))


def _denies_plan(clause: Clause, day: DateMention, published: date) -> bool:
    """Return whether a side denies an exchange that a weekday is named for which is nearer ahead than behind."""
    if (
        not clause.has("disputed", "not_agreed")
        or day.rule != "weekday"
        or any(_verbs(clause, "swapped", "home", *MOVES))
    ):
        return False
    return day.day < published and day.day + WEEK - published < published - day.day


def _agreed(clause: Clause, figures: tuple[Count, ...]) -> bool:
    """Return whether a clause tells only what was agreed, or what was due."""
    even = any(figure.rule.startswith("n_for_n") for figure in figures)
    if even and clause.has("deal") and not clause.has("exchange", "done", *MOVES):
        return True
    return _was_due(clause) or (clause.has("agreed") and clause.has("exchange") and not any(_verbs(clause, *DONE)))


def _was_due(clause: Clause) -> bool:
    """Return whether a clause tells what was to happen, and not that it did."""
    if clause.day is None or not clause.has("due"):
        return False
    aside = clause.marks("due", "leg")
    done = clause.marks("done", "home", *MOVES)
    return all(any(other.first <= mark.first < other.last for other in aside) for mark in done)


def _wishes(clause: Clause) -> bool:
    """Return whether a clause asks, hopes or offers, and not only in the name of an office, a project or a month."""
    names = [(name.first, name.last) for name in clause.marks("not_prisoner", "project")]
    names += [(day.first, day.last) for day in clause.sentence.dates]
    hopes = any(not any(first <= mark.first < last for first, last in names) for mark in clause.marks("wish"))
    return hopes or clause.sentence.tokens[-1].text == "?"


def _not_so(clause: Clause, figures: tuple[Count, ...], published: date) -> bool:
    """Return whether the news of a failure is called untrue: "a lie: 74 are home", "denied: it will be tomorrow"."""
    if not clause.has("disputed"):
        return False
    back = bool(figures) and _apart(clause, "postponed", "home", "comes", "freed", "returns")
    ahead = clause.day is not None and clause.day.day > published
    return back or (ahead and _apart(clause, "postponed", "planned"))


def _apart(clause: Clause, concept: str, *others: str) -> bool:
    """Return whether a stretch with one of the other concepts stands apart from those with the first."""
    stretches = {clause.segment(mark.first) for mark in clause.marks(concept)}
    return any(clause.segment(mark.first) not in stretches for mark in clause.marks(*others))


def _done_elsewhere(clause: Clause, *concepts: str) -> bool:
    """Return whether a part of the clause that no word of hope or of plans governs tells of what was done.

    Such words govern their own part and all that follows, unless theirs is only a remark ("who need care", "after talks
    on a swap").
    """
    words = [mark.first for mark in clause.marks(*concepts)]
    parts = [(part, any(part[0] <= word < part[1] for word in words)) for part in _parts(clause)]
    day = clause.day.first if clause.day else clause.first - 1
    if any(hopeful and part[0] <= day < part[1] for part, hopeful in parts):
        return False
    free = list(_ungoverned(clause, parts))
    named = any(part[0] <= mark.first < part[1] for part in free for mark in clause.marks(*SUBJECTS))
    return named and any(_tells_done(clause, part, day) for part in free)


def _parts(clause: Clause) -> list[tuple[int, int]]:
    """Return the stretches of a clause, cut also where "and" or "who" joins one to another."""
    tokens = clause.sentence.tokens
    breaks = {at + 1 for at in range(clause.first, clause.last) if tokens[at].text in BREAKS}
    starts = sorted({clause.first, *breaks, *(mark.first for mark in clause.marks("joint"))})
    return [(first, last) for first, last in pairwise((*starts, clause.last)) if first < last]


def _ungoverned(clause: Clause, parts: Sequence[tuple[tuple[int, int], bool]]) -> Iterator[tuple[int, int]]:
    remarks = {mark.first for mark in clause.marks("remark")}
    for part, hopeful in parts:
        if not hopeful:
            yield part
        elif part[0] not in remarks:
            return


def _verbs(clause: Clause, *concepts: str) -> Iterator[int]:
    """Yield where the words of these concepts stand that are no nouns such as "the release of"."""
    nouns = [(noun.first, noun.last) for noun in clause.marks("nominal")]
    starts = (mark.first for mark in clause.marks(*concepts))
    return (at for at in starts if not any(first <= at < last for first, last in nouns))


def _tells_done(clause: Clause, part: tuple[int, int], day: int) -> bool:
    """Return whether a part has a verb for people changing hands, or says that the exchange took place."""
    if any(part[0] <= at < part[1] for at in _verbs(clause, *MOVES, "swapped", "repatriation", "home")):
        return True
    held = any(part[0] <= mark.first < part[1] for mark in clause.marks("done"))
    return held and part[0] <= day < part[1]


def asserted(clause: Clause, figures: tuple[Count, ...]) -> bool:
    """Return whether a clause says that something happened, and does not only name an exchange."""
    return bool(figures) or clause.day is not None or clause.has(*DONE)


def unsaid(clause: Clause, figures: tuple[Count, ...]) -> bool:
    """Return whether a clause only says what is not known: "no date was given for the exchange"."""
    stretches = [clause.segment(mark.first) for mark in clause.marks("negation")]
    events = clause.marks("exchange", *MOVES)
    beside = any(first <= event.first < last for first, last in stretches for event in events)
    return beside and not figures and clause.day is None and not clause.has("postponed", "not_started")

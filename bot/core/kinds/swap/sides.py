"""To which side the people or bodies of a figure went.

In this order: the nationality beside the figure ("205 Russian soldiers"), the country behind it («106 военных Украины»),
whose own they are ("27 of its soldiers"), residents of the Russian region that Ukraine's army was in, the direction
named in the same stretch ("from Russian captivity", «Киеву переданы»), the subject of the verb ("Russia got" is to
Russia, "Russia gave" to Ukraine), the people named before a colon, a direction elsewhere in the clause.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from bot.core.kinds.swap.clauses import Clause
from bot.core.text.document import Mark

Party: TypeAlias = Literal["ukraine", "russia"]
OTHER: dict[Party, Party] = {"ukraine": "russia", "russia": "ukraine"}
DIRECTIONS: dict[str, Party] = {
    "to_ukraine": "ukraine",
    "from_russia": "ukraine",
    "to_russia": "russia",
    "from_ukraine": "russia",
}
VERBS = ("gives", "gets", "returns", "comes", "freed", "trade", "exchange")
BEFORE, BEHIND = 2, 3
"""How many tokens before a figure and behind its noun a nationality may stand."""


def side_of(clause: Clause, first: int, last: int, end: int) -> tuple[Party | None, str]:
    """Return the side, and the rule that found it, for a figure at tokens `first` to `last` whose noun ends at `end`."""
    near, far = _directions(clause, first)
    if plain_captivity(clause, [*near, *far]):
        near = far = []
    rules: tuple[tuple[str, Callable[[], Party | None]], ...] = (
        ("nationality", lambda: _nationality(clause, first, last, end)),
        ("citizens", lambda: _citizenship(clause, last, end)),
        ("own", lambda: _owner(clause, first, end)),
        ("kursk", lambda: "russia" if _from_kursk(clause, last, end) else None),
        ("direction", lambda: _nearest(near, first)),
        ("subject", lambda: _subject(clause, first)),
        ("people", lambda: _people_before(clause, first)),
        ("elsewhere", lambda: _nearest(far, first)),
    )
    found = ((party, name) for name, rule in rules if (party := rule()))
    return next(found, (None, "unsided"))


def _from_kursk(clause: Clause, last: int, end: int) -> bool:
    """Return whether a figure counts residents or civilians of the Russian region that Ukraine's army was in."""
    residents = any(last <= mark.first < end + BEHIND for mark in clause.marks("resident"))
    civilians = any(last <= mark.first < end for mark in clause.marks("civilian"))
    near = any(last <= mark.first < end + BEHIND for mark in clause.marks("kursk"))
    return (residents and clause.has("kursk")) or (civilians and near)


def _nationality(clause: Clause, first: int, last: int, end: int) -> Party | None:
    stop = next((number.first for number in clause.numbers() if number.first >= last), clause.last)
    begin, border = clause.segment(first)
    near = [
        mark
        for mark in clause.marks("ukrainian", "russian", "defender")
        if max(begin, first - BEFORE) <= mark.first < min(stop, border, end + BEHIND)
        and _counts_people(clause, mark, counted=mark.first == last)
        and not of_institution(clause, mark)
    ]
    if not near:
        return None
    nearest = min(near, key=lambda mark: abs(mark.first - last) + (mark.first < first))
    return "russia" if nearest.concept == "russian" else "ukraine"


def _citizenship(clause: Clause, last: int, end: int) -> Party | None:
    """Return the side whose name stands right behind the people: «106 военных Украины»."""
    marks = [
        mark for mark in clause.marks("ukraine", "russia") if mark.first == end > last and _is_genitive(clause, mark)
    ]
    ways = clause.marks(*DIRECTIONS)
    if not marks or any(_holds(way, mark) for mark in marks for way in ways):
        return None
    return "russia" if marks[0].concept == "russia" else "ukraine"


def _is_genitive(clause: Clause, mark: Mark) -> bool:
    """Return whether a country's name is inflected or an abbreviation, and so no subject of what follows."""
    token = clause.sentence.tokens[mark.first]
    persons = any(person.first == mark.first for person in clause.marks("people"))
    return not persons and (token.fold not in token.lemmas or token.text.isupper())


def of_both(clause: Clause, first: int, end: int) -> bool:
    """Return whether a figure counts people of both sides together: "386 Russian and Ukrainian prisoners"."""
    named = {mark.concept for mark in clause.marks("ukrainian", "russian") if first <= mark.first < end}
    return len(named) > 1


def _people_before(clause: Clause, first: int) -> Party | None:
    """Return the side whose people alone the clause has named before: "Russian soldiers are back: 84 landed"."""
    colon = max((at for at in range(clause.first, first) if clause.sentence.tokens[at].text == ":"), default=0)
    persons = clause.marks("people", "prisoner")
    sides = clause.marks("ukrainian", "russian")
    marks = [mark for mark in sides if mark.last <= colon and _counts_people(clause, mark)]
    named = {mark.concept for mark in marks if any(mark.first <= p.first <= mark.last for p in persons)}
    if len(named) != 1:
        return None
    return "russia" if named == {"russian"} else "ukraine"


def _counts_people(clause: Clause, mark: Mark, *, counted: bool = False) -> bool:
    """Return whether a nationality is that of people, not of captivity, and not the subject of a verb unless counted."""
    directions = clause.marks(*DIRECTIONS, "captivity")
    within = any(other.first <= mark.last <= other.last or other.last == mark.first for other in directions)
    acts = any(verb.first == mark.last for verb in clause.marks("gives", "gets"))
    return not within and (counted or not (acts and mark.concept != "defender"))


def of_institution(clause: Clause, mark: Mark) -> bool:
    """Return whether a nationality is that of a court or a prison and not of people."""
    if mark.concept not in ("ukrainian", "russian"):
        return False
    return any(other.first == mark.last for other in clause.marks("institution"))


def _owner(clause: Clause, first: int, end: int) -> Party | None:
    """Return the side that counts its own people, or that is named right before the figure: "and Russia 150"."""
    receivers = clause.marks(*DIRECTIONS)
    sides = [mark for mark in clause.marks("ukraine", "russia") if mark.last <= first]
    actors = [mark for mark in sides if not any(_holds(receiver, mark) for receiver in receivers)]
    own = any(first - BEFORE < mark.last <= end + 1 for mark in clause.marks("own"))
    if not actors or not (own or actors[-1].last == first):
        return None
    return "russia" if actors[-1].concept == "russia" else "ukraine"


def _directions(clause: Clause, at: int) -> tuple[list[Mark], list[Mark]]:
    """Return the directions in the stretch around a token, and all of the clause."""
    marks = clause.marks(*DIRECTIONS)
    begin, end = clause.segment(at)
    verbs = [verb for verb in clause.marks("gets", "gives", "returns") if begin <= verb.first < end]
    whole = [
        mark
        for mark in marks
        if not any(_covers(other, mark) for other in marks) and not _of_other_verb(mark, verbs, at)
    ]
    first, last = clause.segment(at)
    return [mark for mark in whole if first <= mark.first < last], whole


def _of_other_verb(direction: Mark, verbs: Sequence[Mark], at: int) -> bool:
    """Return whether a verb parts a direction from a figure, and both have one: "gave Ukraine 502 and received 48"."""
    before = any(verb.last <= min(direction.first, at) for verb in verbs)
    first, last = sorted((direction.first, at))
    return before and any(first < verb.first and verb.last <= last for verb in verbs)


def _covers(longer: Mark, mark: Mark) -> bool:
    return (
        longer.first <= mark.first and mark.last <= longer.last and longer.last - longer.first > mark.last - mark.first
    )


def plain_captivity(clause: Clause, ways: Sequence[Mark]) -> bool:
    """Return whether a Russian voice tells of people back "from captivity" and does not say from whose."""
    if not ways or not clause.has("russian_voice"):
        return False
    captivity = {mark.first for mark in clause.marks("captivity")}
    named = {mark.first for mark in clause.marks("ukrainian", "russian", "ukraine")}
    return all(
        any(at in captivity for at in range(way.first, way.last))
        and not any(at in named for at in range(way.first, way.last))
        for way in ways
    )


def _holds(direction: Mark, mark: Mark) -> bool:
    return direction.first <= mark.first and mark.last <= direction.last


def _nearest(marks: Sequence[Mark], at: int) -> Party | None:
    return DIRECTIONS[min(marks, key=lambda mark: abs(mark.first - at)).concept] if marks else None


def _subject(clause: Clause, at: int) -> Party | None:
    """Return the side that receives by who does what."""
    if clause.has("postponed") and not clause.has("overcome"):
        return _awaited(clause)
    marks = clause.marks(*VERBS)
    whole = [mark for mark in marks if not any(_covers(other, mark) for other in marks)]
    verbs = [mark for mark in whole if mark.first < at] or whole
    if not verbs:
        return None
    verb = min(verbs, key=lambda mark: (abs(mark.first - at), mark.concept))
    if any(clause.sentence.tokens[i].text == ":" for i in range(verb.last, at)):
        return None
    concepts = {mark.concept for mark in verbs if mark.first == verb.first}
    actor = None if concepts & {"trade", "exchange"} else _actor(clause, verb)
    return _receiver(actor, concepts, bodies=clause.has("body")) if actor else None


def _awaited(clause: Clause) -> Party | None:
    """Return to whom those should have gone whom one side "failed to bring" or "refused to take"."""
    verb = next(iter(clause.marks("withheld", "unclaimed")), None)
    actor = _actor(clause, verb) if verb else None
    return OTHER[actor] if verb and actor and verb.concept == "withheld" else actor


def _receiver(actor: Party, verbs: set[str], *, bodies: bool) -> Party | None:
    if "gets" in verbs:
        return actor
    if "gives" in verbs:
        return OTHER[actor]
    if "returns" in verbs:
        return "ukraine" if bodies else actor
    return "ukraine" if "freed" in verbs else None


def _actor(clause: Clause, verb: Mark) -> Party | None:
    """Return the side that stands before a verb and is not the receiver of an earlier one."""
    gives = clause.marks("gives")
    directed = clause.marks(*DIRECTIONS)
    actors = [
        mark
        for mark in clause.marks("ukraine", "russia")
        if mark.last <= verb.first
        and not any(0 <= mark.first - give.last <= 1 for give in gives)
        and not any(_holds(direction, mark) for direction in directed)
        and not _only_says(clause, mark, verb)
    ]
    if not actors or _both(actors):
        return None
    return "russia" if actors[-1].concept == "russia" else "ukraine"


def _only_says(clause: Clause, actor: Mark, verb: Mark) -> bool:
    """Return whether a side stands in an insertion that says who speaks: "..., said the headquarters in Kyiv, ..."."""
    first, last = clause.segment(actor.first)
    says = any(first <= mark.first < last for mark in clause.marks("say"))
    return says and clause.first < first and last <= verb.first


def _both(actors: Sequence[Mark]) -> bool:
    return len(actors) > 1 and actors[-1].concept != actors[-2].concept and actors[-1].first - actors[-2].last <= 1

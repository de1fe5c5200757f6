"""How many people a line says were killed and injured.

Numbers and casualty words are paired by nearness, the closest pair first, each used once; numbers that count other
things, parts of a total ("nine of them children") and people who are feared dead stay out. People without a number
("a woman died") and nobody at all ("no casualties") are patterns and concepts of the lexicon.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core.kinds.strike.figures import Figure, distance, next_mark
from bot.core.kinds.strike.lines import Line
from bot.core.text.document import Mark, Number
from bot.core.text.lexicon import Match

ASIDES = frozenset({",", "—", "–", "("})
NEAR, FAR = 5, 14
COUNTED = {
    "killed_one": ("killed", 1),
    "killed_two": ("killed", 2),
    "killed_three": ("killed", 3),
    "killed_pair": ("killed", 2),
    "killed_kin": ("killed", 1),
    "injured_one": ("injured", 1),
    "injured_kin": ("injured", 1),
    "injured_two": ("injured", 2),
    "injured_three": ("injured", 3),
    "injured_pair": ("injured", 2),
}
LONE = {"killed_lone": "killed", "injured_lone": "injured"}
ASIDE = 6
"""Tokens of the longest insertion between a figure and its word: "five people, *officials said*, were hurt"."""
BESIDE = 3
"""How near behind a verb in the singular a family may stand, which is nobody's number."""
CROWD = 4
"""How near a number may stand to a verb in the singular that is its own: "21 человек погиб"."""
TOLLS = {"killed_to": "killed", "injured_to": "injured"}
WITH_ONE = {"one_and_killed": "killed", "one_and_injured": "injured"}
TOLD = ("killed_to", "injured_to", "killed_and_injured", *WITH_ONE)
NOBODY = {"unhurt": ("killed", "injured"), "none_killed": ("killed",), "none_injured": ("injured",)}


def casualties(line: Line, before: Figure | None = None) -> tuple[Figure, ...]:
    """Return the figures of a line for `killed` and `injured`, zeros included; `before` is the last one told until then."""
    told = [*_tolls(line), *_named_pairs(line), *_with_one(line)]
    uncounted = [figure for figure in _uncounted(line) if not any(_overlap(figure, other) for other in told)]
    paired = list(_paired(line, (*told, *uncounted)))
    found = [*told, *paired, *uncounted]
    found += [figure for figure in _lone(line) if figure.slot not in {each.slot for each in found}]
    found.extend(_referred(line, found[-1] if found else before, found))
    found = [replace(figure, whole=True) if _is_whole(figure, found) else figure for figure in found]
    return (*found, *(figure for figure in _nobody(line) if figure.slot not in {each.slot for each in found}))


def _is_whole(figure: Figure, found: Sequence[Figure]) -> bool:
    """Return whether a figure is the sum of those behind it: "*two* residents: one in A, one more in B"."""
    behind = [other.value for other in found if other.slot == figure.slot and other.first > figure.first]
    return len(behind) > 1 and sum(behind) == figure.value


def _lone(line: Line) -> Iterator[Figure]:
    """Yield one person where the verb stands in the singular and no number is near: «погибла преподавательница»."""
    if line.has("nobody", *NOBODY):
        return
    for pattern, slot in LONE.items():
        free = [match for match in line.match(pattern) if _is_alone(line, match)]
        if free and line.spans(slot) and not (slot == "injured" and line.match("killed_lone")):
            yield Figure(slot, 1, free[0].first, free[0].last, free[0].rule)


def _is_alone(line: Line, match: Match) -> bool:
    """Return whether a verb in the singular is neither that of a number nor of a family, nor of earlier news."""
    near = range(match.first - CROWD, match.last + CROWD)
    counts = (number for number in line.sentence.numbers if number.first in near)
    counted = any(not line.is_age(number.first) and not _is_years(line, number) for number in counts)
    beside = range(match.last, match.last + BESIDE)
    family = any(mark.first in beside for mark in line.spans("family"))
    return not (counted or family or line.clause_has(match.first, "background", "feared"))


def _is_years(line: Line, number: Number) -> bool:
    """Return whether a number in a word is an age: "72-річна"."""
    return "-" in line.sentence.tokens[number.first].text


def _referred(line: Line, before: Figure | None, found: Sequence[Figure]) -> Iterator[Figure]:
    """Yield the figures that need the one told before: "they now number *30*", "*as many* were hurt"."""
    if before is None or found:
        before = before if before and line.match("as_many") else None
    if before is None:
        return
    for match in line.match("counted_now"):
        number = match.captures["n"].value
        other = [mark for mark in line.spans("thing", "drone", "missile", "bomb") if mark.first <= match.last + 2]
        if isinstance(number, Number) and not other and (line.sentence.places or number.value >= before.value):
            yield Figure(before.slot, number.value, match.first, match.last, match.rule)
    for match in line.match("as_many"):
        who = match.captures["who"]
        slot = next(mark.concept for mark in line.spans("killed", "injured") if mark.first == who.first)
        if slot != before.slot or line.sentence.places:
            yield Figure(slot, before.value, match.first, match.last, match.rule)


def _tolls(line: Line) -> Iterator[Figure]:
    for pattern, slot in TOLLS.items():
        for match in line.match(pattern):
            value = match.number("n")
            number = match.captures["n"].value
            before = any(mark.first == match.captures["n"].last for mark in line.spans("time_apart"))
            if value is not None and (before or not _is_aside(line, number)):
                yield Figure(slot, value, match.first, match.last, match.rule)


def _with_one(line: Line) -> Iterator[Figure]:
    """Yield one person and a number of others: "killing a doctor *and two patients*"."""
    for pattern, slot in WITH_ONE.items():
        for match in line.match(pattern):
            value = match.number("n")
            other = "injured" if slot == "killed" else "killed"
            taken = any(0 <= mark.first - match.last < BESIDE for mark in line.spans(other))
            if value is not None and not taken and not _is_aside(line, match.captures["n"].value):
                yield Figure(slot, value + 1, match.first, match.last, match.rule)


def _is_aside(line: Line, number: object) -> bool:
    return isinstance(number, Number) and (_other_thing(line, number) or _part_of_total(line, number))


def _named_pairs(line: Line) -> Iterator[Figure]:
    for match in line.match("killed_and_injured"):
        for slot in ("killed", "injured"):
            value = match.number(slot)
            if value is not None:
                yield Figure(slot, value, match.first, match.last, match.rule)


def _paired(line: Line, known: Sequence[Figure]) -> Iterator[Figure]:
    used = {figure.last for figure in known if figure.rule.startswith(TOLD)}
    numbers = [number for number in line.counts() if number.last not in used and _of_people(line, number)]
    marks = [mark for mark in line.spans("killed", "injured") if not any(_holds(figure, mark) for figure in known)]
    pairs = sorted(
        (_cost(line, number, mark), number.first, mark.first, i, j)
        for i, number in enumerate(numbers)
        for j, mark in enumerate(marks)
    )
    used_numbers: set[int] = set()
    used_marks: set[int] = set()
    for cost, _, _, i, j in pairs:
        if cost <= _reach(line, numbers[i]) and i not in used_numbers and j not in used_marks:
            used_numbers.add(i)
            used_marks.add(j)
            yield _figure(line, numbers[i], marks[j])
    if used_marks:
        yield from _elliptic(line, [number for i, number in enumerate(numbers) if i not in used_numbers], marks)


def _elliptic(line: Line, numbers: Sequence[Number], marks: Sequence[Mark]) -> Iterator[Figure]:
    """Yield "four were killed in A and *three more* in B": a number with a place of its own and no word of its own."""
    for number in numbers:
        here = line.clause(number.first)
        placed = any(line.clause(place.first) == here and place.region for place in line.sentence.places)
        before = [mark for mark in marks if mark.last <= number.first]
        if (
            placed
            and before
            and line.clause(before[-1].first) != here
            and not line.clause_has(number.first, "killed", "injured")
        ):
            yield replace(_figure(line, number, before[-1]), first=number.first, last=number.last)


def _figure(line: Line, number: Number, mark: Mark) -> Figure:
    first, last = min(number.first, mark.first), max(number.last, mark.last)
    weak = any(line.phrase(said.first) == line.phrase(number.first) for said in line.spans("outdated"))
    weak = weak or (line.has("claim") and next_mark(line, number, NEAR, "troops") is not None)
    return Figure(mark.concept, number.value, first, last, f"casualties.{mark.concept}", weak)


def _cost(line: Line, number: Number, mark: Mark) -> int:
    first, last = sorted((number.first, mark.first))
    signs = line.phrase(last) - line.phrase(first)
    joints = line.clause(last) - line.clause(first) - signs
    inserted = _inserted(line, first, last)
    inserts = len({line.phrase(at) for at in inserted})
    return distance(number, mark) - len(inserted) + 3 * (signs - 2 * inserts) + 2 * joints


def _inserted(line: Line, first: int, last: int) -> list[int]:
    """Return the tokens between two that only break a total down or say whose word it is.

    "four people, *including a child*, were killed", "five people, *officials said*, were hurt"
    """
    parts = {line.phrase(part.first) for part in line.spans("part")}
    between = range(line.phrase(first) + 1, line.phrase(last))
    asides = {phrase for phrase in between if phrase in parts or _is_aside_phrase(line, phrase)}
    return [at for at in range(first, last) if line.phrase(at) in asides]


def _is_aside_phrase(line: Line, phrase: int) -> bool:
    tokens = [at for at, number in enumerate(line.phrases) if number == phrase]
    if len(tokens) > ASIDE or line.sentence.tokens[tokens[0]].text not in ASIDES:
        return False
    told = line.spans("killed", "injured", "attack", "damage", "explosion", "people", "drone", "missile")
    starts = {mark.first for mark in told} | {number.first for number in line.sentence.numbers}
    starts |= {place.first for place in line.sentence.places}
    return starts.isdisjoint(tokens)


def _reach(line: Line, number: Number) -> int:
    return FAR if line.has("toll") or next_mark(line, number, 4, "people") else NEAR


def _of_people(line: Line, number: Number) -> bool:
    return not (
        any(match.captures["n"].first == number.first for match in line.match("aged"))
        or _other_thing(line, number)
        or any(mark.first == number.last for mark in line.spans("shot_down", "jammed"))
        or _part_of_total(line, number)
        or line.clause_has(number.first, "feared", "background")
    )


def _other_thing(line: Line, number: object) -> bool:
    if not isinstance(number, Number):
        return False
    noun = next_mark(line, number, 3, "thing", "drone", "missile", "bomb", "any_weapon", "people", "killed", "injured")
    return noun is not None and noun.concept not in ("people", "killed", "injured")


def _part_of_total(line: Line, number: Number) -> bool:
    here = line.clause(number.first)
    parts_anywhere = line.spans("part")
    parts = [mark for mark in parts_anywhere if line.clause(mark.first) == here]
    fates = {mark.first for mark in line.spans("killed", "injured")}
    if any(mark.last <= number.first or (mark.first == number.last and mark.last not in fates) for mark in parts):
        return True
    return _of_list(line, number) in {mark.last for mark in parts_anywhere}


def _of_list(line: Line, number: Number) -> int:
    """Return where the list of figures begins that ends in a number: "aged *8*, 12 and 17"."""
    joints = {mark.first for mark in line.spans("joint")}
    at = number.first
    while at > 0 and (
        at - 1 in joints or line.sentence.tokens[at - 1].text == "," or line.sentence.tokens[at - 1].kind == "number"
    ):
        at -= 1
    return at


def _uncounted(line: Line) -> Iterator[Figure]:
    ages = {at for at in range(len(line.clauses)) if line.is_age(at)}
    counts = [number for number in line.sentence.numbers if number.first not in ages and not number.ordinal]
    numbered = {at for number in counts for at in range(number.first, _counted_to(line, number))}
    fatal = line.has("fatal")
    for pattern, (slot, value) in COUNTED.items():
        for match in () if fatal and slot == "injured" else line.match(pattern):
            aged = not ages.isdisjoint(range(match.first, match.last))
            broken = line.phrase(match.first) != line.phrase(match.last - 1) and not aged
            counted = broken or (value == 1 and not numbered.isdisjoint(range(match.first, match.last)))
            held = line.clause_has(match.first, "background", "feared") or _is_part(line, match)
            if not counted and not held:
                yield Figure(slot, value, match.first, match.last, match.rule)


def _counted_to(line: Line, number: Number) -> int:
    """Return where the words that a number counts end: "three *members of a civilian* crew"."""
    noun = next_mark(line, number, 4, "people")
    last = noun.last if noun else number.last
    people = {mark.first: mark.last for mark in line.spans("people")}
    while last in people:
        last = people[last]
    apart = last == len(line.phrases) or line.phrase(last) != line.phrase(number.first)
    apart = apart or any(mark.first == last for mark in line.spans("joint"))
    return number.last + 2 if apart else last + 2


def _is_part(line: Line, match: Match) -> bool:
    """Return whether a person is one of a total; an age within the words is none: "a policeman *aged 24* was killed"."""
    here = line.clause(match.first)
    return any(
        line.clause(mark.first) == here and not match.first < mark.first < match.last for mark in line.spans("part")
    )


def _overlap(figure: Figure, other: Figure) -> bool:
    return figure.slot == other.slot and figure.first < other.last and other.first < figure.last


def _holds(figure: Figure, mark: Mark) -> bool:
    return figure.slot == mark.concept and figure.first <= mark.first and mark.last <= figure.last


def _nobody(line: Line) -> Iterator[Figure]:
    denied = {mark.last for mark in line.spans("negation")}
    for concept, slots in NOBODY.items():
        for mark in [each for each in line.spans(concept) if each.first not in denied][:1]:
            yield from (Figure(slot, 0, mark.first, mark.last, f"casualties.{concept}") for slot in slots)

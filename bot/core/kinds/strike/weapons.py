"""How many drones and missiles were launched and how many of them stopped, as a line tells it.

A number gets its weapon from the noun behind it, or from the last weapon named; it is launched or stopped by the verb of
its clause, or of the clause before. Shot down, jammed and lost from radar are summed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.core.kinds.strike.figures import Figure, distance, next_mark, total
from bot.core.kinds.strike.lines import Line
from bot.core.text.document import Mark, Number
from bot.core.text.lexicon import Match

WEAPONS = ("drone", "missile", "bomb", "any_weapon")
OTHER = ("thing", "people", "killed", "injured")
SLOTS = {
    ("drone", "launched"): "drones",
    ("missile", "launched"): "missiles",
    ("drone", "stopped"): "drones_downed",
    ("missile", "stopped"): "missiles_downed",
}
LISTED = ("tally", "share", "each")
"""Rules of the figures of a list of regions, which by themselves make no event of a region."""
VERB_NEAR = 3
"""How far a bare number may stand from the verb that says it was shot down."""
LONE_REACH = 3
"""How far behind "one" its noun may stand: "one more attempt to hit it with drones" counts attempts."""
SWARM = 10
"""With how many drones at least one missile is launched on the whole country."""
BEHIND_OF = 4
"""How far behind a number its noun may stand after "of the"."""
RECORD = 20
"""From how many on a bare number may be a record of weapons."""
MODES = {
    "launched": "launched",
    "attack": "launched",
    "shot_down": "stopped",
    "jammed": "stopped",
    "reached": "reached",
    "gone_astray": "reached",
}
DASHES = frozenset({"-", "–", "—"})
ENTRY = DASHES | {":", ","}


def weapons(line: Line, carried: str) -> tuple[Figure, ...]:
    """Return the figures of a line; `carried` is the weapon that the line before spoke of, or ""."""
    ratios = (*_ratios(line, carried), *_tallied(line, carried), *_risen(line, carried))
    taken = {at for figure in ratios for at in range(figure.first, figure.last)}
    parts: dict[str, list[Number]] = defaultdict(list)
    for number in line.counts():
        if number.first not in taken and (slot := _slot(line, number, carried, parts)):
            parts[slot].append(number)
    summed = [_summed(line, slot, numbers) for slot, numbers in parts.items()]
    counted = (*ratios, *(_added(line, figure, ratios) for figure in summed))
    return (*counted, *_lone_missile(line, counted), *_all_stopped(line, counted), *_all_but(line, carried))


def _added(line: Line, figure: Figure, ratios: Sequence[Figure]) -> Figure:
    """Return a figure with the one it comes on top of: "48 of 79 drones were shot down, *another 30* jammed"."""
    stopped = next((each for each in ratios if each.slot == figure.slot and each.rule.startswith("stopped")), None)
    launched = sum(each.value for each in ratios if f"{each.slot}_downed" == figure.slot)
    if stopped is None or stopped.value == figure.value or stopped.value + figure.value > launched:
        return figure
    if any(stopped.last <= mark.first <= figure.first for mark in line.spans("part")):
        return stopped
    return replace(figure, value=stopped.value + figure.value)


def last_weapon(line: Line) -> str:
    """Return the countable weapon that a line names first, "" where it names none."""
    return next((mark.concept for mark in line.spans("drone", "missile")), "")


def _ratios(line: Line, carried: str) -> Iterator[Figure]:
    for match in line.match("stopped_of_launched"):
        launched, stopped = match.captures["launched"], match.captures["stopped"]
        if not (isinstance(launched.value, Number) and isinstance(stopped.value, Number)):
            continue
        if stopped.value.value > launched.value.value:
            continue
        noun = next_mark(line, launched.value, 5, *WEAPONS, *OTHER)
        named = noun.concept if noun else _weapon(line, launched.value, carried)
        weapon = _named(line, stopped.value) or named
        if weapon in ("drone", "missile"):
            yield Figure(SLOTS[weapon, "launched"], launched.value.value, match.first, match.last, match.rule)
            yield Figure(SLOTS[weapon, "stopped"], stopped.value.value, match.first, match.last, match.rule)


def _named(line: Line, number: Number) -> str:
    noun = next_mark(line, number, 5, *WEAPONS)
    return noun.concept if noun else ""


def _tallied(line: Line, carried: str) -> Iterator[Figure]:
    """Yield the figures of a list of regions, "11 over Tula, eight over Oryol", and of the country in such a line."""
    unsaid = not line.has("launched", "attack", "killed", "injured")
    for match in (*entries(line), *line.match("tally_all")):
        number = match.captures["n"].value
        shared = match.rule.startswith(("share", "each")) or (unsaid and match.rule.startswith("tally."))
        if isinstance(number, Number) and (shared or _mode(line, number) == "stopped"):
            noun = next_mark(line, number, 3, *WEAPONS, *OTHER)
            weapon = noun.concept if noun else _inherited(line, number) or carried or last_weapon(line)
            if weapon in ("drone", "missile"):
                each = match.rule.startswith("each")
                at = match.captures["place"].first if "place" in match.captures else -1
                slot = SLOTS[weapon, "stopped"]
                yield Figure(slot, number.value, number.first, number.last, match.rule, each=each, place_at=at)


def _risen(line: Line, carried: str) -> Iterator[Figure]:
    """Yield "the number of drones shot down has reached *19*"."""
    if line.has("killed", "injured") and not line.has("shot_down", "jammed"):
        return
    for match in line.match("downed_to"):
        number = match.captures["n"].value
        weapon = (_inherited(line, number) or carried) if isinstance(number, Number) else ""
        if isinstance(number, Number) and weapon in ("drone", "missile"):
            yield Figure(SLOTS[weapon, "stopped"], number.value, match.first, match.last, match.rule)


def tally(line: Line) -> tuple[Match, ...]:
    """Return the entries of a list of regions with what was shot down over each, none where only one region has a number."""
    found = line.match("tally")
    if len(found) < 2:  # noqa: PLR2004
        return ()
    placed = {place.first for place in line.sentence.places if place.region}
    matches = tuple(match for match in found if match.captures["place"].first in placed)
    return matches if len(matches) > 1 else ()


def entries(line: Line) -> tuple[Match, ...]:
    """Return what a line says of single regions of a nationwide figure: their shares of it."""
    return *tally(line), *line.match("share"), *line.match("each")


def _slot(line: Line, number: Number, carried: str, parts: dict[str, list[Number]]) -> str:
    weapon = _weapon(line, number, carried)
    mode = _mode(line, number)
    if weapon == "any_weapon":
        return "weapons"
    slot = SLOTS.get((weapon, mode), "")
    opened = line.bracket(number.first)
    broken_down = opened >= 0 and any(known.last <= opened for known in parts.get(slot, ()))
    subset = broken_down or _is_subset(line, number, parts.get(slot, ()))
    gone = line.clause_has(number.first, "background", "feared", "cumulative")
    return "" if subset or gone else slot


def _is_subset(line: Line, number: Number, known: Sequence[Number]) -> bool:
    """Return whether a number follows words for a part of one known: "48 missiles, *of which* 47 were cruise ones"."""
    here = line.phrase(number.first)
    marks = [mark for mark in line.spans("part") if line.phrase(mark.first) == here and mark.first <= number.first]
    return any(other.last < mark.first for other in known for mark in marks)


def _weapon(line: Line, number: Number, carried: str) -> str:
    excepted = any(mark.last == number.first for mark in line.spans("excepted"))
    wreck = any(mark.last == number.first for mark in line.spans("wreckage"))
    if excepted or wreck or any(mark.first <= number.first < mark.last for mark in line.spans("part")):
        return ""
    noun = next_mark(line, number, 5 if number.value > 1 else LONE_REACH, *WEAPONS, *OTHER)
    if noun is not None:
        return _counted(line, noun) if noun.concept in WEAPONS else ""
    if named := _stopped_noun(line, number) or _named_before(line, number) or _inverted(line, number):
        return named
    return _inherited(line, number) or carried if _lacks_noun(line, number) else ""


def _named_before(line: Line, number: Number) -> str:
    """Return the weapon of an entry of a list, whose number stands alone at its end: "Kh-101 cruise missiles — *7*;"."""
    tokens = line.sentence.tokens
    alone = number.last == len(tokens) or tokens[number.last].kind == "punctuation"
    marked = number.first > 0 and tokens[number.first - 1].text in ENTRY
    if not (alone and marked) or any(other.last <= number.first for other in line.counts()):
        return ""
    before = [mark for mark in line.spans(*WEAPONS, *OTHER) if mark.last <= number.first]
    return before[-1].concept if before and before[-1].concept in WEAPONS else ""


def _stopped_noun(line: Line, number: Number) -> str:
    """Return the weapon behind a participle: «14 збитих за день БпЛА»."""
    if any(mark.first == number.last for mark in line.spans("shot_down", "jammed")):
        near = range(number.last, number.last + BEHIND_OF + 1)
        tools = {mark.last for mark in line.spans("tool")}
        marks = (mark for mark in line.spans("drone", "missile") if mark.first in near and mark.first not in tools)
        return next((mark.concept for mark in marks), "")
    return ""


def _inverted(line: Line, number: Number) -> str:
    """Return the weapon right before a number that has no noun behind it: «дронів за *240*, ракет *п'ять*»."""
    tokens = line.sentence.tokens
    alone = number.last == len(tokens) or tokens[number.last].kind == "punctuation"
    fates = {mark.last for mark in line.spans("killed", "injured", "attack")}
    near = [mark for mark in line.spans("drone", "missile") if 0 <= number.first - mark.last <= 1]
    near = [mark for mark in near if number.first not in fates]
    same = [mark for mark in near if line.clause(mark.first) == line.clause(number.first)]
    return same[-1].concept if alone and same else ""


def _is_bare(line: Line, number: Number) -> bool:
    """Return whether what follows a number is no noun, of which the words here know too few to tell it by itself."""
    tokens = line.sentence.tokens
    if number.last >= len(tokens) or tokens[number.last].kind != "word":
        return True
    known = (
        "shot_down",
        "jammed",
        "reached",
        "part",
        "preposition",
        "joint",
        "since",
        "gone_astray",
        "bare",
        "say",
        "record",
    )
    return any(mark.first == number.last for mark in line.spans(*known))


def _lacks_noun(line: Line, number: Number) -> bool:
    """Return whether a bare number counts weapons named before: "another 117 were jammed", "a drone record: 355"."""
    if not _is_bare(line, number):
        return False
    verbs = [mark for mark in line.spans("shot_down", "jammed") if distance(number, mark) <= VERB_NEAR]
    here = line.phrase(number.first)
    if not verbs and any(mark.first == number.last for mark in line.spans("part")):
        verbs = [mark for mark in line.spans("shot_down", "jammed") if mark.first > number.last]
    if any(line.phrase(mark.first) == here for mark in line.spans("killed", "injured")):
        verbs = [mark for mark in verbs if line.phrase(mark.first) == here]
    return bool(verbs) or (line.has("record") and number.value >= RECORD and bool(_inherited(line, number)))


def _inherited(line: Line, number: Number) -> str:
    tools = {mark.last for mark in line.spans("tool")}
    before = [mark for mark in line.spans(*WEAPONS) if mark.last <= number.first and mark.first not in tools]
    if len(before) > 1 and before[-2].concept != before[-1].concept and before[-2].last + 1 == before[-1].first:
        return "any_weapon"
    return before[-1].concept if before else ""


def _counted(line: Line, noun: Mark) -> str:
    """Return what a number counts: a noun joined to another weapon without a number of its own means both together."""
    joint = any(mark.first == noun.last for mark in line.spans("joint"))
    lone = any(match.first <= noun.last < match.last for match in line.match("lone_missile"))
    both = (
        joint
        and not lone
        and any(mark.first == noun.last + 1 and mark.concept != noun.concept for mark in line.spans("drone", "missile"))
    )
    return "any_weapon" if both and noun.concept in ("drone", "missile") else noun.concept


def _is_base(line: Line, number: Number) -> bool:
    """Return whether a number opens a phrase as that of which others are a part: "*Of 151 drones*, 75 were shot down"."""
    starts = [mark.first for mark in line.spans("out_of") if mark.last == number.first]
    joints = {mark.last for mark in line.spans("joint")}
    return any(not at or at in joints or line.sentence.tokens[at - 1].kind == "punctuation" for at in starts)


def _mode(line: Line, number: Number) -> str:
    """Return what became of the weapons: by the verb of the clause, else of the phrase, else of the last phrase with one."""
    if _is_base(line, number):
        return "launched"
    verbs = _verbs(line, number)
    near = [mark for mark in verbs if line.clause(mark.first) == line.clause(number.first)] or _phrase_verbs(
        line, number
    )
    if any(mark.concept in ("shot_down", "jammed") for mark in near):
        near = [mark for mark in near if mark.concept != "attack"]
    if not near:
        return "launched"
    earlier = any(line.phrase(mark.first) <= line.phrase(number.first) for mark in near)
    if earlier and line.clause_has(number.first, "locations"):
        return "reached"
    if any(
        line.phrase(mark.first) == line.phrase(number.first) and mark.first < number.first
        for mark in line.spans("hits")
    ):
        return "reached"
    return MODES[min(near, key=lambda mark: (distance(number, mark), MODES[mark.concept] != "stopped")).concept]


def _verbs(line: Line, number: Number) -> list[Mark]:
    """Return the verbs of a line but those that only say where the weapons were going: "*flying at* the capital"."""
    going = {mark.first for mark in line.spans("flying") if mark.first >= number.last}
    return [mark for mark in line.spans(*MODES) if mark.first not in going]


def _phrase_verbs(line: Line, number: Number) -> list[Mark]:
    here = line.phrase(number.first)
    verbs = _beside(line, number, _verbs(line, number))
    spoken = {line.phrase(mark.first) for mark in verbs}
    if here + 1 in spoken and _is_told_after(line, number):
        return [mark for mark in verbs if line.phrase(mark.first) == here + 1]
    earlier = [phrase for phrase in spoken if phrase <= here]
    phrase = max(earlier) if earlier else min(spoken, default=-1)
    if phrase != here and _is_participle(line, here + 1):
        phrase = here + 1
    return [mark for mark in verbs if line.phrase(mark.first) == phrase]


def _beside(line: Line, number: Number, verbs: list[Mark]) -> list[Mark]:
    """Return the verbs between the same semicolons as a number, all where there are none."""
    stops = [at for at, token in enumerate(line.sentence.tokens) if token.text == ";"]
    first = max((at for at in stops if at < number.first), default=-1)
    last = min((at for at in stops if at >= number.last), default=len(line.sentence.tokens))
    return [mark for mark in verbs if first < mark.first < last] or verbs


def _is_told_after(line: Line, number: Number) -> bool:
    """Return whether a dash joins a bare number to what became of it: "two — left the airspace"."""
    tokens = line.sentence.tokens
    return number.last < len(tokens) and tokens[number.last].text in DASHES


def _is_participle(line: Line, phrase: int) -> bool:
    """Return whether a phrase begins with what became of the weapons before it: "110 drones, shot down that night"."""
    start = next((at for at, number in enumerate(line.phrases) if number == phrase), -1)
    return (
        start >= 0
        and line.sentence.tokens[start].text != ";"
        and any(mark.first == start + 1 for mark in line.spans("shot_down", "jammed"))
    )


def _summed(line: Line, slot: str, numbers: list[Number]) -> Figure:
    jammed = slot.endswith("downed") and line.has("jammed") and not line.has("shot_down")
    rule = "weapons.jammed" if jammed else f"weapons.{slot}"
    first, last = min(number.first for number in numbers), max(number.last for number in numbers)
    return Figure(slot, total([number.value for number in numbers]), first, last, rule)


def _lone_missile(line: Line, counted: Sequence[Figure]) -> Iterator[Figure]:
    """Yield the one missile that was launched beside a number of drones: "an Iskander-M and 105 drones"."""
    if not any(figure.slot.startswith("drones") and figure.value >= SWARM for figure in counted):
        return
    known = [figure for figure in counted if figure.slot in ("missiles", "missiles_downed")]
    for match in line.match("one_besides" if known else "lone_missile")[:1]:
        slot = "missiles" if _mode(line, Number(1, match.last - 1, match.last)) == "launched" else "missiles_downed"
        more = [figure for figure in known if figure.slot == slot and figure.last < match.first]
        if more or not known:
            yield Figure(slot, 1 + sum(figure.value for figure in more), match.first, match.last, match.rule)


def _all_stopped(line: Line, counted: Sequence[Figure]) -> Iterator[Figure]:
    """Yield that all were stopped, where their number stands if it does."""
    for weapon in ("drone", "missile"):
        whole = {at for mark in line.spans("in_all") for at in range(mark.first, mark.last)}
        matches = [match for match in line.match(f"all_{weapon}s_stopped") if match.first not in whole]
        for match in matches[:1]:
            own = [each for each in counted if each.slot.startswith(f"{weapon}s")]
            figure = min(own, key=lambda each: abs(each.first - match.first)) if own else match
            yield Figure(f"all_{weapon}s", 1, figure.first, figure.last, match.rule)
            number = match.number("n")
            if number is not None:
                yield Figure(f"{weapon}s", number, figure.first, figure.last, match.rule)


def _all_but(line: Line, carried: str) -> Iterator[Figure]:
    """Yield how many of all were not stopped: "all but *two* of the missiles were shot down"."""
    for match in line.match("all_but"):
        number = match.captures["n"].value
        if isinstance(number, Number) and line.has("shot_down", "jammed"):
            noun = next_mark(line, number, 5, "drone", "missile", *OTHER) or next_mark_of(line, number)
            weapon = noun.concept if noun else _inherited(line, number) or carried
            if weapon in ("drone", "missile"):
                yield Figure(f"but_{weapon}s", number.value, number.first, number.last, match.rule)


def next_mark_of(line: Line, number: Number) -> Mark | None:
    """Return the weapon right behind "of the" that follows a number."""
    near = range(number.last, number.last + BEHIND_OF)
    return next((mark for mark in line.spans("drone", "missile") if mark.first in near), None)

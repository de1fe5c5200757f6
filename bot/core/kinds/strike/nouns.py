"""Which weapon a number counts: that of the noun behind it, of an entry of a list, or the one named last."""

from __future__ import annotations

from bot.core.kinds.strike.figures import distance, next_mark
from bot.core.kinds.strike.lines import WEAPONS, Line
from bot.core.text.document import Mark, Number

OTHER = ("thing", "people", "killed", "injured")
VERB_NEAR = 3
"""How far a bare number may stand from the verb that says it was shot down."""
LONE_REACH = 3
"""How far behind "one" its noun may stand: "one more attempt to hit it with drones" counts attempts."""
BEHIND_OF = 4
"""How far behind a number its noun may stand after "of the"."""
RECORD = 20
"""From how many on a bare number may be a record of weapons."""
DASHES = frozenset({"-", "–", "—"})
ENTRY = DASHES | {":", ","}


def weapon_of(line: Line, number: Number, carried: str) -> str:
    """Return the concept of the weapon that a number counts, "" where it counts none; `carried` was named a line before."""
    excepted = any(mark.last == number.first for mark in line.spans("excepted"))
    wreck = any(mark.last == number.first for mark in line.spans("wreckage"))
    if excepted or wreck or any(mark.first <= number.first < mark.last for mark in line.spans("part")):
        return ""
    noun = next_mark(line, number, 5 if number.value > 1 else LONE_REACH, *WEAPONS, *OTHER)
    if noun is not None:
        return _counted(line, noun) if noun.concept in WEAPONS else ""
    if named := _stopped_noun(line, number) or _named_before(line, number) or _inverted(line, number):
        return named
    if not _lacks_noun(line, number):
        return ""
    return inherited(line, number) or ("" if _are_people(line, number) else carried)


def weapon_behind(line: Line, number: Number) -> str:
    """Return the concept of the weapon in the noun phrase of a number, "" where there is none."""
    noun = next_mark(line, number, 5, *WEAPONS)
    return noun.concept if noun else ""


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
    return bool(verbs) or (line.has("record") and number.value >= RECORD and bool(inherited(line, number)))


def _are_people(line: Line, number: Number) -> bool:
    """Return whether "of them" means people that the line has just named: "met instructors; 85 of them were eliminated"."""
    of_them = any(mark.first == number.last for mark in line.spans("part"))
    return of_them and any(mark.last <= number.first for mark in line.spans("people"))


def inherited(line: Line, number: Number) -> str:
    """Return the concept of the weapon that the line named last before a number; two side by side are "any_weapon"."""
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


def next_mark_of(line: Line, number: Number) -> Mark | None:
    """Return the weapon right behind "of the" that follows a number."""
    near = range(number.last, number.last + BEHIND_OF)
    return next((mark for mark in line.spans("drone", "missile") if mark.first in near), None)

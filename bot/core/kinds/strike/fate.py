"""What became of the weapons that a number counts: launched, stopped, or at their target."""

from __future__ import annotations

from bot.core.kinds.strike.figures import distance
from bot.core.kinds.strike.lines import Line
from bot.core.kinds.strike.nouns import DASHES
from bot.core.text.document import Mark, Number

MODES = {
    "launched": "launched",
    "attack": "launched",
    "shot_down": "stopped",
    "jammed": "stopped",
    "reached": "reached",
    "gone_astray": "reached",
}


def fate_of(line: Line, number: Number) -> str:
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


def _is_base(line: Line, number: Number) -> bool:
    """Return whether a number opens a phrase as that of which others are a part: "*Of 151 drones*, 75 were shot down"."""
    starts = [mark.first for mark in line.spans("out_of") if mark.last == number.first]
    joints = {mark.last for mark in line.spans("joint")}
    return any(not at or at in joints or line.sentence.tokens[at - 1].kind == "punctuation" for at in starts)


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
    elif phrase != here and here + 2 in spoken and _is_insertion(line, here + 1):
        phrase = here + 2
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


def _is_insertion(line: Line, phrase: int) -> bool:
    """Return whether a phrase only says who speaks, so that what follows goes on: "four of them, *officials said*, fell"."""
    said = any(line.phrase(mark.first) == phrase for mark in line.spans("say"))
    counted = any(line.phrase(number.first) == phrase for number in line.counts())
    commas = [token.text for at, token in enumerate(line.sentence.tokens) if line.phrases[at] in (phrase, phrase + 1)]
    return said and not counted and commas.count(",") > 1

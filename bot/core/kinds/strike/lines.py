"""A sentence as the strike reader sees it: its marks without those that idioms cover, and its clauses.

Everything else of this kind looks at a `Line`, never at raw marks, so that "a hunger strike" or "taken to hospital" is
struck out once and in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import accumulate
from typing import Any

from bot.core.text.clock import on_clock
from bot.core.text.document import Document, Mark, Marks, Number, Remembering, Sentence
from bot.core.text.lexicon import Lexicon, Match

BREAKS = frozenset({",", ";", ":", "—", "–", "(", ")", "..."})
WEAPONS = ("drone", "missile", "bomb", "any_weapon")
LONGEST = 160
"""Tokens of the longest sentence that is read: people write no longer ones, and pairing figures with words is quadratic."""
DAYS_AFTER = {"day_after": 1, "two_days_after": 2, "three_days_after": 3}
"""Patterns of news that comes days after the blow."""
EARLIER = "earlier"
"""The concept of words that set the blow of a line after an earlier one, from which on the earlier one is told."""
COVERS = {
    "idiom": frozenset(
        {
            "attack",
            "blow",
            "explosion",
            "drone",
            "missile",
            "bomb",
            "damage",
            "launched",
            "shot_down",
            "killed",
            "injured",
        }
    ),
    "weapon_name": frozenset({"attack", "blow"}),
    **dict.fromkeys(
        ("target_energy", "target_oil", "target_port", "target_railway", "target_airbase", "target_medical"),
        frozenset({"target_industrial", "target_plant", "target_other", "trial"}),
    ),
    "shot_down": frozenset({"reached", "any_weapon"}),
    "jammed": frozenset({"reached", "any_weapon"}),
    "not_target": frozenset(
        {
            "target_medical",
            "target_plant",
            "target_oil",
            "target_airbase",
            "target_residential",
            "target_railway",
            "target_school",
            "target_other",
            "target_energy",
            "target_military",
            "target_port",
            "damage",
            "same_place",
        }
    ),
    "occupied": frozenset({"ru_attacker"}),
    "fatal": frozenset({"injured"}),
    "wounded_died": frozenset({"injured"}),
    "died_later": frozenset({"background"}),
    "habit": frozenset({"dispute"}),
    "foreign_make": frozenset({"other_war", "abroad", "supply"}),
    "region_wide": frozenset({"countrywide"}),
    "target_other": frozenset({"trial"}),
    "unhurt": frozenset({"killed", "injured", "damage"}),
    "none_killed": frozenset({"killed", "injured"}),
    "none_injured": frozenset({"killed", "injured"}),
}


@dataclass(frozen=True, slots=True)
class Line(Remembering):
    """One sentence: `marks` are those that count, `clauses` gives every token the number of its clause.

    `phrases` does so without breaking at "and" and its like: between two signs of punctuation. `today` is the item's day.
    """

    sentence: Sentence
    lexicon: Lexicon
    marks: Marks
    clauses: tuple[int, ...]
    phrases: tuple[int, ...]
    today: date
    memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def lead(self) -> bool:
        """Whether it stands in the title or the summary."""
        return self.sentence.field != "body"

    def spans(self, *concepts: str) -> tuple[Mark, ...]:
        """Return the marks of these concepts."""
        return () if self.marks.concepts.isdisjoint(concepts) else self.marks.of(*concepts)

    def has(self, *concepts: str) -> bool:
        """Return whether one of these concepts is in the line."""
        return not self.marks.concepts.isdisjoint(concepts)

    def match(self, pattern: str) -> tuple[Match, ...]:
        """Return the matches of a pattern of the lexicon."""
        return self.lexicon.match(pattern, self.sentence)

    def clause(self, at: int) -> int:
        """Return the number of the clause that a token is in."""
        return self.clauses[min(at, len(self.clauses) - 1)]

    def phrase(self, at: int) -> int:
        """Return the number of the phrase that a token is in."""
        return self.phrases[min(at, len(self.phrases) - 1)]

    def clause_has(self, at: int, *concepts: str) -> bool:
        """Return whether one of these concepts stands in the clause of a token."""
        marks = self.spans(*concepts)
        return bool(marks) and self.clause(at) in [self.clause(mark.first) for mark in marks]

    def recalls(self, at: int) -> bool:
        """Return whether a token follows words that recall an earlier event, up to the next semicolon."""
        recalling = self.spans("background", EARLIER)
        if not recalling:
            return False
        ends = [number for number, token in enumerate(self.sentence.tokens) if token.text == ";" and number < at]
        since = max(ends, default=0)
        return any(since <= mark.first <= at for mark in recalling)

    def segment(self, at: int) -> int:
        """Return the number of semicolons before a token."""
        return sum(token.text == ";" for token in self.sentence.tokens[:at])

    def bracket(self, at: int) -> int:
        """Return where the bracket opens that a token stands in, -1 outside of all."""
        opened = -1
        for place, token in enumerate(self.sentence.tokens[:at]):
            opened = place if token.text == "(" else -1 if token.text == ")" else opened
        return opened

    def counts(self) -> tuple[Number, ...]:
        """Return the cardinal numbers that are no part of a date, an age or a time of day."""
        return self.worked_out(_counts)

    def is_age(self, at: int) -> bool:
        """Return whether a token is a figure alone behind a person: "a boy, 7, was killed"."""
        tokens = self.sentence.tokens
        if tokens[at].kind != "number" or not at or tokens[at - 1].text != ",":
            return False
        alone = at + 1 == len(tokens) or tokens[at + 1].text == ","
        return alone and any(mark.last == at - 1 for mark in self.spans("people", "person_one"))


def today_of(published: datetime) -> date:
    """Return the calendar day of an item where the war is: in Kyiv in summer, in Moscow all year."""
    return on_clock(published).date()


def lines_of(document: Document, lexicon: Lexicon) -> tuple[Line, ...]:
    """Return the sentences of a document as lines; one that is too long to be a sentence is passed over."""
    today = today_of(document.item.published)
    return tuple(
        _line(sentence, lexicon, today) for sentence in document.sentences if 0 < len(sentence.tokens) <= LONGEST
    )


def _line(sentence: Sentence, lexicon: Lexicon, today: date) -> Line:
    marks = _counting(sentence, _without_counted(sentence), lexicon)
    breaks = [token.text in BREAKS for token in sentence.tokens]
    phrases = tuple(accumulate(breaks))
    for joint in marks.of("joint"):
        breaks[joint.first] = True
    return Line(sentence, lexicon, marks, tuple(accumulate(breaks)), phrases, today)


def _without_counted(sentence: Sentence) -> Marks:
    """Return the marks of a sentence without "nobody" whose first word has a number: "*12* injured, no dead"."""
    if not sentence.marks.has("unhurt"):
        return sentence.marks
    counted = {at for number in sentence.numbers if number.value for at in (number.last, number.first - 1)}
    return Marks(mark for mark in sentence.marks if mark.concept != "unhurt" or mark.first not in counted)


def _counting(sentence: Sentence, marks: Marks, lexicon: Lexicon) -> Marks:
    """Return those of the marks of a sentence that idioms do not cover."""
    covers = marks.of(*COVERS)
    recalling = marks.has("background")
    later = [match for name in DAYS_AFTER if recalling for match in lexicon.match(name, sentence)]
    earlier = _earlier(sentence, marks, lexicon)
    if not (covers or later or earlier):
        return marks
    kept = [mark for mark in marks if not (_covered(mark, covers) or _dates_news(mark, later))]
    return Marks(sorted((*kept, *earlier), key=lambda mark: mark.first) if earlier else kept)


def _earlier(sentence: Sentence, marks: Marks, lexicon: Lexicon) -> list[Mark]:
    """Return where a line that has told of a blow goes on to an earlier one: "bombs hit it, *a day after* a drone attack"."""
    blows = marks.of("attack", "explosion")
    if len(blows) < 2:  # noqa: PLR2004
        return []
    news = [mark.first for mark in marks.of("toll", "rubble", "follow_up", "died_later", "feared")]
    found = lexicon.match("after_blow", sentence)
    told = [match for match in found if any(mark.last <= match.first for mark in blows)]
    return [Mark(EARLIER, match.first, match.last) for match in told if not any(first < match.first for first in news)]


def _dates_news(mark: Mark, later: Sequence[Match]) -> bool:
    """Return whether words that seem to recall an earlier event say how old the blow is: "on Sunday, a day after it"."""
    return mark.concept == "background" and any(match.first <= mark.first < match.last for match in later)


def _covered(mark: Mark, covers: Sequence[Mark]) -> bool:
    return any(
        other.first <= mark.first and mark.last <= other.last and mark.concept in COVERS[other.concept]
        for other in covers
    )


def _counts(line: Line) -> tuple[Number, ...]:
    dated = [(day.first, day.last) for day in line.sentence.dates]
    return tuple(
        number
        for number in line.sentence.numbers
        if not number.ordinal
        and not any(first < number.last and number.first < last for first, last in dated)
        and not line.is_age(number.first)
    )

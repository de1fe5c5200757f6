"""What people write after a command that takes exact words: numbers, counts, a day, a region. Questions are read by `asking`."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

_YEAR = re.compile(r"(\d{4})")
_MONTH = re.compile(r"(\d{4})[-./](\d{1,2})")
_DAY = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_COMMAND = re.compile(r"/(?P<name>[A-Za-z]+)(?:_?(?P<number>\d+))?(?:@(?P<bot>\w+))?(?=\s|$)(?P<rest>.*)", re.DOTALL)
_FIGURE = re.compile(r"\d{1,3}(?:([ ,.])\d{3}(?:\1\d{3})*)?|\d+")
"""Digits, or groups of three with one sign between them: 1207, 1,207, 1 207, but not 3.5."""
EARLIEST = 2014
MOST_WORDS = 20
MOST_DIGITS = 9
"""Of a number, leading zeros left out; what is longer no database has."""


class NotUnderstoodError(Exception):
    """A word that means nothing here: the phrase that says so, and the word."""

    def __init__(self, phrase: str, word: str) -> None:
        super().__init__(phrase, word)
        self.phrase = phrase
        self.word = word


class AmbiguousError(NotUnderstoodError):
    """A word with several meanings: the sort and value of each, and the whole question with it in the word's place."""

    def __init__(self, word: str, choices: tuple[tuple[str, str, str], ...]) -> None:
        super().__init__("question.which", word)
        self.choices = choices


@dataclass(frozen=True, slots=True)
class Period:
    """From a first to a last day, both included; None is open."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A message read as a command: its name and the words after it."""

    name: str
    words: tuple[str, ...]


def read_command(message: str, bot_name: str) -> Command | None:
    """Read `/name@bot words`; `/event_12` and `/event12` are `/event 12`. None for other text and for another bot's command."""
    found = _COMMAND.match(message)
    if found is None or (found["bot"] and found["bot"].casefold() != bot_name.casefold()):
        return None
    argument = (found["number"],) if found["number"] else ()
    return Command(found["name"].lower(), (*argument, *found["rest"].split()[:MOST_WORDS]))


def read_span(word: str) -> Period | None:
    """Read a day, a month or a year as its first and last day; None where the word is no date at all."""
    try:
        if found := _DAY.fullmatch(word):
            day = date(*map(int, found.groups()))
            return Period(day, day)
        if found := _DAY_FIRST.fullmatch(word):
            day = date(*map(int, reversed(found.groups())))
            return Period(day, day)
        if found := _MONTH.fullmatch(word):
            year, month = map(int, found.groups())
            return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
        if found := _YEAR.fullmatch(word):
            year = int(found[1])
            return Period(date(year, 1, 1), date(year, 12, 31)) if year >= EARLIEST else None
    except ValueError:
        return None
    return None


def read_region(words: Sequence[str], names: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Take a region's name from the front of the words; return its code ("" where none was given) and the rest.

    A name counts from four letters on, so that "Харків" finds «Харківська область».
    """
    front = tuple(words)
    while front and read_span(front[-1]) is not None:
        front = front[:-1]
    if not front:
        return "", tuple(words)
    wanted = " ".join(front).casefold().replace("’", "'")
    code = names.get(wanted) or _by_beginning(wanted, names)
    if not code:
        raise NotUnderstoodError("command.bad_region", " ".join(front))
    return code, tuple(words[len(front) :])


def _by_beginning(wanted: str, names: Mapping[str, str]) -> str:
    if len(wanted) < 4:  # noqa: PLR2004
        return ""
    found = {code for name, code in names.items() if name.startswith(wanted)}
    return found.pop() if len(found) == 1 else ""


def read_count(words: Sequence[str], default: int, most: int) -> int:
    """Read one number between 1 and `most`."""
    if not words:
        return default
    if not words[0].isdecimal() or not int(words[0][:9]):
        raise NotUnderstoodError("command.bad_count", words[0])
    return min(most, int(words[0][:9]))


def read_figure(words: Sequence[str], largest: int) -> int | None:
    """Read a count up to `largest`, its thousands apart or not; None where the words are no such number."""
    said = " ".join(words)
    if not _FIGURE.fullmatch(said):
        return None
    digits = "".join(filter(str.isdecimal, said)).lstrip("0") or "0"
    return int(digits) if len(digits) <= len(str(largest)) and int(digits) <= largest else None


def read_number(words: Sequence[str], usage: str) -> int:
    """Read the number of an event or ruling, which may stand behind "#" or "№"; `usage` is the phrase that says how."""
    number = words[0].lstrip("#№") if words else ""
    if not number.isdecimal() or len(number.lstrip("0")) > MOST_DIGITS:
        raise NotUnderstoodError(usage, "")
    return int(number[-MOST_DIGITS:])

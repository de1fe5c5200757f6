"""What people ask for, in whatever language and order: kinds, days, regions, places and words.

`read_asked` looks every run of words up in a `Dictionary`: as it is written, then in its dictionary form, then traced back
by its endings; what is unknown may be a settlement, the beginning of a region's name, or a slip of the keyboard. A slip is
put right and said so; what may be two things is asked back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.text.arguments import EARLIEST, AmbiguousError, NotUnderstoodError, Period
from bot.core.text.dictionary import Dictionary, Meaning
from bot.core.text.normalise import clean
from bot.core.text.periods import MARKS, Atom, read_period, read_spans

MOST_LETTERS = 300
MOST_DIGITS = 9
LONG_AGO = 1900
"""From here to the first year that there is a number means a year, and no event."""
MOST_GUESSES = 4
"""Unknown words that are guessed at: each costs milliseconds, and a sentence full of them is no question."""
TIMES = frozenset(
    {"month", "weekday", "season", "unit", "quarter", "step", "day", "weekend", "ever", "ago", "n", "years"}
)
MONTHS = 12
FIRST_YEAR, LAST_YEAR = 2014, 2099
_LETTER = r"[^\W\d_]"
_TOKEN = re.compile(
    rf"""
      (?P<ymd>\d{{4}}([-./])\d{{1,2}}\2\d{{1,2}}(?!\d))
    | (?P<dmy>\d{{1,2}}([-./])\d{{1,2}}\4(?:\d{{4}}|\d\d)(?!\d))
    | (?P<ym>\d{{4}}[-./]\d{{1,2}}(?!\d))
    | (?P<my>\d{{1,2}}[./]\d{{4}}(?!\d))
    | (?P<dm>\d{{1,2}}[./]\d{{1,2}}(?!\d))
    | (?P<code>(?:ua|ru)-[a-z0-9]{{2,3}}(?!\w))
    | (?P<sign>[#№]\s?\d+)
    | (?P<number>\d+(?:-?{_LETTER}{{1,3}}(?!{_LETTER}))?)
    | (?P<range>\.{{2,}}|…|[-–—])
    | (?P<word>{_LETTER}[^\W_]*+(?:['’ʼ`´]{_LETTER}++)*+)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_INNER_HYPHEN = re.compile(rf"(?<={_LETTER})[-‑](?={_LETTER})")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign as it was written, and what it looks like."""

    text: str
    sort: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for. Whatever is empty was not said; `period` is None where no day was named.

    places    settlements by their English names
    words     what is left over, in the order written
    numbers   small numbers that belong to no date: how many, or which event
    ordinals  numbers written as ordinals: the exchange of that number
    guesses   what was written and what it was taken for
    """

    kinds: tuple[str, ...] = ()
    period: Period | None = None
    regions: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    ordinals: tuple[int, ...] = ()
    guesses: tuple[tuple[str, Meaning], ...] = ()

    def written(self) -> str:
        """Return the same question in the one way in which it is read back, whatever the day."""
        numbers = (*(f"#{number}" for number in self.numbers), *(f"{number}th" for number in self.ordinals))
        days = (written_period(self.period),) if self.period else ()
        return " ".join((*self.kinds, *self.regions, *days, *self.places, *self.words, *numbers))


def written_period(period: Period) -> str:
    """Return a period as it is read back: 2025-06-09, 2025-05-01..2025-05-31, 2025-05-01.. or an asterisk for all days."""
    if period.first == period.last:
        return f"{period.first}" if period.first else "*"
    return f"{period.first or ''}..{period.last or ''}"


def read_asked(words: Sequence[str], today: date, dictionary: Dictionary, *, guess: bool = True) -> Asked:
    """Read what was asked for; raise NotUnderstoodError for days that there are not, AmbiguousError for two meanings.

    Without `guess` no slips are put right: they may be the very words that are looked for.
    """
    text = clean(" ".join(words))[:MOST_LETTERS]
    if text.strip() == "*":
        return Asked(period=Period())
    tokens = _tokens(text.replace("*", " *ever* "))
    return _gathered(_Reader(tokens, dictionary, guess=guess).read(), today)


def understood(asked: Asked) -> Asked:
    """Return a question in which everything has a meaning; raise NotUnderstoodError for words and numbers that are left over."""
    if asked.words:
        raise NotUnderstoodError("question.unknown", " ".join(asked.words))
    if asked.numbers or asked.ordinals:
        number = (*asked.numbers, *asked.ordinals)[0]
        phrase = "too_early" if LONG_AGO <= number < EARLIEST else "many_numbers"
        raise NotUnderstoodError(f"question.{phrase}", str(number))
    return asked


def _tokens(text: str) -> tuple[Token, ...]:
    text = _INNER_HYPHEN.sub(" ", text) if not re.search(r"(?i)\b(?:ua|ru)-", text) else text
    found = (Token(match[0], str(match.lastgroup)) for match in _TOKEN.finditer(text))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Read:
    """A run of tokens with what it means: one of a dictionary's meanings, or time."""

    text: str
    meaning: Meaning
    guessed: bool = False


class _Reader:
    """One reading of a question, from the first token to the last."""

    def __init__(self, tokens: Sequence[Token], dictionary: Dictionary, *, guess: bool) -> None:
        self._tokens = tokens
        self._dictionary = dictionary
        self._guesses = MOST_GUESSES if guess else 0

    def read(self) -> tuple[_Read, ...]:
        found: list[_Read] = []
        at = 0
        while at < len(self._tokens):
            length, read = self._word(at) if self._tokens[at].sort == "word" else (1, self._figure(at))
            found.append(read)
            at += length
        return tuple(found)

    def _word(self, at: int) -> tuple[int, _Read]:
        """Read the longest known run of words from here; one word where none is known."""
        run = self._run(at)
        length, meanings = self._dictionary.find(run)
        guessed = False
        if not meanings and self._guesses:
            self._guesses -= 1
            length, meanings = self._dictionary.guess(run)
            guessed = bool(meanings)
        meanings = tuple(each for each in meanings if each.sort != "filler") or meanings[:1]
        text = " ".join(run[: max(1, length)])
        if len(meanings) > 1:
            raise AmbiguousError(text, self._choices(at, length, meanings))
        meaning = meanings[0] if meanings else Meaning("word", run[0])
        return max(1, length), _Read(text, meaning, guessed)

    def _run(self, at: int) -> tuple[str, ...]:
        run: list[str] = []
        for token in self._tokens[at:]:
            if token.sort != "word":
                break
            run.append(token.text)
        return tuple(run)

    def _choices(self, at: int, length: int, meanings: Iterable[Meaning]) -> tuple[tuple[str, str, str], ...]:
        """Return for every meaning its sort and value, and the whole question with it in the place of the words."""
        before = " ".join(token.text for token in self._tokens[:at])
        after = " ".join(token.text for token in self._tokens[at + length :])
        return tuple((each.sort, each.value, f"{before} {each.value} {after}".strip()) for each in meanings)

    def _figure(self, at: int) -> _Read:
        token = self._tokens[at]
        text, numbers = token.text, [int(each) for each in re.findall(r"\d+", token.text[:40])]
        if token.sort == "code":
            return _Read(text, Meaning("region", text.upper()))
        if token.sort == "range":
            return _Read(text, Meaning("range", ""))
        if token.sort in {"number", "sign"}:
            return _Read(text, _number(token, numbers[0]))
        if token.sort == "dm" and "/" in text:
            self._either(at, numbers)
        return _Read(text, Meaning("date", _date(token.sort, numbers)))

    def _either(self, at: int, numbers: Sequence[int]) -> None:
        """Ask back whether the day or the month stands first, where both may."""
        one, other = numbers
        if min(numbers) > 0 and max(numbers) <= MONTHS and one != other:
            days = (f"{one:02}.{other:02}", f"{other:02}.{one:02}")
            meanings = [Meaning("date", day) for day in days]
            raise AmbiguousError(self._tokens[at].text, self._choices(at, 1, meanings))


def _number(token: Token, number: int) -> Meaning:
    digits = re.sub(r"\D", "", token.text).lstrip("0") or "0"
    if len(digits) > MOST_DIGITS:
        return Meaning("word", token.text[:40])
    if token.sort == "sign":
        return Meaning("sign", digits)
    if token.text.isdecimal() and FIRST_YEAR <= number <= LAST_YEAR:
        return Meaning("y", digits)
    ending = token.text.lstrip("0123456789-")
    if ending and FIRST_YEAR <= number <= LAST_YEAR:
        return Meaning("y", digits)
    return Meaning("ordinal" if ending else "n", digits)


def _date(sort: str, numbers: Sequence[int]) -> str:
    """Return year, month and day with hyphens, 0 for what was not said; American "06/23" is taken as it can only be meant."""
    one, two, *rest = numbers
    match sort:
        case "ymd":
            return f"{one}-{two}-{rest[0]}"
        case "dmy":
            return f"{rest[0] if rest[0] > 99 else 2000 + rest[0]}-{two}-{one}"  # noqa: PLR2004
        case "ym":
            return f"{one}-{two}-0"
        case "my":
            return f"{two}-{one}-0"
    return f"0-{one}-{two}" if two > MONTHS >= one else f"0-{two}-{one}"


def _gathered(reads: Sequence[_Read], today: date) -> Asked:
    """Return what the reads come to: time apart, everything else by its sort, each once."""
    atoms, rest = _split(reads)
    spans, over = read_spans(atoms, today)
    found: dict[str, list[str]] = {}
    for read in rest:
        found.setdefault(read.meaning.sort, []).append(read.meaning.value)
    numbers = [*found.get("sign", ()), *(atom.value for atom in over if atom.text.isdecimal())]
    ordinals = [atom.value for atom in over if atom.text[:1].isdecimal() and not atom.text.isdecimal()]
    return Asked(
        kinds=tuple(sorted({*found.get("kind", ())})),
        period=read_period(spans),
        regions=tuple(sorted({*found.get("region", ())})),
        places=tuple(sorted({*found.get("place", ())})),
        words=tuple(dict.fromkeys([*found.get("word", ()), *(a.text for a in over if not a.text[:1].isdecimal())])),
        numbers=tuple(dict.fromkeys(map(int, numbers))),
        ordinals=tuple(dict.fromkeys(map(int, ordinals))),
        guesses=tuple((read.text, read.meaning) for read in reads if read.guessed),
    )


def _split(reads: Sequence[_Read]) -> tuple[tuple[Atom, ...], tuple[_Read, ...]]:
    """Return the atoms of time, and the rest; a mark with no time beside it is a mere filler."""
    told = [read for read in reads if read.meaning.sort != "filler"]
    atoms: list[Atom] = []
    rest: list[_Read] = []
    for at, read in enumerate(told):
        sort = read.meaning.sort
        if sort in MARKS:
            ahead = told[at + 1].meaning.sort if at + 1 < len(told) else ""
            behind = told[at - 1].meaning.sort if at else ""
            if _is_time(ahead) or (sort == "range" and _is_time(behind)):
                atoms.append(_atom(read))
        elif _is_time(sort):
            atoms.append(_atom(read))
        else:
            rest.append(read)
    return tuple(_without_year_words(atoms)), tuple(rest)


def _is_time(sort: str) -> bool:
    return sort in TIMES or sort in {"y", "date", "ordinal"}


def _atom(read: _Read) -> Atom:
    meaning = read.meaning
    return Atom("n" if meaning.sort == "ordinal" else meaning.sort, meaning.value, read.text)


def _without_year_words(atoms: Sequence[Atom]) -> Iterator[Atom]:
    """Leave out the word for a year beside a year: «2025 року»."""
    for at, atom in enumerate(atoms):
        if not (at and atom.sort == "unit" and atom.value == "year" and atoms[at - 1].sort == "y"):
            yield atom

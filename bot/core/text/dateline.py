"""Datelines, by-lines and time stamps: where and when somebody wrote, which is no part of what happened.

    KYIV, June 9 (Reuters) -      КИЇВ. 9 червня. УНН.      МОСКВА, 9 июн — РИА Новости.      Kyiv • UNN
    By Anna Bell                  23 червня 2024, 09:15     [UPDATED 10:15]                   14:20 —

The first tokens of a paragraph are written as a row of letters, one for what each of them is (a name, an agency, a
figure ...), and the forms above are looked for in that short row. A day that only stands at the beginning is kept:
«9 червня росіяни ...» and "June 9: ..." tell when something happened. A town is kept as well where no correspondents sit:
"KRAMATORSK, Ukraine (AP) - A missile hit the station".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.core.text.normalise import fold
from bot.core.text.tokens import split

LONGEST = 48
"""Characters that are looked at first, and five times as many where these have no ordinary word."""
REMEMBERED = 1 << 13
OUTLET = 4
"""Words of the longest name that an outlet has behind a bar."""
SIGNS = {
    **dict.fromkeys("([", "("),
    **dict.fromkeys(")]", ")"),
    **dict.fromkeys("-–—", "-"),
    **dict.fromkeys(".…", "."),
    ",": ",",
    "/": "/",
    ":": ":",
}
_TIME = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d)")
_FIGURE = re.compile(r"\d{1,4}(?:[./-]\d{1,2}){0,2}(?:[./]\d{2,4})?(?:st|nd|rd|th|-?го|-?е)?")
# N name, U name in capitals, L the same in Latin letters, A agency, B "by", & "and", D month or weekday, F figure, Y whole
# date, T time of day, S "updated", s "at", z "GMT", and the signs; - is a dash, | every other sign.
_PLACE = r"[NUL]{1,4}(?:[,/][NUL.]{1,4}){0,2}"
_CAPITALS = r"[UL]{1,4}(?:[,/][NUL.]{1,4}){0,2}"
_WHEN = r"[,.]?[DFTY][DFTYs,.]{0,9}"
_FORMS = (
    re.compile(rf"{_PLACE}[,.]?(?:{_WHEN})?\([NUL&/,.]{{0,4}}A[NULA&/,.]{{0,4}}\)[-:.|]{{0,2}}"),
    re.compile(rf"{_PLACE}{_WHEN}\([NUL&/,.]{{1,5}}\)[-:]"),
    re.compile(rf"{_CAPITALS}[,.]?\([NUL&/,.]{{1,5}}\)-"),
    re.compile(rf"{_PLACE}[,.]?(?:{_WHEN})?[-/|]{{0,2}}A/?[-.,:|]{{1,2}}"),
    re.compile(rf"{_PLACE}[-|]A$"),
    re.compile(rf"{_CAPITALS}{_WHEN}(?:[-|]|(?<=\.))"),
    re.compile(rf"{_CAPITALS}{_WHEN}(?<=,)[UL][-.:]"),
    re.compile(r"L{1,3}(?:,[NL.]{1,4})?-(?=[N|])"),
    re.compile(r"[(/]A[)/][-:.|]{0,2}"),
    re.compile(r"A[-|:]"),
    re.compile(r"B[NULA&,.]{1,16}$"),
    re.compile(rf"B[NULA&,.]{{1,12}}(?={_PLACE}[,.]?(?:{_WHEN})?\([NULA]{{1,3}}\)[-:.|])"),
)
_FIRST = (*_FORMS, re.compile(r"L{1,3}:(?=[N|])"))
_STAMPS = (
    re.compile(r"\(?S[Ss]{0,3}[:,]?s?(?:Y[,|-]?T?|[DFT](?:[,./|-]?[sz]?[DFTY]){0,5})z?\)?[-:.|,]{0,2}"),
    re.compile(r"\(?Tz?\)?[-:.|,]{0,2}"),
    re.compile(r"\(?[DFY][DFY,./]{0,7}[,|-]?Tz?\)?[-:.|,]{0,2}"),
    re.compile(r"[DFY][DFY,./]{0,7}\|{1,3}"),
)
_WHOLE = re.compile(r"[NULAB&,.|:()/-]*[SDFTYszA][SDFTYszA,.:/|()-]*")
_TOWN = re.compile(r"[NUL]{1,3}(?:,[NUL]{1,3})?(?=[,.(FDY/|-])")
_DAY = re.compile(r"s?[DFY][DFY,./|-]{0,8}")
_CREDIT = re.compile(r"\(?[NUL&,.]{1,6}[/|-]{1,2}A\)?")


@dataclass(frozen=True, slots=True)
class Head:
    """The first tokens of a paragraph: a letter for each, and where each of them ends; an ordinary word, x, is the last."""

    codes: str
    ends: tuple[int, ...]
    from_town: bool = False

    def length(self, *, title: bool = False, first: bool = False) -> int:
        """Return how many characters of the paragraph are a dateline; in a title only time stamps count.

        A city with a colon is one before the `first` paragraph only; later on it tells where something happened.
        """
        if not self.codes or self.codes[0] == "x":
            return 0
        forms, at = _STAMPS if title else (*_STAMPS, *(_FIRST if first else _FORMS)), 0
        while longest := _longest(self.codes[at:], forms):
            at += longest
        return self.ends[at - 1] if at else 0

    def town(self) -> int:
        """Return how many characters of a dateline name a town that may be the news itself, 0 where none does."""
        place = _TOWN.match(self.codes) if self.from_town else None
        return self.ends[place.end() - 1] if place else 0

    def is_stamp(self) -> bool:
        """Return whether the paragraph has nothing but a time of day or "updated", with days, names and agencies."""
        timed = "T" in self.codes or ("S" in self.codes and ("F" in self.codes or "Y" in self.codes))
        return timed and bool(_WHOLE.fullmatch(self.codes))

    def is_day(self) -> bool:
        """Return whether the paragraph has nothing but a day, or a bare figure such as a count of readers."""
        return bool(_DAY.fullmatch(self.codes))

    def is_credit(self) -> bool:
        """Return whether the paragraph, or the bracket at its end, only names who took a picture: "Ann Reed / AP"."""
        return bool(_CREDIT.fullmatch(self.codes))


@dataclass(frozen=True, slots=True)
class Datelines:
    """The words of datelines, folded; `day_word` tells months and weekdays in any form, `agencies` by words."""

    agencies: frozenset[tuple[str, ...]] = frozenset()
    stamps: frozenset[str] = frozenset()
    beside: frozenset[str] = frozenset()
    zones: frozenset[str] = frozenset()
    authors: frozenset[str] = frozenset()
    joints: frozenset[str] = frozenset()
    seats: frozenset[str] = frozenset()
    day_word: Callable[[str], bool] = field(default=lambda _: False)
    _known: dict[str, tuple[str, bool]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def head(self, text: str) -> Head:
        """Return the first tokens of a paragraph as letters."""
        for longest in (LONGEST, 5 * LONGEST):
            parts = split(text[:longest])
            codes, ends = self._letters(parts)
            if codes.endswith("x") or len(text) <= longest:
                return Head(codes, tuple(ends), self._is_town(parts))
        return Head(codes + "x", tuple(ends), self._is_town(parts))

    def _is_town(self, parts: Sequence[tuple[str, int, int]]) -> bool:
        """Return whether the first words name no capital from which correspondents write of other places."""
        first, second = (*(fold(text) for text, _, _ in parts[:2]), "", "")[:2]
        return first not in self.seats and f"{first} {second}" not in self.seats

    def names_outlet(self, text: str, *, bar: bool) -> bool:
        """Return whether the end of a title is the name of an outlet; behind a bar any short name is one."""
        words = tuple(fold(part) for part, _, _ in split(text[:LONGEST]))
        named = 0 < len(words) <= OUTLET and text[0].isupper() and not any(word[0].isdigit() for word in words)
        return words in self.agencies or (bar and named)

    def _letters(self, parts: Sequence[tuple[str, int, int]]) -> tuple[str, list[int]]:
        codes, ends, at = "", list[int](), 0
        while at < len(parts) and not codes.endswith("x"):
            code, opens = self._known.get(parts[at][0]) or self._told(parts[at][0])
            size = self._agency(parts, at) if opens else 0
            codes += "A" if size else code
            at += size or 1
            ends.append(parts[at - 1][2])
        return codes, ends

    def _agency(self, parts: Sequence[tuple[str, int, int]], at: int) -> int:
        """Return of how many tokens the longest name of an agency is that begins here."""
        words: tuple[str, ...] = ()
        longest = 0
        for text, _, _ in parts[at : at + 3]:
            words = (*words, fold(text))
            longest = len(words) if words in self.agencies else longest
        return longest

    def _told(self, text: str) -> tuple[str, bool]:
        """Return the letter of a token, and whether the name of an agency may begin with it; remembered for all texts."""
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        folded = fold(text)
        told = self._known[text] = self._code(text, folded), any(words[0] == folded for words in self.agencies)
        return told

    def _code(self, text: str, folded: str) -> str:
        if text[0].isdigit():
            forms = ((_TIME, "T"), (_DATE, "Y"), (_FIGURE, "F"))
            return next((code for form, code in forms if form.fullmatch(folded)), "x")
        if not text[0].isalpha():
            return SIGNS.get(text[0], "|")
        words = ((self.stamps, "S"), (self.beside, "s"), (self.zones, "z"), (self.authors, "B"), (self.joints, "&"))
        if code := next((code for known, code in words if folded in known), ""):
            return code
        return self._name(text, folded)

    def _name(self, text: str, folded: str) -> str:
        if self.day_word(folded):
            return "D"
        if text.isupper() and len(text) > 2:  # noqa: PLR2004
            return "L" if text.isascii() else "U"
        return "N" if text[0].isupper() else "x"


def _longest(codes: str, forms: Sequence[re.Pattern[str]]) -> int:
    return max((match.end() for form in forms if (match := form.match(codes))), default=0)

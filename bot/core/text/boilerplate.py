"""What of a page is the story itself, and what only stands around it.

Feeds send pages whole: credits of pictures, by-lines, dates of publication, "Read also" with other stories' headlines,
calls to subscribe, notices, and the headline once more. An event read out of those would be wrong or counted twice. Here
they are cut away, paragraph by paragraph; what is left is never changed, so that it can be quoted.

`bot/data/<language>/boilerplate.toml` has the words; those of every language are looked for in every text:

    lines      a short paragraph that begins so is no story: "Share this", «Автор:»
    pointers   the same, and behind a colon the headline of another story; alone in a paragraph it heads a list of them
    headings   head such a list as well, but are ordinary words where more follows
    credits    begin the credit of a picture, in the middle of a paragraph as well; the caption before it goes too
    notices    a sentence that has one of these in it tells nothing: "could not independently verify"
    tails      the rest of a paragraph from here on is the feed's: "read more", "the post"
    agencies, stamps, beside, zones, authors, joints, seats      of datelines, see `bot.core.text.dateline`
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from bot.core.text.dateline import Datelines, Head
from bot.core.text.phrasebook import Phrasebook

SHORT = 220
"""Characters of the longest paragraph that is dropped whole for its first words; a whole page may stand in one line."""
CAPTION = 450
CREDIT = 100
"""Characters of the longest caption, and of the longest credit behind it."""
FEWEST = 4
"""Words from which on a sentence that was read before is passed over."""
LEFT = 60
"""Characters that may stand beside the headline in a paragraph that only repeats it."""
RUBRIC, SENTENCE = 3, 7
"""Blanks that a rubric has not yet, and blanks that make a line without a full stop a sentence."""
LISTED = 3
"""Words that the heading of a list of headlines may have behind its pointer."""
_LINE = re.compile(r"[^\n]+")
_END = re.compile(r"[.!?…]++[»”\"')\]]{0,3}(?=\s)")
_ELLIPSES = ("…", "...", "[…]", "[...]")
_CUT_FIGURE = re.compile(r"(?<![\w.,])\d[\d.,]{0,9}(?:…|\.\.\.)\]?$")
_WORD = re.compile(r"[^\W_]+")
_BREAKS = '.!?…»”"()[]|/,©'
_PROSE = (".", "!", "…", "»", "”", '"', ":", ";")
_LEADING = re.compile(r"[\s•*·▪◾🔹🔸▶►➡👉📌⚡❗\ufe0f|#/–—-]{0,8}")

Span: TypeAlias = tuple[int, int]


class Words(NamedTuple):
    """The words that tell what is no story, in small letters, list by list: all that there are, or those of one text."""

    lines: tuple[str, ...] = ()
    pointers: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    tails: tuple[str, ...] = ()


NONE = Words()


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """All words that tell what is no story, and what tells a dateline."""

    words: Words = NONE
    datelines: Datelines = field(default_factory=Datelines)
    book: Phrasebook = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Write all words into one book."""
        object.__setattr__(self, "book", Phrasebook(each for words in self.words for each in words))

    def story(self) -> Story:
        """Return a reader of one item's fields."""
        return Story(self)

    def among(self, text: str) -> Words:
        """Return only the words that a text in small letters has, so that they are looked for once."""
        present = frozenset(self.book.found(text))
        return Words(*(tuple(filter(present.__contains__, words)) if present else () for words in self.words))


class Story:
    """One item on its way through: it knows what was read before and whether a list of other headlines goes on."""

    def __init__(self, page: Boilerplate) -> None:
        self._page = page
        self._notices = page.words.notices
        self._seen: set[str] = set()
        self._title = ""
        self._listing = False
        self._told = False

    def paragraphs(self, text: str, *, title: bool = False) -> Iterator[Sequence[Span]]:
        """Yield for every paragraph of a field the start and end of each piece that belongs to the story."""
        low = lowered(text)
        words = self._page.among(low)
        self._notices = words.notices
        lines = [line.span() for line in _LINE.finditer(text)]
        self._listing = False
        for span in lines:
            pieces = self._pieces(text, low, span, words, title=title, alone=len(lines) == 1)
            if kept := [(start, end) for start, end in pieces if text[start:end].strip()]:
                self._told = self._told or (not title and _is_prose(text[slice(*kept[-1])]))
                yield kept
        if title:
            self._title = _plain(text)

    def is_news(self, sentence: str) -> bool:
        """Return whether a sentence is neither a notice nor was read before, and remember it."""
        if self._notices:
            low = lowered(sentence)
            if any(notice in low for notice in self._notices):
                return False
        plain = _plain(sentence)
        known = plain in self._seen and plain.count(" ") >= FEWEST - 1
        self._seen.add(plain)
        return not known

    def _pieces(self, text: str, low: str, span: Span, words: Words, *, title: bool, alone: bool) -> Sequence[Span]:
        start, end = _trimmed(text, span)
        head = self._page.datelines.head(text[start:end])
        if not (title or alone) and (self._is_rubric(text[start:end], head) or head.is_credit()):
            return ()
        if not title and self._is_furniture(text[start:end], low[start:end], words, head):
            return ()
        dateline = head.length(title=title, first=not self._told)
        town = (start, start + head.town()) if dateline and not title else None
        start += dateline
        paragraph = _Paragraph(text, low, start, end, words)
        if paragraph.points() or (self._listing and not paragraph.is_prose()):
            self._listing = self._listing or paragraph.heads()
            return ()
        self._listing = False
        holes = [*paragraph.holes(alone=alone or title)]
        if title:
            holes += _outlet(text, start, end, self._page.datelines)
        pieces = _without(start, end, holes)
        return [town, *pieces] if town and town[1] > town[0] and pieces else pieces

    def _is_furniture(self, text: str, low: str, words: Words, head: Head) -> bool:
        """Return whether a paragraph is a line of the page: a stamp, the headline once more, a call to share."""
        if len(low) <= SHORT and _begins(low, words.lines):
            return True
        if head.is_stamp():
            return True
        return len(low) <= 2 * len(self._title) + LEFT and self._is_headline(text)

    def _is_rubric(self, text: str, head: Head) -> bool:
        """Return whether a line before the story only says where in the site or on which day it stands: "World"."""
        if self._told:
            return False
        digits, letters = any(map(str.isdigit, text)), any(map(str.isalpha, text))
        short = len(text) <= LEFT and text.count(" ") < RUBRIC and not _is_prose(text)
        return head.is_day() or (short and not (digits and letters))

    def _is_headline(self, text: str) -> bool:
        """Return whether a paragraph is the headline, once or twice, with no more than a rubric beside it."""
        if self._title.count(" ") < FEWEST - 1:
            return False
        left = _plain(text).split(self._title)
        goes_on = text.rstrip().endswith(".") and left[-1].count(" ") >= RUBRIC
        return len(left) > 1 and not goes_on and sum(map(len, left)) <= LEFT


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph of a field, as it is and in small letters."""

    raw: str
    low: str
    start: int
    end: int
    words: Words

    @property
    def text(self) -> str:
        return self.low[self.start : self.end]

    def points(self) -> bool:
        """Return whether it only points to another story."""
        heading = len(_begins(self.text, self.words.headings))
        headed = bool(heading) and (self.text[heading : heading + 1] == ":" or not self.is_prose())
        return self.end - self.start <= SHORT and (headed or bool(_begins(self.text, self.words.pointers)))

    def heads(self) -> bool:
        """Return whether a list of headlines follows."""
        pointer = _begins(self.text, (*self.words.pointers, *self.words.headings))
        return len(_WORD.findall(self.text, len(pointer))) < LISTED

    def is_prose(self) -> bool:
        """Return whether it ends as sentences do, and not as a headline does."""
        return self.text.rstrip().endswith(_PROSE)

    def holes(self, *, alone: bool) -> Iterator[Span]:
        """Yield what is to be left out; `alone` where there is nothing else in the field, so that it is no caption."""
        for credit in self.words.credits:
            if (at := self._find(credit)) >= 0 and self._credits(at, credit):
                yield (self.start, self.end) if self._is_caption(at) and not alone else (at, self._sentence_end(at))
        for pointer in self.words.pointers:
            at = self._find(pointer)
            if at >= 0 and (at == self.start or self.low[at + len(pointer) : self.end].lstrip().startswith(":")):
                yield at, self._sentence_end(at)
        for tail in self.words.tails:
            if (at := self._find(tail)) >= 0:
                yield at, self.end
        if self.text.endswith(_ELLIPSES) and (cut := _CUT_FIGURE.search(self.text)):
            yield self.start + cut.start(), self.end

    def _find(self, phrase: str) -> int:
        at = self.low.find(phrase, self.start, self.end)
        inside = at > self.start and self.low[at - 1].isalnum() and phrase[0].isalnum()
        return -1 if inside else at

    def _credits(self, at: int, credit: str) -> bool:
        """Return whether a credit is one: "He published a photo: ..." goes on with a sentence."""
        before = self.low[self.start : at].rstrip()
        return not credit.endswith(":") or not before or before[-1] in _BREAKS or self.raw[at].isupper()

    def _is_caption(self, credit: int) -> bool:
        """Return whether a credit ends one sentence that says what is to be seen."""
        before = self.low[self.start : credit]
        short = self.end - self.start <= CAPTION and self.end - credit <= CREDIT
        return short and not _END.search(before.rstrip()[:-1] + " ")

    def _sentence_end(self, at: int) -> int:
        end = _END.search(self.low, at, self.end)
        return end.end() if end else self.end


def _is_prose(text: str) -> bool:
    """Return whether a paragraph is long enough, or ends, as sentences do."""
    return text.rstrip().endswith(_PROSE) or text.count(" ") >= SENTENCE


def lowered(text: str) -> str:
    """Return a text in small letters, every letter at its place."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _trimmed(text: str, span: Span) -> Span:
    """Return a paragraph without blanks and signs before it."""
    leading = _LEADING.match(text, *span)
    return (leading.end() if leading else span[0]), span[1]


def _begins(low: str, phrases: Iterable[str]) -> str:
    """Return the phrase that a text begins with as words of its own, "" where there is none."""
    found = (phrase for phrase in phrases if low.startswith(phrase))
    return next(
        (phrase for phrase in found if not (phrase[-1].isalnum() and low[len(phrase) : len(phrase) + 1].isalnum())), ""
    )


def _outlet(text: str, start: int, end: int, datelines: Datelines) -> Iterator[Span]:
    """Yield the name of an outlet at the end of a title: "... | The Moscow Times", «... — УНН»."""
    for sign in (" | ", " - ", " – ", " — "):
        at = text.rfind(sign, start, end)
        if at > 0 and datelines.names_outlet(text[at + len(sign) : end], bar=sign == " | "):
            yield at, end


def _without(start: int, end: int, holes: Iterable[Span]) -> Sequence[Span]:
    """Return a stretch without some parts of it, as the pieces that are left."""
    pieces: list[Span] = []
    for first, last in sorted(holes):
        if first > start:
            pieces.append((start, first))
        start = max(start, last)
    return [*pieces, (start, end)] if start < end else pieces

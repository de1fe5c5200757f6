"""What of a page is the item's own story, and the dated headings that it is told under.

Pages carry lists of other stories ("Read also: ...") and captions of old pictures; their exchanges are not the item's.
Above the first line of prose stand names of columns, stamps and the headline again; what is told up to there is the lead.
A chronicle ("Day one, 17 March. ...") names a day once, in a heading, for the whole paragraph.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bot.core.text.clock import on_clock
from bot.core.text.document import Document, Sentence
from bot.core.text.lexicon import marks_of

BARE = 2
"""Tokens behind the words of a pointer (a colon, a blank bullet) with which it is still nothing but a heading."""

NEWS = ("people", "prisoner", "defender", "previous", "comes", "returns", "freed", "gets", "gives", "planned")
HEADING = 8
"""A dated heading has at most so many tokens."""

ON = 2
"""How many sentences behind the first one of prose still belong to the lead."""

MORNING = timedelta(hours=6)

PROSE = 6
"""A sentence of at least so many tokens with a stop at its end is prose, and no name of a column or a photographer."""

ENDS = frozenset({".", "!", "?", "…", "»", "”", '"'})


def own_sentences(document: Document) -> tuple[Sentence, ...]:
    """Return the sentences of the story itself, without pointers to other stories."""
    return document.worked_out(_own_sentences)


def _own_sentences(document: Document) -> tuple[Sentence, ...]:
    return tuple(_own(document.sentences))


def day_of(document: Document) -> date:
    """Return the day on which the item was published by the clock of the war."""
    return on_clock(document.item.published).date()


def undated_day(document: Document) -> date:
    """Return the day that an item means which names none: by night still that of the evening before."""
    return (on_clock(document.item.published) - MORNING).date()


def lead(document: Document) -> int:
    """Return the last sentence of the lead: up to the first one of prose, and a little on in its paragraph."""
    sentences = own_sentences(document)
    prose = next((each for each in sentences if each.field == "body" and _is_prose(each)), None)
    if prose is None:
        return max((each.index for each in sentences if each.field != "body" or each.paragraph == 0), default=0)
    near = (each.index for each in sentences if (each.field, each.paragraph) == ("body", prose.paragraph))
    return max(index for index in near if index <= prose.index + ON)


def _is_prose(sentence: Sentence) -> bool:
    return len(sentence.tokens) >= PROSE and sentence.tokens[-1].text in ENDS


def heading_day(sentence: Sentence) -> date | None:
    """Return the day that a sentence only sets as a heading, such as «Етап другий, 24 травня»."""
    days = {day.day for day in sentence.dates if day.precision == "day" and day.day == day.last_day}
    words = [token for token in sentence.tokens if token.kind != "punctuation"]
    short = len(sentence.tokens) <= HEADING and len(words) < HEADING
    heading = sentence.field == "body" and short and not marks_of(sentence, *NEWS)
    return days.pop() if heading and len(days) == 1 else None


def _own(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    skipped: tuple[str, int] | None = None
    listing = False
    for sentence in sentences:
        here = sentence.field, sentence.paragraph
        if here == skipped:
            continue
        if pointer := next((mark for mark in marks_of(sentence, "pointer") if mark.first == 0), None):
            listing = len(sentence.tokens) - pointer.last < BARE
            skipped = here
        elif listing and sentence.tokens[-1].text not in ENDS:
            skipped = here
        else:
            listing = False
            yield sentence

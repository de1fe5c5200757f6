"""The clauses that speak of an exchange between Ukraine and Russia, and how each of them speaks of it.

A clause becomes a mention when its words make an event of prisoners or of bodies; other wars, other meanings of the
words, wishes and running totals do not. A mention is `anchored` when it alone can found a report: it names a day or
figures, or it stands in the headline.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from bot.core.kinds.swap.clauses import Clause, clauses
from bot.core.kinds.swap.counts import Count, counts
from bot.core.model import Status
from bot.core.text.document import Document, Mark, Sentence
from bot.core.text.lexicon import Lexicon, has

Subtype: TypeAlias = Literal["prisoners", "bodies"]
MOVES = ("gets", "gives", "returns", "comes", "freed", "trade")
SUBJECTS = ("people", "defender", "civilian", "ukrainian", "russian", "prisoner")
PARTIES = ("ukraine", "russia", "ukrainian", "russian", "from_russia", "from_ukraine")
PLAN_REACH = 8


@dataclass(frozen=True, slots=True)
class Mention:
    """One clause about one exchange, as far as the clause itself tells."""

    clause: Clause
    subtype: Subtype
    status: Status
    previous: bool
    headline: bool
    counts: tuple[Count, ...] = ()
    further: bool = False
    dateless: bool = False

    @property
    def day(self) -> date | None:
        """Return the day that the clause names."""
        return self.clause.day.day if self.clause.day else None

    @property
    def anchored(self) -> bool:
        """Return whether the mention can found a report."""
        return self.day is not None or self.headline or any(not count.weak for count in self.counts)


def mentions(document: Document, lexicon: Lexicon) -> tuple[Mention, ...]:
    """Return the mentions of a document in reading order."""
    if not _about_this_war(document) or _denied(document):
        return ()
    found: list[Mention] = []
    last: Count | None = None
    for sentence in _home_sentences(document):
        for clause in clauses(sentence):
            for mention in _read(clause, lexicon, last):
                found.append(mention)
                last = mention.counts[-1] if mention.counts else last
    return tuple(found)


def _about_this_war(document: Document) -> bool:
    return any(has(sentence, *PARTIES) for sentence in document.sentences) and any(
        _topical(sentence) for sentence in document.sentences
    )


def _topical(sentence: Sentence) -> bool:
    """Return whether a sentence makes prisoners or bodies changing hands the document's subject."""
    persons = has(sentence, "prisoner", "captivity")
    handed = has(sentence, "exchange", *MOVES)
    return (
        (persons and handed)
        or has(sentence, "repatriation")
        or (has(sentence, "body") and handed)
        or (has(sentence, "home") and has(sentence, "defender"))
    )


def _denied(document: Document) -> bool:
    """Return whether the headline says that there was no exchange at all."""
    return any(has(sentence, "fake") for sentence in document.sentences if sentence.field == "title")


def _home_sentences(document: Document) -> Iterator[Sentence]:
    """Yield the sentences that are not about other countries' exchanges.

    Where the first exchange told is a foreign one, only paragraphs that name Ukraine count.
    """
    events = [sentence for sentence in document.sentences if has(sentence, "exchange", "trade")]
    abroad = bool(events) and _foreign(events[0])
    ours = {_paragraph(sentence) for sentence in document.sentences if has(sentence, "ukraine", "ukrainian")}
    for sentence in document.sentences:
        if not _foreign(sentence) and (not abroad or _paragraph(sentence) in ours):
            yield sentence


def _paragraph(sentence: Sentence) -> tuple[str, int]:
    return sentence.field, sentence.paragraph


def _foreign(sentence: Sentence) -> bool:
    return has(sentence, "foreign") and not has(sentence, "ukraine", "ukrainian")


def _read(clause: Clause, lexicon: Lexicon, last: Count | None) -> Iterator[Mention]:
    figures = counts(clause, lexicon, last)
    status = _status(clause)
    for subtype in _subtypes(clause, figures):
        own = tuple(figure for figure in figures if (figure.what == "bodies") == (subtype == "bodies"))
        if status is None and not own:
            continue
        yield Mention(
            clause,
            subtype,
            status or "carried_out",
            previous=clause.has("previous"),
            headline=_headline(clause) and status is not None,
            counts=own if status is not None else (),
            further=clause.has("further"),
            dateless=clause.has("not_started"),
        )


def _headline(clause: Clause) -> bool:
    sentence = clause.sentence
    return sentence.field in ("title", "summary") or (sentence.field == "body" and sentence.paragraph == 0)


def _subtypes(clause: Clause, figures: tuple[Count, ...]) -> Iterator[Subtype]:
    events = _events(clause)
    if _is_prisoners(clause, events, figures):
        yield "prisoners"
    if _is_bodies(clause, events):
        yield "bodies"


def _events(clause: Clause) -> list[Mark]:
    """Return the words for an exchange that are not part of another meaning, such as an exchange of views."""
    others = clause.marks("no_event")
    return [
        mark
        for mark in clause.marks("exchange", "trade")
        if not any(other.first <= mark.first < other.last for other in others)
    ]


def _is_prisoners(clause: Clause, events: list[Mark], figures: tuple[Count, ...]) -> bool:
    persons = clause.has("prisoner", "captivity")
    if clause.has("body", "repatriation") and not persons:
        return False
    exchanged = any(mark.concept == "exchange" for mark in events)
    moved = clause.has(*MOVES)
    return (
        (exchanged and (persons or moved or bool(figures) or clause.has("done", "stage", "from_russia")))
        or (moved and persons)
        or (clause.has("home") and clause.has(*SUBJECTS))
        or (clause.has("freed") and clause.has(*SUBJECTS))
        or (moved and any(figure.what != "bodies" for figure in figures))
    )


def _is_bodies(clause: Clause, events: list[Mark]) -> bool:
    return clause.has("repatriation") or (clause.has("body") and (bool(events) or clause.has(*MOVES)))


def _status(clause: Clause) -> Status | None:
    """Return what the clause says of its exchange; None when it only wishes, offers or sums up."""
    if clause.has("postponed", "not_started"):
        return "postponed"
    if clause.has("planned"):
        return "announced"
    return None if clause.has("wish") else "carried_out"

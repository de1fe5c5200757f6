"""What one item says: through the gate of each kind, into a document, and out as reports.

Most items of a feed are about something else; they are turned away by a search for the kinds' gate stems before any
other work is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import MAXYEAR, MINYEAR
from functools import partial

from bot.core.kinds import Kind
from bot.core.model import Evidence, Item, Origin, Report, Source, Speaker
from bot.core.text.credits import Author, Credits
from bot.core.text.document import Document
from bot.core.text.lexicon import Lexicon
from bot.core.text.normalise import unmixed
from bot.core.text.phrasebook import Phrasebook
from bot.core.text.speakers import Hearing, Home, Speakers
from bot.core.trust import passed_on


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a kind did or did not report: the stem that opened its gate ("" for none), and what it read then."""

    kind: str
    gate: str
    reports: tuple[Report, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """Return the reason in words for people: a line a report, followed by one for each fact."""
        if not self.gate:
            return (f"{self.kind}: no gate word in the text",)
        if not self.reports:
            return (f"{self.kind}: gate word {self.gate!r}, but no event in the sentences",)
        return tuple(
            line
            for report in self.reports
            for line in (headline(report), *map(partial(_fact, report), report.evidence))
        )


def headline(report: Report) -> str:
    """Return what a report is in one line: kind, role, status and day."""
    disputed = ", disputed" if report.disputed else ""
    return f"{report.kind}: {report.role}, {report.status.replace('_', ' ')}, {report.date or 'no date'}{disputed}"


def value_of(report: Report, slot: str) -> str:
    """Return what a report says of a slot, as a person would write it."""
    own = {
        "date": report.date,
        "status": report.status.replace("_", " "),
        "disputed": "yes" if report.disputed else "no",
    }
    value = own.get(slot, report.facts.get(slot))
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _fact(report: Report, each: Evidence) -> str:
    speaker = report.speakers.get(each.slot)
    said = f", said by {speaker.office.replace('_', ' ')} ({speaker.side})" if speaker else ""
    return f"  {each.slot} = {value_of(report, each.slot)}: {each.text!r} ({each.field}), rule {each.rule}{said}"


@dataclass(frozen=True, slots=True)
class Reader:
    """Kinds with their lexicons by name, and the way from an item to a document."""

    kinds: tuple[Kind, ...]
    lexicons: Mapping[str, Lexicon]
    document: Callable[[Item], Document]
    speakers: Speakers = field(default_factory=Speakers)
    credits: Credits = field(default_factory=Credits)
    _gates: Phrasebook = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Write the gate stems of all kinds into one book."""
        stems = (stem for kind in self.kinds for stem in self.lexicons[kind.name].gate)
        object.__setattr__(self, "_gates", Phrasebook(stems))

    def knowing(self, sources: Iterable[Source]) -> Reader:
        """Return the same with sources that items may be passed on from."""
        return replace(self, credits=self.credits.knowing(sources))

    def promising(self, item: Item) -> bool:
        """Tell whether a gate opens to the item, so that more of its text may be worth having."""
        return bool(self._gates.found(_gated(item.whole)))

    def read(self, item: Item) -> tuple[Report, ...]:
        """Return what the item says about events of every kind, main news and background."""
        return tuple(report for reason in self.explain(item) for report in reason.reports)

    def explain(self, item: Item) -> tuple[Reason, ...]:
        """Return for every kind what it read in the item and why."""
        item = _within_the_calendar(item).whole
        text = _gated(item)
        found = self._gates.found(text)
        if not found:
            return tuple(Reason(kind.name, "") for kind in self.kinds)
        gates = [(kind, self.lexicons[kind.name].opening(found)) for kind in self.kinds]
        document = self.document(item)
        hearing = self.speakers.hearing(document)
        reasons = tuple(self._reason(kind, gate, document, hearing) for kind, gate in gates)
        if not any(reason.reports for reason in reasons):
            return reasons
        language = document.sentences[0].language if document.sentences else item.language
        credited, author = self.credits.of(item, language, text), self.credits.author(item)
        return tuple(_crediting(reason, credited, author) for reason in reasons) if credited or author else reasons

    def _reason(self, kind: Kind, gate: str, document: Document, hearing: Hearing) -> Reason:
        if not gate:
            return Reason(kind.name, "")
        lexicon = self.lexicons[kind.name]
        reports = kind.read(lexicon.mark(document), lexicon)
        return Reason(kind.name, gate, tuple(_with_speakers(report, hearing) for report in reports))


def _gated(item: Item) -> str:
    return unmixed("\n".join((item.title, item.summary, item.body or "")).casefold())


def _crediting(reason: Reason, credited: tuple[str, ...], author: Author | None) -> Reason:
    """Return a reason whose reports say whose news the item repeats, and are trusted as what its author wrote."""

    def credit(origin: Origin) -> Origin:
        return replace(passed_on(origin, author) if author else origin, credits=credited)

    return replace(reason, reports=tuple(replace(each, origin=credit(each.origin)) for each in reason.reports))


def _with_speakers(report: Report, hearing: Hearing) -> Report:
    """Return a report with whom the item quotes with its figures."""
    attacker, region = report.facts.get("attacker"), str(report.facts.get("region", ""))
    home = Home("UA" if attacker == "RU" else "RU" if attacker == "UA" else None, region)
    figures = [(each, value) for each in report.evidence if isinstance(value := report.facts.get(each.slot), int)]
    speakers: dict[str, Speaker] = {}
    for each, value in figures:
        others = [other for other, _ in figures if other.slot != each.slot]
        if each.slot not in speakers and (speaker := hearing.speaker(each, value, home, others)):
            speakers[each.slot] = speaker
    return replace(report, speakers=speakers) if speakers else report


def _within_the_calendar(item: Item) -> Item:
    """Return an item of the first or the last year as one of the year beside, so that days can be counted from it."""
    year = min(max(item.published.year, MINYEAR + 1), MAXYEAR - 1)
    return item if year == item.published.year else replace(item, published=item.published.replace(year=year))

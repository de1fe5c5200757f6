"""The clauses that speak of an exchange between Ukraine and Russia, and how each of them speaks of it.

A clause becomes a mention when its words make an event of prisoners or of bodies; other wars, other meanings of the
words, wishes and running totals do not. A mention is `anchored` when it alone can found a report: it names a day or
figures, or it stands in the headline.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from bot.core.kinds.swap.clauses import Clause, clauses
from bot.core.kinds.swap.counts import LARGE, MOST, Count, counts
from bot.core.kinds.swap.sides import DIRECTIONS
from bot.core.kinds.swap.story import heading_day, lead
from bot.core.kinds.swap.topic import MOVES, Subtype, home_sentences, is_aside, is_digest, subtypes
from bot.core.kinds.swap.totals import adds_up, sums_up
from bot.core.model import Status
from bot.core.text.document import DateMention, Document, Mark
from bot.core.text.lexicon import Lexicon

TELLING = ("exchange", "trade", "captivity", "home", "returns", "comes", "repatriation", "body", *DIRECTIONS)
DOING = 3
"""How near behind "earlier" a word for captivity or a sentence is what was earlier."""

TOP = frozenset({"title", "summary"})


@dataclass(frozen=True, slots=True)
class Mention:
    """One clause about one exchange, as far as the clause itself tells.

    `headline`: it stands in title, summary or first paragraph; `previous`: told as an earlier exchange; `mutual`: both
    sides take part by name; `further`: one more exchange; `unbegun`: put off without ever having had a day; `asserted`: it says
    that something happened, and not only names an exchange; `heading`: the day of the dated heading that the paragraph has.
    """

    clause: Clause
    subtype: Subtype
    status: Status
    counts: tuple[Count, ...] = ()
    headline: bool = False
    previous: bool = False
    mutual: bool = False
    further: bool = False
    unbegun: bool = False
    asserted: bool = True
    heading: date | None = None

    @property
    def day(self) -> date | None:
        """Return the day that the clause names, or the heading that it stands under."""
        return self.clause.day.day if self.clause.day else self.heading

    @property
    def all_deal(self) -> bool:
        """Return whether the mention has figures, and all of them are those of a whole deal."""
        return bool(self.counts) and all(count.rank == "deal" and count.value >= LARGE for count in self.counts)

    @property
    def sum_only(self) -> bool:
        """Return whether the mention has no figures but one too large for a stage."""
        return bool(self.counts) and all(count.value >= MOST for count in self.counts)

    @property
    def anchored(self) -> bool:
        """Return whether the mention can found a report."""
        figures = any(count.rank != "deal" for count in self.counts) or (self.further and bool(self.counts))
        sums = self.sum_only and self.status == "carried_out"
        return self.day is not None or (self.headline and not sums) or figures


def mentions(document: Document, lexicon: Lexicon) -> tuple[Mention, ...]:
    """Return the mentions of a document in reading order."""
    found: list[Mention] = []
    aside, digest, top = is_aside(document, lexicon), is_digest(document), lead(document)
    heading: tuple[tuple[str, int], date | None] = ("", 0), None
    for sentence in home_sentences(document, lexicon):
        here = sentence.field, sentence.paragraph
        heading = heading if heading[0] == here else (here, heading_day(sentence))
        for clause in clauses(sentence):
            read = _read(clause, lexicon, found, document.item.published.date(), heading[1], top)
            found.extend(
                _aside(each) if aside else replace(each, headline=each.headline or (digest and each.anchored))
                for each in read
            )
    found = _borne_out(found)
    if found and not aside and not any(mention.anchored for mention in found):
        return tuple(replace(m, headline=True) if m.mutual and m.asserted and not m.previous else m for m in found)
    return tuple(found)


def _borne_out(found: list[Mention]) -> list[Mention]:
    """Return the mentions; a headline that only names an exchange is news if some other words say that it happened."""
    said = {mention.subtype for mention in found if mention.asserted}
    return [each if each.subtype in said else replace(each, headline=False) for each in found]


def _asserted(clause: Clause, figures: tuple[Count, ...]) -> bool:
    return bool(figures) or clause.day is not None or clause.has(*MOVES, "swapped", "done", "home", "repatriation")


def _aside(mention: Mention) -> Mention:
    """Return a mention of a story around exchanges, in which only what has a day or both sides' figures is news."""
    even = any(count.rule.startswith("n_") for count in mention.counts)
    dated = mention.day is not None and mention.clause.has("exchange", "home", "captivity", *DIRECTIONS)
    return replace(mention, headline=False, counts=mention.counts if dated or even else ())


def _read(
    clause: Clause, lexicon: Lexicon, told: list[Mention], published: date, heading: date | None, top: int
) -> Iterator[Mention]:
    if sums_up(clause, lexicon):
        return
    last = next((mention.counts[-1] for mention in reversed(told) if mention.counts), None)
    figures = counts(clause, lexicon, last)
    status = _status(clause, figures, published)
    off = status is None and bool(figures) and bool(told) and told[-1].status == "postponed"
    status = "postponed" if off else status
    if status is None:
        return
    if status == "carried_out" and clause.day is not None and clause.day.day > published:
        status = "announced"
    direct = _unless_told(subtypes(clause, figures), clause, told)
    direct = direct or ((told[-1].subtype,) if off else ())
    for subtype in direct or _continued(clause, figures, told, headed=heading is not None):
        own = tuple(figure for figure in figures if not direct or (figure.what == "bodies") == (subtype == "bodies"))
        yield Mention(
            clause,
            subtype,
            status,
            own,
            headline=_headline(clause, top) and not adds_up(clause, lexicon) and _tells(clause, own),
            previous=_earlier(clause) or _long_past(clause, published),
            mutual=clause.has("each", "both_sides") or (clause.has("ukraine") and clause.has("russia")),
            further=clause.has("further"),
            unbegun=clause.has("not_started"),
            asserted=_asserted(clause, own) or status != "carried_out",
            heading=heading,
        )


def _unless_told(found: tuple[Subtype, ...], clause: Clause, told: list[Mention]) -> tuple[Subtype, ...]:
    """Return bodies for a bare "the exchange" in a text that has told of nothing but bodies."""
    bare = not clause.has("people", "defender", "civilian", "prisoner", "captivity")
    bodies = bool(told) and all(mention.subtype == "bodies" for mention in told)
    return ("bodies",) if bare and bodies and found == ("prisoners",) else found


def _continued(clause: Clause, figures: tuple[Count, ...], told: list[Mention], *, headed: bool) -> tuple[Subtype, ...]:
    """Return the subtype of a clause that only goes on with one: "the third stage is due tomorrow", «По 307 военных»."""
    same = bool(told) and (
        headed
        or _paragraph(told[-1].clause) == _paragraph(clause)
        or {told[-1].clause.sentence.field, clause.sentence.field} <= TOP
    )
    described = clause.has("part", "described") and not clause.has("combat")
    among = described and any(figure.what == "civilians" and figure.value < LARGE for figure in figures)
    moved = any(figure.rule.startswith(("n_", "own")) for figure in figures) or (bool(figures) and clause.has(*MOVES))
    moved = moved or (clause.day is not None and clause.has("comes", "home", "freed", "returns"))
    leg = clause.has("leg") and clause.has("done", "planned") and clause.day is not None
    due = same and clause.has("planned") and clause.day is not None and told[-1].status == "announced"
    return (told[-1].subtype,) if told and ((moved and same) or leg or among or due) else ()


def _paragraph(clause: Clause) -> tuple[str, int]:
    return clause.sentence.field, clause.sentence.paragraph


def _headline(clause: Clause, top: int) -> bool:
    return clause.sentence.field != "body" or clause.sentence.paragraph <= top


def _earlier(clause: Clause) -> bool:
    """Return whether a clause tells of an exchange before; "earlier sentenced" or "planned" is none."""
    marks = clause.marks("previous")
    return any(not _of_other_doing(clause, mark) for mark in marks)


def _of_other_doing(clause: Clause, mark: Mark) -> bool:
    captivity = {other.first for other in clause.marks("captivity")}
    doings = (other for other in clause.marks("sentenced", "held") if other.first not in captivity)
    return any(0 <= other.first - mark.last < DOING for other in doings)


def _long_past(clause: Clause, published: date) -> bool:
    """Return whether a clause sets its exchange in an earlier month or year and names no day."""
    if clause.day is not None or clause.sentence.field == "title" or clause.has("since_2022"):
        return False
    named = (day for day in clause.sentence.dates if clause.first <= day.first < clause.last)
    return any(
        (day.precision == "month" or (day.precision == "year" and day.last_day < published)) and _beside(clause, day)
        for day in named
    )


def _beside(clause: Clause, day: DateMention) -> bool:
    first, last = clause.segment(day.first)
    return any(first <= mark.first < last for mark in clause.marks("exchange", *MOVES))


def _tells(clause: Clause, figures: tuple[Count, ...]) -> bool:
    """Return whether a clause tells of an exchange by itself: with figures, or by more than that people are free."""
    describes = clause.has("among") and not clause.has("exchange")
    return bool(figures) or (clause.has(*TELLING) and not describes and not _unsaid(clause, figures))


def _unsaid(clause: Clause, figures: tuple[Count, ...]) -> bool:
    """Return whether a clause only says what is not known: "no date was given for the exchange"."""
    stretches = [clause.segment(mark.first) for mark in clause.marks("negation")]
    events = clause.marks("exchange", *MOVES)
    beside = any(first <= event.first < last for first, last in stretches for event in events)
    return beside and not figures and clause.day is None


def _status(clause: Clause, figures: tuple[Count, ...], published: date) -> Status | None:
    """Return what the clause says of its exchange; None when it only wishes, offers or looks on."""
    if clause.has("postponed", "not_started") and not clause.has("overcome") and not _not_so(clause, figures):
        return "postponed"
    if clause.has("awaited") and clause.day is not None and clause.day.day > published:
        return "announced"
    even = any(figure.rule.startswith("n_for_n") for figure in figures)
    if even and clause.has("deal") and not clause.has("exchange", "done", *MOVES):
        return "announced"
    if clause.has("wish") and not clause.has("same_number") and not _done_elsewhere(clause, "wish"):
        return None
    return "announced" if clause.has("planned") and not _done_elsewhere(clause, "planned", "wish") else "carried_out"


def _not_so(clause: Clause, figures: tuple[Count, ...]) -> bool:
    """Return whether the news of a failure is called untrue, and people are told to be back: "a lie: 74 are home"."""
    return bool(figures) and clause.has("disputed") and _apart(clause, "postponed", "home", "comes", "freed", "returns")


def _apart(clause: Clause, concept: str, *others: str) -> bool:
    """Return whether a stretch with one of the other concepts stands apart from those with the first."""
    stretches = {clause.segment(mark.first) for mark in clause.marks(concept)}
    return any(clause.segment(mark.first) not in stretches for mark in clause.marks(*others))


def _done_elsewhere(clause: Clause, *concepts: str) -> bool:
    """Return whether people or bodies change hands in a stretch of the clause before these words, and the day is there."""
    stretches = {clause.segment(mark.first) for mark in clause.marks(*MOVES, "repatriation")}
    words = [mark.first for mark in clause.marks(*concepts)]
    first, last = clause.segment(clause.day.first) if clause.day else (0, 0)
    ahead = any(first <= word < last for word in words)
    return not ahead and any(end <= min(words) for _, end in stretches)

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
from bot.core.kinds.swap.continuing import continued, unless_told
from bot.core.kinds.swap.count import Count
from bot.core.kinds.swap.counts import counts
from bot.core.kinds.swap.mention import Mention
from bot.core.kinds.swap.newsday import FRESH
from bot.core.kinds.swap.reality import asserted, status_of, unsaid
from bot.core.kinds.swap.sides import DIRECTIONS
from bot.core.kinds.swap.story import day_of, heading_day, lead
from bot.core.kinds.swap.topic import MOVES, Subtype, home_sentences, is_aside, is_digest, is_live, subtypes
from bot.core.kinds.swap.totals import adds_up, sums_up
from bot.core.kinds.swap.turns import Turn, of_turn, turns
from bot.core.model import Status
from bot.core.text.document import DateMention, Document, Mark
from bot.core.text.lexicon import Lexicon

TELLING = ("exchange", "trade", "captivity", "home", "returns", "comes", "repatriation", "body", *DIRECTIONS)
DOING = 3
"""How near behind "earlier" a word for captivity or a sentence is what was earlier."""


@dataclass(frozen=True, slots=True)
class _Page:
    """What the reading of every clause has to know of its document.

    `top` is the last sentence of the lead, `heading` and `day` are those of the paragraph, `row` the days named together.
    """

    lexicon: Lexicon
    published: date
    top: int
    heading: date | None = None
    row: tuple[DateMention, ...] = ()
    day: DateMention | None = None


def mentions(document: Document, lexicon: Lexicon) -> tuple[Mention, ...]:
    """Return the mentions of a document in reading order."""
    found: list[Mention] = []
    page = _Page(lexicon, day_of(document), lead(document))
    place, hoped = ("", 0), False
    for sentence in home_sentences(document, lexicon):
        here = sentence.field, sentence.paragraph
        page = page if here == place else replace(page, heading=heading_day(sentence), day=None)
        place = here
        for named in clauses(sentence):
            clause = _on_that_day(named, page.day)
            page = replace(page, row=clause.days or page.row, day=clause.day or page.day)
            read = [each for turn in turns(clause, page.row, lexicon) for each in _read(turn, page, found)]
            hoped = hoped or (not read and not found and _headline(clause, page.top) and _hopes(clause, page))
            found.extend(read)
    return _of_kind(_borne_out(_headed(found, page.published), page.published), document, lexicon, hoped=hoped)


def _on_that_day(clause: Clause, day: DateMention | None) -> Clause:
    """Return a clause with the day named last before it where it says "that day" and names none of its own."""
    marks = clause.marks("that_day")
    if day is None or clause.day or not marks:
        return clause
    return replace(clause, day=replace(day, first=marks[0].first, last=marks[0].last, rule="that_day"))


def _headed(found: list[Mention], published: date) -> list[Mention]:
    """Return the mentions; a lone heading with the day of publication is a stamp, and says nothing of the exchange's."""
    days = {mention.heading for mention in found if mention.heading}
    return [replace(each, heading=None) for each in found] if days == {published} else found


def _of_kind(found: list[Mention], document: Document, lexicon: Lexicon, *, hoped: bool) -> tuple[Mention, ...]:
    """Return the mentions as the kind of text has them: a story around exchanges, a week's news, or plain news."""
    hoped = hoped and not any(mention.headline and mention.asserted for mention in found)
    if hoped or is_aside(document, lexicon):
        return tuple(_aside(mention) for mention in found)
    if is_digest(document, lexicon):
        return tuple(replace(each, headline=True, heading=each.day) if each.anchored else each for each in found)
    if any(mention.anchored for mention in found):
        told = is_live(document) or any(_headline(mention.clause, lead(document)) for mention in found)
        return tuple(found if told else map(_in_passing, found))
    return tuple(replace(m, headline=True) if _is_agreed(m) and m.asserted and not m.previous else m for m in found)


def _is_agreed(mention: Mention) -> bool:
    """Return whether both sides take part in an exchange, by name or by an even formula that is a plan's."""
    even = any(count.rule.startswith("n_for_n") for count in mention.counts)
    return mention.mutual or (even and mention.status == "announced")


def _in_passing(mention: Mention) -> Mention:
    """Return a mention of a text whose headline tells of other things, in which what has no day is no news."""
    return mention if mention.day else replace(mention, headline=False, counts=(), further=False)


def _hopes(clause: Clause, page: _Page) -> bool:
    """Return whether a clause speaks of an exchange, and only hopes for it or looks on."""
    figures = counts(clause, page.lexicon)
    return status_of(clause, figures, page.published) is None and bool(subtypes(clause, figures))


def _borne_out(found: list[Mention], published: date) -> list[Mention]:
    """Return the mentions; a headline that only names an exchange is news if some other words say that it happened."""
    news = (each for each in found if not each.previous and not (each.day and each.day < published - FRESH))
    said = {mention.subtype for mention in news if mention.asserted}
    return [each if each.subtype in said else replace(each, headline=False) for each in found]


def _aside(mention: Mention) -> Mention:
    """Return a mention of a story around exchanges, in which only what has a day or both sides' figures is news."""
    even = any(count.rule.startswith("n_") for count in mention.counts)
    if mention.spoken and not even:
        mention = replace(mention, clause=replace(mention.clause, day=None))
    dated = mention.day is not None and mention.clause.has("exchange", "home", "captivity", *DIRECTIONS)
    return replace(mention, headline=False, counts=mention.counts if dated or even else ())


def _read(turn: Turn, page: _Page, told: list[Mention]) -> Iterator[Mention]:
    clause = turn.clause
    if sums_up(clause, page.lexicon):
        return
    last = next((mention.counts[-1] for mention in reversed(told) if mention.counts), None)
    figures = of_turn(counts(clause, page.lexicon, last), turn, len(page.row))
    status = status_of(clause, figures, page.published)
    on = status is None and bool(figures) and bool(told) and _concerns(clause, told[-1])
    status = told[-1].status if on else status
    if status is None:
        return
    direct = unless_told(subtypes(clause, figures), clause, figures, told)
    direct = direct or ((told[-1].subtype,) if on else ())
    for subtype in direct or continued(clause, figures, told, headed=page.heading is not None):
        own = _own(figures, subtype, alone=len(direct) == 1) if direct else figures
        yield _mention(turn, subtype, status, own, page)


def _concerns(clause: Clause, last: Mention) -> bool:
    """Return whether a clause that tells of nothing done gives the figures of what was put off or agreed before it."""
    return last.status == "postponed" or (last.status == "announced" and clause.has("concerns"))


def _own(figures: tuple[Count, ...], subtype: Subtype, *, alone: bool) -> tuple[Count, ...]:
    """Return the figures of one subtype; soldiers "whose bodies were taken home" are bodies."""
    own = tuple(figure for figure in figures if (figure.what == "bodies") == (subtype == "bodies"))
    fallen = alone and subtype == "bodies" and not own
    return tuple(replace(each, what="bodies") for each in figures if each.what == "people") if fallen else own


def _mention(turn: Turn, subtype: Subtype, status: Status, own: tuple[Count, ...], page: _Page) -> Mention:
    clause = turn.clause
    return Mention(
        clause,
        subtype,
        status,
        own,
        headline=_headline(clause, page.top) and not adds_up(clause, page.lexicon) and _tells(clause, own),
        previous=_earlier(clause) or _long_past(clause, page.published) or _comes_after(clause, own),
        mutual=clause.has("each", "both_sides") or (clause.has("ukraine") and clause.has("russia")),
        further=clause.has("further"),
        unbegun=clause.has("not_started"),
        asserted=asserted(clause, own) or status != "carried_out",
        spoken=clause.day is not None and _is_of_speech(clause, clause.day, page.lexicon),
        in_row=turn.place is not None or any(figure.rule.startswith("gapped") for figure in own),
        heading=page.heading,
    )


def _is_of_speech(clause: Clause, day: DateMention, lexicon: Lexicon) -> bool:
    """Return whether a day is that on which something was said: "said on Friday that"."""
    matches = lexicon.match("said_then", clause.sentence)
    return any(match.captures["day"].first == day.first for match in matches)


def _headline(clause: Clause, top: int) -> bool:
    return clause.sentence.index <= top


def _earlier(clause: Clause) -> bool:
    """Return whether a clause tells of an exchange before; "earlier sentenced" or "planned" is none."""
    same = clause.marks("same_day")
    marks = (m for m in clause.marks("previous") if not any(s.first <= m.first < s.last for s in same))
    return any(not _of_other_doing(clause, mark) for mark in marks)


def _comes_after(clause: Clause, figures: tuple[Count, ...]) -> bool:
    """Return whether a clause only gives the figure of a day before: "120 came home on Saturday, *after 275 on Friday*"."""
    opened = any(mark.first == clause.first > 0 for mark in clause.marks("after"))
    return opened and any(figure.rule.startswith("gapped") for figure in figures)


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
        (day.precision == "month" or (day.precision in ("week", "year") and day.last_day < published))
        and _beside(clause, day)
        for day in named
    )


def _beside(clause: Clause, day: DateMention) -> bool:
    first, last = clause.segment(day.first)
    return any(first <= mark.first < last for mark in clause.marks("exchange", *MOVES))


def _tells(clause: Clause, figures: tuple[Count, ...]) -> bool:
    """Return whether a clause tells of an exchange by itself: with figures, or by more than that people are free."""
    describes = clause.has("among") and not clause.has("exchange")
    return bool(figures) or (clause.has(*TELLING) and not describes and not unsaid(clause, figures))

"""What is this war's exchange of prisoners or bodies, and what only uses the same words.

Silence is kept about other countries' exchanges, about exchanges of money, views or fire, about denied ones, and about
texts in which nobody changes hands at all.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from bot.core.kinds.swap.clauses import Clause
from bot.core.kinds.swap.count import Count
from bot.core.kinds.swap.sides import DIRECTIONS
from bot.core.kinds.swap.story import lead, own_sentences
from bot.core.kinds.swap.totals import sums_up
from bot.core.text.document import Document, Mark, Number, Sentence
from bot.core.text.lexicon import Lexicon, has, marks_of

Subtype: TypeAlias = Literal["prisoners", "bodies"]
MOVES = ("gets", "gives", "returns", "comes", "freed", "trade")
TOLD = ("home", "swapped", "both_sides", "each")
HOMEWARD = ("gets", "returns", "comes", "freed", "trade")
HANDED = ("gets", "gives", "returns", "trade")
PEOPLE = ("people", "defender", "civilian", "prisoner")
GROUPS = (*PEOPLE, "resident", "wounded", "ill", "women", "officers", "medics")
PERSONS = ("people", "defender", "civilian", "ukrainian", "russian", "prisoner")
SIDES = ("ukraine", "russia", "ukrainian", "russian", "defender", *DIRECTIONS)
NAMED = (*SIDES, "officials")
UKRAINE = ("ukraine", "ukrainian")
RUSSIA = ("russia", "russian", "from_russia", "to_russia")
COUNTRIES = frozenset({"UA", "RU"})
HELPERS = frozenset({"BY", "AE", "TR", "US", "VA", "QA", "SA", "CH"})
MANY_BODIES = 20
"""From how many bodies on their number alone tells that they change hands."""


def home_sentences(document: Document, lexicon: Lexicon) -> tuple[Sentence, ...]:
    """Return the sentences that can speak of this war's exchanges; none where the document is about other things.

    Where the first exchange told is a foreign one, only paragraphs that name both Ukraine and Russia count.
    """
    sentences = tuple(sentence for sentence in own_sentences(document) if not _of_land(sentence))
    if not _names_this_war(document) or _denied(document) or not _about_persons(sentences, lexicon):
        return ()
    events = [each for each in sentences if has(each, "exchange", "trade", "elsewhere") or _topical(each, lexicon)]
    abroad = bool(events) and _foreign(events[0])
    ours = _paragraphs_with(sentences, UKRAINE) & _paragraphs_with(sentences, RUSSIA)
    kept = (sentence for sentence in sentences if not abroad or _paragraph(sentence) in ours)
    return tuple(sentence for sentence in kept if not _foreign(sentence))


def is_aside(document: Document, lexicon: Lexicon) -> bool:
    """Return whether the title promises a story around exchanges and no news: a law, one man's memories, a war's total."""
    titles = [sentence for sentence in document.sentences if sentence.field == "title"]
    figures = any(
        _may_count_people(number, sentence) for sentence in titles for number in _counted_alone(sentence, lexicon)
    )
    moved = any(has(sentence, "exchange", "home", "repatriation", "body", *MOVES) for sentence in titles)
    summing = any(sums_up(Clause(sentence, 0, len(sentence.tokens)), lexicon) for sentence in titles)
    return summing or (not (figures and moved) and any(has(sentence, "aside") for sentence in titles))


def _counted_alone(sentence: Sentence, lexicon: Lexicon) -> tuple[Number, ...]:
    """Return the numbers of a sentence without shares, "nine in ten", and without those who died in captivity."""
    deaths = () if has(sentence, "body", "repatriation") else lexicon.match("deaths", sentence)
    others = (*lexicon.match("share", sentence), *deaths)
    return tuple(n for n in sentence.numbers if not any(m.first <= n.first < m.last for m in others))


def _may_count_people(number: Number, sentence: Sentence) -> bool:
    """Return whether a number is no ordinal and does not count kilos or years."""
    return (
        not number.ordinal
        and number.value > 1
        and all(mark.first != number.last for mark in marks_of(sentence, "not_people"))
    )


def is_digest(document: Document, lexicon: Lexicon) -> bool:
    """Return whether the title promises a week's news, or the lead that week's exchanges: all count as the item's own."""
    top = lead(document)
    sentences = [each for each in document.sentences if each.index <= top]
    week = (each for each in sentences if has(each, "digest") and not lexicon.match("nth_in_span", each))
    return any(each.field == "title" or lexicon.match("many_exchanges", each) for each in week)


def is_live(document: Document) -> bool:
    """Return whether an item tells a day's news one after another, so that none of them stands in its headline."""
    return any(has(sentence, "live") for sentence in document.sentences if sentence.field == "title")


def subtypes(clause: Clause, figures: tuple[Count, ...]) -> tuple[Subtype, ...]:
    """Return of what the clause tells an exchange."""
    events = _events(clause)
    found: list[Subtype] = []
    if _is_prisoners(clause, events, figures):
        found.append("prisoners")
    if _is_bodies(clause, events, figures):
        found.append("bodies")
    return tuple(found)


def _names_this_war(document: Document) -> bool:
    """Return whether a side is named, or nothing abroad: at home "the exchange of prisoners" needs no more words."""
    named = any(
        has(sentence, *NAMED) or any(place.country in COUNTRIES for place in sentence.places)
        for sentence in document.sentences
    )
    places = (place.country for sentence in document.sentences for place in sentence.places)
    abroad = any(has(sentence, "foreign", "elsewhere") for sentence in document.sentences)
    return named or not (abroad or any(country not in HELPERS for country in places))


def _denied(document: Document) -> bool:
    """Return whether the headline says that there was no exchange at all."""
    return any(has(sentence, "fake") for sentence in document.sentences if sentence.field == "title")


def _about_persons(sentences: tuple[Sentence, ...], lexicon: Lexicon) -> bool:
    """Return whether people or bodies changing hands are a subject: in one sentence, or of the whole."""
    whole = [Clause(sentence, 0, len(sentence.tokens)) for sentence in sentences]
    moved = (clause for clause in whole if clause.sentence.field == "title" and clause.has("comes", "returns", "freed"))
    told = any(_events(clause) for clause in whole) or any(clause.has(*PEOPLE) for clause in moved)
    spread = told and any(
        _prisoners(clause) or clause.has("freed") or (clause.has(*MOVES) and clause.has(*GROUPS)) for clause in whole
    )
    return spread or any(_topical(sentence, lexicon) for sentence in sentences)


def _topical(sentence: Sentence, lexicon: Lexicon) -> bool:
    """Return whether a sentence alone makes people or bodies changing hands the subject."""
    clause = Clause(sentence, 0, len(sentence.tokens))
    exchanged, moved = bool(_events(clause)), clause.has(*MOVES)
    return (
        (_prisoners(clause) and (exchanged or moved or clause.has("home")))
        or clause.has("repatriation")
        or (clause.has("body") and (exchanged or clause.has(*HANDED, "comes")) and clause.has(*SIDES))
        or (clause.has("body") and exchanged and not clause.has("combat"))
        or (clause.has("home") and clause.has("defender", "ukrainian", "russian"))
        or (
            clause.has("from_russia", "from_ukraine")
            and clause.has("returns", "comes", "freed")
            and clause.has(*PERSONS)
        )
        or (exchanged and (clause.has("freed", "postponed") or (clause.has("home") and bool(clause.numbers()))))
        or (exchanged and clause.has(*GROUPS) and clause.has(*TOLD, *MOVES, *SIDES))
        or (exchanged and moved and clause.has(*SIDES) and bool(clause.numbers()))
        or (moved and clause.has("same_number", "in_return") and clause.has(*PEOPLE) and clause.has(*SIDES))
        or (clause.has("body") and bool(clause.numbers()) and (clause.has("icrc") or _both_ways(clause)))
        or (clause.has("body") and clause.has("postponed") and clause.has(*SIDES))
        or (exchanged and clause.has("mediation") and clause.has(*SIDES))
        or (exchanged and clause.has("say") and _both_ways(clause) and len(clause.numbers()) > 1)
        or ((exchanged or clause.has("freed", "home", "leg", "body")) and bool(lexicon.match("n_for_n", sentence)))
    )


def _both_ways(clause: Clause) -> bool:
    return clause.has("to_ukraine", "ukraine") and clause.has("to_russia", "russia")


def _foreign(sentence: Sentence) -> bool:
    """Return whether a sentence is about other countries; the United States are none where they are thanked for help."""
    helpers = {mark.first for mark in marks_of(sentence, "us")} if has(sentence, "mediation") else set()
    abroad = any(mark.first not in helpers for mark in marks_of(sentence, "foreign"))
    return has(sentence, "elsewhere") or (abroad and not has(sentence, *UKRAINE))


def _of_land(sentence: Sentence) -> bool:
    """Return whether a sentence tells of towns that were freed, and not of people: losses beside it are no figures."""
    people = ("exchange", "home", "prisoner", "defender", "civilian", "body", "from_russia", "from_ukraine")
    countries = {place.last for place in sentence.places if not place.region}
    return any(mark.last not in countries for mark in marks_of(sentence, "land")) and not has(sentence, *people)


def _paragraphs_with(sentences: tuple[Sentence, ...], concepts: tuple[str, ...]) -> set[tuple[str, int]]:
    return {_paragraph(sentence) for sentence in sentences if has(sentence, *concepts)}


def _paragraph(sentence: Sentence) -> tuple[str, int]:
    return sentence.field, sentence.paragraph


def _events(clause: Clause) -> list[Mark]:
    """Return the words for an exchange that are not part of another meaning, such as an exchange of views."""
    return _outside(clause.marks("exchange", "trade"), clause.marks("no_event", "in_return"))


def _prisoners(clause: Clause) -> bool:
    """Return whether a clause has prisoners or captivity, and not only an office or relatives named after them."""
    return bool(_outside(clause.marks("prisoner", "captivity"), clause.marks("not_prisoner")))


def _outside(marks: tuple[Mark, ...], others: tuple[Mark, ...]) -> list[Mark]:
    return [mark for mark in marks if not any(other.first <= mark.first < other.last for other in others)]


def _is_prisoners(clause: Clause, events: list[Mark], figures: tuple[Count, ...]) -> bool:
    persons = _prisoners(clause)
    if (clause.has("repatriation") or _bodies_move(clause, events)) and not persons:
        return False
    exchanged = any(mark.concept == "exchange" for mark in events)
    moved = clause.has(*MOVES)
    dated = clause.day is not None
    return (
        (exchanged and (persons or moved or dated or bool(figures) or clause.has("done", "leg", "postponed")))
        or (clause.has(*HOMEWARD) and (persons or (clause.has("from_russia", "from_ukraine") and clause.has(*PEOPLE))))
        or (clause.has("home", "freed") and clause.has(*PERSONS))
        or (clause.has("freed") and any(figure.what == "people" for figure in figures) and not clause.has("combat"))
        or (moved and clause.has(*PERSONS) and any(figure.what != "bodies" for figure in figures))
        or (moved and clause.has("kursk") and any(figure.what == "civilians" for figure in figures))
    )


def _bodies_move(clause: Clause, events: list[Mark]) -> bool:
    """Return whether bodies stand in one stretch with words of exchange or handing over."""
    moves = [*events, *clause.marks(*MOVES, "in_return", "postponed")]
    stretches = [clause.segment(body.first) for body in clause.marks("body")]
    return any(first <= move.first < last for first, last in stretches for move in moves) or (
        bool(stretches) and not events
    )


def _is_bodies(clause: Clause, events: list[Mark], figures: tuple[Count, ...]) -> bool:
    if clause.has("repatriation"):
        return True
    if clause.has("combat") and not (events or clause.has("defender", "home", *DIRECTIONS)):
        return False
    many = any(figure.what == "bodies" and figure.value >= MANY_BODIES for figure in figures)
    handed = (
        bool(events)
        or any(figure.rule.startswith("n_for_n") for figure in figures)
        or clause.has(*HANDED, "postponed")
        or (clause.has("to_ukraine") and clause.has("to_russia"))
        or (clause.has("comes", "home") and (many or clause.has(*DIRECTIONS)))
    )
    named = clause.has(*UKRAINE, *RUSSIA, *DIRECTIONS, "postponed", "home")
    return _bodies_move(clause, events) and handed and (many or bool(events) or named)

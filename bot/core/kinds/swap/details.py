"""What is told around the figures: who came home, who helped, the number in Kyiv's count, what is denied.

Such words stand in sentences of their own ("Among them are officers"), so they are looked for in the neighbourhood
of the mentions of a stage, and not where the same words describe an attack ("the wounded were taken to hospital").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.core.kinds.swap.clauses import Clause
from bot.core.kinds.swap.totals import ADDED_UP, CASED, of_war, within
from bot.core.model import Evidence
from bot.core.text.document import Mark, Number
from bot.core.text.lexicon import Lexicon

CATEGORIES: Mapping[str, str] = {
    "wounded": "wounded",
    "ill": "ill",
    "under_25": "under_25",
    "civilian": "civilians",
    "women": "women",
    "officers": "officers",
    "medics": "medics",
    "mariupol": "mariupol_defenders",
    "since_2022": "since_2022",
    "sentenced": "sentenced",
}
MEDIATORS: Mapping[str, str] = {
    "uae": "UAE",
    "turkey": "Turkey",
    "us": "US",
    "vatican": "Vatican",
    "qatar": "Qatar",
    "saudi_arabia": "Saudi Arabia",
    "icrc": "ICRC",
    "belarus": "Belarus",
}
HOSTS = frozenset({"turkey", "us", "belarus"})
BESIDE, HOST_REACH = 1, 6
ORDINALS, OF_WAR = range(40, 400), range(2, 400)
ORDINAL_REACH = 3
ABSENT = 4
"""How near behind a group "there are none" may stand."""


def categories(scope: Iterable[Clause]) -> Iterator[tuple[str, Evidence]]:
    """Yield the groups of people among those exchanged, with their words."""
    for clause in scope:
        for mark in clause.marks(*CATEGORIES):
            if not _denied(clause, mark) and (mark.concept != "since_2022" or _is_captivity(clause)):
                name = CATEGORIES[mark.concept]
                yield name, clause.evidence("categories", f"category.{name}", mark.first, mark.last)


def _is_captivity(clause: Clause) -> bool:
    """Return whether "since 2022" tells how long people were held, and not since when thousands have come home."""
    return clause.has("held") and all(number.value < ADDED_UP for number in clause.numbers())


def _denied(clause: Clause, mark: Mark) -> bool:
    if _recalled(clause, mark) or _of_attack(clause, mark) or clause.has("unclear", "remaining"):
        return True
    _, last = clause.segment(mark.first)
    if any(mark.last <= no.first < min(last, mark.last + ABSENT) for no in clause.marks("absent")):
        return True
    within = any(no.first <= mark.first < no.last for no in clause.marks("officers_not", "not_category"))
    return within or any(no.last == mark.first for no in clause.marks("negation"))


def _recalled(clause: Clause, mark: Mark) -> bool:
    """Return whether words of an earlier exchange stand before: "after a previous swap of soldiers and civilians"."""
    return mark.concept != "sentenced" and any(
        other.last <= mark.first and clause.segment(other.first) == clause.segment(mark.first)
        for other in clause.marks("previous", "before_that_day")
    )


def _of_attack(clause: Clause, mark: Mark) -> bool:
    """Return whether "injured 15 people" tells of an attack."""
    if not clause.has("combat"):
        return False
    counted = any(0 <= number.first - mark.last < ORDINAL_REACH for number in clause.numbers())
    first, last = clause.segment(mark.first)
    attack = any(first <= other.first < last for other in clause.marks("combat"))
    freed = any(first <= other.first < last for other in clause.marks("freed", "exchange", "returns", "comes", "gets"))
    return (mark.concept == "wounded" and counted) or (attack and not freed)


def mediators(scope: Iterable[Clause]) -> Iterator[tuple[str, Evidence]]:
    """Yield who brokered the exchange or is thanked for help; hosts of talks only beside words of help and exchange."""
    for clause in scope:
        if _only_offers(clause):
            continue
        for mark in _helpers(clause):
            name = MEDIATORS[mark.concept]
            yield name, clause.evidence("mediators", f"mediator.{name}", mark.first, mark.last)


def _helpers(clause: Clause) -> Iterator[Mark]:
    """Yield who is named near words of help, and who is named together with these: "partners in Turkey and the UAE"."""
    named = [mark for mark in clause.marks(*MEDIATORS) if not _names_people(clause, mark)]
    alone = not clause.has("exchange", "prisoner", "trade") and all(mark.concept in HOSTS for mark in named)
    helped = [mark for mark in named if _helps(clause, mark, alone=alone)]
    sure = [mark for mark in helped if mark.concept not in HOSTS]
    for mark in named:
        beside = any(_words_between(clause, mark, other) <= BESIDE for other in sure)
        together = beside and (not _is_place(clause, mark) or clause.has("partner"))
        if mark in helped or together:
            yield mark


def _helps(clause: Clause, mark: Mark, *, alone: bool) -> bool:
    host = mark.concept in HOSTS
    reach = (BESIDE if alone else HOST_REACH) if host else len(clause.sentence.tokens)
    words = clause.marks("mediation", "attends") if mark.concept == "icrc" else clause.marks("mediation")
    near = any(_words_between(clause, mark, word) <= reach for word in words)
    return near and not (host and _is_place(clause, mark))


def _only_offers(clause: Clause) -> bool:
    """Return whether a clause tells of help that is usual, or offered for what is still to come."""
    ahead = clause.has("wish") and clause.has("gives") and not clause.has("exchange", "prisoner", "freed")
    return ahead or clause.has("in_general")


def _names_people(clause: Clause, mark: Mark) -> bool:
    """Return whether a country is that of a citizen or a fighter: "a US citizen who helped Ukrainians"."""
    return any(person.first <= mark.first < person.last for person in clause.marks("not_helper"))


def ordinal(scope: Iterable[Clause], lexicon: Lexicon) -> tuple[int, Evidence] | None:
    """Return the exchange's number since the invasion; small ones count stages or the exchanges of a year."""
    for clause in scope:
        if (numbered := _numbered(clause, lexicon)) is not None:
            return numbered
        words = clause.marks("exchange", "in_a_row")
        for number in (*clause.numbers(ordinal=True), *_hyphened(clause)):
            near = any(_gap(number.first, number.last, word.first, word.last) <= ORDINAL_REACH for word in words)
            if number.value in ORDINALS and (near or clause.has("counting")):
                return number.value, clause.evidence("ordinal", "ordinal", number.first, number.last)
    return None


def _numbered(clause: Clause, lexicon: Lexicon) -> tuple[int, Evidence] | None:
    """Return the number that is said to be that of the whole war, or is set behind "exchange number"."""
    ways = [(match, ORDINALS) for match in lexicon.match("numbered", clause.sentence)]
    ways += [(match, OF_WAR) for match in of_war(clause, lexicon)]
    for match, allowed in ways:
        value = match.number("n")
        if value is not None and value in allowed and within(clause, match):
            return value, clause.evidence("ordinal", match.rule, match.first, match.last)
    return None


def _is_place(clause: Clause, mark: Mark) -> bool:
    """Return whether a country is only where something is: "in Belarus"."""
    return any(other.last == mark.first for other in clause.marks("located"))


def _hyphened(clause: Clause) -> Iterator[Number]:
    """Yield the figures with a case ending, «58-м», which may be ordinals."""
    tokens = clause.sentence.tokens
    return (number for number in clause.numbers() if CASED.fullmatch(tokens[number.first].text))


def disputed(scope: Iterable[Clause]) -> Evidence | None:
    """Return the words with which one side denies what the other says, or None."""
    for clause in scope:
        for mark in clause.marks("disputed", "not_agreed"):
            return clause.evidence("disputed", "disputed", mark.first, mark.last)
    return None


def _words_between(clause: Clause, mark: Mark, other: Mark) -> int:
    first, last = min(mark.last, other.last), max(mark.first, other.first)
    return sum(token.kind != "punctuation" for token in clause.sentence.tokens[first:last])


def _gap(first: int, last: int, other_first: int, other_last: int) -> int:
    return max(other_first - last, first - other_last, 0)

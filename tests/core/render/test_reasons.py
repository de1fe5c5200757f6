"""The reasons of decisions in the reader's language."""

from __future__ import annotations

from itertools import permutations, product

import pytest

from bot.core.render.phrases import Phrasebook
from bot.core.render.reasons import retell, unfill
from tests.examples import BOOKS
from tests.reports import KINDS, at, event, june, strike, swap


@pytest.mark.parametrize(
    ("template", "text", "values"),
    [
        ("the day moved", "the day moved", {}),
        ("the day moved", "the day moved on", None),
        ("number {mine}, not {theirs}", "number 65, not 66", {"mine": "65", "theirs": "66"}),
        (
            "not event {event}: {reason}",
            "not event 3: the other side: ours",
            {"event": "3", "reason": "the other side: ours"},
        ),
        ("{slot} was corrected", "killed was corrected", {"slot": "killed"}),
        ("{slot} was corrected", "killed was", None),
    ],
)
def test_a_template_gives_its_values_back(template, text, values):
    assert unfill(template, text) == values


def test_a_reason_is_told_with_days_regions_and_slots_of_the_language():
    uk = BOOKS["uk"]
    assert "9 червня 2025" in retell("the same day, 2025-06-09", "swap", uk)
    assert "Харківська" in retell("different regions: UA-63 and UA-59", "strike", uk)
    assert "в Україну" in retell("the same to_ukraine: 25", "swap", uk)


def test_reasons_within_a_reason_are_told_too():
    told = retell("not event 3: the other side struck; no common day, and different figures", "strike", BOOKS["ru"])
    assert told == "не событие 3: удар другой стороны; общего дня нет, числа разные"


SWAPS = [
    swap("A", at(8 + place), day, status=status, facts=facts)
    for place, (day, status, facts) in enumerate(
        product([None, june(8), june(9)], ["announced", "carried_out"], [{}, {"to_ukraine": 25, "ordinal": 65}])
    )
]
STRIKES = [
    strike("B", at(8 + place), day, facts=facts)
    for place, (day, facts) in enumerate(
        product(
            [None, june(8), june(9)], [{}, {"killed": 3, "places": ("Kharkiv",)}, {"attacker": "UA"}, {"region": "UA"}]
        )
    )
]


@pytest.mark.parametrize("language", ["uk", "ru"])
def test_whatever_comparing_says_has_words_in_the_language(language):
    said = {
        (report.kind, reason)
        for reports in (SWAPS, STRIKES)
        for report, founder in permutations(reports, 2)
        for reason in KINDS[report.kind].compare(report, event(founder)).reasons
    }
    assert len(said) > 20
    assert [reason for kind, reason in said if retell(reason, kind, BOOKS[language]) == reason] == []


def test_what_no_template_fits_stays():
    assert retell("a reason of tomorrow", "swap", BOOKS["uk"]) == "a reason of tomorrow"


def test_english_is_told_as_it_is():
    assert retell("the same day, 2025-06-09", "swap", BOOKS["en"]) == "the same day, 2025-06-09"


def test_languages_tell_the_same_reasons():
    catalogues = [set(book.reasons) for book in BOOKS.values() if book.reasons]
    assert all(each == catalogues[0] for each in catalogues)


def test_a_book_without_a_catalogue_speaks_english():
    assert retell("now confirmed", "swap", Phrasebook("pl", {}, {})) == "now confirmed"

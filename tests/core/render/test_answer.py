"""Lists with totals, and one event in full."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.core.render.answer import empty, latest, one_event, strikes, swaps
from bot.core.render.markup import LIMIT, units
from tests.examples import BOOKS, exchange, strike
from tests.golden_files import assert_golden

BODIES = exchange(id=15, facts={"subtype": "bodies", "to_ukraine": 1212, "to_russia": 27}, claims={}, history=())
LATER = exchange(id=16, date=date(2025, 6, 14), facts={"subtype": "prisoners", "to_ukraine": 200}, claims={})
PLANNED = exchange(id=17, status="announced", facts={"subtype": "prisoners", "to_ukraine": 1000}, claims={})


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_answers_read_as_their_golden_files(language):
    book = BOOKS[language]
    assert_golden(f"{language}/answer-swaps.html", swaps([exchange(), BODIES, PLANNED, LATER], book).text)
    assert_golden(f"{language}/answer-strikes.html", strikes([strike(), strike(id=14)], book).text)
    assert_golden(f"{language}/answer-latest.html", latest([strike(), exchange()], book).text)
    assert_golden(f"{language}/answer-event.html", one_event(exchange(), book).text)


def test_the_total_counts_people_home_and_leaves_out_the_planned_and_the_fallen():
    answer = swaps([exchange(), BODIES, PLANNED, LATER], BOOKS["en"]).text
    assert "1,407 people home to Ukraine" in answer
    assert "Fallen: 1,212 to Ukraine, 27 to Russia" in answer


def test_a_list_that_is_too_long_keeps_the_newest_and_all_in_the_total():
    events = [exchange(id=number, claims={}) for number in range(1, 200)]
    answer = swaps(events, BOOKS["en"]).text
    assert units(answer) <= LIMIT
    assert "/event_199" in answer
    assert "/event_1 " not in answer
    assert "earlier ones" in answer
    assert f"{1207 * 199:,} people" in answer


def test_nothing_found_is_said_with_a_remedy():
    book = BOOKS["en"]
    assert swaps([], book) == strikes([], book) == latest([], book) == empty(book)
    assert "/help" in empty(book).text


def test_an_event_with_many_claims_stays_within_the_limit():
    event = exchange()
    claims = {f"slot{n}": event.claims["to_ukraine"] for n in range(60)}
    answer = one_event(replace(event, claims=claims, history=event.history * 60), BOOKS["uk"]).text
    assert units(answer) <= LIMIT
    assert "і ще" in answer


def test_a_source_that_says_a_figure_twice_is_named_once():
    event = exchange()
    first = event.claims["to_ukraine"][0]
    again = replace(first, origin=replace(first.origin, item_id="2", url="https://bereg.example/2"))
    answer = one_event(replace(event, claims={"to_ukraine": (first, again)}), BOOKS["en"]).text
    line = next(line for line in answer.splitlines() if line.startswith("to Ukraine: 1,207 ("))
    assert line.count("Берег News") == 1
    assert "https://bereg.example/2" in line


def test_settlements_bear_the_names_of_the_language_among_the_claims_too():
    event = strike()
    told = replace(event.claims["killed"][0], slot="places", value=("Kharkiv",))
    answer = one_event(replace(event, claims={"places": (told,)}), BOOKS["uk"]).text
    assert "Kharkiv" not in answer
    assert answer.count("Харків ") + answer.count("Харків\n") == 2

"""What is said of a text that somebody showed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.model import Decision, Speaker
from bot.core.render.markup import LIMIT, units, unmarked
from bot.core.render.reading import Finding, read_out, sorry
from tests.examples import BOOKS, exchange, strike
from tests.golden_files import assert_golden

EN = BOOKS["en"]
SHOWN = strike(id=0, claims={"killed": (replace(strike().claims["killed"][0], speaker=Speaker("police", "UA")),)})
ANNOUNCED = exchange(
    id=0, status="announced", disputed=False, facts={"subtype": "prisoners", "to_ukraine": 300}, claims={}
)
DENIED = exchange(id=0, facts={"subtype": "prisoners", "to_ukraine": 94, "to_russia": 95}, claims={}, disputed=True)


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_a_reading_is_told_as_its_golden_file(language):
    book = BOOKS[language]
    several = (Finding(SHOWN, strike(), Decision(13, 0.93)), Finding(ANNOUNCED, None, Decision(None, 0.0)))
    assert_golden(f"{language}/reading.html", read_out(several, book).text)
    assert_golden(f"{language}/reading-denied.html", read_out([Finding(DENIED, None, Decision(None, 0.0))], book).text)
    assert_golden(f"{language}/reading-passing.html", read_out([Finding(SHOWN, None, passing=True)], book).text)
    assert_golden(f"{language}/reading-known.html", read_out([Finding(exchange(), exchange())], book).text)
    excuses = ("no_text", "other_language", "too_long", "no_page", "no_answer", "private_post")
    said = [read_out([], book).text, *(sorry(each, book).text for each in excuses)]
    assert_golden(f"{language}/reading-sorry.html", "\n".join(said))


@pytest.mark.parametrize(("score", "said"), [(0.95, "That is this"), (0.7, "most likely"), (0.51, "may be")])
def test_how_sure_it_is_is_said(score, said):
    assert said in read_out([Finding(SHOWN, strike(), Decision(13, score))], EN).text


def test_what_is_only_recalled_does_not_stand_beside_news():
    told = read_out([Finding(SHOWN, strike(), Decision(13, 0.9)), Finding(DENIED, None, passing=True)], EN).text
    assert "Kharkiv" in told
    assert "94" not in told


def test_very_many_events_in_one_text_stay_within_the_limit():
    long = replace(SHOWN, facts={**SHOWN.facts, "places": tuple("ж" * 60 for _ in range(50))})
    told = read_out([Finding(long, strike(), Decision(13, 0.9))] * 50, BOOKS["uk"]).text
    assert units(unmarked(told)) <= LIMIT
    assert "і ще" in told

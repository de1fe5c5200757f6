"""Several events in one message: readable in every language, and never too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.policy import MOST_TOGETHER
from bot.core.render.digest import render_digest
from bot.core.render.markup import LIMIT, units
from tests.examples import BOOKS, exchange, strike
from tests.golden_files import assert_golden

EVENTS = [
    strike(confirmed=True),
    strike(id=14, date=date(2025, 6, 10)),
    exchange(),
    exchange(id=15, facts={"subtype": "prisoners"}, status="announced", date=date(2025, 6, 11)),
    strike(id=16, merged_into=13),
    strike(id=17, verdict="reject"),
]


@pytest.mark.parametrize("language", BOOKS)
def test_a_digest_reads_as_its_golden_file(language):
    assert_golden(f"{language}/digest.html", render_digest(EVENTS, BOOKS[language]).text)


def test_a_digest_of_one_day_names_it_once():
    assert render_digest([strike(), exchange()], BOOKS["en"]).text.splitlines()[0] == "<b>🗞 Digest: 9 June 2025</b>"


def test_what_was_withdrawn_or_merged_is_in_no_total():
    lines = render_digest(EVENTS, BOOKS["en"]).text.splitlines()
    assert lines[1] == "2\u00a0strikes · 4 killed · 42 injured"


@given(
    st.lists(st.sampled_from([strike(), exchange(), *EVENTS]), min_size=1, max_size=MOST_TOGETHER),
    st.sampled_from(sorted(BOOKS)),
    st.text(max_size=400),
    st.integers(0, 2**62),
)
def test_a_digest_is_always_within_the_limits(events, language, region, number):
    """However long what outlets wrote and however large their figures."""
    hostile = [replace(each, id=number, facts={**each.facts, "region": region, "killed": number}) for each in events]
    shown = render_digest(hostile, BOOKS[language]).text
    assert units(shown) <= LIMIT
    assert shown.count(f"/event_{number}") >= len(events)

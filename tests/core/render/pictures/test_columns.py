"""Time cut into slots, and values into round steps."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.render.pictures.columns import LEFT, RIGHT, Panel, begin, labels, slot_at, slots, step_of, ticks
from bot.core.render.pictures.frame import Look
from bot.core.render.pictures.palette import SMALL
from bot.core.render.pictures.svg import width
from tests.core.render.pictures.drawings import BOOKS

DAYS = st.lists(st.dates(date(2014, 1, 1), date(2030, 1, 1)), min_size=1, max_size=9)


@given(DAYS)
def test_every_day_has_a_slot_and_slots_follow_each_other(days):
    step = step_of(days)
    found = slots(days, step)
    assert {begin(day, step) for day in days} <= set(found)
    assert all(timedelta(1) <= after - before <= timedelta(31) for before, after in pairwise(found))


@given(st.integers(0, 10**7))
def test_ticks_are_a_few_round_numbers_from_nought_to_beyond_the_largest(most):
    found = ticks(most)
    assert found[0] == 0
    assert found[-1] >= most
    assert 2 <= len(found) <= 6
    assert str(found[1]).rstrip("0") in {"1", "2", "5"}


@given(st.lists(st.integers(0, 10**6), min_size=1), st.lists(st.integers(0, 10**6)))
def test_every_column_and_its_figure_stay_within_the_panel(ups, downs):
    panel = Panel.over(100, 300, ups, downs)
    assert panel.top <= panel.y(max(ups)) <= panel.y(0) <= panel.y(-max(downs, default=0)) <= panel.bottom + 1e-6
    assert panel.y(max(ups)) - panel.top >= 18


@pytest.mark.parametrize("count", [1, 2, 30, 300])
def test_slots_share_the_width(count):
    places = [slot_at(number, count)[0] for number in range(count)]
    assert min(places) > LEFT
    assert max(places) < RIGHT
    assert places == sorted(places)


def test_a_month_is_named_where_it_begins_and_in_short_where_it_has_no_room():
    days = tuple(date(2024, 12, 31) + timedelta(days=number) for number in range(30))
    row = "".join(labels(days, "day", 0, Look(BOOKS["en"])))
    assert "Jan 2025" in row
    assert "Dec 2024" not in row
    assert ">Dec<" in row


@example({*range(15), 30, 181, 212, 334}, "uk")
@given(st.sets(st.integers(0, 400), min_size=1, max_size=21), st.sampled_from(sorted(BOOKS)))
def test_every_month_of_more_than_a_day_is_named_and_no_two_names_touch(chosen, language):
    """Months of a day each may be so many, side by side, that not all their names have room."""
    days, look = [date(2024, 11, 1) + timedelta(days=number) for number in sorted(chosen)], Look(BOOKS[language])
    row = ET.fromstring(f"<row>{''.join(labels(days, 'day', 0, look))}</row>")
    names = [each for each in row if each.get("font-weight")]
    months = Counter(day.replace(day=1) for day in days)
    told, known = [each.text.split()[0] for each in names], iter(look.month(day) for day in sorted(months))
    assert all(name in known for name in told)
    assert {look.month(month) for month, slots in months.items() if slots > 1} <= {*told}
    assert len(months) > 3 or len(told) == len(months)
    spans = [(float(each.get("x")), width(each.text, SMALL) / 2) for each in names]
    assert all(right - half > left + before for (left, before), (right, half) in pairwise(spans))
    assert all(at - half >= LEFT - 60 and at + half <= RIGHT + 1 for at, half in spans)


@pytest.mark.parametrize(("first", "count"), [(2014, 12 * 17), (2024, 62)])
def test_years_are_all_named_those_of_a_month_alone_too(first, count):
    months = [date(first + (number + 11) // 12, (number + 11) % 12 + 1, 1) for number in range(count)]
    row = "".join(labels(months, "month", 0, Look(BOOKS["en"])))
    assert [year for year in {month.year for month in months} if f">{year}<" not in row] == []

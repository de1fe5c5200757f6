"""Reports and rulings meet what is stored: late ones go where they would have stood."""

from __future__ import annotations

import pytest

from bot.joining import MOST_AGAIN, Joiner
from tests.reports import KINDS, at, june, strike
from tests.test_rulings import CHANNEL, House, house

KHARKIV = {"places": ("Kharkiv",)}
NIGHT = strike("Слобода", at(9, 5), june(9), facts={"killed": 6, **KHARKIV})
TOLL = strike("Берег", at(10, 7), june(10), facts={"killed": 28, **KHARKIV})
FINAL = strike("Wire", at(10, 11), june(9), facts={"killed": 31, **KHARKIV})


async def partition(made: House) -> list[list[str]]:
    events = await made.store.latest(100)
    return sorted(sorted(report.origin.name for report in event.reports) for event in events)


async def test_two_posts_that_turn_out_to_be_one_event_are_told_so():
    made = await house(NIGHT, TOLL)
    assert await partition(made) == [["Берег"], ["Слобода"]]
    await made.take(FINAL)
    assert await partition(made) == [["Wire", "Берег", "Слобода"]]
    assert (await made.event(2)).merged_into == 1
    told = await made.sent()
    assert ("edit", 2, CHANNEL.chat_id) in told
    assert ("post", 1, CHANNEL.chat_id) not in told


async def test_a_report_that_comes_late_stands_where_it_would_have_stood():
    made = await house(TOLL, FINAL, NIGHT)
    assert await partition(made) == [["Wire", "Берег", "Слобода"]]


async def test_what_comes_too_late_moves_nothing_else():
    made = await house(TOLL, FINAL)
    patient, hasty = (Joiner(made.store, KINDS.values(), most_again=most) for most in (MOST_AGAIN, 1))
    assert [len(draft.placed) for draft in await patient.take([NIGHT])] == [1]
    assert [draft.event.reports for draft in await hasty.take([NIGHT])] == [(NIGHT,)]


async def test_a_moved_report_keeps_why_it_stands_where_it_stands():
    made = await house(NIGHT, TOLL, FINAL)
    reasons = [placed.decision.reasons[0] for placed in await made.store.placed(1)]
    assert reasons[0].startswith("no event")
    assert "event turned out" in reasons[1]
    assert "the same day" in reasons[2]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1)])
async def test_the_order_of_arrival_makes_no_difference(order):
    told = (NIGHT, TOLL, FINAL)
    made = await house(*(told[place] for place in order))
    (event,) = await made.store.latest(10)
    assert (event.facts["killed"], event.date, event.opened) == (31, june(9), NIGHT.origin.published)
    assert [report.origin.name for report in event.reports] == ["Слобода", "Берег", "Wire"]

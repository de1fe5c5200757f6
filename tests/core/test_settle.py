"""The partition of reports into events: what walking them in order of publication gives, whatever came when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.model import Event, Report, Ruling
from bot.core.settle import Settled, distinct, moment, settle
from tests.reports import KINDS, at, event, june, strike, swap

STRIKE, SWAP = KINDS["strike"], KINDS["swap"]
KHARKIV = {"places": ("Kharkiv",)}
NIGHT = strike("Слобода", at(9, 5), june(9), facts={"killed": 6, **KHARKIV})
TOLL = strike("Берег", at(10, 7), june(10), facts={"killed": 28, **KHARKIV})
LATER = strike("Wire", at(10, 11), june(9), facts={"killed": 31, **KHARKIV})
OTHER = strike("Вестник", at(10, 5), june(10), facts={"killed": 1, "places": ("Izium",)})


def stored(settled: Settled, number: int) -> Event:
    """Return the event as the store gives it back."""
    founded = {report: each or number for report, each in settled.event.founded.items()}
    return replace(settled.event, id=number, founded=founded)


def known(*reports: Report, number: int = 1) -> Event:
    """Return an event that the first of the reports founded."""
    first = reports[0].id
    return replace(event(*reports, number=number), founded={first: number}, founders=(first,))


def names(settled: Sequence[Settled]) -> list[list[str]]:
    return sorted(sorted(each.origin.name for each in one.event.reports) for one in settled)


def test_the_newest_report_joins_or_founds_and_nothing_else_changes():
    joined, founded = settle(STRIKE, [known(NIGHT)], [LATER, OTHER], (), moment(OTHER))
    assert (joined.event.id, founded.event.id) == (1, 0)
    assert [placed.report for placed in joined.placed] == [LATER]
    assert [placed.decision.event_id for placed in (*joined.placed, *founded.placed)] == [1, None]


def test_events_that_turn_out_to_be_one_are_merged_into_the_older():
    first = known(NIGHT)
    second = known(TOLL, number=2)
    (merged,) = settle(STRIKE, [first, second], [LATER], (), moment(LATER))
    assert (merged.event.id, merged.absorbed) == (1, (2,))
    assert merged.event.founded == {NIGHT.id: 1, TOLL.id: 2}
    assert [placed.report.origin.name for placed in merged.placed] == ["Берег", "Wire"]


def test_what_came_late_stands_where_it_would_have_stood():
    """The later toll was known first; the night that explains both comes last."""
    alone = known(TOLL)
    other = known(LATER, number=2)
    late = settle(STRIKE, [alone, other], [NIGHT], (), moment(NIGHT))
    assert names(late) == [["Wire", "Берег", "Слобода"]]


def test_of_one_item_two_reports_stay_two_events():
    voice = {"item_id": "one", "source_id": "Берег"}
    pair = [
        swap("Берег", at(9), june(9), voice=voice, facts={"to_ukraine": 25}),
        swap("Берег", at(9), june(10), voice=voice, facts={"to_ukraine": 30}, position=1),
    ]
    assert len(settle(SWAP, [], pair, (), moment(pair[0]))) == 2


def test_an_item_tells_an_event_once():
    more = swap("Берег", at(9), None, facts={"to_russia": 25})
    (one,) = distinct(SWAP, [swap("Берег", at(9), june(9), facts={"to_ukraine": 25}), more, NIGHT])
    assert (one.facts["to_ukraine"], one.facts["to_russia"]) == (25, 25)


def ruling(act: str, report: Report, other: Report, number: int = 7) -> Ruling:
    return Ruling(id=number, act=act, report=report.id, other=other.id, by=1, at=at(11))


def test_a_ruling_ties_what_the_rules_keep_apart():
    first = known(NIGHT)
    second = known(OTHER, number=2)
    tie = ruling("merge", OTHER, NIGHT)
    (merged,) = settle(STRIKE, [first, second], (), [tie], moment(OTHER))
    assert (merged.event.id, merged.absorbed, merged.event.rulings) == (1, (2,), (tie,))
    assert merged.placed[0].decision.reasons == ("an admin ruled so",)


def test_reports_of_an_event_that_was_merged_by_ruling_still_find_it():
    whole = replace(known(NIGHT, OTHER), founders=(NIGHT.id, OTHER.id), rulings=(ruling("merge", OTHER, NIGHT),))
    more = strike("Хвиля", at(10, 9), june(10), facts={"killed": 1, "places": ("Izium",)})
    (joined,) = settle(STRIKE, [whole], [more], whole.rulings, moment(more))
    assert joined.event.id == 1


def test_a_ruling_parts_what_the_rules_join_and_its_end_joins_it_again():
    again = strike("Wire", at(9, 9), june(9), facts={"killed": 7, **KHARKIV})
    whole = known(NIGHT, again)
    part = ruling("split", again, NIGHT)
    first, second = settle(STRIKE, [whole], (), [part], moment(again))
    assert [(each.event.id, names([each])) for each in (first, second)] == [(1, [["Слобода"]]), (0, [["Wire"]])]
    (restored,) = settle(STRIKE, [first.event, stored(second, 2)], (), (), moment(again))
    assert (restored.event.id, restored.absorbed) == (1, (2,))
    assert replace(restored.event, founded={}) == replace(whole, founded={})


def test_the_number_stays_with_the_post_that_people_know():
    """Where the founder is the one that leaves, most of the reports keep the number."""
    more = [strike(f"Голос {hour}", at(9, hour), june(9), facts=KHARKIV) for hour in (7, 8, 9)]
    whole = known(NIGHT, *more)
    founder, rest = settle(STRIKE, [whole], (), [ruling("split", NIGHT, more[0])], moment(more[0]))
    assert (founder.event.id, len(founder.event.reports)) == (0, 1)
    assert (rest.event.id, rest.event.founded, len(rest.event.reports)) == (1, {more[0].id: 1}, 3)


def test_a_verdict_changes_an_event_and_walks_nothing_again():
    whole = known(NIGHT)
    verdict = Ruling(id=3, act="reject", report=NIGHT.id, by=1, at=at(9, 8))
    (ruled,) = settle(STRIKE, [whole], (), [verdict])
    assert (ruled.event.verdict, ruled.placed) == ("reject", ())
    assert settle(STRIKE, [ruled.event], (), [verdict]) == ()


DAYS = st.sampled_from([None, june(8), june(9), june(10)])
TOLLS = st.fixed_dictionaries(
    {}, optional={"killed": st.sampled_from([3, 12, 15, 31]), "injured": st.sampled_from([17, 40])}
)


@st.composite
def told(draw: st.DrawFn) -> tuple[Report, ...]:
    """Return reports on one region over three days, some without a day, some with a wrong one."""
    count = draw(st.integers(2, 7))
    hours = draw(st.lists(st.integers(0, 71), min_size=count, max_size=count, unique=True))
    return tuple(
        strike(f"Голос {place}", at(8 + hour // 24, hour % 24), draw(DAYS), facts={**draw(TOLLS), **KHARKIV})
        for place, hour in enumerate(hours)
    )


def walked(reports: Sequence[Report]) -> frozenset[frozenset[str]]:
    """Return the partition after the reports came in one by one, in the order given."""
    events: dict[int, Event] = {}
    numbers = count(1)
    for report in reports:
        for each in settle(STRIKE, tuple(events.values()), [report], (), moment(report)):
            number = each.event.id or next(numbers)
            events[number] = stored(each, number)
            for husk in each.absorbed:
                del events[husk]
    return frozenset(frozenset(report.origin.name for report in each.reports) for each in events.values())


@settings(deadline=None, max_examples=150)
@given(told(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_makes_no_difference(reports, random):
    shuffled = list(reports)
    random.shuffle(shuffled)
    assert walked(shuffled) == walked(sorted(reports, key=moment))


def test_two_rows_of_the_register_stay_two_events_whatever_else_is_told():
    register = {"voice": {"tier": "register"}}
    rows = [
        swap("Register", at(14), june(14), facts={"to_ukraine": number}, position=number, **register)
        for number in (30, 5)
    ]
    rows = [replace(each, origin=replace(each.origin, item_id=str(place))) for place, each in enumerate(rows)]
    told = settle(SWAP, [], rows, (), moment(rows[0]))
    assert len(told) == 2

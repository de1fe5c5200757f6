"""What an event says while its reports come in is at each of them what their fold says."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.kinds import Kind
from bot.core.merge import Growing, fold, moment
from bot.core.model import Event, Report, Speaker
from tests.reports import KINDS, at, june, strike, swap

SWAP, STRIKE = KINDS["swap"], KINDS["strike"]
TOLL = st.sampled_from((3, 12, 15, 20, 31, 70))
COUNTS = st.sampled_from((25, 27, 150, 390, 400, 407))
SPEAKERS = st.sampled_from((None, Speaker("governor", "UA"), Speaker("ministry", "RU")))
VOICES = st.fixed_dictionaries(
    {
        "tier": st.sampled_from(("official", "agency", "outlet", "outlet", "aggregator", "register")),
        "side": st.sampled_from(("UA", "RU", "independent")),
        "owner": st.sampled_from(("", "", "one house")),
        "wording": st.sampled_from(((), tuple(range(32)))),
        "credits": st.sampled_from(((), ("Wire",))),
    }
)
STRIKES = st.fixed_dictionaries(
    {},
    optional={
        "killed": TOLL,
        "injured": TOLL,
        "drones": COUNTS,
        "region": st.sampled_from(("UA-63", "UA-53")),
        "places": st.sampled_from((("Kharkiv",), ("Izium", "Kharkiv"))),
        "attacker": st.sampled_from(("RU", "UA")),
        "of no slot": st.just(1),
    },
)
SWAPS = st.fixed_dictionaries({}, optional={"to_ukraine": COUNTS, "to_russia": COUNTS, "ordinal": st.integers(64, 66)})
STATUSES = st.sampled_from(("announced", "carried_out", "postponed"))


@st.composite
def told(draw: st.DrawFn) -> tuple[Kind, list[Report]]:
    """Return the reports of an event in the order of their publication, by all sorts of voices, some hours apart."""
    kind = draw(st.sampled_from((SWAP, STRIKE)))
    reports = []
    for number, hour in enumerate(sorted(draw(st.lists(st.integers(0, 71), min_size=1, max_size=9)))):
        say, facts = (swap, draw(SWAPS)) if kind is SWAP else (strike, draw(STRIKES))
        day = draw(st.sampled_from((None, june(9), june(10))))
        said = say(f"voice {number % 4}", at(8 + hour // 24, hour % 24), day, facts=facts, voice=draw(VOICES))
        speakers = {slot: each for slot in facts if (each := draw(SPEAKERS))}
        origin = replace(said.origin, item_id=str(number))
        status, disputed = draw(STATUSES), draw(st.integers(0, 5)) == 0
        reports.append(replace(said, origin=origin, status=status, disputed=disputed, speakers=speakers))
    return kind, sorted(reports, key=moment)


def asked_for(event: Event) -> Event:
    """Return what joining asks an event for."""
    return replace(event, history=(), ranges={})


@settings(deadline=None, max_examples=150)
@given(told())
def test_a_growing_event_is_the_fold_of_its_reports_so_far(drawn):
    kind, (first, *others) = drawn
    growing = Growing(kind, first)
    assert growing.event() == asked_for(fold(kind, [first]))
    for number, report in enumerate(others, 1):
        growing.hear(report)
        assert growing.event() == asked_for(fold(kind, [first, *others[:number]]))


@settings(deadline=None, max_examples=50)
@given(told())
def test_it_makes_no_difference_how_many_come_in_before_it_is_asked(drawn):
    kind, (first, *others) = drawn
    growing = Growing(kind, first)
    for report in others:
        growing.hear(report)
    assert growing.event() == asked_for(fold(kind, [first, *others]))


def test_what_an_event_said_stays_said_when_it_grows():
    growing = Growing(STRIKE, strike("Берег", at(9, 5), june(9), facts={"killed": 6}))
    before = growing.event()
    growing.hear(strike("Wire", at(9, 7), june(9), facts={"killed": 7}))
    assert (before.facts["killed"], len(before.claims["killed"]), len(before.reports)) == (6, 1, 1)


def test_only_what_comes_after_the_newest_can_be_heard():
    first, second, third = (strike(name, at(9, hour), june(9)) for name, hour in (("a", 5), ("b", 6), ("c", 7)))
    growing = Growing(STRIKE, first)
    assert growing.reaches([second, third])
    assert not growing.reaches([third, second])
    assert not growing.reaches([first])

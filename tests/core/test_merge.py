"""Reports into an event: laws of the fold, rules for what is shown, weight of changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.kinds import Slot
from bot.core.merge import absorbed, change, combine, fold, unique
from bot.core.model import Evidence, FactChange, Report, Ruling, Side, Speaker
from tests.reports import KINDS, at, event, june, strike, swap

SWAP, STRIKE = KINDS["swap"], KINDS["strike"]
TIERS = st.sampled_from(["official", "agency", "outlet", "aggregator"])
VOICES = st.fixed_dictionaries(
    {"tier": TIERS, "side": st.sampled_from(["UA", "RU", "independent"]), "owner": st.sampled_from(["", "group"])}
)
HOURS = st.integers(0, 60).map(lambda hours: at(9) + timedelta(hours=hours))
OUTLETS = st.sampled_from(["Берег", "Вестник", "Wire"])
DAYS = st.none() | st.integers(8, 10).map(june)
TOLLS = st.integers(0, 40)
PLACES = st.lists(st.sampled_from(["Kharkiv", "Chuhuiv", "Izium"]), max_size=3).map(tuple)
SPEAKERS = st.dictionaries(
    st.sampled_from(["killed", "drones"]),
    st.builds(Speaker, st.just("office"), st.sampled_from(["UA", "RU", "international"])),
)
STRIKES = st.builds(
    lambda outlet, when, day, facts, voice, disputed, speakers: strike(
        outlet, when, day, facts=facts, voice=voice, disputed=disputed, speakers=speakers
    ),
    OUTLETS,
    HOURS,
    DAYS,
    st.fixed_dictionaries({}, optional={"killed": TOLLS, "injured": TOLLS, "drones": TOLLS, "places": PLACES}),
    VOICES,
    st.booleans(),
    SPEAKERS,
)
SWAPS = st.builds(
    lambda outlet, when, day, status, facts, voice: swap(outlet, when, day, status=status, facts=facts, voice=voice),
    OUTLETS,
    HOURS,
    DAYS,
    st.sampled_from(["announced", "carried_out", "postponed"]),
    st.fixed_dictionaries({}, optional={"to_ukraine": TOLLS, "to_russia": TOLLS, "ordinal": TOLLS}),
    VOICES,
)


@st.composite
def rearranged(draw, reports):
    """Give reports, and the same in another order with some of them repeated."""
    original = draw(st.lists(reports, min_size=1, max_size=7))
    repeats = draw(st.lists(st.sampled_from(original), max_size=4))
    return original, draw(st.permutations(original + repeats))


@settings(deadline=None, max_examples=60)
@given(rearranged(STRIKES))
def test_a_strike_ignores_order_and_repeats(pair):
    original, shuffled = pair
    assert fold(STRIKE, shuffled) == fold(STRIKE, original)


@settings(deadline=None, max_examples=60)
@given(rearranged(SWAPS))
def test_an_exchange_ignores_order_and_repeats(pair):
    original, shuffled = pair
    assert fold(SWAP, shuffled) == fold(SWAP, original)


@settings(deadline=None, max_examples=60)
@given(st.lists(SWAPS, min_size=1, max_size=6))
def test_every_figure_said_stays_a_claim_and_every_shown_one_was_said(reports):
    folded = fold(SWAP, reports)
    for slot in ("to_ukraine", "to_russia", "ordinal"):
        said = {report.facts[slot] for report in reports if slot in report.facts}
        assert {claim.value for claim in folded.claims.get(slot, ())} == said
        assert folded.facts.get(slot) in (said or {None})


@settings(deadline=None, max_examples=60)
@given(st.lists(STRIKES, min_size=1, max_size=6))
def test_history_ends_in_what_is_shown_and_runs_forward(reports):
    folded = fold(STRIKE, reports)
    assert list(folded.history) == sorted(folded.history, key=lambda step: (step.at, step.slot))
    last = {step.slot: step.after for step in folded.history}
    shown = {**folded.facts, "status": folded.status, "confirmed": folded.confirmed}
    shown |= {"date": folded.date.isoformat()} if folded.date else {}
    assert {slot: shown[slot] for slot in last} == last


@settings(deadline=None, max_examples=60)
@given(st.lists(SWAPS, min_size=2, max_size=6))
def test_folding_reports_again_changes_nothing(reports):
    folded = replace(fold(SWAP, reports), id=5, revision=3)
    again = change(SWAP, folded, fold(SWAP, [*folded.reports, reports[0]]))
    assert (again.weight, again.facts, again.event) == ("none", (), folded)


def test_no_reports_make_no_event():
    with pytest.raises(ValueError, match="at least one report"):
        fold(SWAP, [])


def folded(slot: str, *claims: tuple[float, int, str, str] | tuple[float, int, str, str, Side]):
    """Fold claims of (hour, value, tier, side, side of whom it quotes)."""
    reports = [
        strike(
            f"Voice {hour}",
            at(9) + timedelta(hours=hour),
            june(9),
            facts={slot: value},
            voice={"tier": tier, "side": side},
            speakers={slot: Speaker("office", *quoted)} if quoted else {},
        )
        for hour, value, tier, side, *quoted in claims
    ]
    return fold(STRIKE, reports)


def told(slot: str, *claims) -> int:
    """Return what is shown of claims."""
    return folded(slot, *claims).facts[slot]


OUTLET, AGENCY, OFFICIAL = ("outlet", "independent"), ("agency", "independent"), ("official", "UA")
PORTAL = ("aggregator", "independent")
GOVERNOR, MOSCOW, UN = (*OUTLET, "UA"), (*OUTLET, "RU"), (*OUTLET, "international")


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        pytest.param([(0, 12, *OUTLET), (2, 15, *OUTLET)], 15, id="a later toll is higher"),
        pytest.param([(0, 15, *OUTLET), (2, 12, *OUTLET)], 15, id="an outlet lags behind"),
        pytest.param([(0, 15, *OUTLET), (13, 12, *OUTLET)], 15, id="hours later as well: it is one voice"),
        pytest.param([(0, 12, *OUTLET), (1, 15, *OUTLET), (40, 12, *OUTLET)], 15, id="but for an old count"),
        pytest.param([(0, 15, *OUTLET), (5, 15, *OUTLET), (13, 12, *OUTLET)], 15, id="repeated since: no correction"),
        pytest.param([(0, 15, *AGENCY), (13, 12, *OUTLET)], 15, id="a weaker voice corrects nothing"),
        pytest.param([(0, 15, *OUTLET), (1, 12, *OFFICIAL)], 12, id="a stronger voice corrects at once"),
        pytest.param([(0, 12, *OFFICIAL), (1, 15, *OUTLET)], 15, id="a toll grows whoever counts"),
        pytest.param([(0, 17, *OUTLET), (5, 16, *GOVERNOR)], 16, id="an official who is quoted lowers it hours later"),
        pytest.param([(0, 17, *OUTLET), (1, 16, *GOVERNOR)], 17, id="not at once: outlets lag"),
        pytest.param([(0, 17, *OUTLET), (5, 4, *GOVERNOR)], 17, id="nor by most of it: that is the toll of one place"),
        pytest.param([(0, 62, *OUTLET), (5, 60, *GOVERNOR)], 62, id="a round number is no other figure"),
        pytest.param([(0, 62, *OUTLET), (5, 60, *OFFICIAL)], 60, id="but for an official's own channel"),
        pytest.param([(0, 117, *OUTLET), (40, 100, *OUTLET)], 117, id="however late a round number comes"),
        pytest.param([(0, 2, *OUTLET), (4, 30, *MOSCOW)], 2, id="the other side is quoted and raises nothing"),
        pytest.param([(0, 30, *MOSCOW), (4, 2, *OUTLET)], 2, id="and gives way to anybody"),
        pytest.param([(0, 17, *GOVERNOR), (5, 16, *GOVERNOR), (6, 17, *OUTLET)], 16, id="taken back stays taken back"),
        pytest.param([(0, 17, *GOVERNOR), (5, 16, *GOVERNOR), (20, 17, *OUTLET)], 17, id="but not for ever"),
        pytest.param(
            [(0, 17, *GOVERNOR), (5, 16, *GOVERNOR), (6, 18, *OUTLET)], 18, id="and a new count is no old one"
        ),
        pytest.param([(0, 17, *OUTLET), (4, 16, *OUTLET), (5, 16, *OUTLET)], 16, id="two voices agree hours later"),
        pytest.param([(0, 17, *OUTLET), (1, 16, *OUTLET), (2, 16, *OUTLET)], 17, id="two voices may both lag"),
        pytest.param(
            [(0, 17, *OFFICIAL), (4, 16, *OUTLET), (5, 16, *OUTLET)], 17, id="nor do two outweigh an official"
        ),
    ],
)
def test_a_toll_grows_and_is_lowered_only_by_a_correction(claims, shown):
    assert told("killed", *claims) == shown


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        pytest.param([(0, 500, *OUTLET), (1, 480, *OUTLET)], 500, id="one outlet against another"),
        pytest.param([(0, 500, *OUTLET), (1, 480, *OUTLET), (2, 480, *OUTLET)], 480, id="two against one"),
        pytest.param([(0, 500, *OUTLET), (13, 480, *OUTLET)], 480, id="hours later it is a correction"),
        pytest.param([(0, 500, *OFFICIAL), (1, 480, *OFFICIAL)], 480, id="the latest of officials"),
        pytest.param([(0, 500, *OUTLET), (1, 480, *AGENCY)], 480, id="an agency corrects an outlet"),
        pytest.param([(0, 500, *OFFICIAL), (1, 480, *OUTLET)], 500, id="an official before an outlet"),
        pytest.param([(0, 500, *AGENCY), (1, 480, *OUTLET)], 500, id="an agency before an outlet"),
        pytest.param([(0, 500, *AGENCY), (1, 480, *GOVERNOR)], 480, id="an official who is quoted before an agency"),
        pytest.param([(0, 500, *OFFICIAL), (1, 480, *GOVERNOR)], 500, id="but behind an official channel"),
        pytest.param([(0, 500, *OFFICIAL), (13, 480, *GOVERNOR)], 480, id="unless half a day later"),
        pytest.param([(0, 500, *UN), (1, 480, *GOVERNOR)], 480, id="the side concerned before an official of neither"),
        pytest.param([(0, 500, *AGENCY), (1, 480, *UN)], 480, id="an official of neither before an agency"),
        pytest.param([(0, 500, *OUTLET), (1, 480, *MOSCOW), (2, 480, *MOSCOW)], 500, id="the other side comes last"),
        pytest.param([(0, 407, *OUTLET), (13, 400, *OUTLET)], 407, id="a round number is no other figure"),
        pytest.param([(0, 400, *AGENCY), (1, 407, *AGENCY)], 407, id="and gives way to the exact one"),
        pytest.param([(0, 400, *OUTLET), (1, 407, *GOVERNOR)], 407, id="whoever is trusted more says it"),
        pytest.param([(0, 300, *OUTLET), (1, 300, *OUTLET), (2, 310, *PORTAL)], 300, id="but not for a weaker voice"),
        pytest.param([(0, 298, *OUTLET), (1, 300, *AGENCY)], 298, id="nor is one just above"),
        pytest.param([(0, 400, *OFFICIAL), (1, 407, *OUTLET)], 400, id="but an official's own may be exact"),
    ],
)
def test_a_count_that_does_not_grow_is_the_latest_of_the_most_trusted(claims, shown):
    assert told("drones", *claims) == shown


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        pytest.param([(0, 3, *OUTLET), (1, 300, *PORTAL)], 3, id="a weaker voice alone is a claim only"),
        pytest.param([(0, 5, *AGENCY), (1, 999_999_999, *OUTLET)], 5, id="however high"),
        pytest.param([(0, 3, *OUTLET), (1, 5, *PORTAL), (2, 300, *PORTAL)], 5, id="nor in two steps"),
        pytest.param([(0, 3, *AGENCY), (1, 12, *OUTLET), (2, 24, *PORTAL)], 12, id="nor does it creep"),
        pytest.param([(0, 3, *AGENCY), (1, 12, *OUTLET), (2, 14, *OUTLET)], 14, id="but two voices may count on"),
        pytest.param([(0, 3, *OUTLET), (1, 30, *OUTLET)], 30, id="one who is trusted as much is believed"),
        pytest.param([(0, 3, *AGENCY), (1, 30, *GOVERNOR)], 30, id="an official of the side concerned as well"),
        pytest.param([(0, 3, *AGENCY), (1, 30, *UN)], 30, id="and one of neither side"),
        pytest.param([(0, 3, *GOVERNOR), (1, 30, *OUTLET)], 3, id="an outlet after an official is not"),
        pytest.param([(0, 3, *GOVERNOR), (1, 30, *OUTLET), (2, 32, *OUTLET)], 32, id="two that say about as much are"),
        pytest.param([(0, 3, *GOVERNOR), (1, 30, *OUTLET), (2, 90, *OUTLET)], 3, id="two that differ are not"),
        pytest.param([(0, 3, *GOVERNOR), (1, 30, *PORTAL), (2, 30, *PORTAL)], 3, id="nor two that name nobody"),
        pytest.param([(0, 3, *AGENCY), (1, 11, *OUTLET)], 11, id="not beyond: fewer than ten more"),
        pytest.param([(0, 20, *AGENCY), (1, 40, *OUTLET)], 40, id="not beyond: no more than twice"),
        pytest.param(
            [(0, 20, *GOVERNOR), (1, 25, *OUTLET), (2, 300, *OUTLET)], 25, id="steps are measured from the best"
        ),
    ],
)
def test_a_toll_far_beyond_takes_more_than_a_weaker_voice(claims, shown):
    found = folded("killed", *claims)
    assert found.facts["killed"] == shown
    assert len(found.claims["killed"]) == len(claims)


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        pytest.param([(0, 3, *OUTLET), (1, 300, *OUTLET), (14, 3, *OUTLET), (15, 3, *OUTLET)], 3, id="two agree"),
        pytest.param([(0, 300, *OUTLET), (13, 11, *OUTLET), (14, 12, *OUTLET)], 12, id="or nearly"),
        pytest.param([(0, 300, *OUTLET), (13, 3, *OUTLET)], 300, id="one alone"),
        pytest.param([(0, 300, *OUTLET), (13, 3, *OUTLET), (14, 40, *OUTLET)], 300, id="two that differ"),
        pytest.param([(0, 300, *OUTLET), (5, 3, *OUTLET), (13, 3, *OUTLET)], 300, id="one of them too early"),
        pytest.param(
            [(0, 300, *AGENCY), (9, 300, *OUTLET), (13, 3, *OUTLET), (14, 3, *OUTLET)], 300, id="said again since"
        ),
        pytest.param([(0, 300, *GOVERNOR), (13, 3, *OUTLET), (14, 3, *OUTLET)], 3, id="a quote is not above it"),
        pytest.param([(0, 300, *OFFICIAL), (13, 3, *OUTLET), (14, 3, *OUTLET)], 300, id="an official's channel is"),
        pytest.param([(0, 300, *OUTLET), (13, 3, *PORTAL), (14, 3, *PORTAL)], 300, id="those who name nobody"),
        pytest.param([(0, 117, *OUTLET), (13, 100, *OUTLET), (14, 100, *OUTLET)], 117, id="a round number never"),
    ],
)
def test_two_voices_lower_a_wrong_toll_however_far_once_it_is_no_longer_said(claims, shown):
    assert told("killed", *claims) == shown


def named(*claims: tuple[str, float, int], **voice: str) -> int:
    """Return the toll that is shown of claims of (outlet, hour, value)."""
    reports = [
        strike(name, at(9) + timedelta(hours=hour), june(9), facts={"killed": value}, voice=voice)
        for name, hour, value in claims
    ]
    return fold(STRIKE, reports).facts["killed"]


@pytest.mark.parametrize(
    ("claims", "shown"),
    [
        pytest.param([("A", 0, 20), ("B", 1, 20), ("A", 14, 11)], 20, id="not what another said too"),
        pytest.param([("A", 0, 20), ("B", 1, 20), ("C", 30, 11)], 20, id="nor what two others said"),
        pytest.param([("A", 0, 20), ("C", 30, 11)], 20, id="nor what one other said"),
        pytest.param([("A", 0, 20), ("A", 14, 11)], 11, id="what it alone had brought"),
        pytest.param([("A", 0, 20), ("A", 2, 11)], 20, id="in time"),
        pytest.param([("A", 0, 18), ("B", 1, 20), ("B", 14, 11)], 20, id="not below what another said"),
        pytest.param([("A", 0, 18), ("B", 1, 20), ("B", 14, 19)], 19, id="but down to it"),
        pytest.param([("A", 0, 20), ("B", 1, 20), ("B", 14, 17), ("A", 15, 17)], 17, id="both of them do"),
    ],
)
def test_one_outlet_lowers_only_what_it_alone_had_brought(claims, shown):
    assert named(*claims) == shown


def test_an_agency_corrects_one_outlet_but_not_two():
    outlets = [strike(name, at(9, 12), june(9), facts={"killed": 20}) for name in ("A", "B")]
    agency = strike("Wire", at(9, 16), june(9), facts={"killed": 11}, voice={"tier": "agency"})
    assert fold(STRIKE, [outlets[0], agency]).facts["killed"] == 11
    assert fold(STRIKE, [*outlets, agency]).facts["killed"] == 20


def test_copies_of_one_text_outvote_nobody():
    wire = tuple(range(1000, 1064))
    first = strike("A", at(9), june(9), facts={"drones": 500})
    copies = [
        strike(name, at(9, 13), june(9), facts={"drones": 480}, voice={"wording": wording})
        for name, wording in (("B", wire), ("C", wire), ("D", ()))
    ]
    assert fold(STRIKE, [first, *copies[:2]]).facts["drones"] == 500
    assert fold(STRIKE, [first, *copies]).facts["drones"] == 480


@pytest.mark.parametrize(
    ("slot", "claims", "ends"),
    [
        pytest.param("drones", [(0, 480, *OUTLET), (1, 500, *OUTLET)], (480, 500), id="two voices at one time"),
        pytest.param("drones", [(0, 480, *OUTLET), (9, 500, *OUTLET)], None, id="hours apart"),
        pytest.param("drones", [(0, 480, *OUTLET), (1, 500, *GOVERNOR)], None, id="an official speaks"),
        pytest.param("drones", [(0, 480, *OUTLET), (1, 500, *MOSCOW)], None, id="the other side speaks"),
        pytest.param("drones", [(0, 480, *OUTLET), (0.5, 500, *OUTLET), (1, 480, *OUTLET)], None, id="two against one"),
        pytest.param("drones", [(0, 400, *OUTLET), (1, 407, *OUTLET)], None, id="a round number"),
        pytest.param("killed", [(0, 20, *OUTLET), (1, 15, *OUTLET)], (15, 20), id="a lower toll after a higher"),
        pytest.param("killed", [(0, 15, *OUTLET), (1, 20, *OUTLET)], None, id="a toll that grew"),
        pytest.param(
            "killed", [(0, 15, *OUTLET), (1, 20, *OUTLET), (2, 15, *OUTLET)], None, id="an older toll repeated"
        ),
        pytest.param("killed", [(0, 20, *OUTLET), (1, 4, *OUTLET)], None, id="the toll of one place"),
        pytest.param("drones", [(0, 711, *OUTLET), (1, 86, *OUTLET)], None, id="what cannot be the same"),
    ],
)
def test_a_range_is_shown_where_nobody_is_official_and_voices_differ_at_one_time(slot, claims, ends):
    found = folded(slot, *claims)
    assert found.ranges.get(slot) == ends
    assert ends is None or ends[0] <= found.facts[slot] <= ends[1]


def test_an_official_quoted_with_one_count_is_believed_with_the_others():
    early = strike("A", at(9), june(9), facts={"killed": 2, "injured": 20})
    later = strike(
        "B", at(9, 14), june(9), facts={"killed": 2, "injured": 19}, speakers={"killed": Speaker("mayor", "UA")}
    )
    assert fold(STRIKE, [early, later]).facts["injured"] == 19
    both = replace(later, speakers={"killed": Speaker("mayor", "UA"), "drones": Speaker("ministry", "RU")})
    assert fold(STRIKE, [early, both]).facts["injured"] == 20


def test_what_an_editor_set_has_no_range():
    reports = folded("drones", (0, 480, *OUTLET), (1, 500, *OUTLET)).reports
    assert fold(STRIKE, reports, [correct("drones", 490)]).ranges == {}


def test_a_claim_keeps_whom_it_quotes():
    (claim,) = folded("killed", (0, 3, *GOVERNOR)).claims["killed"]
    assert claim.speaker == Speaker("office", "UA")


@settings(deadline=None, max_examples=60)
@given(st.lists(STRIKES, min_size=1, max_size=6))
def test_a_range_holds_what_is_shown_and_its_ends_were_said(reports):
    found = fold(STRIKE, reports)
    for slot, (low, high) in found.ranges.items():
        assert low <= found.facts[slot] <= high
        assert {low, high} <= {claim.value for claim in found.claims[slot]}
        assert low < high


def test_the_officials_of_the_side_concerned_know_best():
    kyiv = swap("Штаб", at(9, 10), june(9), facts={"to_ukraine": 207}, voice={"tier": "official", "side": "UA"})
    moscow = swap(
        "Минобороны",
        at(9, 12),
        june(9),
        facts={"to_ukraine": 195, "to_russia": 195},
        voice={"tier": "official", "side": "RU"},
    )
    folded = fold(SWAP, [kyiv, moscow])
    assert folded.facts["to_ukraine"] == 207
    assert folded.facts["to_russia"] == 195
    assert [claim.value for claim in folded.claims["to_ukraine"]] == [207, 195]


def test_what_took_place_outweighs_what_was_planned():
    official = {"tier": "official", "side": "UA"}
    plan = swap("Штаб", at(9, 10), june(9), status="announced", facts={"to_ukraine": 175}, voice=official)
    done = [swap(name, at(9, 11), june(9), facts={"to_ukraine": 197}) for name in ("A", "B")]
    again = swap("Штаб", at(9, 12), june(9), status="announced", facts={"to_ukraine": 175}, voice=official)
    assert fold(SWAP, [plan, *done, again]).facts["to_ukraine"] == 197
    assert fold(SWAP, [plan, done[0], again]).facts["to_ukraine"] == 175


def test_a_source_corrects_itself_at_once():
    reports = [swap("A", at(9, hour), june(9), facts={"to_ukraine": count}) for hour, count in ((10, 150), (11, 189))]
    assert fold(SWAP, reports).facts["to_ukraine"] == 189


@pytest.mark.parametrize(("said", "shown"), [((False, True), True), ((True, False), True), ((False, False), False)])
def test_a_flag_holds_once_it_was_raised(said, shown):
    kind = replace(SWAP, slots=(Slot("gesture", "flag"),))
    reports = [swap(f"V{hour}", at(9, hour), june(9), facts={"gesture": raised}) for hour, raised in enumerate(said)]
    assert fold(kind, reports).facts["gesture"] is shown


def test_sets_are_unions():
    first = strike("A", at(9), june(9), facts={"places": ("Kharkiv", "Izium")})
    second = strike("B", at(9, 13), june(9), facts={"places": ("Chuhuiv", "Kharkiv")})
    assert fold(STRIKE, [first, second]).facts["places"] == ("Chuhuiv", "Izium", "Kharkiv")


def course(*told: str, register: bool = False):
    """Fold reports of an exchange, an hour apart, told as "who status": a lower name is an outlet, "UA" or "RU" an official.

    An exclamation mark after the status makes it a denial.
    """
    reports = []
    for hour, (who, status) in enumerate(each.split() for each in told):
        tier = {"tier": "official", "side": who} if who in ("UA", "RU", "international") else {}
        voice = {"tier": "register"} if register and who == "register" else tier
        denied = status.endswith("!")
        reports.append(
            swap(who, at(9, hour), june(9), status=status.rstrip("!"), disputed=denied, voice=voice),
        )
    forward, backward = fold(SWAP, reports), fold(SWAP, reports[::-1])
    assert forward == backward
    return forward.status, forward.confirmed


PLAN, DONE, OFF = "announced", "carried_out", "postponed"


@pytest.mark.parametrize(
    ("told", "status", "confirmed"),
    [
        pytest.param(["a announced", "b carried_out"], DONE, False, id="a plan does not confirm the deed"),
        pytest.param(["a carried_out", "b announced"], DONE, False, id="nor does one told later"),
        pytest.param(["a announced", "b postponed"], OFF, False, id="the latest word"),
        pytest.param(["a postponed", "b announced"], PLAN, False, id="the latest word again"),
        pytest.param(["a announced", "b announced"], PLAN, True, id="two tell of the plan"),
        pytest.param(["a announced", "b announced", "c carried_out"], PLAN, True, id="one tells of the deed"),
        pytest.param(["a announced", "b announced", "c postponed"], PLAN, True, id="one puts it off"),
        pytest.param(
            ["a announced", "b announced", "c carried_out", "c carried_out"], PLAN, True, id="one voice twice"
        ),
        pytest.param(["a announced", "b announced", "c carried_out", "d carried_out"], DONE, True, id="two"),
        pytest.param(["a announced", "b announced", "c postponed", "a postponed"], OFF, True, id="two put it off"),
        pytest.param(["a announced", "b announced", "UA carried_out"], DONE, True, id="an official tells of it"),
        pytest.param(["a announced", "b announced", "RU postponed"], OFF, True, id="of either side"),
        pytest.param(["a announced", "b announced", "international carried_out"], PLAN, True, id="but of neither"),
        pytest.param(["a announced", "b announced", "register carried_out"], DONE, True, id="the register"),
        pytest.param(["UA announced", "UA postponed", "a announced"], OFF, True, id="old voices say nothing new"),
        pytest.param(
            ["a announced", "b announced", "c carried_out", "UA postponed", "d carried_out"], OFF, True, id="nor liars"
        ),
        pytest.param(["UA postponed", "a announced", "b announced"], PLAN, True, id="two announce it again"),
        pytest.param(["a carried_out", "b carried_out", "UA postponed"], DONE, True, id="what two told of stays"),
        pytest.param(["UA carried_out", "RU postponed"], DONE, True, id="and what an official told of"),
        pytest.param(["a carried_out", "UA postponed"], OFF, True, id="an official takes back what one told of"),
        pytest.param(["a announced", "b carried_out", "UA postponed"], OFF, True, id="and what was planned"),
        pytest.param(["a announced", "b carried_out", "UA carried_out!"], PLAN, True, id="an official denies it"),
        pytest.param(["a carried_out", "UA carried_out!"], DONE, False, id="where nothing else is known"),
        pytest.param(["a announced", "UA carried_out!"], PLAN, False, id="a denial is no word of the deed"),
        pytest.param(["a carried_out", "UA postponed!"], DONE, False, id="to deny a delay takes nothing back"),
        pytest.param(["a carried_out", "b postponed"], DONE, False, id="an outlet takes nothing back"),
    ],
)
def test_the_status_of_a_confirmed_event_moves_only_where_the_new_one_is_confirmed(told, status, confirmed):
    assert course(*told, register=True) == (status, confirmed)


def test_copies_of_a_liar_carry_nothing_out():
    wire = tuple(range(1000, 1064))
    plans = [swap(name, at(9, 8), june(9), status="announced") for name in ("A", "B")]
    lies = [swap(name, at(9, 12), june(9), voice={"wording": wire}) for name in ("C", "D", "E")]
    assert fold(SWAP, [*plans, *lies]).status == "announced"


def test_a_lie_about_the_deed_moves_no_figure_of_a_confirmed_plan():
    plans = [swap(name, at(9, 8), june(9), status="announced", facts={"to_ukraine": 300}) for name in ("A", "B")]
    lie = swap("C", at(9, 12), june(9), facts={"to_ukraine": 900})
    assert fold(SWAP, [*plans, lie]).facts["to_ukraine"] == 300
    assert fold(SWAP, [*plans, lie, swap("D", at(9, 13), june(9))]).facts["to_ukraine"] == 900


def test_the_day_is_what_most_say_weighed_by_trust():
    outlets = [swap(name, at(9), june(9)) for name in ("A", "B")]
    official = swap("Штаб", at(9, 13), june(8), voice={"tier": "official"})
    assert fold(SWAP, outlets).date == june(9)
    assert fold(SWAP, [outlets[0], official]).date == june(8)
    assert fold(SWAP, [swap("A", at(9))]).date is None


def test_one_voice_against_another_does_not_move_the_day():
    assert fold(SWAP, [swap("A", at(9), june(9)), swap("B", at(9, 13), june(8))]).date == june(9)


def test_the_day_it_took_place_beats_the_day_it_was_planned_for():
    plans = [swap(name, at(7), june(8), status="announced") for name in ("A", "B", "C")]
    assert fold(SWAP, [*plans, swap("D", at(9), june(9))]).date == june(8)
    assert fold(SWAP, [*plans, *(swap(name, at(9), june(9)) for name in "DE")]).date == june(9)


@pytest.mark.parametrize(
    ("voices", "confirmed"),
    [
        ([{"owner": ""}], False),
        ([{"tier": "official", "side": "RU"}], True),
        ([{"tier": "official", "side": "international"}], False),
        ([{}, {}], True),
        ([{"owner": "group"}, {"owner": "group"}], False),
    ],
)
def test_an_official_of_either_side_or_two_owners_confirm(voices, confirmed):
    reports = [swap(f"Voice {n}", at(9, n), june(9), voice=voice) for n, voice in enumerate(voices)]
    assert fold(SWAP, reports).confirmed == confirmed


def test_history_tells_what_became_of_figures_status_and_day():
    reports = [
        swap("A", at(8, 10), june(8), status="announced", facts={"to_ukraine": 100}),
        swap("B", at(9, 11), june(9), facts={"to_ukraine": 120, "to_russia": 50, "mediators": ("UAE",)}),
    ]
    steps = [(step.slot, step.before, step.after, step.source) for step in fold(SWAP, reports).history]
    assert steps == [
        ("date", "2025-06-08", "2025-06-09", "B"),
        ("status", "announced", "carried_out", "B"),
        ("to_russia", None, 50, "B"),
        ("to_ukraine", 100, 120, "B"),
    ]


def weight(kind, *reports: Report) -> tuple[str, str]:
    """Return weight and first reason of what the last report did to the event of the others."""
    found = change(kind, event(*reports[:-1]), fold(kind, reports))
    return found.weight, found.reasons[0]


def test_the_first_report_makes_a_new_event():
    found = change(SWAP, None, fold(SWAP, [swap("A", at(9), june(9))]))
    assert (found.weight, found.event.id, found.event.revision) == ("new", 0, 1)


def test_a_change_keeps_the_id_and_counts_the_revision():
    before = replace(event(swap("A", at(9), june(9)), number=7), revision=3)
    found = change(SWAP, before, fold(SWAP, [*before.reports, swap("B", at(9, 13), june(9), facts={"to_ukraine": 5})]))
    assert (found.event.id, found.event.revision) == (7, 4)
    assert FactChange("to_ukraine", None, 5, at(9, 13), "B") in found.facts


def test_news_are_what_the_last_report_that_mattered_changed_though_it_was_published_earlier():
    def then(before, report):
        return change(STRIKE, before, fold(STRIKE, [*before.reports, report])).event

    first = event(strike("A", at(9, 8), june(9), facts={"killed": 3, "injured": 10}))
    assert first.news == ()
    second = then(first, strike("B", at(9, 14), june(9), facts={"injured": 30}))
    third = then(second, strike("C", at(9, 13), june(9), facts={"killed": 9}))
    assert [(news.slot, news.before, news.after) for news in third.news] == [("killed", 3, 9)]
    assert then(third, strike("D", at(9, 15), june(9))).news == third.news


SAME = {"voice": {"owner": "group"}}


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        pytest.param(strike("B", at(9, 13), june(9), facts={"killed": 15}, **SAME), "material", id="toll jumps"),
        pytest.param(strike("B", at(9, 13), june(9), facts={"killed": 13}, **SAME), "minor", id="toll grows a little"),
        pytest.param(strike("B", at(9, 13), june(9), **SAME), "sources", id="one more source"),
        pytest.param(strike("B", at(9, 13), june(9), disputed=True, **SAME), "minor", id="the other side denies"),
        pytest.param(strike("B", at(9, 13), june(9)), "material", id="a second owner confirms"),
        pytest.param(
            strike("B", at(9, 13), june(8), voice={"owner": "group", "tier": "agency"}), "material", id="day moved"
        ),
    ],
)
def test_changes_weigh_what_they_mean_to_a_reader(second, expected):
    assert weight(STRIKE, strike("A", at(9), june(9), facts={"killed": 12}, **SAME), second)[0] == expected


def test_carried_out_and_called_off_are_material():
    plan = swap("A", at(8), june(9), status="announced", **SAME)
    assert weight(SWAP, plan, swap("B", at(9), june(9), **SAME)) == ("material", "the status is now carried_out")
    assert weight(SWAP, plan, swap("B", at(9), june(9), status="postponed", **SAME))[0] == "material"


def test_two_reports_of_one_item_become_one_and_the_first_stands():
    proof = Evidence("to_ukraine", "rule", "25", "title", 0, 2)
    first = swap("A", at(9), None, facts={"to_ukraine": 25}, evidence=(proof,))
    second = swap("A", at(9), june(9), facts={"to_ukraine": 30, "to_russia": 25}, disputed=True)
    both = combine(first, second)
    assert (both.date, both.disputed, both.evidence) == (june(9), True, (proof,))
    assert both.facts == {"subtype": "prisoners", "to_ukraine": 25, "to_russia": 25}


def test_reports_come_in_the_order_they_were_published():
    late, early = swap("A", at(9, 15), june(9)), swap("B", at(9, 12), june(9))
    assert unique([late, early, late]) == (early, late)


def ruling(act: str, number: int, when, **values) -> Ruling:
    """Give a ruling about the first voice's report."""
    about = ("A", f"A-{at(9).isoformat()}", 0)
    return Ruling(id=number, act=act, report=about, by=1, at=when, **values)


RULINGS = st.lists(
    st.one_of(
        st.builds(ruling, st.sampled_from(["post", "hold", "reject", "merge", "split"]), st.integers(1, 9), HOURS),
        st.builds(
            lambda number, when, pair: ruling("correct", number, when, slot=pair[0], value=pair[1]),
            st.integers(1, 9),
            HOURS,
            st.sampled_from([("killed", 3), ("killed", None), ("date", "2025-06-08"), ("places", ("Izium",))]),
        ),
    ),
    max_size=4,
)


@st.composite
def ruled(draw):
    """Give reports and rulings, and the rulings in another order with some of them repeated."""
    given_ = draw(RULINGS)
    repeats = draw(st.lists(st.sampled_from(given_), max_size=2)) if given_ else []
    return draw(st.lists(STRIKES, min_size=1, max_size=5)), given_, draw(st.permutations(given_ + repeats))


@settings(deadline=None, max_examples=60)
@given(ruled())
def test_the_fold_ignores_the_order_and_repeats_of_rulings(drawn):
    reports, original, shuffled = drawn
    assert fold(STRIKE, reports[::-1], shuffled) == fold(STRIKE, reports, original)


@settings(deadline=None, max_examples=60)
@given(ruled())
def test_a_ruling_that_is_taken_back_leaves_nothing_behind(drawn):
    reports, rulings, _ = drawn
    assert repr(fold(STRIKE, reports, ())) == repr(fold(STRIKE, reports))
    with_them = fold(STRIKE, reports, rulings)
    assert set(with_them.rulings) == set(rulings)
    assert with_them.claims == fold(STRIKE, reports).claims


def correct(slot: str, value, when=None, number: int = 1) -> Ruling:
    return ruling("correct", number, when or at(9, 14), slot=slot, value=value)


def test_what_an_editor_set_stays_whatever_is_reported_afterwards():
    reports = [
        strike("A", at(9), june(9), facts={"killed": 3}),
        strike("B", at(9, 13), june(9), facts={"killed": 4}),
        strike("C", at(9, 16), june(9), facts={"killed": 9}, voice={"tier": "official", "side": "UA"}),
    ]
    folded = fold(STRIKE, reports, [correct("killed", 5)])
    assert folded.facts["killed"] == 5
    steps = [(step.before, step.after, step.source, step.corrected) for step in folded.history if step.slot == "killed"]
    assert steps == [(3, 4, "B", False), (4, 5, "", True)]


def test_an_editor_who_sets_what_is_shown_already_only_holds_it():
    reports = [strike("A", at(9), june(9), facts={"killed": 3}), strike("B", at(9, 16), june(9), facts={"killed": 9})]
    held = fold(STRIKE, reports, [correct("killed", 3), correct("injured", None)])
    assert (held.facts["killed"], [step.slot for step in held.history]) == (3, ["confirmed"])


def test_a_correction_of_what_the_kind_does_not_know_is_nothing():
    report = swap("A", at(9), june(9))
    assert fold(SWAP, [report], [correct("killed", 5)]).history == fold(SWAP, [report]).history


def test_of_two_corrections_the_newer_holds():
    report = strike("A", at(9), june(9), facts={"killed": 3})
    newer, older = correct("killed", 7, at(9, 16), 2), correct("killed", 5, at(9, 14), 1)
    assert fold(STRIKE, [report], [newer, older]).facts["killed"] == 7


def test_an_editor_sets_the_day_the_status_a_list_and_takes_a_figure_away():
    report = swap("A", at(9), june(9), facts={"to_ukraine": 9, "mediators": ("UAE",)})
    folded = fold(
        SWAP,
        [report],
        [
            correct("date", "2025-06-07"),
            correct("status", "postponed"),
            correct("mediators", ("US", "ICRC", "US")),
            correct("to_ukraine", None),
        ],
    )
    assert (folded.date, folded.status) == (june(7), "postponed")
    assert folded.facts == {"subtype": "prisoners", "mediators": ("ICRC", "US")}
    assert {step.slot for step in folded.history if step.corrected} == {"date", "status", "mediators", "to_ukraine"}


@pytest.mark.parametrize(
    ("acts", "shown"),
    [((), ""), (("hold", "post"), "post"), (("post", "reject"), "reject"), (("merge", "hold"), "hold")],
)
def test_the_newest_verdict_counts(acts, shown):
    rulings = [ruling(act, number, at(9, 14, number)) for number, act in enumerate(acts)]
    assert fold(STRIKE, [strike("A", at(9), june(9))], rulings).verdict == shown


def after_ruling(*rulings: Ruling, before: tuple[Ruling, ...] = ()):
    reports = [strike("A", at(9), june(9), facts={"killed": 12}), strike("B", at(9, 13), june(9))]
    then = replace(fold(STRIKE, reports, before), id=1)
    return change(STRIKE, then, fold(STRIKE, reports, rulings))


@pytest.mark.parametrize(
    ("act", "weight", "reason"),
    [
        ("reject", "material", "an editor withdrew it"),
        ("hold", "minor", "an editor ruled: hold"),
        ("post", "minor", "an editor ruled: post"),
        ("merge", "sources", "ruled upon"),
    ],
)
def test_verdicts_weigh_what_they_mean_to_a_reader(act, weight, reason):
    found = after_ruling(ruling(act, 1, at(9, 14)))
    assert (found.weight, found.reasons[0], found.event.revision) == (weight, reason, 2)


def test_a_withdrawn_event_that_stands_again_is_news():
    found = after_ruling(before=(ruling("reject", 1, at(9, 14)),))
    assert (found.weight, found.reasons[0]) == ("material", "an editor let it stand again")
    assert [(fact.slot, fact.before, fact.after) for fact in found.facts] == [("verdict", "reject", None)]


def test_a_correction_by_an_editor_is_material_and_so_is_its_end():
    mended = correct("killed", 11)
    found = after_ruling(mended)
    assert (found.weight, found.facts) == (
        "material",
        (FactChange("killed", 12, 11, mended.at, "", corrected=True),),
    )
    undone = after_ruling(before=(mended,))
    assert [(fact.before, fact.after, fact.source, fact.corrected) for fact in undone.facts] == [(11, 12, "", True)]


def test_what_became_of_a_ruling_on_reports_that_left_is_no_correction():
    one, other = strike("A", at(9), june(9), facts={"killed": 3}), strike("B", at(9, 13), june(9), facts={"killed": 4})
    ours = correct("killed", 5)
    theirs = replace(correct("killed", 6, at(9, 15), 2), report=other.id)
    merged = replace(fold(STRIKE, [one, other], [theirs]), id=1)
    (parted,) = (fact for fact in change(STRIKE, merged, fold(STRIKE, [one])).facts if fact.slot == "killed")
    assert (parted.before, parted.after, parted.source, parted.corrected) == (6, 3, "A", False)
    both = replace(fold(STRIKE, [one, other], [ours, theirs]), id=1)
    (back,) = (fact for fact in change(STRIKE, both, fold(STRIKE, [one], [ours])).facts if fact.slot == "killed")
    assert (back.before, back.after, back.source, back.corrected) == (6, 5, "", True)
    undone = change(STRIKE, both, fold(STRIKE, [one, other], [ours])).facts
    assert [(fact.before, fact.after, fact.source, fact.corrected) for fact in undone] == [(6, 5, "", True)]


def test_a_range_that_opens_is_an_edit():
    reports = folded("drones", (0, 480, *OUTLET), (1, 500, *OUTLET)).reports
    found = change(STRIKE, event(reports[0]), fold(STRIKE, reports))
    assert change(STRIKE, replace(found.event, ranges={}), found.event).weight == "minor"


def test_a_ruling_that_stood_before_changes_nothing():
    same = ruling("post", 1, at(9, 14))
    assert after_ruling(same, before=(same,)).weight == "none"


def test_a_figure_whose_report_left_is_corrected():
    stays = strike("A", at(9), june(9), facts={"killed": 3})
    moved = strike("B", at(9, 13), june(9), facts={"killed": 12})
    found = change(STRIKE, event(stays, moved), fold(STRIKE, [stays]))
    assert FactChange("killed", 12, 3, at(9), "A", corrected=True) in found.facts
    assert (found.weight, found.event.revision) == ("material", 2)
    assert "one report less" in found.reasons


def test_an_event_that_turned_out_to_be_another_becomes_a_pointer_and_comes_back():
    stored = event(strike("A", at(9), june(9), facts={"killed": 3}), number=7)
    gone = change(STRIKE, stored, absorbed(stored, 5))
    assert (gone.weight, gone.event.merged_into, gone.event.reports, gone.event.id) == ("minor", 5, (), 7)
    assert [(fact.slot, fact.before, fact.after) for fact in gone.facts] == [("merged_into", None, 5)]
    back = change(STRIKE, gone.event, fold(STRIKE, stored.reports))
    assert [(fact.slot, fact.before, fact.after) for fact in back.facts] == [("merged_into", 5, None)]
    assert (back.weight, back.event.id, back.event.revision) == ("minor", 7, 3)


def test_numbers_founded_stay_with_their_reports():
    one, other = strike("A", at(9), june(9)), strike("B", at(9, 13), june(9))
    stored = replace(event(one, other), founded={one.id: 1, other.id: 4})
    assert change(STRIKE, stored, fold(STRIKE, [one])).event.founded == {one.id: 1}

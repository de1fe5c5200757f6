"""Counts that do not grow: whom one of several is taken from, and when a range is shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.merge import fold
from tests.core.merge.drawn import STRIKES
from tests.core.merge.ruled import correct
from tests.core.merge.said import AGENCY, GOVERNOR, MOSCOW, OFFICIAL, OUTLET, PORTAL, UN, folded, told
from tests.reports import KINDS, at, june, strike, swap

SWAP, STRIKE = KINDS["swap"], KINDS["strike"]


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


def test_what_an_editor_set_has_no_range():
    reports = folded("drones", (0, 480, *OUTLET), (1, 500, *OUTLET)).reports
    assert fold(STRIKE, reports, [correct("drones", 490)]).ranges == {}


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

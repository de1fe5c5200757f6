"""Counts that grow: which toll is shown, and what it takes to raise or to lower it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.merge import fold
from bot.core.model import Speaker
from tests.core.merge.said import AGENCY, GOVERNOR, MOSCOW, OFFICIAL, OUTLET, PORTAL, UN, folded, told
from tests.reports import KINDS, at, june, strike

STRIKE = KINDS["strike"]


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


def test_an_official_quoted_with_one_count_is_believed_with_the_others():
    early = strike("A", at(9), june(9), facts={"killed": 2, "injured": 20})
    later = strike(
        "B", at(9, 14), june(9), facts={"killed": 2, "injured": 19}, speakers={"killed": Speaker("mayor", "UA")}
    )
    assert fold(STRIKE, [early, later]).facts["injured"] == 19
    both = replace(later, speakers={"killed": Speaker("mayor", "UA"), "drones": Speaker("ministry", "RU")})
    assert fold(STRIKE, [early, both]).facts["injured"] == 20

"""What an event is: planned, done or called off, on which day, and whether that is confirmed."""

from __future__ import annotations

import pytest

from bot.core.merge import fold
from tests.reports import KINDS, at, june, swap

SWAP = KINDS["swap"]


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

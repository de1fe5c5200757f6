"""What a chat wants to get."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.policy import is_grave, is_held, wants
from tests.changes import CHANNEL, DONE, HOLDS, NEW, SURE
from tests.reports import KINDS, at, event, june, strike, swap


@pytest.mark.parametrize(
    ("regions", "region", "wanted"),
    [
        ((), "UA-63", True),
        (("UA-63",), "UA-63", True),
        (("UA-59",), "UA-63", False),
        (("UA",), "UA-63", True),
        (("UA-63",), "UA", False),
    ],
)
def test_a_chat_may_want_some_regions_or_a_country(regions, region, wanted):
    hit = event(strike("Слобода", at(9), june(9), facts={"region": region}))
    assert wants(replace(CHANNEL, regions=regions), hit, KINDS["strike"]) == wanted


def test_exchanges_have_no_region_and_kinds_are_chosen():
    assert wants(replace(CHANNEL, regions=("UA-59",)), event(DONE), KINDS["swap"])
    assert not wants(replace(CHANNEL, kinds=("strike",)), event(DONE), KINDS["swap"])


def test_an_event_is_held_where_somebody_would_want_it_if_it_were_sure():
    assert is_held(NEW.event, KINDS["swap"], [CHANNEL, HOLDS], fresh=True)
    assert not is_held(NEW.event, KINDS["swap"], [CHANNEL, replace(HOLDS, kinds=("strike",))], fresh=True)
    assert not is_held(NEW.event, KINDS["swap"], [HOLDS], fresh=False)
    assert not is_held(SURE.event, KINDS["swap"], [HOLDS], fresh=True)
    assert not is_held(replace(NEW.event, verdict="hold"), KINDS["swap"], [HOLDS], fresh=True)


@pytest.mark.parametrize(("killed", "wanted"), [(None, False), (0, False), (4, False), (5, True), (50, True)])
def test_a_chat_may_want_large_events_only_and_waits_for_a_number(killed, wanted):
    facts = {} if killed is None else {"killed": killed}
    hit = event(strike("Слобода", at(9), june(9), facts=facts))
    assert wants(replace(CHANNEL, least={"strike": 5}), hit, KINDS["strike"]) == wanted
    assert wants(replace(CHANNEL, least={"swap": 5}), hit, KINDS["strike"])
    assert wants(replace(CHANNEL, least={"strike": 0}), hit, KINDS["strike"])


def test_a_chat_may_want_what_certain_sides_tell():
    official = swap("Штаб", at(9, 13), june(9), voice={"side": "UA"})
    own = replace(CHANNEL, sides=("UA",))
    assert not wants(own, event(DONE), KINDS["swap"])
    assert wants(own, event(DONE, official), KINDS["swap"])
    assert not wants(own, event(DONE, replace(official, role="background")), KINDS["swap"])
    assert wants(replace(CHANNEL, sides=("UA", "independent")), event(DONE), KINDS["swap"])


@pytest.mark.parametrize(("killed", "grave"), [(None, False), (9, False), (10, True)])
def test_a_strike_that_kills_many_is_grave(killed, grave):
    hit = event(strike("Слобода", at(9), june(9), facts={} if killed is None else {"killed": killed}))
    assert is_grave(hit, KINDS["strike"]) == grave


def test_an_exchange_is_never_grave():
    assert not is_grave(event(swap("Берег", at(9), june(9), facts={"to_ukraine": 1000})), KINDS["swap"])

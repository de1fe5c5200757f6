"""What a chat wants to get."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.policy import is_held, wants
from tests.changes import CHANNEL, DONE, HOLDS, NEW, SURE
from tests.reports import at, event, june, strike


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
    assert wants(replace(CHANNEL, regions=regions), hit) == wanted


def test_exchanges_have_no_region_and_kinds_are_chosen():
    assert wants(replace(CHANNEL, regions=("UA-59",)), event(DONE))
    assert not wants(replace(CHANNEL, kinds=("strike",)), event(DONE))


def test_an_event_is_held_where_somebody_would_want_it_if_it_were_sure():
    assert is_held(NEW.event, [CHANNEL, HOLDS], fresh=True)
    assert not is_held(NEW.event, [CHANNEL, replace(HOLDS, kinds=("strike",))], fresh=True)
    assert not is_held(NEW.event, [HOLDS], fresh=False)
    assert not is_held(SURE.event, [HOLDS], fresh=True)
    assert not is_held(replace(NEW.event, verdict="hold"), [HOLDS], fresh=True)

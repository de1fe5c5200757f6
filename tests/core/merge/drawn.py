"""Reports of both kinds as Hypothesis draws them: a few outlets, hours and days, so that they meet."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from bot.core.model import Speaker
from tests.reports import at, june, strike, swap

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

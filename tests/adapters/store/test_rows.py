"""Whatever an event holds, its rows give the same event back."""

from __future__ import annotations

from datetime import UTC
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.store import rows
from bot.core.model import Claim, Event, Evidence, FactChange, Origin, Report
from bot.ports import PermanentError
from tests.adapters.store.values import entry, event, report

# Half a surrogate pair is replaced on the way in, which test_events.py shows.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
times = st.datetimes(timezones=st.just(UTC))
facts = st.one_of(st.integers(), texts, st.lists(texts, max_size=3).map(tuple))
slots = st.dictionaries(texts, facts, max_size=3)
dates = st.none() | st.dates()
statuses = st.sampled_from(["announced", "carried_out", "postponed"])
origins = st.builds(
    Origin,
    texts,
    texts,
    texts,
    st.sampled_from(["official", "agency", "outlet", "aggregator"]),
    st.sampled_from(["UA", "RU", "independent", "international"]),
    texts,
    texts,
    texts,
    times,
    texts,
)
fields = st.sampled_from(["title", "summary", "body"])
evidence = st.builds(Evidence, texts, texts, texts, fields, st.integers(0, 99), st.integers(0, 99))


@st.composite
def reports(draw) -> Report:
    return Report(
        kind=draw(texts),
        origin=draw(origins),
        role=draw(st.sampled_from(["main", "background"])),
        date=draw(dates),
        status=draw(statuses),
        disputed=draw(st.booleans()),
        facts=draw(slots),
        evidence=tuple(draw(st.lists(evidence, max_size=2))),
    )


@st.composite
def events(draw) -> Event:
    claim = st.tuples(facts, origins)
    said = draw(st.dictionaries(texts, st.lists(claim, max_size=3), max_size=3))
    history = st.builds(FactChange, texts, st.none() | facts, st.none() | facts, times, texts)
    return Event(
        id=draw(st.integers(1, 10**6)),
        kind=draw(texts),
        date=draw(dates),
        status=draw(statuses),
        disputed=draw(st.booleans()),
        confirmed=draw(st.booleans()),
        facts=draw(slots),
        claims={slot: tuple(Claim(slot, value, origin) for value, origin in pairs) for slot, pairs in said.items()},
        reports=tuple(draw(st.lists(reports(), max_size=3, unique_by=lambda each: each.origin))),
        opened=draw(times),
        updated=draw(times),
        revision=draw(st.integers(1, 99)),
        history=tuple(draw(st.lists(history, max_size=2))),
        news=tuple(draw(st.lists(history, max_size=2))),
    )


@given(events(), st.randoms())
def test_an_event_comes_back_out_of_its_rows_in_whatever_order_its_reports_were_stored(made: Event, chance):
    row = SimpleNamespace(id=made.id, **rows.event_values(made))
    of_reports = [SimpleNamespace(id=1, **rows.report_values(each, 1, made.id, 0)) for each in made.reports]
    chance.shuffle(of_reports)
    assert rows.event_of(row, of_reports) == made


def test_two_reports_of_one_item_stay_in_the_order_they_were_stored():
    first, second = report(entry(), killed=1), report(entry(), killed=2)
    made = event(first, second, id=1)
    row = SimpleNamespace(id=1, **rows.event_values(made))
    of_reports = [
        SimpleNamespace(id=1, **rows.report_values(each, 1, 1, place)) for place, each in enumerate(made.reports)
    ]
    assert rows.event_of(row, of_reports).reports == (first, second)


def test_a_damaged_row_is_refused_in_one_line():
    made = event(report(entry()))
    with pytest.raises(PermanentError, match=r"^report 7 in the database is damaged; restore a backup$"):
        rows.report_of(SimpleNamespace(id=7, report='{"kind": "swap"}'))
    with pytest.raises(PermanentError, match=r"^event 5 in the database is damaged"):
        rows.event_of(SimpleNamespace(id=5, **(rows.event_values(made) | {"fold": "{"})), [])

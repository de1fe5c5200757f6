"""Whatever an event holds, its rows give the same event back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.store import folds, rows
from bot.core.model import (
    Claim,
    Decision,
    Event,
    Evidence,
    FactChange,
    Origin,
    Outline,
    Placed,
    Report,
    Speaker,
    Subscription,
)
from bot.ports import PermanentError
from tests.adapters.store.values import entry, event, report

# Half a surrogate pair is replaced on the way in, which test_events.py shows.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
times = st.datetimes(timezones=st.just(UTC))
facts = st.one_of(st.integers(), texts, st.lists(texts, max_size=3).map(tuple))
slots = st.dictionaries(texts, facts, max_size=3)
dates = st.none() | st.dates(date(1, 1, 2))
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
    st.lists(st.integers(0, 2**32), max_size=2).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
)
speakers = st.builds(Speaker, texts, st.sampled_from(["UA", "RU", "independent"]))
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
        speakers=draw(st.dictionaries(texts, speakers, max_size=2)),
        position=draw(st.integers(0, 3)),
    )


@st.composite
def events(draw) -> Event:
    told = draw(st.lists(reports(), max_size=3, unique_by=lambda each: each.id))
    own = st.sampled_from([each.origin for each in told]) if told else origins
    claim = st.tuples(facts, own | origins, st.none() | speakers)
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
        claims={slot: tuple(Claim(slot, *parts) for parts in claims) for slot, claims in said.items()},
        reports=tuple(told),
        opened=draw(times),
        updated=draw(times),
        revision=draw(st.integers(1, 99)),
        history=tuple(draw(st.lists(history, max_size=2))),
        news=tuple(draw(st.lists(history, max_size=2))),
        ranges=draw(st.dictionaries(texts, st.tuples(st.integers(), st.integers()), max_size=2)),
        verdict=draw(st.sampled_from(["", "post", "hold", "reject"])),
        merged_into=draw(st.integers(0, 5)),
        founded={each.id: draw(st.integers(1, 5)) for each in told[:2]},
        founders=tuple(each.id for each in told[:2]),
    )


def row_of(made: Report) -> SimpleNamespace:
    return SimpleNamespace(id=1, **folds.placed_values(Placed(made, WHY)))


WHY = Decision(3, 0.75, ("the same day",), 0.5)


@given(events(), st.randoms())
def test_an_event_comes_back_out_of_its_rows_in_whatever_order_its_reports_were_stored(made: Event, chance):
    row = SimpleNamespace(id=made.id, **folds.event_values(made))
    of_reports = [row_of(each) for each in made.reports]
    chance.shuffle(of_reports)
    assert folds.event_of(row, of_reports) == made


@given(events())
def test_an_outline_is_the_event_in_short(made: Event):
    outline = Outline(made.id, made.kind, made.date, made.status, made.facts, made.updated)
    assert folds.outline_of(SimpleNamespace(id=made.id, **folds.event_values(made))) == outline


def test_two_reports_of_one_item_stay_in_the_order_of_the_event():
    first, second = replace(report(entry(), killed=1), position=1), report(entry(), killed=2)
    made = event(first, second, id=1)
    row = SimpleNamespace(id=1, **folds.event_values(made))
    assert folds.event_of(row, [row_of(second), row_of(first)]).reports == (first, second)


def test_why_a_report_stands_where_it_stands_comes_back():
    assert folds.decision_of(row_of(report(entry()))) == WHY


def test_an_event_as_an_older_program_stored_it_is_read_in_its_order():
    first, second = report(entry(1), to_ukraine=50, subtype="prisoners"), report(entry(2), to_ukraine=51)
    made = event(second, first, id=1)
    stored = folds.event_values(made)
    fold = json.loads(stored["fold"])
    origins = [json.loads(row_of(each).report)["origin"] for each in made.reports]
    for name in ("order", "silent", "quoted", "ranges", "founders", "founded"):
        fold.pop(name, None)
    fold["claims"] = {"to_ukraine": [[51, 0], [50, 1]]}
    row = SimpleNamespace(id=1, **(stored | {"fold": json.dumps(fold | {"origins": origins})}))
    founder = {"founders": (second.id,), "founded": {second.id: 1}}
    assert folds.event_of(row, [row_of(first), row_of(second)]) == replace(made, **founder)


def test_a_report_is_read_once_as_long_as_its_row_stays_as_it_is():
    first = row_of(report(entry()))
    other = SimpleNamespace(**(vars(first) | {"report": first.report.replace("bereg", "wire")}))
    assert folds.report_of(first) is folds.report_of(SimpleNamespace(**vars(first)))
    assert folds.report_of(other) != folds.report_of(first)
    assert folds.report_of(SimpleNamespace(**(vars(first) | {"position": 3}))).position == 3


def test_a_damaged_row_is_refused_in_one_line():
    made = event(report(entry()))
    with pytest.raises(PermanentError, match=r"^report 7 in the database is damaged; restore a backup$"):
        folds.report_of(SimpleNamespace(id=7, position=0, report='{"kind": "swap"}'))
    with pytest.raises(PermanentError, match=r"^event 5 in the database is damaged"):
        folds.event_of(SimpleNamespace(id=5, **(folds.event_values(made) | {"fold": "{"})), [])
    for fold in ("", "{", '{"facts":{"killed":'):
        with pytest.raises(PermanentError, match=r"^event 5 in the database is damaged"):
            folds.outline_of(SimpleNamespace(id=5, **(folds.event_values(made) | {"fold": fold})))


@pytest.mark.parametrize("damage", [{"kinds": "swap"}, {"least": "[]"}, {"quiet": '{"first": 3}'}, {"updates": "loud"}])
async def test_a_damaged_subscription_is_named(damage):
    values = rows.subscription_values(Subscription(chat_id=-100)) | damage
    row = SimpleNamespace(chat_id=-100, _asdict=lambda: values)
    with pytest.raises(PermanentError, match=r"^the subscription of chat -100 in the database is damaged; restore"):
        rows.subscription_of(row)

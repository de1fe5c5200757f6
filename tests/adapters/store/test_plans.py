"""The questions asked for every item and every delivery are answered by indexes, however much is stored."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest
from sqlalchemy import event as engine_event
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from bot.adapters.store import items, loading, open_store, pruning, rows, tables, turns, watching
from bot.core.model import PollState
from bot.ports import Wanted
from tests.adapters.people_contract import ALARM, BUTTON, QUESTION
from tests.adapters.store.values import KEY, NOW, entry, record_new

DAY = date(2025, 6, 9)
BY_DUE = ["SEARCH pollstate USING INDEX ix_pollstate_due"]

QUESTIONS = {
    "candidates": (loading.sharing([KEY]), []),
    "reports": (loading.reports_in([1, 2]), ["ix_report_event_id"]),
    "rulings": (loading.rulings_on([1, 2]), ["ix_report_event_id", "ix_ruling_report", "ix_ruling_other"]),
    "keys": (select(tables.blocking_key).where(tables.blocking_key.c.event_id.in_([1])), ["ix_blockingkey_event_id"]),
    "known": (
        items.known(*map(list, items.asked_of([rows.identify(entry())]))),
        ["ix_item_link", "ix_item_fingerprint"],
    ),
    "same": (items.same([rows.identify(entry()).guid]), ["sqlite_autoindex_item_1"]),
    "prunable": (pruning.prunable(NOW), ["ix_item_published"]),
    "next prunable": (pruning.prunable(NOW, (NOW, 7)), ["ix_item_published"]),
    "ended": (pruning.ended_in(*pruning.ended(NOW, NOW)), ["ix_event_updated", "ix_delivery_place"]),
    "claim": (
        turns.heads().params(**turns.moment(NOW), limit=10, resting=[-1]),
        [
            "ix_delivery_queue",
            "ix_delivery_held",
            "ix_delivery_gathered",
            "ix_delivery_in_flight",
            "ix_chat_served_number",
        ],
    ),
    "oldest": (watching._oldest(NOW), ["ix_delivery_queue"]),
    "unknown": (select(tables.delivery.c.id).where(turns.in_flight(tables.delivery)), ["ix_delivery_in_flight"]),
}


OUR_OWN = ("SCAN lane_", "SCAN counted")
"""What a subquery has found is walked."""


async def plan_of(path, asked: str, given=()) -> list[str]:
    store = await open_store(f"sqlite:///{path / 'vistka.db'}")
    async with store._database.read() as connection:
        plan = (await connection.exec_driver_sql("EXPLAIN QUERY PLAN " + asked, given)).all()
    await store.close()
    return [row[3] for row in plan]


@pytest.mark.parametrize("question", QUESTIONS)
async def test_sqlite_answers_by_index_alone(tmp_path, question):
    statement, indexes = QUESTIONS[question]
    asked = str(statement.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    plan = [step for step in await plan_of(tmp_path, asked) if not step.startswith(OUR_OWN)]
    assert all("INDEX" in step or "KEY" in step for step in plan if step.startswith(("SCAN", "SEARCH")))
    assert [index for index in indexes if index not in " ".join(plan)] == []


@pytest.mark.parametrize("written", [items._SAME, items._KNOWN, loading._SHARING, loading._REPORTS, loading._RULINGS])
async def test_what_is_asked_the_short_way_is_answered_by_index_too(tmp_path, written):
    plan = await plan_of(tmp_path, written.text, written.parameters(*[[1, 2] for _ in written.lists]))
    assert all("INDEX" in step or "KEY" in step for step in plan if step.startswith(("SCAN", "SEARCH")))


ASKED = {
    "page": (Wanted(), "ix_event_date"),
    "days": (Wanted(first=DAY, last=DAY), "ix_event_date"),
    "kind": (Wanted(kinds=("swap",)), "ix_event_kind_date"),
    "kinds": (Wanted(kinds=("swap", "strike"), first=DAY), "ix_event_date"),
    "region": (Wanted(regions=("UA-63",)), "ix_event_region_date"),
    "country": (Wanted(regions=("UA",)), "ix_event_date"),
    "kind and country": (Wanted(kinds=("strike",), regions=("UA", "RU-BEL")), "ix_event_kind_date"),
    "word": (Wanted(words=("обмін",)), "SEARCH word USING PRIMARY KEY (word>? AND word<?)"),
    "word and days": (Wanted(words=("обмін",), first=DAY), "SEARCH word USING PRIMARY KEY (word>? AND word<?)"),
    "updated": (Wanted(updated=NOW), "ix_event_updated"),
}
MANY = ASKED | {
    "region": (Wanted(regions=("UA-63",)), "ix_event_date"),
    "word": (
        Wanted(words=("обмін",)),
        "SEARCH word USING COVERING INDEX ix_word_event_id (event_id=? AND word>? AND word<?)",
    ),
    "word and days": (Wanted(words=("обмін",), first=DAY), "ix_event_date"),
    "updated": (Wanted(updated=NOW), "ix_event_date"),
}


async def plans(path, steps) -> dict[str, list[str]]:
    """Return how SQLite answers each statement that a store makes of some steps."""
    store = await open_store(f"sqlite:///{path / 'vistka.db'}")
    made: list[tuple[str, object]] = []

    def note(*said: object) -> None:
        *_, statement, given, _, is_many = said
        made.append((statement, given[0] if is_many else given))

    for engine in (store._database._engine.sync_engine, store._database._at_once._reader):
        engine_event.listen(engine, "before_cursor_execute", note)
    await steps(store)
    await store.close()
    driver = sqlite3.connect(path / "vistka.db")
    explained = {
        statement: [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {statement}", given)]
        for statement, given in made
        if statement.startswith(("SELECT", "UPDATE", "DELETE"))
    }
    driver.close()
    return explained


def by_index(steps: list[str]) -> bool:
    """Tell whether no table is read from one end to the other."""
    return all("INDEX" in step or "KEY" in step for step in steps if step.startswith(("SCAN", "SEARCH")))


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize(("few", "expected"), [(1_000, ASKED), (0, MANY)], ids=["few", "many"])
async def test_lists_are_answered_by_the_index_that_fits_how_much_there_is(tmp_path, monkeypatch, name, few, expected):
    monkeypatch.setattr("bot.adapters.store.listing.FEW", few)
    wanted, index = expected[name]

    async def steps(store):
        await record_new(store, facts={"region": "UA-63"})
        await store.listed(wanted, 10)
        await store.outlines(wanted)

    explained = await plans(tmp_path, steps)
    lists = [plan for statement, plan in explained.items() if "ORDER BY event.date" in statement]
    assert len(lists) == 2
    assert all(index in " ".join(plan) for plan in lists), lists
    assert [plan for plan in explained.values() if not by_index(plan)] == []


async def test_what_is_kept_about_people_is_found_by_index(tmp_path):
    async def steps(store):
        await store.issue([BUTTON], NOW)
        await store.bind([BUTTON.token], 5)
        await store.handle(BUTTON.token)
        await store.expect(QUESTION)
        await store.awaited(-100, 7)
        await store.answered(-100, 7)
        await store.raise_alarm(ALARM)
        await store.untold()
        await store.told([ALARM.key])
        await store.clear(ALARM.key)
        await store.receive(11, "{}", NOW)
        await store.received(10)
        await store.done(11)
        await store.managed(7)

    explained = await plans(tmp_path, steps)
    assert len(explained) >= 12
    assert {statement: plan for statement, plan in explained.items() if not by_index(plan)} == {}


async def test_what_is_due_is_found_by_index(tmp_path):
    async def steps(store):
        await store.enlist([entry().source], NOW)
        assert len(await store.due(NOW, 10)) == 1
        await store.put_off([entry().source.id], NOW)
        await store.save_poll(PollState(source_id=entry().source.id, next_at=NOW))

    explained = await plans(tmp_path, steps)
    ranges = [plan for statement, plan in explained.items() if "ORDER BY pollstate.next_at" in statement]
    assert [[step.partition(" (")[0] for step in plan] for plan in ranges] == [BY_DUE, BY_DUE]
    whole = [statement for statement, plan in explained.items() if "SCAN pollstate" in plan]
    assert [statement.split()[-2:] for statement in whole] == [["FROM", "pollstate"]], "but for the start"


async def test_what_is_forgotten_is_found_by_index(tmp_path):
    async def steps(store):
        _ = [gone async for gone in store.forget_traces(NOW)]

    explained = await plans(tmp_path, steps)
    (forgetting,) = (plan for statement, plan in explained.items() if statement.startswith("DELETE FROM tombstone"))
    assert by_index(forgetting)


async def test_a_chat_moves_and_a_page_is_found_without_reading_what_others_have(tmp_path):
    async def steps(store):
        await store.save_poll(PollState(source_id="bereg", next_at=NOW))
        await store.migrate(-100, -1009)
        await store.linked(entry().url)

    explained = await plans(tmp_path, steps)
    slow = [statement.split() for statement, plan in explained.items() if not by_index(plan)]
    assert slow == []

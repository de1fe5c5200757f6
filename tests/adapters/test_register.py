"""The register of earlier exchanges: its rows, and what becomes of them in the house."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from bot.adapters.memory import Memory
from bot.adapters.register import RegisterRead, load_register
from bot.core.model import Item, Report, Subscription
from bot.intake import Intake
from bot.ports import VistkaError
from tests.reports import KINDS, item, origin

HEAD = "date,subtype,to_ukraine,to_russia,civilians_to_ukraine,civilians_to_russia,mediators,ordinal,note,source_url\n"
ROW = "2025-06-09,prisoners,205,,4,,UAE;US,66,a note,https://steppe.example/1\n"
LATER = datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def table(tmp_path):
    return tmp_path / "exchanges.csv"


class Saying:
    """Reads into every item the same exchange."""

    def __init__(self, day: date, **facts: object) -> None:
        self._day = day
        self._facts = {"subtype": "prisoners", **facts}

    async def read(self, about: Item) -> tuple[Report, ...]:
        return (
            Report(kind="swap", origin=origin(about.source.id, about.published), date=self._day, facts=self._facts),
        )


def test_a_row_states_only_what_was_published(table):
    table.write_text(HEAD + ROW, encoding="utf-8")
    (entry,) = load_register(table)
    assert entry.report.date == date(2025, 6, 9)
    assert entry.report.facts == {
        "subtype": "prisoners",
        "to_ukraine": 205,
        "to_ukraine_civilians": 4,
        "ordinal": 66,
        "mediators": ("UAE", "US"),
    }
    assert entry.report.origin.url == "https://steppe.example/1"


@pytest.mark.parametrize(
    "row", ["9 June,prisoners,205,,,,,,,x\n", "2025-06-09,prisoners,many,,,,,,,x\n", "2025-06-09\n"]
)
def test_a_row_that_does_not_hold_is_named_by_its_line(table, row):
    table.write_text(HEAD + ROW + row, encoding="utf-8")
    with pytest.raises(VistkaError, match=r"exchanges\.csv, line 3"):
        load_register(table)


def test_a_missing_register_is_named(table):
    with pytest.raises(VistkaError, match=r"exchanges\.csv: cannot be read"):
        load_register(table)


def test_every_row_has_a_public_source_and_an_id_of_its_own():
    entries = load_register()
    assert len(entries) >= 99
    assert all(entry.report.origin.url.startswith("http") for entry in entries)
    assert max(Counter(entry.item.id for entry in entries).values()) == 1


async def test_each_row_is_an_event_and_nothing_is_posted():
    entries, store = load_register(), Memory()
    await store.save(Subscription(chat_id=1))
    intake = Intake(RegisterRead(entries), store, KINDS.values())
    await intake.take([entry.item for entry in entries], quiet_before=LATER)
    events = await store.between("swap", None, None)
    assert len(events) == len(entries)
    assert all(event.confirmed for event in events)
    assert await store.pending() == 0


async def test_a_second_time_changes_nothing():
    entries, store = load_register(), Memory()
    intake = Intake(RegisterRead(entries), store, KINDS.values())
    await intake.take([entry.item for entry in entries], quiet_before=LATER)
    before = await store.between("swap", None, None)
    assert (await intake.take([entry.item for entry in entries], quiet_before=LATER)).taken == ()
    assert await store.between("swap", None, None) == before


async def test_later_news_joins_the_record_of_its_exchange():
    entries, store = load_register(), Memory()
    newest = max(
        (entry for entry in entries if entry.report.facts.get("to_ukraine")), key=lambda entry: entry.item.published
    )
    await Intake(RegisterRead(entries), store, KINDS.values()).take(
        [entry.item for entry in entries], quiet_before=LATER
    )
    day, number = newest.report.date, newest.report.facts["to_ukraine"]
    subtype = newest.report.facts["subtype"]
    said = Saying(day, subtype=subtype, to_ukraine=number)
    summary = await Intake(said, store, KINDS.values()).take([item("Берег", newest.item.published)])
    (joining,) = summary.taken[0].joinings
    assert joining.decision.event_id is not None
    assert {report.origin.name for report in joining.event.reports} == {"Register of exchanges", "Берег"}

"""What is counted is on the page, by the rules of Prometheus; nothing from outside makes the page grow."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from bot.adapters.families import FAMILIES, MOST_VALUES
from bot.adapters.health import Health
from bot.adapters.http import Asked
from bot.adapters.metrics import PREFIX, Counts, Page
from bot.ports import TemporaryError
from bot.ports.tally import Figures

NOW = datetime(2026, 6, 1, tzinfo=UTC)
REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "metrics.md"
ASKED = Asked("metrics", {})


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


class Store:
    """Says how it stands, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked, self.down = 0, False

    async def ping(self) -> None: ...

    async def figures(self, now: datetime) -> Figures:
        self.asked += 1
        if self.down:
            raise TemporaryError("no answer")
        since = now - timedelta(seconds=90)
        return Figures(outbox={"pending": 4}, oldest=since, sources={"well": 2}, overdue=1, success=since, size=4096)


def page_over(counts: Counts, store: Store | None = None) -> Page:
    return Page(counts, Health(), Clock(), "1.2.3", store)


async def samples(page: Page) -> dict[tuple[str, ...], float]:
    """Return every sample of the page by its name and the values of its labels, in the order of their names."""
    said = (await page.answer(ASKED)).body.decode()
    families = text_string_to_metric_families(said)
    return {
        (each.name, *(value for _, value in sorted(each.labels.items()))): each.value
        for family in families
        for each in family.samples
    }


async def test_what_is_counted_is_on_the_page():
    counts = Counts()
    counts.count("telegram_calls_total", "sendMessage", "429")
    counts.count("telegram_waits_seconds_total", by=2.5)
    counts.measure("fetch_seconds", 0.03, "fresh")
    counts.measure("fetch_seconds", 99.0, "fresh")
    found = await samples(page_over(counts))
    assert found["vistka_telegram_calls_total", "sendMessage", "429"] == 1
    assert found["vistka_telegram_waits_seconds_total",] == 2.5
    buckets = {
        key[1]: value for key, value in found.items() if key[0] == "vistka_fetch_seconds_bucket" and key[2] == "fresh"
    }
    assert (buckets["0.025"], buckets["0.05"], buckets["30.0"], buckets["+Inf"]) == (0, 1, 1, 2)
    assert found["vistka_fetch_seconds_sum", "fresh"] == pytest.approx(99.03)
    assert found["vistka_fetch_seconds_count", "fresh"] == 2


async def test_what_is_so_now_is_on_the_page_from_when_it_was_said_first():
    counts = Counts()
    assert not any(name == "vistka_lease_held" for name, *_ in await samples(page_over(counts)))
    for held in (True, False):
        counts.note("lease_held", held, "sender")
        counts.note("queue_sources", 7)
        found = await samples(page_over(counts))
        assert (found["vistka_lease_held", "sender"], found["vistka_queue_sources",]) == (held, 7)


async def test_what_never_happened_stands_at_nought_where_its_labels_are_known():
    found = await samples(page_over(Counts()))
    assert found["vistka_telegram_calls_total", "getUpdates", "409"] == 0
    assert found["vistka_deliveries_total", "post", "presumed"] == 0


async def test_how_the_store_stands_is_asked_for_once_in_a_few_seconds():
    store = Store()
    page = page_over(Counts(), store)
    page.health.have("start")
    found = await samples(page)
    assert found["vistka_outbox_deliveries", "pending"] == 4
    assert found["vistka_outbox_deliveries", "unknown"] == 0
    assert found["vistka_outbox_oldest_seconds",] == found["vistka_source_success_age_seconds",] == 90
    assert (found["vistka_sources", "well"], found["vistka_sources_overdue",]) == (2, 1)
    assert (found["vistka_database_bytes",], found["vistka_database_up",], found["vistka_ready",]) == (4096, 1, 1)
    await samples(page)
    assert store.asked == 1
    page.clock.time += timedelta(seconds=6)
    await samples(page)
    assert store.asked == 2


async def test_a_store_that_does_not_answer_takes_nothing_else_off_the_page():
    store = Store()
    store.down = True
    found = await samples(page_over(Counts(), store))
    assert (found["vistka_database_up",], found["vistka_build_info", "1.2.3"]) == (0, 1)
    assert not any(name == "vistka_outbox_deliveries" for name, *_ in found)
    assert found["process_resident_memory_bytes",] > 1 << 20


@given(st.lists(st.text(max_size=30), max_size=80))
def test_no_label_makes_the_page_grow_without_end(texts: list[str]):
    counts = Counts()
    for text in texts:
        counts.count("telegram_calls_total", text, text)
        counts.count("decisions_total", text, "joined")
        counts.measure("fetch_seconds", 1.0, text)
    kept = {family.name: values for family, values in counts.families()}
    assert len(kept["telegram_calls_total"]) <= 17 * 11
    assert len(kept["decisions_total"]) <= 2 * (MOST_VALUES + 1)
    assert len(kept["fetch_seconds"]) <= 7
    assert sum(kept["telegram_calls_total"].values()) == len(texts)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_names_are_as_prometheus_wants_them(family):
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", family.name)
    assert (family.kind == "counter") == family.name.endswith("_total")
    assert family.kind != "histogram" or family.name.endswith("_seconds")
    assert family.says.endswith(".")


def test_the_reference_has_every_metric_its_kind_and_its_labels():
    rows = re.findall(
        r"^\| `(\w+)` \| (\w+) \| ([^|]*) \| ([^|]+) \|$", REFERENCE.read_text(encoding="utf-8"), re.MULTILINE
    )
    told = {name: (kind, labels.strip(), says.strip()) for name, kind, labels, says in rows}
    assert told == {PREFIX + family.name: (family.kind, labels_of(family), family.says) for family in FAMILIES}


def labels_of(family) -> str:
    """Return the labels of a family as the reference has them."""
    said = (f"`{label.name}`: {', '.join(label.values) or 'open'}" for label in family.labels)
    return "; ".join(said)

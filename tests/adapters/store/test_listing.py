"""Whatever is asked for, the database finds what the store in memory finds, whether it takes events for few or for many."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from bot.adapters.memory import Memory
from bot.adapters.store import SqlStore
from bot.ports import Wanted
from tests.adapters.records import NOON, event, item, joined, report

DAYS = (None, *(date(2025, 6, day) for day in range(1, 8)))
WORDS = ("Харків", "Харківщина", "харизма", "удар", "Сум'янин", "обмін", "Івано-Франківськ", "ёлка")
REGIONS = ("UA-63", "UA-59", "UA", "RU-BEL", "")
ASKED = ("хар", "ХАРК", "сумян", "франк", "елк", "у", "івано-ф", "!", "zz")


def some(chance: random.Random, of: tuple[str, ...], most: int) -> tuple[str, ...]:
    return tuple(chance.sample(of, chance.randint(0, most)))


def wish(chance: random.Random) -> Wanted:
    return Wanted(
        kinds=some(chance, ("swap", "strike"), 2),
        first=chance.choice(DAYS),
        last=chance.choice(DAYS),
        regions=some(chance, ("UA", "RU", *REGIONS[:4]), 2),
        words=some(chance, ASKED, 2),
        updated=chance.choice((None, None, NOON + timedelta(minutes=30))),
    )


async def fill(chance: random.Random, stores: tuple[Memory, SqlStore]) -> None:
    for number in range(60):
        fresh = item(number, title=" ".join(some(chance, WORDS, 3)))
        facts = {"region": chance.choice(REGIONS), "places": some(chance, WORDS, 1)}
        made = event(report(fresh, chance.choice(("swap", "strike")), chance.choice(DAYS), **facts))
        for store in stores:
            await store.record(fresh, [joined(made)])


@pytest.mark.parametrize("few", [0, 1_000])
async def test_any_wish_is_fulfilled_alike(sql_store: SqlStore, monkeypatch, few: int):
    monkeypatch.setattr("bot.adapters.store.listing.FEW", few)
    chance, memory = random.Random(20250609), Memory()
    await fill(chance, (memory, sql_store))
    found = 0
    for _ in range(150):
        wanted, offset = wish(chance), chance.choice((0, 0, 3))
        page = await memory.listed(wanted, 5, offset)
        assert await sql_store.listed(wanted, 5, offset) == page, wanted
        assert await sql_store.outlines(wanted) == await memory.outlines(wanted), wanted
        found += bool(page)
    assert found > 20

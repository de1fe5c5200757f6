"""What breaks programs comes back from both databases as it went in."""

from __future__ import annotations

from dataclasses import replace

from bot.core.sources import Entry, make_item
from tests.adapters.records import NOON, SOURCE
from tests.naughty import naughty, payloads


async def test_every_string_comes_back_from_the_store(sql_store):
    strings = tuple(dict.fromkeys((*naughty(), *payloads())))
    entries = [
        Entry(
            id=f"{number} {each}",
            link=f"https://x.example/{number}/{each}",
            title=f"{number} {each}",
            summary=each,
            body=each,
            via=each,
        )
        for number, each in enumerate(strings)
    ]
    items = [make_item(SOURCE, entry, SOURCE.url, NOON) for entry in entries]
    assert (await sql_store.sift(items, NOON)).new == tuple(items)
    await sql_store.remember(items, (), NOON)
    kept = {item.id: item async for item in sql_store.items()}
    assert (await sql_store.sift(items, NOON)).new == ()
    for item in items:
        assert replace(kept[item.id], source=SOURCE) == replace(item, links=())

"""What breaks programs comes back from both databases as it went in."""

from __future__ import annotations

from dataclasses import replace

from bot.core.sources import Entry, make_item
from tests.adapters.records import NOON, SOURCE
from tests.naughty import naughty, payloads

TOGETHER = 20
"""Strings in one item, so that there are few transactions."""


async def test_every_string_comes_back_from_the_store(sql_store):
    strings = (*naughty(), *payloads())
    packs = [strings[at : at + TOGETHER] for at in range(0, len(strings), TOGETHER)]
    entries = [
        Entry(
            id=f"{number} {pack[0]}",
            link=f"https://x.example/{number}/{pack[1]}",
            title="\n".join(pack),
            summary=" | ".join(pack),
            body="".join(pack),
            via=pack[-1],
            links=tuple(f"https://y.example/{each}" for each in pack),
        )
        for number, pack in enumerate(packs)
    ]
    items = [make_item(SOURCE, entry, SOURCE.url, NOON) for entry in entries]
    assert await sql_store.unseen(items) == tuple(items)
    for item in items:
        await sql_store.record(item, [])
    kept = {item.id: item async for item in sql_store.items()}
    assert await sql_store.unseen(items) == ()
    for item in items:
        assert replace(kept[item.id], source=SOURCE) == item

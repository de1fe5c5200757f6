"""A database that an older program filled keeps all it has, and goes on from there."""

from __future__ import annotations

import json

from sqlalchemy import text

from bot.adapters.store import open_store
from bot.adapters.store.engine import Database, parse
from bot.adapters.store.schema import upgrade
from tests.adapters.records import again, chats
from tests.adapters.store.values import KEY, NOW, entry, event, joining, planned, report

FIRST, SECOND = report(entry(1), to_ukraine=50), report(entry(2), to_ukraine=51)
OLD = event(FIRST, SECOND, id=1, revision=2, founders=(FIRST.id,), founded={FIRST.id: 1})


def origin(number: int) -> dict[str, object]:
    return {
        "item_id": f"guid-{number}",
        "source_id": "bereg",
        "name": "Берег",
        "tier": "agency",
        "side": "UA",
        "owner": "bereg-group",
        "language": "uk",
        "url": f"https://bereg.example/{number}",
        "published": f"2025-06-09T10:0{number}:00+00:00",
        "title": f"Відбувся обмін № {number}",
        "wording": [],
    }


def said(number: int, figure: int) -> str:
    evidence = {
        "slot": "to_ukraine",
        "rule": "uk.returned",
        "text": "повернулися 50",
        "field": "summary",
        "start": 7,
        "end": 21,
    }
    return json.dumps(
        {
            "kind": "swap",
            "origin": origin(number),
            "role": "main",
            "day": "2025-06-09",
            "status": "carried_out",
            "disputed": False,
            "facts": {"to_ukraine": figure},
            "evidence": [evidence],
        }
    )


FOLD = json.dumps(
    {
        "facts": {"to_ukraine": 50},
        "origins": [origin(1), origin(2)],
        "claims": {"to_ukraine": [[50, 0], [51, 1]]},
        "history": [],
        "news": [],
    }
)
ROWS = {
    "item": [
        {
            "id": number,
            "source_id": "bereg",
            "guid": f"guid-{number}",
            "language": "uk",
            "url": f"https://bereg.example/{number}",
            "published": f"2025-06-09 10:0{number}:00.000000",
            "title": f"Відбувся обмін № {number}",
            "summary": "",
            "identity": digest,
        }
        for number, digest in ((1, "0" * 32), (2, "1" * 32))
    ],
    "event": [
        {
            "id": 1,
            "kind": "swap",
            "date": "2025-06-09",
            "region": "",
            "status": "carried_out",
            "disputed": False,
            "confirmed": True,
            "opened": "2025-06-09 10:01:00.000000",
            "updated": "2025-06-09 10:02:00.000000",
            "revision": 2,
            "fold": FOLD,
        }
    ],
    "blockingkey": [{"key": KEY, "event_id": 1}],
    "report": [
        {
            "id": number,
            "item_id": item,
            "event_id": 1,
            "position": 0,
            "kind": "swap",
            "report": said(item, figure),
        }
        for number, item, figure in ((1, 2, 51), (2, 1, 50))
    ],
    "delivery": [
        {
            "id": number,
            "event_id": 1,
            "chat_id": chat,
            "thread_id": 0,
            "language": "uk",
            "action": action,
            "revision": revision,
            "state": state,
            "attempt": 1,
            "message_id": message,
            "content": "digest",
            "anchor": 0,
            "reason": "",
        }
        for number, (chat, action, revision, state, message) in enumerate(
            [
                (-100, "post", 1, "sent", 41),
                (-200, "post", 1, "sent", 51),
                (-200, "post", 2, "sent", 52),
                (-100, "edit", 2, "pending", 0),
            ],
            1,
        )
    ],
}


async def fill(url: str) -> None:
    database = Database(parse(url))
    async with database.write() as connection:
        for table, found in ROWS.items():
            for row in found:
                names = ", ".join(row)
                values = ", ".join(f":{name}" for name in row)
                await connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
            if database.is_postgresql and "id" in found[0]:
                await connection.execute(text(f"SELECT setval('{table}_id_seq', {len(found)})"))
    await database.close()


async def test_events_reports_and_posts_of_an_older_program_are_all_there(empty_url):
    await upgrade(parse(empty_url), "0001")
    await fill(empty_url)
    store = await open_store(empty_url)
    assert await store.candidates({KEY}) == (OLD,)
    assert [placed.report for placed in await store.placed(1)] == [FIRST, SECOND]
    assert await chats(store, 1) == {(-100, 0), (-200, 0)}
    edit, *others = await store.claim(NOW, 10)
    assert (edit.chat_id, edit.audience, edit.message_id, edit.since, others) == (-100, "readers", 41, 1, [])
    await store.close()


async def test_what_an_older_program_stored_grows(empty_url):
    await upgrade(parse(empty_url), "0001")
    await fill(empty_url)
    store = await open_store(empty_url)
    item = entry(3)
    third = report(item, to_ukraine=52)
    after = again(OLD, event(FIRST, SECOND, third))
    (stored,) = await store.record(item, [joining(third, after, planned("edit", -200))])
    assert await store.candidates({KEY}) == (stored,) == (after,)
    (edit,) = [each for each in await store.claim(NOW, 10) if each.chat_id == -200]
    assert edit.message_id == 52
    assert stored.reports == (FIRST, SECOND, third)
    await store.close()

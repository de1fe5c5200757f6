"""A database that an older program filled keeps all it has, and goes on from there."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import text

from bot.adapters.store import open_store
from bot.adapters.store.engine import Database, parse
from bot.adapters.store.rows import identify
from bot.adapters.store.schema import upgrade
from bot.core.model import Sifted, Subscription
from bot.ports import Wanted
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


ROWS["subscription"] = [
    {
        "chat_id": -100,
        "thread_id": 7,
        "language": "uk",
        "kinds": '["swap"]',
        "regions": '["UA-63"]',
        "unconfirmed": "hold",
        "suspended": "kicked",
    }
]
STRUCK = '{"facts": {"region": "UA-63", "places": ["Слов\'янськ"]}, "order": [["a", "b", 0]]}'
UNDATED = {
    **ROWS["event"][0],
    "id": 2,
    "kind": "strike",
    "date": None,
    "region": "UA-63",
    "fold": STRUCK,
    "verdict": "",
    "merged_into": 0,
}
NEXT = ROWS | {
    "event": [{**ROWS["event"][0], "verdict": "", "merged_into": 0}, UNDATED],
    "report": [{**row, "decision": '{"event_id":null,"score":0.0}'} for row in ROWS["report"]],
    "delivery": [
        {**row, "audience": "readers", "under": 0, "floor": 0.0} for row in ROWS["delivery"] if row["id"] != 2
    ],
    "quarantine": [{"update_id": 7, "raw": "{}", "error": "KeyError"}],
}


async def fill(url: str, stored: dict[str, list[dict[str, object]]]) -> None:
    database = Database(parse(url))
    async with database.write() as connection:
        for table, found in stored.items():
            for row in found:
                names = ", ".join(row)
                values = ", ".join(f":{name}" for name in row)
                await connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
            if database.is_postgresql and "id" in found[0]:
                await connection.execute(text(f"SELECT setval('{table}_id_seq', {len(found)})"))
    await database.close()


async def test_events_reports_and_posts_of_an_older_program_are_all_there(empty_url):
    await upgrade(parse(empty_url), "0001")
    await fill(empty_url, ROWS)
    store = await open_store(empty_url)
    assert await store.candidates({KEY}) == (OLD,)
    assert [placed.report for placed in await store.placed(1)] == [FIRST, SECOND]
    assert await chats(store, 1) == {(-100, 0), (-200, 0)}
    edit, *others = await store.claim(NOW, 10)
    assert (edit.chat_id, edit.audience, edit.message_id, edit.since, others) == (-100, "readers", 41, 1, [])
    await store.close()


async def test_what_an_older_program_stored_grows(empty_url):
    await upgrade(parse(empty_url), "0001")
    await fill(empty_url, ROWS)
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


async def test_chats_get_what_they_got_until_now(empty_url):
    await upgrade(parse(empty_url), "0001")
    await fill(empty_url, ROWS)
    store = await open_store(empty_url)
    kept = Subscription(
        chat_id=-100,
        thread_id=7,
        language="uk",
        kinds=("swap",),
        regions=("UA-63",),
        unconfirmed="hold",
        suspended="kicked",
    )
    assert await store.get(-100, 7) == kept
    assert await store.managed(0) == (kept,)
    await store.close()


async def test_what_is_there_is_found_by_its_words_and_listed_by_its_day(empty_url):
    await upgrade(parse(empty_url), "0002")
    await fill(empty_url, NEXT)
    store = await open_store(empty_url)
    for words in (("відбув", "обм"), ("2",)):
        assert [each.id for each in await store.listed(Wanted(words=words), 10)] == [1]
    assert [each.id for each in await store.listed(Wanted(words=("словян",)), 10)] == [2]
    assert [(each.id, each.date) for each in await store.listed(Wanted(), 10)] == [(1, OLD.date), (2, None)]
    assert [each.id for each in await store.outlines(Wanted(first=OLD.date))] == [1]
    assert await store.event(1) == OLD
    edit, *others = await store.claim(NOW, 10)
    assert (edit.chat_id, edit.action, edit.message_id, others) == (-100, "edit", 41, [])
    await store.close()


async def test_words_of_what_an_older_program_stored_move_with_its_reports(empty_url):
    await upgrade(parse(empty_url), "0002")
    await fill(empty_url, NEXT)
    store = await open_store(empty_url)
    item = entry(3, title="Додому повернулися ще двоє")
    third = report(item, to_ukraine=52)
    await store.record(item, [joining(third, again(OLD, event(SECOND, third)))])
    assert [each.id for each in await store.listed(Wanted(words=("двоє", "обмін")), 10)] == [1]
    assert await store.listed(Wanted(words=("1",)), 10) == ()
    await store.close()


STORED = datetime(2025, 6, 9, 10, 1, tzinfo=UTC)


async def test_items_of_an_older_program_are_known_and_were_not_edited(empty_url):
    """How their words were told then nobody knows now; from the next sight on edits are noticed."""
    item = entry(1)
    known = {"identity": identify(item).guid, "link": None, "fingerprint": "told otherwise"}
    await upgrade(parse(empty_url), "0002")
    await fill(empty_url, {"item": [ROWS["item"][0] | {"guid": item.id} | known]})
    store = await open_store(empty_url)
    edited = replace(item, summary="інакше")
    assert await store.sift([item], NOW) == Sifted()
    assert (await store.sift([edited], NOW)).edited == (replace(edited, published=STORED),)
    await store.close()

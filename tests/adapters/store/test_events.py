"""Items, reports and events come back as they went in, and are written whole or not at all."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta, timezone

import pytest
from sqlalchemy import select

from bot.adapters.store import tables
from bot.core.model import FactChange, PollState, Source
from bot.ports import PermanentError, TemporaryError
from tests.adapters.records import merged, opened, parted, verdict
from tests.adapters.store.values import (
    KEY,
    NOW,
    entry,
    event,
    joining,
    planned,
    record_new,
    record_next,
    report,
)


async def test_an_event_is_found_by_its_key_exactly_as_it_was_recorded(sql_store):
    stored = await record_next(sql_store, await record_new(sql_store), 2)
    assert stored.id > 0
    assert await sql_store.candidates({KEY, "swap:other"}) == (stored,)
    assert await sql_store.event(stored.id) == stored


async def test_the_order_of_reports_is_kept_even_where_a_late_one_goes_first(sql_store):
    first = await record_new(sql_store, 5)
    item = entry(1)
    late = report(item)
    whole = event(late, *first.reports, id=first.id, revision=2)
    (stored,) = await sql_store.record(item, (joining(late, whole),))
    assert await sql_store.event(first.id) == stored
    assert stored.reports[0] == late


async def test_a_claim_of_an_origin_without_a_report_is_kept(sql_store):
    item = entry()
    made = report(item)
    stranger = event(report(entry(9))).claims
    (stored,) = await sql_store.record(item, (joining(made, event(made, claims=stranger)),))
    assert (await sql_store.event(stored.id)).claims == stranger


async def test_an_item_may_tell_of_several_events(sql_store):
    item = entry()
    swap = report(item)
    strike = replace(report(item, region="UA-63", killed=2), kind="strike", position=1)
    joined = (joining(swap, event(swap)), joining(strike, event(strike), keys=frozenset({"strike:x"})))
    first, second = await sql_store.record(item, joined)
    assert (first.kind, second.kind) == ("swap", "strike")
    assert await sql_store.candidates({"strike:x", KEY}) == (first, second)


async def test_a_stale_event_is_refused_and_nothing_of_it_stays(sql_store):
    first = await record_new(sql_store)
    await record_next(sql_store, first, 2)
    await record_next(sql_store, replace(first, revision=2), 3)
    with pytest.raises(TemporaryError, match="changed meanwhile"):
        await record_next(sql_store, first, 4, planned("edit"))
    assert (await sql_store.sift([entry(4)], NOW)).new == (entry(4),)
    assert await sql_store.pending() == 0
    assert len((await sql_store.event(first.id)).reports) == 3


async def test_an_event_that_does_not_exist_is_refused(sql_store):
    item = entry()
    made = report(item)
    with pytest.raises(TemporaryError, match="changed meanwhile"):
        await sql_store.record(item, (joining(made, event(made, id=77)),))
    assert (await sql_store.stats()).items == 0


async def test_an_item_is_recorded_once_however_many_try(sql_store):
    outcomes = await asyncio.gather(*(record_new(sql_store) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(outcome, TemporaryError) for outcome in outcomes) == 4
    assert (await sql_store.stats()).events == {"swap": 1}


async def test_of_many_writers_of_one_event_one_wins_whole(sql_store):
    first = await record_new(sql_store)
    tries = (record_next(sql_store, first, number, planned("edit", number)) for number in range(2, 12))
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(outcome, TemporaryError) for outcome in outcomes) == len(outcomes) - 1
    stored = await sql_store.event(first.id)
    assert (await sql_store.stats()).items - 1 == await sql_store.pending() == 1
    assert (stored.revision, len(stored.reports)) == (2, 2)


async def test_a_failure_in_the_middle_of_a_list_leaves_nothing(sql_store):
    first = await record_new(sql_store)
    item = entry(2)
    made = report(item)
    stranger = replace(made, origin=replace(made.origin, item_id="nobody's"))
    grown = event(*first.reports, made, id=first.id, revision=2)
    joined = (joining(made, grown, planned()), joining(stranger, event(stranger), planned()))
    with pytest.raises(PermanentError, match="an item that is not stored"):
        await sql_store.record(item, joined)
    assert (await sql_store.sift([item], NOW)).new == (item,)
    assert await sql_store.latest(10) == (first,)
    assert len(await sql_store.revisions(first.id)) == 1
    assert await sql_store.pending() == 0


async def stored_folds(sql_store) -> list[str]:
    async with sql_store._database.read() as connection:
        return list(await connection.scalars(select(tables.event.c.fold).order_by(tables.event.c.id)))


async def test_a_ruling_that_is_taken_back_leaves_the_same_bytes(sql_store):
    one, other = await opened(sql_store, 1), await opened(sql_store, 2)
    before = await stored_folds(sql_store)
    ruling = replace(verdict(one, "merge"), other=other.reports[0].id)
    whole, _ = await sql_store.rule(ruling, merged(one, other))
    assert await stored_folds(sql_store) != before
    await sql_store.undo(whole.rulings[0], 7, NOW, parted(whole, one, other))
    assert await stored_folds(sql_store) == before


async def test_stored_items_come_back_in_the_order_in_which_they_were_published(sql_store):
    items = [
        entry(number, body="ціле" if number % 2 else None, page=None if number % 2 else "<p>сторінка")
        for number in (3, 1, 2, 4)
    ]
    for item in items:
        await sql_store.record(item, ())

    async def between(*ends):
        return [found async for found in sql_store.items(*ends)]

    everything = await between()
    assert [found.id for found in everything] == ["guid-1", "guid-2", "guid-3", "guid-4"]
    assert everything[0] == replace(items[1], source=Source("bereg", "bereg", "", "", "uk"))
    assert [(found.body, found.page) for found in everything[:2]] == [("ціле", None), (None, "<p>сторінка")]
    assert [found.id for found in await between(items[2].published, items[0].published)] == ["guid-2", "guid-3"]
    assert await between(NOW + timedelta(days=1)) == []


async def test_the_store_may_be_written_while_its_items_are_read(sql_store):
    for number in (1, 2):
        await sql_store.record(entry(number), ())
    seen = 0
    async for found in sql_store.items():
        seen += 1
        await sql_store.record(entry(10 + seen), ())
        assert found.id == f"guid-{seen}"
    assert seen == 2


async def test_an_item_is_known_by_its_guid_its_link_or_its_words(sql_store):
    await sql_store.record(entry(1), ())
    same_guid = entry(2, id="guid-1")
    same_link = entry(2, url="http://www.bereg.example/1/?utm_source=feed#from=rss")
    same_words = entry(2, title="  відбувся   ОБМІН № 1")
    other_words = entry(3, title="  відбувся   ОБМІН № 1", summary="Додому повернулися 52 захисники")
    answers = [await sql_store.sift([each], NOW) for each in (same_guid, same_link, same_words, other_words)]
    assert [answer.new for answer in answers] == [(), (), (), (other_words,)]


async def test_items_of_other_sources_and_without_link_or_words_stay_apart(sql_store):
    await sql_store.record(entry(1, url="", title="", summary=""), ())
    other = replace(entry(1), source=replace(entry().source, id="other"))
    bare = entry(3, url="", title="", summary="")
    assert (await sql_store.sift([other, bare], NOW)).new == (other, bare)


async def test_of_two_alike_in_one_feed_only_the_first_is_new(sql_store):
    assert (await sql_store.sift([entry(1), entry(2), entry(1)], NOW)).new == (entry(1), entry(2))


async def test_a_feed_of_thousands_is_told_apart_at_once(sql_store):
    await sql_store.record(entry(700), ())
    many = [entry(number) for number in range(1, 1300)]
    assert (await sql_store.sift(many, NOW)).new == tuple(item for item in many if item.id != "guid-700")
    assert (await sql_store.sift([], NOW)).new == ()


async def test_text_that_no_database_takes_is_stored_all_the_same(sql_store):
    item = entry(1, id="a\x00b\ud800", title="NUL \x00 and half \udfff", summary="\x00", url="https://x.example/\x00")
    made = report(item, note="\x00 \ud800")
    (stored,) = await sql_store.record(item, (joining(made, event(made)),))
    assert (await sql_store.sift([item], NOW)).new == ()
    assert (await sql_store.event(stored.id)).facts == {"note": "\x00 \ufffd"}


async def test_a_guid_of_any_length_is_stored(sql_store):
    item = entry(1, id="g" * 50_000, url="https://x.example/" + "u" * 50_000, title="t" * 50_000)
    await sql_store.record(item, ())
    assert (await sql_store.sift([item], NOW)).new == ()


async def test_times_of_any_zone_come_back_in_utc(sql_store):
    kyiv = timezone(timedelta(hours=3))
    state = PollState(source_id="bereg", next_at=NOW.astimezone(kyiv), etag='"a"', interval=0.5, last_item=NOW)
    await sql_store.save_poll(state)
    await sql_store.save_poll(replace(state, failures=2))
    found = (await sql_store.poll_states())["bereg"]
    assert found == replace(state, failures=2)
    assert found.next_at.utcoffset() == timedelta(0)


async def test_a_poll_that_cannot_be_saved_holds_up_none_that_is_saved_with_it(sql_store):
    good = PollState(source_id="bereg", next_at=NOW)
    bad = PollState(source_id="odd", next_at=NOW.replace(tzinfo=None))
    outcomes = await asyncio.gather(sql_store.save_poll(good), sql_store.save_poll(bad), return_exceptions=True)
    assert outcomes[0] is None
    assert isinstance(outcomes[1], Exception)
    assert list(await sql_store.poll_states()) == ["bereg"]


async def test_a_time_without_a_zone_is_refused(sql_store):
    with pytest.raises(Exception, match="without a zone"):
        await sql_store.save_poll(PollState(source_id="bereg", next_at=NOW.replace(tzinfo=None)))


async def test_undated_events_and_empty_values_come_back(sql_store):
    item = entry()
    made = replace(report(item), date=None, facts={}, evidence=())
    history = (FactChange("killed", None, ("a", "b"), NOW, "Берег"),)
    whole = event(made, facts={"flag": True}, claims={}, history=history, confirmed=False, disputed=True)
    (stored,) = await sql_store.record(item, (joining(made, whole),))
    assert await sql_store.event(stored.id) == stored
    assert await sql_store.between("swap", None, None) == (stored,)
    assert await sql_store.between("swap", date(2025, 1, 1), None) == ()

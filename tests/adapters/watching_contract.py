"""What every store tells those who watch over us: imported by the tests of each one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.model import Source
from tests.adapters.records import NOON, changed, claim_one, opened, planned

SOON = NOON + timedelta(hours=1)


async def test_an_empty_store_has_nothing_to_tell(store):
    await store.ping()
    figures = await store.figures(NOON)
    assert (dict(figures.outbox), figures.oldest, dict(figures.sources)) == ({}, None, {})
    assert (figures.overdue, figures.success) == (0, None)


async def test_the_outbox_is_counted_by_state_without_what_is_over(store):
    for number in range(1, 5):
        await opened(store, number, plan=planned("post", chat_id=-100 - number))
    sent, put_back, unknown = await store.claim(NOON, 3)
    await store.sent(sent, 501, "digest")
    await store.retry(put_back, SOON)
    await store.unknown(unknown)
    assert dict((await store.figures(NOON)).outbox) == {"pending": 1, "retry": 1, "unknown": 1}
    await claim_one(store)
    assert dict((await store.figures(NOON)).outbox) == {"sending": 1, "retry": 1, "unknown": 1}


async def test_the_oldest_delivery_is_the_first_that_may_leave(store):
    first = await opened(store, 1, plan=planned("post"))
    await store.retry(await claim_one(store), SOON)
    second = await opened(store, 2, plan=planned("post", chat_id=-200))
    assert (await store.figures(NOON)).oldest == second.updated
    assert (await store.figures(SOON)).oldest == first.updated
    await store.sent(await claim_one(store), 7, "")
    assert (await store.figures(NOON)).oldest is None


async def test_an_edit_waits_since_the_change_that_it_tells(store):
    before = await opened(store, plan=planned("post"))
    await store.sent(await claim_one(store), 501, "first")
    after = await changed(store, before, 2, "edit")
    assert (await store.figures(SOON + timedelta(days=1))).oldest == after.updated


async def test_sources_are_counted_by_how_they_do(store):
    names = ("well", "failing", "new", "ended", "unlisted")
    await store.enlist([Source(name, name, "rss", f"https://{name}.example/", "uk") for name in names], NOON)
    for name in names:
        state = await store.state(name)
        if name != "new":
            state = replace(state, first_success=NOON, last_success=NOON)
        if name == "failing":
            state = replace(state, failures=2, error="no answer", last_success=SOON)
        if name == "ended":
            state = replace(state, ended=NOON)
        await store.save_poll(replace(state, next_at=SOON))
    await store.enlist([Source(name, name, "rss", f"https://{name}.example/", "uk") for name in names[:-1]], NOON)
    figures = await store.figures(NOON)
    assert dict(figures.sources) == {"well": 1, "failing": 1, "new": 1, "ended": 1}
    assert (figures.overdue, figures.success) == (0, SOON)


async def test_a_source_is_overdue_when_it_waits_for_more_than_a_minute_beyond_its_time(store):
    await store.enlist([Source("bereh", "Берег", "rss", "https://bereh.example/", "uk")], NOON)
    assert [(await store.figures(NOON + timedelta(seconds=late))).overdue for late in (59, 61)] == [0, 1]

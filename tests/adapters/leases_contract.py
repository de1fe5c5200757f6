"""What every store has to do that hands out leases: imported by the tests of each one."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.model import SENDER, Holder
from bot.ports import LeaseLostError
from tests.adapters.records import NOON, claim_one, opened, planned

ONE = Holder("kyiv", 7, "boot/4026531836/7/100", bot=123)
TWO = replace(ONE, pid=8, mark="boot/4026531836/8/200")
LATER = NOON + timedelta(hours=1)


async def test_a_lease_that_nobody_has_is_taken(store):
    assert await store.leases() == ()
    lease = await store.take(SENDER, ONE, NOON)
    assert (lease.name, lease.holder, lease.number, lease.since) == (SENDER, ONE, 1, NOON)
    assert await store.leases() == (lease,)


async def test_a_lease_that_somebody_has_stays_theirs(store):
    lease = await store.take(SENDER, ONE, NOON)
    assert await store.take(SENDER, TWO, LATER) == lease
    assert await store.leases() == (lease,)


async def test_what_is_given_back_is_taken_with_the_next_number(store):
    await store.release(await store.take(SENDER, ONE, NOON))
    assert [each.holder for each in await store.leases()] == [None]
    lease = await store.take(SENDER, TWO, LATER)
    assert (lease.holder, lease.number, lease.since) == (TWO, 2, LATER)


async def test_ones_own_lease_is_taken_anew_with_the_next_number(store):
    await store.take(SENDER, ONE, NOON)
    assert (await store.take(SENDER, ONE, LATER)).number == 2


async def test_of_two_processes_that_were_started_in_the_same_tick_each_is_another(store):
    lease = await store.take(SENDER, ONE, NOON)
    assert await store.take(SENDER, replace(TWO, mark=ONE.mark), LATER) == lease


async def test_a_lease_found_stale_is_taken_unless_it_was_renewed_since(store):
    stale = await store.take(SENDER, ONE, NOON)
    renewed = await store.renew(stale)
    assert renewed.number == stale.number
    assert await store.take(SENDER, TWO, LATER, stale) == renewed
    assert (await store.take(SENDER, TWO, LATER, renewed)).holder == TWO


async def test_each_renewal_shows(store):
    lease = await store.take(SENDER, ONE, NOON)
    seen = {lease.beat, (await store.renew(lease)).beat, (await store.renew(lease)).beat}
    assert len(seen) == 3


async def test_a_lost_lease_is_neither_renewed_nor_given_back(store):
    lease = await store.take(SENDER, ONE, NOON)
    taken = await store.take(SENDER, TWO, LATER, lease)
    with pytest.raises(LeaseLostError, match="process 8 on kyiv, for bot 123 took over"):
        await store.renew(lease)
    await store.release(lease)
    assert await store.leases() == (taken,)


async def test_one_lease_has_nothing_to_do_with_another(store):
    sender = await store.take(SENDER, ONE, NOON)
    other = await store.take("another", TWO, NOON)
    assert await store.leases() == (other, sender)


async def test_the_holder_of_the_lease_writes_into_the_outbox(store):
    stored = await opened(store, plan=planned("post"))
    outbox = store.fenced(await store.take(SENDER, ONE, NOON))
    delivery = await claim_one(outbox)
    assert delivery.event_id == stored.id
    await outbox.sent(delivery, 501, "digest")
    assert await store.pending() == 0


async def test_what_a_former_holder_writes_is_refused_and_leaves_nothing_behind(store):
    await opened(store, plan=planned("post"))
    lease = await store.take(SENDER, ONE, NOON)
    outbox = store.fenced(lease)
    delivery = await claim_one(outbox)
    await store.take(SENDER, TWO, LATER, lease)
    writes = {
        "recover": outbox.recover(),
        "claim": outbox.claim(NOON, 10),
        "sent": outbox.sent(delivery, 501, "digest"),
        "seen": outbox.seen(delivery.chat_id, 501),
        "retry": outbox.retry(delivery, NOON),
        "bring_forward": outbox.bring_forward(NOON),
        "unknown": outbox.unknown(delivery),
        "dead": outbox.dead(delivery, "gone"),
        "suspend": outbox.suspend(delivery.chat_id, "gone"),
        "resume": outbox.resume(delivery.chat_id),
        "migrate": outbox.migrate(delivery.chat_id, -200),
    }
    for write in writes.values():
        with pytest.raises(LeaseLostError, match="took over"):
            await write
    assert await store.posted(delivery.event_id)
    assert [each.id for each in await store.recover()] == [delivery.id]


async def test_a_former_holder_may_still_read(store):
    lease = await store.take(SENDER, ONE, NOON)
    await store.take(SENDER, TWO, LATER, lease)
    assert await store.fenced(lease).pending() == 0


async def test_what_renews_goes_on_beside_until_the_end_of_the_block(store):
    lease, renewed = await store.take(SENDER, ONE, NOON), asyncio.Event()
    home, cut_off = asyncio.get_running_loop(), []

    async def keep(leases):
        try:
            await leases.renew(lease)
            home.call_soon_threadsafe(renewed.set)
            await asyncio.Event().wait()
        finally:
            cut_off.append(True)

    async with store.beside(keep):
        await asyncio.wait_for(renewed.wait(), 30)
        assert (await store.leases())[0].beat == lease.beat + 1
        assert cut_off == []
    assert cut_off == [True]

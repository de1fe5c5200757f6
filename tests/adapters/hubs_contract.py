"""What every store has to do with the hubs that push to us: imported by the tests of each one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.websub import HubLease
from tests.adapters.records import NOON

SOUGHT = HubLease(
    key="kK-1",
    source_id="bereh",
    hub="https://hub.example/",
    topic="https://bereh.example/feed",
    secret="s-_",
    wish="subscribe",
    next_at=NOON,
)


async def test_a_lease_comes_back_whole(store):
    assert await store.hub_leases() == ()
    whole = replace(
        SOUGHT,
        key="Kk-1",
        wish="unsubscribe",
        asked_at=NOON,
        until=NOON + timedelta(days=1),
        pushed_at=NOON + timedelta(microseconds=1),
        failures=3,
        error="хаб: status 500",
    )
    await store.save_hub_lease(SOUGHT)
    await store.save_hub_lease(whole)
    assert await store.hub_leases() == (whole, SOUGHT)


async def test_a_lease_is_replaced_by_the_newer_one_of_its_key_and_ended_by_its_key(store):
    await store.save_hub_lease(replace(SOUGHT, until=NOON, failures=1))
    await store.save_hub_lease(SOUGHT)
    assert await store.hub_leases() == (SOUGHT,)
    await store.end_hub_lease("another")
    assert await store.hub_leases() == (SOUGHT,)
    await store.end_hub_lease(SOUGHT.key)
    await store.end_hub_lease(SOUGHT.key)
    assert await store.hub_leases() == ()

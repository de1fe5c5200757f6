"""What every store has to give of its events to be written out: imported as `store_contract` is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.ports import Version, Wanted
from tests.adapters.asking_contract import told
from tests.adapters.records import NOON, changed, claim_one, kept, merged, opened, planned, verdict

ALL = Wanted()


async def numbers(store, wanted: Wanted = ALL, after: int = 0, limit: int = 10) -> list[int]:
    return [version.number for version in await store.numbered(wanted, after, limit)]


async def test_events_come_by_their_numbers_a_page_at_a_time(store):
    known = [(await told(store, number, day=9 - number % 2)).id for number in range(1, 6)]
    assert await numbers(store) == sorted(known)
    assert await numbers(store, limit=2) == known[:2]
    assert await numbers(store, after=known[1], limit=2) == known[2:4]
    assert await numbers(store, after=known[-1]) == []


async def test_events_are_chosen_by_kind_day_and_region(store):
    kharkiv = (await told(store, 1, "strike", 9, region="UA-63")).id
    belgorod = (await told(store, 2, "strike", 11, region="RU-BEL")).id
    swap = (await told(store, 3, "swap", None)).id
    assert await numbers(store, Wanted(kinds=("swap",))) == [swap]
    assert await numbers(store, Wanted(kinds=("swap", "strike"))) == [kharkiv, belgorod, swap]
    assert await numbers(store, Wanted(first=date(2025, 6, 10))) == [belgorod]
    assert await numbers(store, Wanted(last=date(2025, 6, 10))) == [kharkiv]
    assert await numbers(store, Wanted(regions=("UA-63",))) == [kharkiv]
    assert await numbers(store, Wanted(regions=("RU", "UA-63"))) == [kharkiv, belgorod]
    assert await numbers(store, Wanted(regions=("UA-05",))) == []
    found = await store.newest(Wanted(regions=("UA", "RU")), 10)
    assert [version.number for version in found] == [belgorod, kharkiv]


async def test_a_version_changes_with_what_is_shown(store):
    before = await opened(store)
    assert await store.numbered(ALL, 0, 1) == (Version(before.id, 1, before.updated),)
    after = await changed(store, before, 2)
    (version,) = await store.numbered(ALL, 0, 1)
    assert (version.revision, version.changed) == (2, after.updated)


async def test_a_ruling_changes_a_version_at_its_own_time(store):
    before = await opened(store)
    late = replace(verdict(before, "reject"), at=NOON + timedelta(days=3))
    await store.rule(late, [kept(replace(before, revision=2, verdict="reject"))])
    (version,) = await store.newest(ALL, 5)
    assert version == Version(before.id, 2, late.at)
    (event,) = await store.events([before.id])
    assert (event.verdict, [ruling.act for ruling in event.rulings]) == ("reject", ["reject"])


async def test_what_was_merged_is_there_too(store):
    one, other = await opened(store, 1), await opened(store, 2)
    await store.rule(verdict(one), merged(one, other))
    husk, whole = await store.events([other.id, one.id])
    assert (husk.merged_into, len(whole.reports)) == (one.id, 2)
    assert await numbers(store) == [one.id, other.id]


async def test_the_newest_are_those_that_are_told_of_last(store):
    first, second = await opened(store, 1), await opened(store, 2)
    assert [each.number for each in await store.newest(ALL, 1)] == [second.id]
    await changed(store, first, 3)
    assert [each.number for each in await store.newest(ALL, 5)] == [first.id, second.id]


async def test_events_come_in_the_order_asked_for_and_unknown_ones_are_left_out(store):
    first, second = await opened(store, 1), await opened(store, 2)
    assert await store.events([second.id, 99, first.id]) == (second, first)
    assert await store.events([]) == ()


async def test_only_posts_that_stand_in_the_named_chats_are_told_of(store):
    first = await opened(store, 1, plan=planned("post", chat_id=-100) + planned("post", chat_id=-200))
    waiting = await opened(store, 2, plan=planned("post", chat_id=-300))
    for delivery in await store.claim(NOON, 10):
        if delivery.chat_id != -300:
            await store.sent(delivery, 70 + abs(delivery.chat_id) // 100, "digest")
    assert await store.messages([first.id, waiting.id], [-100, -300]) == {first.id: (-100, 71)}
    assert await store.messages([first.id], [-200, -100]) == {first.id: (-200, 72)}
    assert await store.messages([first.id], [-999]) == {}
    assert await store.messages([], [-100]) == {}


async def test_what_an_admin_was_asked_is_no_post(store):
    first = await opened(store, 1, plan=planned("post", chat_id=7, audience="admins"))
    await store.sent(await claim_one(store), 5, "digest")
    assert await store.messages([first.id], [7]) == {}

"""What every store has to do with reports that move, with rulings and with what is told of both: imported as `store_contract` is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest

from bot.core.model import Ruling
from bot.ports import PermanentError, TemporaryError
from tests.adapters.records import (
    NOON,
    OTHER,
    again,
    changed,
    event,
    item,
    joined,
    kept,
    merged,
    opened,
    parted,
    planned,
    report,
    verdict,
)

KEY = {"swap:2025-06-09"}
LATER = NOON + timedelta(hours=1)


async def two(store):
    return await opened(store, 1), await opened(store, 2)


async def bound(store):
    """Merge two events by a ruling and return them as they were, and as they are."""
    one, other = await two(store)
    ruling = replace(verdict(one, "merge"), other=other.reports[0].id)
    return one, other, *await store.rule(ruling, merged(one, other))


async def test_a_moved_report_leaves_its_event_and_that_is_found_no_more(store):
    one, other = await two(store)
    third = item(3, OTHER)
    joins = merged(one, other)
    whole = again(one, event(*joins[0].change.event.reports, report(third)))
    after, husk = await store.record(third, [kept(whole, *whole.reports[1:]), joins[1]])
    assert (after.reports, husk.reports, husk.merged_into) == (whole.reports, (), one.id)
    assert await store.event(other.id) == husk
    assert await store.holder(other.reports[0].id) == after
    assert await store.candidates(KEY) == await store.latest(10) == await store.between("swap", None, None) == (after,)
    assert dict((await store.stats()).events) == {"swap": 1}


async def test_a_report_that_nobody_stored_stands_nowhere(store):
    await opened(store)
    assert await store.holder(("bereh", "guid-1", 1)) is None
    assert await store.holder(("bereh", "guid-9", 0)) is None


async def test_a_report_read_anew_takes_the_place_of_the_old_one(store):
    before = await opened(store)
    better = replace(before.reports[0], facts={"to_ukraine": 26})
    third = item(3)
    (after,) = await store.record(third, [kept(again(before, event(better, report(third))), better, report(third))])
    assert await store.candidates(KEY) == (after,)
    assert after.reports[0].facts == {"to_ukraine": 26}
    assert (await store.stats()).reports == 2


async def test_founders_and_numbers_stay_with_their_event(store):
    fresh = item(1)
    first = report(fresh)
    new = event(first, founders=(first.id,), founded={first.id: 0})
    (stored,) = await store.record(fresh, [joined(new)])
    assert (stored.founders, dict(stored.founded)) == ((first.id,), {first.id: stored.id})
    await store.complain(kept(again(stored, stored, founded={**stored.founded, ("x", "y", 1): 9})), 7, "wrong", NOON)
    (after,) = await store.candidates(KEY)
    assert dict(after.founded) == {first.id: stored.id, ("x", "y", 1): 9}


@pytest.mark.parametrize("order", list(permutations(range(4)))[::6])
async def test_numbers_do_not_depend_on_the_order_of_the_list(store, order):
    known = await opened(store)
    fresh = item(2)
    told = [replace(report(fresh, to_ukraine=50 + place), position=place) for place in range(3)]
    parts = [joined(event(each)) for each in told]
    parts.append(kept(again(known, event(*known.reports, replace(told[0], position=3))), replace(told[0], position=3)))
    stored = await store.record(fresh, [parts[place] for place in order])
    numbers = {place: each.id for place, each in zip(order, stored, strict=True)}
    assert [numbers[place] - known.id for place in range(4)] == [1, 2, 3, 0]
    assert await store.latest(10) == tuple(sorted(stored, key=lambda each: -each.id))


async def test_what_did_not_change_may_be_in_the_list_and_is_no_revision(store):
    one, other = await two(store)
    third = item(3, OTHER)
    after = again(one, event(*one.reports, report(third)))
    stored = await store.record(third, [kept(after, report(third)), kept(other, weight="none")])
    assert stored == (after, other)
    assert await store.revisions(other.id) == (await store.revisions(other.id))[:1]


async def test_what_did_not_change_but_was_changed_by_others_is_refused(store):
    one, other = await two(store)
    await changed(store, other, 3)
    with pytest.raises(TemporaryError, match="changed meanwhile"):
        await store.record(item(4), [kept(other, weight="none"), joined(event(report(item(4))))])
    assert len(await store.latest(10)) == 2
    assert await store.candidates(KEY) == (one, await store.event(other.id))


async def test_two_who_change_the_same_revision_do_not_both_win(store):
    before = await opened(store)
    await changed(store, before, 2)
    with pytest.raises(TemporaryError, match="changed meanwhile"):
        await changed(store, before, 3)


async def test_of_a_list_that_is_refused_nothing_is_stored(store):
    one, other = await two(store)
    whole = await changed(store, other, 3)
    stale = merged(one, other)
    ruling = replace(verdict(one, "merge"), other=other.reports[0].id)
    with pytest.raises(TemporaryError):
        await store.rule(ruling, stale)
    assert await store.rulings() == ()
    assert await store.candidates(KEY) == (one, whole)
    assert await store.holder(other.reports[0].id) == whole


async def test_a_ruling_stands_with_its_event_until_it_is_taken_back(store):
    before = await opened(store)
    after = again(before, before, verdict="hold")
    (stored,) = await store.rule(verdict(before), [kept(after)])
    (ruling,) = stored.rulings
    assert ruling == replace(verdict(before), id=ruling.id)
    assert ruling.id > 0
    assert await store.candidates(KEY) == (stored,)
    assert await store.event(before.id) == stored
    (back,) = await store.undo(ruling, 8, LATER, [kept(again(stored, before))])
    assert (back.rulings, back.verdict) == ((), "")
    assert await store.candidates(KEY) == (back,)
    (logged,) = await store.rulings()
    assert (logged.ruling, logged.event_id, logged.undone_by, logged.undone_at) == (ruling, before.id, 8, LATER)


async def test_a_ruling_is_taken_back_once(store):
    before = await opened(store)
    (stored,) = await store.rule(verdict(before), [kept(again(before, before, verdict="hold"))])
    ruling = stored.rulings[0]
    (back,) = await store.undo(ruling, 8, LATER, [kept(again(stored, before))])
    with pytest.raises(PermanentError, match=r"^ruling \d+ is not in force$"):
        await store.undo(ruling, 8, LATER, [kept(again(back, before))])
    assert await store.event(before.id) == back


async def test_an_undo_that_comes_too_late_leaves_the_ruling_in_force(store):
    before = await opened(store)
    (stored,) = await store.rule(verdict(before), [kept(again(before, before, verdict="hold"))])
    after = await changed(store, stored, 2)
    with pytest.raises(TemporaryError):
        await store.undo(stored.rulings[0], 8, LATER, [kept(again(stored, before))])
    assert (await store.event(before.id)).rulings == after.rulings == stored.rulings


async def test_a_ruling_on_a_report_that_is_not_stored_is_refused(store):
    before = await opened(store)
    stranger = replace(verdict(before), report=("bereh", "guid-9", 0))
    with pytest.raises(PermanentError, match="is not stored"):
        await store.rule(stranger, [kept(again(before, before, verdict="hold"))])
    assert await store.event(before.id) == before


async def test_a_ruling_about_two_reports_stands_with_both_their_events(store):
    one, other = await two(store)
    split = replace(verdict(one, "split"), other=other.reports[0].id)
    await store.rule(split, [kept(again(one, one))])
    assert [[each.act for each in found.rulings] for found in await store.candidates(KEY)] == [["split"], ["split"]]


async def test_rulings_go_where_their_reports_go(store):
    one, other = await two(store)
    await store.rule(verdict(other), [kept(again(other, other, verdict="hold"))])
    held = await store.event(other.id)
    after, husk = await store.record(item(3), merged(one, held))
    assert ([each.act for each in after.rulings], husk.rulings) == (["hold"], ())


async def test_a_merge_that_is_taken_back_leaves_the_events_as_they_were(store):
    one, other, whole, husk = await bound(store)
    assert (whole.reports, husk.merged_into) == ((*one.reports, *other.reports), one.id)
    back = await store.undo(whole.rulings[0], 7, LATER, parted(whole, one, other))
    assert await store.candidates(KEY) == back == (replace(one, revision=3), replace(other, revision=3))
    assert await store.holder(other.reports[0].id) == back[1]


async def test_the_log_has_the_newest_rulings_first_and_those_of_an_event_wherever_it_went(store):
    one, other, whole, _ = await bound(store)
    third = await opened(store, 3)
    await store.rule(verdict(third, "reject"), [kept(again(third, third, verdict="reject"))])
    assert [each.ruling.act for each in await store.rulings()] == ["reject", "merge"]
    assert [each.ruling.act for each in await store.rulings(limit=1)] == ["reject"]
    assert [each.ruling.act for each in await store.rulings(one.id)] == ["merge"]
    await store.undo(whole.rulings[0], 7, LATER, parted(whole, one, other))
    assert [each.undone_by for each in await store.rulings(other.id)] == [7]


async def test_a_correction_keeps_its_value(store):
    before = await opened(store)
    values = (15, "carried_out", ("Kyiv", "Київ"))
    for value in values:
        ruling = Ruling(id=0, act="correct", report=before.reports[0].id, by=7, at=NOON, slot="killed", value=value)
        (before,) = await store.rule(ruling, [kept(again(before, before))])
    assert tuple(each.value for each in before.rulings) == values


async def test_every_change_is_kept_with_its_time_and_reasons(store):
    before = await opened(store)
    third = item(3)
    after = again(before, event(*before.reports, report(third)))
    join = kept(after, report(third))
    await store.record(third, [join])
    await store.rule(verdict(before), [kept(again(after, after, verdict="hold"), weight="minor")])
    first, second, ruled = await store.revisions(before.id)
    assert (first.number, first.weight, first.at) == (1, "new", item(1).published)
    assert (second.number, second.weight, second.at) == (2, "material", third.published)
    assert (second.facts, second.reasons) == (join.change.facts, join.change.reasons)
    assert (ruled.number, ruled.at) == (3, NOON)
    assert await store.revisions(before.id, after=2) == (ruled,)


async def test_why_a_report_stands_where_it_stands_is_kept(store):
    one, other, whole, husk = await bound(store)
    first, second = await store.placed(whole.id)
    assert (first.report, second.report) == (one.reports[0], other.reports[0])
    assert second.decision == merged(one, other)[0].placed[0].decision
    assert await store.placed(husk.id) == await store.placed(99) == ()


async def test_a_complaint_is_stored_with_its_revision_and_who_hears_of_it_or_not_at_all(store):
    before = await opened(store)
    after = again(before, before)
    asked = kept(after, plan=planned("post", chat_id=7, audience="admins"))
    assert await store.complain(asked, 7, "wrong", LATER)
    assert await store.event(before.id) == after
    assert [each.at for each in await store.revisions(before.id, 1)] == [LATER]
    assert await store.pending() == 1
    with pytest.raises(TemporaryError):
        await store.complain(kept(after), 8, "wrong", LATER)
    assert dict(await store.feedback(before.id)) == {"wrong": 1}


async def test_what_was_ruled_out_is_told_to_nobody_but_still_found(store):
    before = await opened(store)
    (out,) = await store.rule(verdict(before, "reject"), [kept(again(before, before, verdict="reject"))])
    assert await store.latest(10) == await store.between("swap", None, None) == ()
    assert dict((await store.stats()).events) == {}
    assert await store.candidates(KEY) == (out,)
    assert await store.event(before.id) == out


async def test_what_admins_were_asked_about_waits_until_it_is_sure_or_ruled_upon(store):
    asked = planned("post", chat_id=7, audience="admins")
    one, other, third = [await opened(store, number, plan=asked) for number in (1, 2, 3)]
    fourth = await opened(store, 4, plan=planned("post"))
    assert await store.waiting() == (third, other, one)
    assert await store.waiting(1) == (third,)
    await store.rule(verdict(one), [kept(again(one, one, verdict="hold"))])
    await store.complain(kept(again(other, other, confirmed=True)), 7, "wrong", NOON)
    await store.rule(replace(verdict(fourth, "merge"), other=third.reports[0].id), merged(fourth, third))
    assert await store.waiting() == ()


async def test_a_reader_calls_an_event_one_thing_once(store):
    one, other = await two(store)

    async def says(user_id: int, what: str) -> bool:
        now = await store.event(one.id)
        return await store.complain(kept(again(now, now)), user_id, what, NOON)

    assert await says(7, "wrong")
    assert not await says(7, "wrong")
    assert await says(7, "duplicate")
    assert await says(8, "wrong")
    assert (await store.event(one.id)).revision == one.revision + 3
    assert dict(await store.feedback(one.id)) == {"wrong": 2, "duplicate": 1}
    assert dict(await store.feedback(other.id)) == {}

"""What every store has to answer about events in lists, and about who set up what: imported as `store_contract` is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.core.model import Event, Outline, PollState, Quiet, Subscription, Timetable
from bot.ports import Wanted
from tests.adapters.records import NOON, OTHER, SOURCE, changed, event, item, joined, kept, merged, report, verdict

CHOSEN = Subscription(
    chat_id=-100,
    thread_id=7,
    language="uk",
    kinds=("swap",),
    regions=("UA-63", "RU-BEL"),
    unconfirmed="hold",
    least={"strike": 3, "swap": 10},
    sides=("UA", "international"),
    updates="silent",
    zone="Europe/Riga",
    digest=Timetable(9 * 60, (0, 4)),
    quiet=Quiet(22 * 60, 7 * 60),
    owner=7_000_000_000,
    title="Новини «Берег»",
)


async def told(
    store, number: int, kind: str = "strike", day: int | None = 9, title: str = "", **facts: object
) -> Event:
    """Record an item that opens an event on a day of June."""
    fresh = item(number, **({"title": title} if title else {}))
    date_ = date(2025, 6, day) if day else None
    made = report(fresh, kind, date_, **(facts or {"killed": 1}))
    (stored,) = await store.record(fresh, [joined(event(made), f"key:{number}")])
    return stored


async def listed(store, limit: int = 10, offset: int = 0, **wanted: object) -> list[int]:
    return [each.id for each in await store.listed(Wanted(**wanted), limit, offset)]


async def test_a_list_begins_with_the_newest_day_and_ends_with_what_has_none(store):
    days = [10, None, 12, 10, None, 11]
    numbers = [(await told(store, number, day=day)).id for number, day in enumerate(days, 1)]
    first, plan, newest, second, last_plan, middle = numbers
    assert await listed(store) == [newest, middle, second, first, last_plan, plan]
    outlines = await store.outlines(Wanted())
    assert [each.id for each in outlines] == [plan, last_plan, first, second, middle, newest]


async def test_pages_have_no_gaps_and_no_doubles(store):
    for number in range(1, 12):
        await told(store, number, day=number % 3 + 5 if number % 4 else None)
    whole = await listed(store, 99)
    pages = [await listed(store, 4, offset) for offset in (0, 4, 8, 12)]
    assert [number for page in pages for number in page] == whole
    assert [len(page) for page in pages] == [4, 4, 3, 0]
    assert len(set(whole)) == 11


async def test_days_are_both_included_and_what_has_none_is_between_no_two(store):
    numbers = {day: (await told(store, day or 1, day=day)).id for day in (8, 9, 10, 11, None)}
    assert await listed(store, first=date(2025, 6, 9), last=date(2025, 6, 10)) == [numbers[10], numbers[9]]
    assert await listed(store, first=date(2025, 6, 11)) == [numbers[11]]
    assert await listed(store, last=date(2025, 6, 8)) == [numbers[8]]


async def test_kinds_and_regions_and_whole_countries_are_found(store):
    kharkiv = (await told(store, 1, region="UA-63")).id
    belgorod = (await told(store, 2, region="RU-BEL")).id
    all_over = (await told(store, 3, region="UA")).id
    swap = (await told(store, 4, "swap", to_ukraine=25)).id
    assert await listed(store, regions=("UA-63",)) == [kharkiv]
    assert await listed(store, regions=("UA",)) == [all_over, kharkiv]
    assert await listed(store, regions=("UA", "RU-BEL")) == [all_over, belgorod, kharkiv]
    assert await listed(store, regions=("UA-63", "RU-BEL"), kinds=("strike",)) == [belgorod, kharkiv]
    assert await listed(store, regions=("RU",), kinds=("swap",)) == []
    assert await listed(store, kinds=("swap",)) == [swap]
    assert await listed(store, kinds=("swap", "strike")) == [swap, all_over, belgorod, kharkiv]
    assert await listed(store, kinds=("quake",)) == []


async def test_words_are_the_beginnings_of_words_in_headlines_and_places(store):
    first = (await told(store, 1, title="На Харківщині п’ятеро загиблих")).id
    second = (await told(store, 2, title="Удар по Слов'янську", places=("Івано-Франківськ",))).id
    assert await listed(store, words=("харк",)) == [first]
    assert await listed(store, words=("П'ЯТ", "заг")) == [first]
    assert await listed(store, words=("харк", "удар")) == []
    assert await listed(store, words=("словян",)) == await listed(store, words=("слов’ян",)) == [second]
    assert await listed(store, words=("івано-франк",)) == await listed(store, words=("франк",)) == [second]
    assert await listed(store, words=("арків",)) == []
    assert await listed(store, words=("удар", "—")) == [second]
    assert await listed(store, words=("!", "%", "_")) == []


async def test_of_a_whole_text_the_longest_words_are_looked_for(store):
    said = "загинули щонайменше двоє людей пошкоджено будинки школу лікарню дорогу вокзал підстанцію склади"
    found = await told(store, 1, title=said)
    await told(store, 2, title=said.replace("підстанцію", "міст"))
    typed = f"{said} {' '.join(map(str, range(150)))}"
    assert await listed(store, words=(typed,)) == await listed(store, words=tuple(typed.split())) == [found.id]


@pytest.mark.parametrize("typed", ["ежик", "ЁЖИК", "ёж"])
async def test_letters_that_are_written_either_way_are_one(store, typed: str):
    found = await told(store, 1, title="Ёжик вышел к людям")
    assert await listed(store, words=(typed,)) == [found.id]


async def test_a_headline_can_be_endless_and_hold_what_no_database_takes(store):
    found = await told(store, 1, title=f"Удар\x00 \ud83d {'я' * 5000} " + "слово " * 50_000)
    assert await listed(store, words=("удар",)) == [found.id]
    assert await listed(store, words=("я" * 70,)) == [found.id]


async def test_an_event_is_found_by_the_words_of_every_report_and_no_longer_by_those_of_reports_that_left(store):
    one, other = (
        await told(store, 1, "swap", title="Обмін у Сумах"),
        await told(store, 2, "swap", title="Полон: додому"),
    )
    assert await listed(store, words=("сум",)) == [one.id]
    ruling = replace(verdict(one, "merge"), other=other.reports[0].id)
    whole, _ = await store.rule(ruling, merged(one, other))
    assert await listed(store, words=("сум", "додом")) == [one.id]
    assert await listed(store) == [one.id]
    parted = replace(whole, reports=one.reports, revision=whole.revision + 1)
    back = replace(other, revision=other.revision + 2)
    await store.rule(verdict(one, "hold"), [kept(parted), kept(back, *other.reports)])
    assert await listed(store, words=("сум",)) == [one.id]
    assert await listed(store, words=("додом",)) == [other.id]
    assert await listed(store, words=("сум", "додом")) == []


async def test_a_rejected_event_is_in_no_list(store):
    before = await told(store, 1, region="UA-63", title="Удар")
    after = replace(before, verdict="reject", revision=2)
    await store.rule(verdict(before, "reject"), [kept(after)])
    assert await listed(store) == await listed(store, words=("удар",)) == await listed(store, regions=("UA",)) == []
    assert await store.outlines(Wanted()) == ()


async def test_what_changed_since_is_found_whenever_it_took_place(store):
    old = await told(store, 1, "swap", day=2, to_ukraine=25)
    await told(store, 2, day=9)
    renewed = await changed(store, old, 50)
    assert await listed(store, updated=NOON + timedelta(minutes=3)) == [renewed.id]
    assert await listed(store, updated=renewed.updated) == [renewed.id]
    assert await listed(store, updated=renewed.updated + timedelta(seconds=1)) == []


async def test_an_outline_has_what_totals_and_charts_need(store):
    stored = await told(store, 1, region="UA-63", killed=3, places=("Харків", "Чугуїв"))
    outline = Outline(stored.id, "strike", date(2025, 6, 9), "carried_out", stored.facts, stored.updated)
    assert await store.outlines(Wanted(kinds=("strike",), regions=("UA",))) == (outline,)
    assert await store.outlines(Wanted(first=date(2025, 6, 10))) == ()


async def test_a_page_leads_to_the_events_that_it_tells_of(store):
    for source in (SOURCE, OTHER):
        await store.save_poll(PollState(source_id=source.id, next_at=NOON))
    fresh = item(1, url="https://www.bereh.example/news/1?id=5&utm_source=rss")
    swap, strike = event(report(fresh)), event(report(fresh, "strike", region="UA-63"))
    strike = replace(strike, reports=(replace(strike.reports[0], position=1),))
    stored = await store.record(fresh, [joined(swap, "s"), joined(strike, "t")])
    await told(store, 2)
    numbers = tuple(sorted(each.id for each in stored))
    assert await store.linked("http://bereh.example/news/1/?id=5") == numbers
    assert await store.linked("https://bereh.example/news/1?id=6") == ()
    assert await store.linked("https://else.example/") == ()
    assert await store.linked("") == ()


async def test_a_page_of_an_event_that_became_another_leads_there(store):
    await store.save_poll(PollState(source_id=SOURCE.id, next_at=NOON))
    one, other = await told(store, 1, "swap"), await told(store, 2, "swap")
    await store.rule(replace(verdict(one, "merge"), other=other.reports[0].id), merged(one, other))
    assert await store.linked(item(2).url) == (one.id,)


async def test_every_wish_of_a_chat_is_kept(store):
    await store.save(CHOSEN)
    assert await store.get(-100, 7) == CHOSEN
    await store.save(replace(CHOSEN, digest=None, quiet=None, least={}, sides=()))
    assert await store.get(-100, 7) == replace(CHOSEN, digest=None, quiet=None, least={}, sides=())


async def test_every_wish_survives_suspension_and_migration(store):
    await store.save(CHOSEN)
    await store.suspend(-100, "bot was kicked")
    assert await store.get(-100, 7) == replace(CHOSEN, suspended="bot was kicked")
    await store.resume(-100)
    assert await store.get(-100, 7) == CHOSEN
    await store.migrate(-100, -1009)
    assert await store.get(-1009, 7) == replace(CHOSEN, chat_id=-1009)
    assert await store.managed(7_000_000_000) == (replace(CHOSEN, chat_id=-1009),)


async def test_people_see_what_they_set_up_and_nothing_else(store):
    own = [Subscription(chat_id=chat, thread_id=thread, owner=7) for chat, thread in ((-300, 0), (-200, 4), (-200, 0))]
    for each in (*own, Subscription(chat_id=-400, owner=8), Subscription(chat_id=-500)):
        await store.save(each)
    await store.suspend(-200, "kicked")
    managed = await store.managed(7)
    assert [(each.chat_id, each.thread_id, each.suspended) for each in managed] == [
        (-300, 0, ""),
        (-200, 0, "kicked"),
        (-200, 4, "kicked"),
    ]
    assert await store.managed(9) == ()


async def test_the_newest_events_come_page_by_page(store):
    for number in range(1, 6):
        await told(store, number, "swap")
    every = [each.id for each in await store.latest(5)]
    assert [[each.id for each in await store.latest(2, offset=start)] for start in (0, 2, 4, 6)] == [
        every[:2],
        every[2:4],
        every[4:],
        [],
    ]

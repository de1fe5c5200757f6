"""The laws of joining: what comes of the news does not depend on when it came, how often, or what was ruled and undone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.memory import Memory
from bot.adapters.memory.shelf import marked
from bot.cli._lines import item_of
from bot.cli._reading import load_reader
from bot.core.kinds import Kind
from bot.core.merge import fold
from bot.core.model import Act, Event, Item, Report, Sifted, Source
from bot.core.render.post import render_post
from bot.intake import Intake
from bot.rulings import Rulings
from tests.examples import BOOKS
from tests.reports import KINDS, at, june, strike, swap

pytestmark = pytest.mark.no_cover

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared/corpus/open.items.jsonl"
NEWS = (ROOT / "bot/data/demo/fortnight.jsonl", ROOT / "tests/corpus/seen.jsonl")


class Written:
    """A reader that knows what its items say."""

    def __init__(self, told: Mapping[Item, tuple[Report, ...]]) -> None:
        self.told = told

    async def read(self, of: Item) -> tuple[Report, ...]:
        return self.told[of]


class Everything(Memory):
    """A store to which every item is new, however alike two are, or edited where it has other words under its id."""

    async def sift(self, items: Sequence[Item], now: datetime) -> Sifted:
        shelf = self._tables.shelf
        stored = [(each, shelf.items.get(shelf.number_of(each) or 0)) for each in items]
        new = tuple(each for each, kept in stored if kept is None)
        return Sifted(new, tuple(each for each, kept in stored if kept and kept.words != marked(each).words))


class House:
    """A store, and the intake and the rulings over it."""

    def __init__(self, told: Mapping[Item, tuple[Report, ...]]) -> None:
        self.store = Everything()
        self.intake = Intake(Written(told), self.store, KINDS.values())
        self.rulings = Rulings(self.intake, self.store, self.store, self)

    def now(self) -> datetime:
        return at(30)

    async def take(self, arrival: Sequence[Item]) -> None:
        for each in arrival:
            await self.intake.take([each])

    async def events(self) -> tuple[Event, ...]:
        return tuple([event for kind in KINDS for event in await self.store.between(kind, None, None)])

    async def rule(self, act: Act, random: Random) -> int:
        """Rule on an event that the act makes sense for; return how many rulings that makes."""
        events = [each for each in await self.events() if len(each.reports) > (act == "split") and each.verdict != act]
        if not events:
            return 0
        event = random.choice(events)
        others = [each.id for each in await self.events() if each.kind == event.kind and each.id != event.id]
        given = {
            "merge": {"other": random.choice(others)},
            "split": {"report": random.choice(event.reports).id},
            "correct": {"slot": "date", "value": "2031-01-01"},
        }
        await self.rulings.rule(act, event.id, 7, **given.get(act, {}))
        return 1


def joined(told: Mapping[Item, tuple[Report, ...]], arrival: Sequence[Item]) -> tuple[Event, ...]:
    """Return the events after the items have come in, in this order."""

    async def take() -> tuple[Event, ...]:
        house = House(told)
        await house.take(arrival)
        return await house.events()

    return asyncio.run(take())


def shown(events: Sequence[Event]) -> dict[frozenset, tuple[Event, str]]:
    """Return the events by their reports, with the final post, without what counts how often something came in."""
    books = BOOKS["en"]
    return {
        frozenset(report.id for report in each.reports): (still(each), render_post(still(each), books).text)
        for each in events
    }


def still(event: Event) -> Event:
    return replace(event, id=1, revision=1, news=(), founded={}, founders=())


def one_fold(kind: Kind, event: Event) -> bool:
    """Tell whether what is stored is what its reports and rulings make."""
    return still(fold(kind, event.reports, event.rulings)) == still(event)


def shuffled(items: Sequence[Item], seed: int) -> list[Item]:
    """Return the items in any order, a part of them twice."""
    arrival = [*items, *Random(seed).sample(items, k=len(items) // 3)]
    Random(seed).shuffle(arrival)
    return arrival


def news(*paths: Path) -> dict[Item, tuple[Report, ...]]:
    reader = load_reader()
    items = [item_of(line) for path in paths for line in path.read_bytes().splitlines()]
    read = {item: reader.read(item) for item in items}
    return {item: reports for item, reports in read.items() if reports}


@pytest.fixture(scope="module")
def told():
    return news(*NEWS)


@pytest.fixture(scope="module")
def straight(told):
    return shown(joined(told, sorted(told, key=lambda item: (item.published, item.source.id, item.id))))


def test_the_news_of_these_laws_has_events_of_many_reports(straight):
    assert max(map(len, straight)) > 3
    assert len(straight) > 60


@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_news_in_any_order_and_repeated_makes_the_same_events_and_posts(told, straight, seed):
    assert shown(joined(told, shuffled(list(told), seed))) == straight


ACTS: tuple[Act, ...] = ("post", "hold", "reject", "merge", "split", "correct")


@settings(max_examples=6, deadline=None)
@given(acts=st.lists(st.sampled_from(ACTS), min_size=1, max_size=3), seed=st.integers(0, 2**32))
def test_rulings_taken_back_leave_no_trace_whatever_came_between(told, straight, acts, seed):
    async def live() -> tuple[int, tuple[Event, ...], tuple[Event, ...]]:
        house, arrival = House(told), Random(seed).sample(list(told), k=len(told))
        half = len(arrival) // 2
        await house.take(arrival[:half])
        made = sum([await house.rule(act, Random(seed)) for act in acts])
        await house.take(arrival[half:])
        ruled = await house.events()
        for _ in range(made):
            await house.rulings.undo(by=7)
        return made, ruled, await house.events()

    made, ruled, undone = asyncio.run(live())
    assert made == 0 or shown(ruled) != straight
    assert shown(undone) == straight


def drafts(told: Mapping[Item, tuple[Report, ...]], random: Random) -> dict[Item, tuple[Report, ...]]:
    """Return what a third of the items said before they were edited: nothing, or what some other item says."""
    found: dict[Item, tuple[Report, ...]] = {}
    for item in random.sample(list(told), k=len(told) // 3):
        others = told[random.choice(list(told))] if random.random() < 0.8 else ()
        own = told[item][0].origin
        found[replace(item, title=f"draft: {item.title}")] = tuple(replace(each, origin=own) for each in others)
    return found


def unplaced(events: Sequence[Event]) -> list[tuple[str, Event]]:
    """Return the posts and the events, without the places of reports in their items and the words that carry them."""
    bare = ([replace(one, position=0, evidence=()) for one in each.reports] for each in events)
    plain = (replace(each, reports=tuple(reports)) for each, reports in zip(events, bare, strict=True))
    return sorted(((render_post(still(each), BOOKS["en"]).text, still(each)) for each in plain), key=repr)


@pytest.fixture(scope="module")
def edited(told):
    return unplaced(joined(told, list(told)))


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_what_items_said_before_they_were_edited_leaves_no_trace(told, edited, seed):
    random = Random(seed)
    before = drafts(told, random)
    first = {item.id: item for item in before}
    arrival = random.sample([first.get(item.id, item) for item in told], k=len(told))
    edits = random.sample([item for item in told if item.id in first], k=len(before))

    async def take() -> tuple[Event, ...]:
        house = House(told | before)
        await house.take(arrival + edits)
        return await house.events()

    left = unplaced(asyncio.run(take()))
    assert left == edited


@pytest.mark.skipif(not CORPUS.exists(), reason="the open corpus is not beside the project")
def test_the_open_corpus_in_any_order_makes_the_same_events_and_posts():
    told = news(CORPUS)
    first, *others = (shown(joined(told, shuffled(list(told), seed))) for seed in range(3))
    assert all(other == first for other in others)


MANY = 150
DAYS = st.one_of(st.none(), st.integers(8, 12).map(june))
FIGURE = st.sampled_from((None, 2, 3, 12, 15, 25, 150, 390))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """One of few events, told by one of few outlets at one of few times."""
    outlet, published = draw(st.sampled_from("abcdef")), at(draw(st.integers(8, 13)), draw(st.integers(0, 3)) * 6)
    status = draw(st.sampled_from(("carried_out", "announced", "postponed")))
    facts = {"to_ukraine": draw(FIGURE)}
    if draw(st.booleans()):
        report = swap(outlet, published, draw(DAYS), status=status)
    else:
        region = draw(st.sampled_from(("UA-63", "UA", None)))
        facts = {
            "killed": draw(FIGURE),
            "drones": draw(FIGURE),
            "region": region,
            "places": draw(st.sampled_from((None, ("Kharkiv",)))),
        }
        report = strike(outlet, published, draw(DAYS))
    stated = {**report.facts, **facts}
    return replace(report, facts={slot: value for slot, value in stated.items() if value is not None})


def stories(drawn: Sequence[Sequence[Report]]) -> dict[Item, tuple[Report, ...]]:
    """Return the reports as those of items: what one item says has its outlet and time."""
    told: dict[Item, tuple[Report, ...]] = {}
    for number, said in enumerate(drawn):
        origin = replace(said[0].origin, item_id=str(number), title=f"Story {number}", url="")
        source = Source(origin.source_id, origin.name, "rss", "", "uk")
        story = Item(origin.item_id, source, "uk", "", origin.published, origin.title)
        told[story] = tuple(replace(report, origin=origin, position=place) for place, report in enumerate(said))
    return told


@settings(max_examples=MANY, deadline=timedelta(seconds=5))
@given(drawn=st.lists(st.lists(reports(), min_size=1, max_size=2), min_size=2, max_size=10), seed=st.integers(0, 2**32))
def test_invented_reports_in_any_order_make_the_same_events(drawn, seed):
    told = stories(drawn)
    arrival = list(told)
    events = joined(told, arrival)
    assert all(one_fold(KINDS[event.kind], event) for event in events)
    assert shown(joined(told, shuffled(arrival, seed))) == shown(events)


@settings(max_examples=300, deadline=None)
@given(one=reports(), other=reports())
def test_who_looks_for_a_report_is_found_from_it(one, other):
    """So a late report walks again all that might have joined it."""
    for mine, theirs in ((one, other), (other, one)):
        kind = KINDS[mine.kind]
        assert kind.lookup(mine) <= kind.around(mine)
        if mine.kind == theirs.kind and not kind.lookup(theirs).isdisjoint(kind.index(mine)):
            assert not kind.around(mine).isdisjoint(kind.index(theirs))

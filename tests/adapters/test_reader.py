"""The reading port."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime

import pytest

from bot.adapters.lexicons import LexiconError
from bot.adapters.reader import ThreadedRead
from bot.core.extract import Reader
from bot.core.kinds import Kind
from bot.core.model import Item, Source
from bot.core.text.document import Document
from bot.core.text.lexicon import Lexicon

ITEM = Item("1", Source("a", "A", "rss", "", "en"), "en", "", datetime(2025, 6, 10, tzinfo=UTC), "A swap")


def a_reader(threads: list[int]) -> Reader:
    """Return a reader that finds nothing and notes in which threads it looks."""

    def read(document: Document, lexicon: Lexicon) -> tuple:
        threads.append(threading.get_ident())
        return ()

    never = [lambda *_: None, lambda *_: "none", frozenset, lambda *_: "", lambda _: None]
    kind = Kind("swap", (), read, *[frozenset] * 3, *never)
    return Reader((kind,), {"swap": Lexicon({}, ("swap",))}, lambda item: Document(item, ()))


async def test_an_item_is_read_away_from_the_event_loop() -> None:
    threads: list[int] = []
    assert await ThreadedRead(lambda: a_reader(threads)).read(ITEM) == ()
    assert threads != [threading.get_ident()]


async def test_the_words_are_loaded_once_and_away_from_the_loop_while_all_who_read_wait() -> None:
    loaded: list[int] = []
    may_end = threading.Event()

    def load() -> Reader:
        loaded.append(threading.get_ident())
        may_end.wait()
        return a_reader([])

    read = ThreadedRead(load)
    waiting = asyncio.gather(read.promising([ITEM]), read.read_all([ITEM, ITEM]), read.read(ITEM), read.ready())
    await asyncio.sleep(0)
    assert not waiting.done()
    may_end.set()
    assert (await waiting)[:3] == [(True,), ((), ()), ()]
    assert len(loaded) == 1
    assert loaded != [threading.get_ident()]


async def test_nothing_is_loaded_before_somebody_reads_and_who_gives_up_leaves_it_to_the_others() -> None:
    may_end = threading.Event()
    read = ThreadedRead(lambda: (may_end.wait(), a_reader([]))[1])
    hasty = asyncio.create_task(read.ready())
    await asyncio.sleep(0)
    hasty.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hasty
    may_end.set()
    assert await read.read(ITEM) == ()


async def test_what_is_held_is_not_loaded_for_who_has_something_to_read_before_somebody_asks_for_it() -> None:
    loaded: list[bool] = []
    read = ThreadedRead(lambda: (loaded.append(True), a_reader([]))[1])
    read.hold()
    waiting = asyncio.create_task(read.read(ITEM))
    await asyncio.sleep(0)
    assert loaded == []
    await read.ready()
    assert (await waiting, loaded) == ((), [True])


async def test_who_waits_for_what_is_held_is_cut_off_when_nobody_will_ask_for_it() -> None:
    loaded: list[bool] = []
    read = ThreadedRead(lambda: (loaded.append(True), a_reader([]))[1])
    read.hold()
    waiting = [asyncio.create_task(read.read(ITEM)) for _ in range(2)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    assert not waiting[1].done(), "one that is cut off leaves the others waiting"
    read.give_up()
    ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(each) for each in ended] == [asyncio.CancelledError] * 2
    assert loaded == []


async def test_giving_up_cuts_off_nobody_who_waits_for_what_is_being_loaded() -> None:
    read = ThreadedRead(lambda: a_reader([]))
    read.hold()
    waiting = asyncio.gather(read.read(ITEM), read.ready())
    await asyncio.sleep(0)
    read.give_up()
    assert (await waiting)[0] == ()


async def test_sources_that_items_may_be_passed_on_from_are_known_whenever_they_are_told() -> None:
    pier, quay = (Source(name, name, "rss", "", "en") for name in ("pier", "quay"))
    read = ThreadedRead(lambda: a_reader([]))
    read.know((pier,))
    assert dict((await read.ready()).credits.outlets) == {"pier": pier}
    read.know((quay,))
    assert dict((await read.ready()).credits.outlets) == {"quay": quay}


async def test_words_that_cannot_be_loaded_are_told_to_everybody_who_reads() -> None:
    def load() -> Reader:
        raise LexiconError("dates.toml: no months")

    read = ThreadedRead(load)
    for _ in range(2):
        with pytest.raises(LexiconError, match=r"dates\.toml"):
            await read.read(ITEM)

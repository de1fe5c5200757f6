"""The reading port."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

from bot.adapters.reader import ThreadedRead
from bot.core.extract import Reader
from bot.core.kinds import Kind
from bot.core.model import Item, Source
from bot.core.text.document import Document
from bot.core.text.lexicon import Lexicon


async def test_an_item_is_read_away_from_the_event_loop() -> None:
    threads: list[int] = []

    def read(document: Document, lexicon: Lexicon) -> tuple:
        threads.append(threading.get_ident())
        return ()

    never = [lambda *_: None, lambda *_: "none", frozenset, lambda *_: "", lambda _: None]
    kind = Kind("swap", (), read, *[frozenset] * 3, *never)
    item = Item("1", Source("a", "A", "rss", "", "en"), "en", "", datetime(2025, 6, 10, tzinfo=UTC), "A swap")
    reader = Reader((kind,), {"swap": Lexicon({}, ("swap",))}, lambda item: Document(item, ()))
    assert await ThreadedRead(reader).read(item) == ()
    assert threads != [threading.get_ident()]

"""Items: which feed entries were seen before, under which ids and with which words."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.adapters.memory.shelf import marked
from bot.adapters.memory.subscriptions import Subscriptions
from bot.adapters.recording import FORGOTTEN, MET_AGAIN, MOST_ASIDE
from bot.core.identity import sift
from bot.core.model import Item, Sifted


class Items(Subscriptions):
    """The items of the Store port."""

    async def sift(self, items: Sequence[Item], now: datetime) -> Sifted:
        """Return which items of one source are new and which were edited, in their order, and learn of the others."""
        shelf = self._tables.shelf
        answer = [(item, marked(item)) for item in items]
        findings = sift(answer, shelf.known(identity for _, identity in answer), now, shelf.tombstones.keys())
        for each in findings.learned:
            shelf.learn(each, now)
        shelf.tombstones |= {mark: now for mark in findings.met if shelf.tombstones[mark] < now - MET_AGAIN}
        return replace(findings.sifted, edited=tuple(map(shelf.with_page, findings.sifted.edited)))

    async def remember(self, new: Sequence[Item], edited: Sequence[Item], at: datetime) -> None:
        """Store items that report nothing, and what edited ones say that report what they did."""
        for item in new:
            self._add(item, at)
        for item in edited:
            self._tables.shelf.edit(item)

    async def prune(self, before: datetime, now: datetime) -> AsyncGenerator[int]:
        """Forget the items first seen before a day that report nothing; yield how many those were."""
        shelf = self._tables.shelf
        old = shelf.old(before, {report[:2] for report in self._tables.holders})
        for number in old:
            shelf.bury(number, now)
        if old:
            yield len(old)

    async def forget_traces(self, now: datetime) -> AsyncGenerator[int]:
        """Forget what nobody asks for any more; yield how much that was."""
        stones, aside = self._tables.shelf.tombstones, self._tables.quarantine
        gone = [mark for mark, at in stones.items() if at < now - FORGOTTEN]
        for mark in gone:
            del stones[mark]
        over = sorted(aside)[:-MOST_ASIDE]
        for number in over:
            del aside[number]
        if gone or over:
            yield len(gone) + len(over)

    def _add(self, item: Item, at: datetime) -> bool:
        """Store a new item; return whether it was new."""
        if self._tables.shelf.number_of(item) is not None:
            return False
        self._tables.shelf.add(item, at)
        self._tables.last_item = max(self._tables.last_item or item.published, item.published)
        return True

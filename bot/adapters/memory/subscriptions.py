"""Who gets what, and what a new wish or an end means for what waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from bot.adapters.memory.outbox import Outbox
from bot.adapters.memory.tables import WAITING, Row
from bot.core.model import Subscription
from bot.core.policy import DIGEST, POST, drops, next_digest
from bot.ports import Choice


class Subscriptions(Outbox):
    """The Subscriptions port, and the list of them that the Store port offers."""

    async def managed(self, user_id: int) -> tuple[Subscription, ...]:
        """Return what a person has set up, suspended ones among them, by chat and thread."""
        return tuple(each for _, each in sorted(self._tables.subscriptions.items()) if each.owner == user_id)

    async def get(self, chat_id: int, thread_id: int = 0) -> Subscription | None:
        """Return one subscription."""
        return self._tables.subscriptions.get((chat_id, thread_id))

    async def save(self, subscription: Subscription) -> None:
        """Add or replace one."""
        self._tables.subscriptions[subscription.chat_id, subscription.thread_id] = subscription

    async def change(self, chat_id: int, thread_id: int, choice: Choice) -> Subscription | None:
        """Change one as it is at that moment, and with it what waits for its place; return it as it is then."""
        before = await self.get(chat_id, thread_id)
        if before is None:
            return None
        after = choice.make(before)
        self._tables.subscriptions[chat_id, thread_id] = after
        for row in self._waiting(chat_id, thread_id):
            row.delivery = replace(row.delivery, language=after.language)
            event = self._event(row.delivery.event_id)
            if row.delivery.action == "post" and drops(before, after, event, choice.kinds[event.kind]):
                self._end(row, "dead", "not wanted any more")
            elif row.lane == DIGEST:
                _put_off(row, next_digest(after, choice.at), choice.at)
        return after

    async def remove(self, chat_id: int, thread_id: int = 0) -> bool:
        """End one, with all that waits for its place; return whether there was one."""
        for row in self._waiting(chat_id, thread_id):
            self._end(row, "dead", "unsubscribed")
        return self._tables.subscriptions.pop((chat_id, thread_id), None) is not None

    async def subscriptions(self) -> tuple[Subscription, ...]:
        """Return the subscriptions that are not suspended."""
        return tuple(each for _, each in sorted(self._tables.subscriptions.items()) if not each.suspended)

    def _waiting(self, chat_id: int, thread_id: int) -> Iterable[Row]:
        place = (chat_id, thread_id, "readers")
        return self._rows(lambda row: row.state in WAITING and row.place[1:] == place)


def _put_off(row: Row, due: datetime | None, now: datetime) -> None:
    """Let a post of a digest to come leave with the next one, or, without one, at once."""
    if row.state == "pending" and row.not_before and row.not_before > now:
        row.lane, row.not_before = DIGEST if due else POST, due

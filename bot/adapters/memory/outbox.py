"""Deliveries: one at a time and in order for each chat; an edit or reply stands behind its post."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from operator import attrgetter

from bot.adapters.memory.tables import IN_FLIGHT, WAITING, Part, Place, Row
from bot.core.model import Delivery, Event, Planned, Posted

SUPERSEDED = "superseded by a newer one"


class Outbox(Part):
    """The Outbox port, and who has a post."""

    async def posted(self, event_id: int) -> tuple[Posted, ...]:
        """Return the chats and desks that have, or are about to get, a post of the event."""
        rows = [row for row in self._tables.rows.get(event_id, ()) if row.state != "dead"]
        edits = Counter(row.place for row in rows if row.delivery.action == "edit")
        posts = {row.place: row.delivery.message_id for row in rows if row.delivery.action == "post"}
        return tuple(Posted(*place[1:], edits[place], posts[place]) for place in sorted(posts))

    async def recover(self) -> tuple[Delivery, ...]:
        """Turn deliveries left in flight by a crash into unknown ones and return every unknown one."""
        for row in self._rows(lambda row: row.state == "sending"):
            row.state = "unknown"
        return tuple([self._addressed(row) for row in self._rows(lambda row: row.state == "unknown")])

    async def claim(self, now: datetime, limit: int) -> tuple[Delivery, ...]:
        """Take up to `limit` due deliveries, at most one a chat, oldest first, and mark them as being sent."""
        claimed: list[Delivery] = []
        busy = {row.delivery.chat_id for row in self._rows(lambda row: row.state in IN_FLIGHT)}
        for row in self._rows(lambda row: row.state in WAITING):
            skipped = row.delivery.chat_id in busy or self._is_early(row, now)
            if len(claimed) == limit or skipped or self._is_orphan(row):
                continue
            busy.add(row.delivery.chat_id)
            if row.not_before is None or row.not_before <= now:
                claimed.append(self._claim(row, now))
        return tuple(claimed)

    async def sent(self, delivery: Delivery, message_id: int, content: str) -> None:
        """Mark as delivered. `content` is the digest of what the post now shows."""
        row = self._mark(delivery, "sent")
        row.delivery = replace(row.delivery, revision=delivery.revision, message_id=message_id, content=content)
        newest = self._tables.newest
        newest[delivery.chat_id] = max(newest.get(delivery.chat_id, 0), message_id)
        post = self._post(row.place)
        if post and delivery.action == "edit":
            post.delivery = replace(post.delivery, content=content)

    async def retry(self, delivery: Delivery, not_before: datetime) -> None:
        """Put back: it surely did not arrive. An edit or reply that a newer one has overtaken is dropped instead."""
        row = self._mark(delivery, "retry")
        row.not_before = not_before
        alike = [
            each for each in self._of(row.place) if each.delivery.action == delivery.action and each.state in WAITING
        ]
        if delivery.action != "post" and alike[-1] is not row:
            self._mark(delivery, "dead", SUPERSEDED)

    async def unknown(self, delivery: Delivery) -> None:
        """Mark as possibly delivered; it is never resent without reconciling."""
        self._mark(delivery, "unknown")

    async def dead(self, delivery: Delivery, reason: str) -> None:
        """Give up on this delivery."""
        self._mark(delivery, "dead", reason)

    async def suspend(self, chat_id: int, reason: str) -> None:
        """Stop posting to a chat until it is resumed; its waiting deliveries die with the reason."""
        self._set_suspended(chat_id, reason)
        for row in self._rows(lambda row: row.state in WAITING and row.delivery.chat_id == chat_id):
            self._mark(row.delivery, "dead", reason)

    async def resume(self, chat_id: int) -> None:
        """Take a suspended chat up again."""
        self._set_suspended(chat_id, "")

    async def migrate(self, old: int, new: int) -> None:
        """Give a chat its new id everywhere. What the new id already has of its own stays."""
        tables = self._tables
        for chat_id, thread_id in [place for place in tables.subscriptions if place[0] == old]:
            moved = tables.subscriptions.pop((chat_id, thread_id))
            tables.subscriptions.setdefault((new, thread_id), replace(moved, chat_id=new))
        tables.handles = {
            token: replace(each, chat_id=new) if each.chat_id == old else each for token, each in tables.handles.items()
        }
        for chat_id, user_id in [place for place in tables.awaited if place[0] == old]:
            asked = tables.awaited.pop((chat_id, user_id))
            tables.awaited.setdefault((new, user_id), replace(asked, chat_id=new))
        tables.newest[new] = max(tables.newest.get(new, 0), tables.newest.pop(old, 0))
        for event_id, rows in tables.rows.items():
            tables.rows[event_id] = list(_migrated(rows, old, new))
        kept = {row.delivery.id for rows in tables.rows.values() for row in rows}
        tables.open = {number: row for number, row in tables.open.items() if number in kept}

    async def pending(self) -> int:
        """Return how many deliveries wait or are in flight."""
        return len(self._rows(lambda row: row.state in WAITING | IN_FLIGHT))

    def _plan(self, event: Event, planned: Planned) -> None:
        """Add a delivery; a chat gets no second post of an event, and a newer edit or reply takes a waiting one's place."""
        place = (event.id, planned.chat_id, planned.thread_id, planned.audience)
        if planned.action == "post" and self._post(place):
            return
        if planned.action != "post":
            self._supersede(place, planned.action)
        delivery = Delivery(
            id=next(self._tables.numbers),
            event_id=event.id,
            chat_id=planned.chat_id,
            thread_id=planned.thread_id,
            language=planned.language,
            action=planned.action,
            revision=event.revision,
            audience=planned.audience,
            under=planned.under,
        )
        self._tables.open[delivery.id] = Row(delivery, planned.floor)
        self._tables.rows[event.id].append(self._tables.open[delivery.id])

    def _supersede(self, place: Place, action: str) -> None:
        for row in self._of(place):
            if row.delivery.action == action and row.state in WAITING:
                self._mark(row.delivery, "dead", SUPERSEDED)

    def _rows(self, wanted: Callable[[Row], bool]) -> list[Row]:
        return [row for row in self._tables.open.values() if wanted(row)]

    def _mark(self, delivery: Delivery, state: str, reason: str = "") -> Row:
        row = self._tables.open[delivery.id]
        row.state, row.reason, row.not_before = state, reason, None
        if state not in WAITING | IN_FLIGHT:
            del self._tables.open[delivery.id]
        return row

    def _of(self, place: Place) -> list[Row]:
        """Return all deliveries of an event to one place, oldest first."""
        return [each for each in self._tables.rows.get(place[0], ()) if each.place == place]

    def _post(self, place: Place) -> Row | None:
        """Return the newest post of an event in one place that was not given up."""
        posts = [each for each in self._of(place) if each.delivery.action == "post" and each.state != "dead"]
        return posts[-1] if posts else None

    def _sounds(self, place: Place) -> list[Row]:
        """Return what one place has heard of an event."""
        return [each for each in self._of(place) if each.delivery.action != "edit" and each.state == "sent"]

    def _is_early(self, row: Row, now: datetime) -> bool:
        """Tell whether a reply would ring too soon after the sound before it."""
        if row.delivery.action != "reply" or not row.floor:
            return False
        return any(each.claimed and now < each.claimed + row.floor for each in self._sounds(row.place))

    def _is_orphan(self, row: Row) -> bool:
        """Give an edit or reply up whose post was given up, and tell whether it was."""
        if row.delivery.action == "post" or self._post(row.place):
            return False
        self._mark(row.delivery, "dead", "its post was given up")
        return True

    def _claim(self, row: Row, now: datetime) -> Delivery:
        anchor = self._tables.newest.get(row.delivery.chat_id, 0)
        row.delivery = replace(row.delivery, attempt=row.delivery.attempt + 1, anchor=anchor)
        row.claimed = now
        self._mark(row.delivery, "sending")
        return self._addressed(row)

    def _addressed(self, row: Row) -> Delivery:
        """Return the delivery with the post that it edits or answers, and what its chat heard last."""
        since = max((each.delivery.revision for each in self._sounds(row.place)), default=0)
        delivery = replace(row.delivery, since=since)
        if delivery.action == "post":
            above = self._post((delivery.under, *row.place[1:])) if delivery.under else None
            return replace(delivery, message_id=above.delivery.message_id if above else 0)
        post = self._post(row.place)
        return (
            replace(delivery, message_id=post.delivery.message_id, content=post.delivery.content) if post else delivery
        )

    def _set_suspended(self, chat_id: int, reason: str) -> None:
        for place, subscription in self._tables.subscriptions.items():
            if place[0] == chat_id:
                self._tables.subscriptions[place] = replace(subscription, suspended=reason)


def _migrated(rows: Iterable[Row], old: int, new: int) -> Iterator[Row]:
    """Yield an event's deliveries with the chat's new id, without those that the new id has already."""
    rows = list(rows)
    same = attrgetter("thread_id", "audience", "action", "revision")
    present = {same(row.delivery) for row in rows if row.delivery.chat_id == new}
    posted = {row.place[2:] for row in rows if row.delivery.chat_id == new and _is_living_post(row)}
    for row in rows:
        if row.delivery.chat_id == old:
            if same(row.delivery) in present or (_is_living_post(row) and row.place[2:] in posted):
                continue
            row.delivery = replace(row.delivery, chat_id=new)
        yield row


def _is_living_post(row: Row) -> bool:
    return row.delivery.action == "post" and row.state != "dead"

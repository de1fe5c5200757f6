"""Deliveries: one at a time for each chat, by lane and age, fairly among chats; an edit or reply stands behind its post."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from operator import attrgetter

from bot.adapters.memory.tables import IN_FLIGHT, WAITING, Chat, Part, Place, Row
from bot.core.model import ANCHOR_LOST, NEEDLESS, NO_POST, SUPERSEDED, Delivery, Event, Planned, Posted
from bot.core.policy import DIGEST, EDIT, LANES, MANY, MOST_TOGETHER, POST, SKEW, lane_of

REMEMBERED = 200


class Outbox(Part):
    """The Outbox port, and who has a post. With a `fence` each write calls it first."""

    _fence: Callable[[], object] | None = None

    def behind(self, fence: Callable[[], object]) -> Outbox:
        """Return the same outbox behind a fence."""
        outbox = Outbox()
        outbox._tables, outbox._fence = self._tables, fence
        return outbox

    async def posted(self, event_id: int) -> tuple[Posted, ...]:
        """Return the chats and desks that have, or are about to get, a post of the event."""
        rows = [row for row in self._tables.rows.get(event_id, ()) if row.state != "dead"]
        edits = Counter(row.place for row in rows if row.delivery.action == "edit")
        posts = {row.place: row.delivery.message_id for row in rows if row.delivery.action == "post"}
        return tuple(Posted(*place[1:], edits[place], posts[place]) for place in sorted(posts))

    async def recover(self) -> tuple[Delivery, ...]:
        """Turn deliveries left in flight by a crash into unknown ones and return every unknown one."""
        self._pass()
        for row in self._rows(lambda row: row.state == "sending"):
            row.state = "unknown"
        return self._addressed(self._rows(lambda row: row.state == "unknown"))

    async def claim(self, now: datetime, limit: int, resting: Collection[int] = ()) -> tuple[Delivery, ...]:
        """Take up to `limit` due deliveries, one a chat, and mark them as being sent."""
        self._pass()
        stopped = {row.delivery.chat_id for row in self._tables.open.values() if _stops(row, now)} | set(resting)
        waiting = self._rows(lambda row: row.state in WAITING and row.delivery.chat_id not in stopped)
        turn: dict[int, Row] = {}
        for lane in LANES:
            for chat_id, row in self._heads([row for row in waiting if row.lane == lane], now):
                if len(turn) < limit:
                    turn.setdefault(chat_id, row)
        served = max((chat.served for chat in self._tables.chats.values()), default=0) + 1
        for chat_id in turn:
            self._tables.chats[chat_id].served = served
        return tuple([self._claim(row, now) for row in turn.values()])

    async def sent(self, delivery: Delivery, message_id: int, content: str) -> None:
        """Mark as delivered, with the revision that was shown. `content` is the digest of what the post now shows."""
        self._pass()
        shown = dict(
            zip(delivery.events or (delivery.event_id,), delivery.revisions or (delivery.revision,), strict=False)
        )
        if delivery.action == "edit":
            shown = {delivery.event_id: delivery.revision}
        for row in self._of_delivery(delivery):
            event_id = row.delivery.event_id
            if delivery.action == "digest" and event_id not in delivery.events:
                self._end(row, "dead", NEEDLESS)
                continue
            self._end(row, "sent")
            revision = shown.get(event_id, row.delivery.revision)
            row.delivery = replace(row.delivery, revision=revision, message_id=message_id, content=content)
            if len(delivery.events) == 1:
                row.digest = None
            if delivery.action == "edit":
                self._edited(row, content)
        self._saw(delivery.chat_id, message_id)

    async def seen(self, chat_id: int, message_id: int, *, answer: bool = False) -> None:
        """Remember the newest message id known in a chat, and that it is an answer of ours where it is."""
        self._pass()
        self._know(chat_id)
        self._saw(chat_id, message_id)
        if answer:
            chat = self._tables.chats[chat_id]
            chat.answers = frozenset({each for each in chat.answers if each > message_id - REMEMBERED} | {message_id})

    async def answers(self, chat_id: int) -> frozenset[int]:
        """Return which of the newest two hundred message ids of a chat are answers of ours."""
        chat = self._tables.chats.get(chat_id)
        return chat.answers if chat else frozenset()

    async def retry(self, delivery: Delivery, not_before: datetime) -> None:
        """Put back: it surely did not arrive. An edit or reply that a newer one has overtaken is dropped instead."""
        self._pass()
        for row in self._in_flight(delivery):
            self._end(row, "retry")
            row.not_before, row.digest = not_before, None
            same = [each for each in self._of(row.place) if each.delivery.action == row.delivery.action]
            if delivery.action in ("edit", "reply") and [each for each in same if each.state in WAITING][-1] is not row:
                self._end(row, "dead", SUPERSEDED)

    async def bring_forward(self, beyond: datetime) -> int:
        """Let what was put back until later than a time leave now; return how much that was."""
        self._pass()
        put_back = [row for row in self._tables.open.values() if row.state == "retry"]
        late = [row for row in put_back if row.not_before and row.not_before > beyond]
        for row in late:
            row.not_before = None
        return len(late)

    async def unknown(self, delivery: Delivery) -> None:
        """Mark as possibly delivered; it is never resent without reconciling."""
        self._pass()
        for row in self._in_flight(delivery):
            row.state = "unknown"

    async def dead(self, delivery: Delivery, reason: str) -> None:
        """Give up on this delivery."""
        self._pass()
        for row in self._in_flight(delivery):
            self._end(row, "dead", reason)

    async def suspend(self, chat_id: int, reason: str) -> None:
        """Stop posting to a chat until it is resumed; its waiting deliveries die with the reason."""
        self._pass()
        self._set_suspended(chat_id, reason)
        for row in self._rows(lambda row: row.state in WAITING and row.delivery.chat_id == chat_id):
            self._end(row, "dead", reason)

    async def resume(self, chat_id: int) -> None:
        """Take a suspended chat up again."""
        self._pass()
        self._set_suspended(chat_id, "")

    async def migrate(self, old: int, new: int) -> None:
        """Give a chat its new id everywhere. What the new id already has of its own stays."""
        self._pass()
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
        tables.chats.pop(old, None)
        self._know(new)
        for event_id, rows in tables.rows.items():
            tables.rows[event_id] = list(_migrated(rows, old, new))
        kept = {row.delivery.id for rows in tables.rows.values() for row in rows}
        tables.open = {number: row for number, row in tables.open.items() if number in kept}

    async def presumed(self) -> dict[int, int]:
        """Return by chat how many deliveries count as delivered though nobody could tell."""
        rows = (row for rows in self._tables.rows.values() for row in rows)
        return Counter(row.delivery.chat_id for row in rows if row.state == "sent" and not row.delivery.message_id)

    async def pending(self) -> int:
        """Return how many deliveries wait or are in flight."""
        return len(self._tables.open)

    async def let_go(self, edits_before: datetime, all_before: datetime) -> AsyncGenerator[int]:
        """Forget ended deliveries of events last heard of before a time; yield how many went with each event."""
        for event_id, rows in self._tables.rows.items():
            updated = self._tables.events[event_id].updated
            kept = [row for row in rows if not _may_go(row, updated, edits_before, all_before)]
            if gone := len(rows) - len(kept):
                rows[:] = kept
                yield gone

    def _pass(self) -> None:
        if self._fence:
            self._fence()

    def _plan(self, event: Event, planned: Planned) -> None:
        """Add a delivery; a chat gets no second post of an event, and a newer edit or reply takes a waiting one's place.

        A post that waits for the chat's digest leaves now where the new one is to leave now, unless it was put back: then as soon as
        it may.
        """
        place = (event.id, planned.chat_id, planned.thread_id, planned.audience)
        self._know(planned.chat_id)
        post = self._post(place)
        if planned.action == "post" and post:
            if post.lane == DIGEST and not planned.gathered and post.state in WAITING:
                post.lane = lane_of(planned)
                post.not_before = post.not_before if post.state == "retry" else planned.not_before
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
        row = Row(delivery, planned.floor, lane_of(planned), not_before=planned.not_before)
        self._tables.open[delivery.id] = row
        self._tables.rows[event.id].append(row)

    def _supersede(self, place: Place, action: str) -> None:
        for row in self._of(place):
            if row.delivery.action == action and row.state in WAITING:
                self._end(row, "dead", SUPERSEDED)

    def _rows(self, wanted: Callable[[Row], bool]) -> list[Row]:
        return [row for row in self._tables.open.values() if wanted(row)]

    def _of_delivery(self, delivery: Delivery) -> list[Row]:
        """Return the row of a delivery, or all rows of a digest, that have no end yet."""
        if delivery.action == "digest":
            return self._rows(lambda row: row.digest == delivery.id)
        return [self._tables.open[delivery.id]] if delivery.id in self._tables.open else []

    def _in_flight(self, delivery: Delivery) -> list[Row]:
        return [row for row in self._of_delivery(delivery) if row.state in IN_FLIGHT]

    def _end(self, row: Row, state: str, reason: str = "") -> None:
        row.state, row.reason, row.not_before = state, reason, None
        if state == "dead":
            row.digest = None
        if state not in WAITING | IN_FLIGHT:
            self._tables.open.pop(row.delivery.id, None)

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

    def _heads(self, waiting: list[Row], now: datetime) -> Iterator[tuple[int, Row]]:
        """Yield of each chat the first of these deliveries that may leave, those first that were served longest ago."""
        first: dict[int, Row] = {}
        for row in waiting:
            if row.delivery.chat_id not in first and self._may_leave(row, now) and not self._is_orphan(row):
                first[row.delivery.chat_id] = row
        chats = self._tables.chats
        yield from sorted(first.items(), key=lambda head: (chats[head[0]].served, chats[head[0]].number))

    def _may_leave(self, row: Row, now: datetime) -> bool:
        post = self._post(row.place)
        unsent = row.delivery.action != "post" and post is not None and post.state in WAITING
        return _is_due(row, now) and not unsent and not self._is_early(row, now)

    def _is_early(self, row: Row, now: datetime) -> bool:
        """Tell whether a reply would ring too soon after the sound before it, or an edit come too soon after another."""
        if row.delivery.action == "post" or not row.floor:
            return False
        post = self._post(row.place)
        edited = [post.edited] if post and post.edited else []
        before = edited if row.lane == EDIT else [each.claimed for each in self._sounds(row.place) if each.claimed]
        return any(now < moment + row.floor and moment <= now + SKEW for moment in before)

    def _is_orphan(self, row: Row) -> bool:
        """Give an edit or reply up whose post was given up, and tell whether it was."""
        if row.delivery.action == "post" or self._post(row.place):
            return False
        self._end(row, "dead", NO_POST)
        return True

    def _claim(self, head: Row, now: datetime) -> Delivery:
        rows = self._together(head, now)
        anchor = self._tables.chats[head.delivery.chat_id].newest
        for row in rows:
            row.delivery = replace(row.delivery, attempt=row.delivery.attempt + 1, anchor=anchor)
            row.claimed, row.digest = now, head.delivery.id if len(rows) > 1 else None
            row.state, row.not_before = "sending", None
        (claimed,) = self._addressed(rows)
        if claimed.action == "edit":
            for event_id in claimed.events:
                self._supersede((event_id, *head.place[1:]), "edit")
        return claimed

    def _together(self, head: Row, now: datetime) -> list[Row]:
        """Return the deliveries that leave in one message with this one."""
        delivery = head.delivery
        if delivery.action != "post" or delivery.audience != "readers":
            return [head]
        lanes = {DIGEST} if head.lane == DIGEST else {POST, DIGEST}
        here = (delivery.chat_id, delivery.thread_id, "readers")
        crowd = self._rows(lambda row: row.place[1:] == here and row.lane in lanes and row.state in WAITING)
        leaving = [row for row in crowd if _is_due(row, now)]
        return leaving[:MOST_TOGETHER] if len(leaving) > (1 if head.lane == DIGEST else MANY) else [head]

    def _addressed(self, rows: Iterable[Row]) -> tuple[Delivery, ...]:
        """Return deliveries with the post that they edit or answer, what their chat heard last, one for all of a digest."""
        found: dict[int, Delivery] = {}
        for row in rows:
            delivery = self._whole(row)
            found.setdefault(delivery.id, delivery)
        return tuple(found.values())

    def _whole(self, row: Row) -> Delivery:
        since = max((each.delivery.revision for each in self._sounds(row.place)), default=0)
        delivery = replace(row.delivery, since=since)
        if row.digest is not None:
            events = self._events_of(row.digest)
            return replace(delivery, id=row.digest, action="digest", under=0, message_id=0, events=events)
        if delivery.action == "post":
            above = self._post((delivery.under, *row.place[1:])) if delivery.under else None
            return replace(delivery, message_id=above.delivery.message_id if above else 0)
        post = self._post(row.place)
        if post is None:
            return delivery
        events = self._events_of(post.digest) if post.digest is not None else ()
        return replace(delivery, message_id=post.delivery.message_id, content=post.delivery.content, events=events)

    def _events_of(self, digest: int) -> tuple[int, ...]:
        return tuple(row.delivery.event_id for row in sorted(self._members(digest), key=lambda row: row.delivery.id))

    def _members(self, digest: int) -> list[Row]:
        return [row for rows in self._tables.rows.values() for row in rows if row.digest == digest]

    def _edited(self, edit: Row, content: str) -> None:
        """Remember what the post of an edit shows now, and since when; of a digest, all its posts do."""
        post = self._post(edit.place)
        if post is None:
            return
        for row in [post] if post.digest is None else self._members(post.digest):
            row.delivery, row.edited = replace(row.delivery, content=content), edit.claimed

    def _know(self, chat_id: int) -> None:
        """Let a chat have its row, from which its turn is told."""
        chats = self._tables.chats
        chats.setdefault(chat_id, Chat(max((chat.number for chat in chats.values()), default=0) + 1))

    def _saw(self, chat_id: int, message_id: int) -> None:
        if chat_id in self._tables.chats:
            chat = self._tables.chats[chat_id]
            chat.newest = max(chat.newest, message_id)

    def _set_suspended(self, chat_id: int, reason: str) -> None:
        for place, subscription in self._tables.subscriptions.items():
            if place[0] == chat_id:
                self._tables.subscriptions[place] = replace(subscription, suspended=reason)


def _stops(row: Row, now: datetime) -> bool:
    """Tell whether a delivery keeps its chat waiting: it is on its way, or was put back for later."""
    return row.state in IN_FLIGHT or (row.state == "retry" and not _is_due(row, now))


def _is_due(row: Row, now: datetime) -> bool:
    return row.not_before is None or row.not_before <= now


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
            row.delivery = replace(row.delivery, chat_id=new, anchor=ANCHOR_LOST)
        yield row


def _is_living_post(row: Row) -> bool:
    return row.delivery.action == "post" and row.state != "dead"


def _may_go(row: Row, updated: datetime, edits_before: datetime, all_before: datetime) -> bool:
    of_little_use = row.state == "dead" or (row.state == "sent" and row.delivery.action == "edit")
    return (of_little_use and updated < edits_before) or (row.state == "sent" and updated < all_before)

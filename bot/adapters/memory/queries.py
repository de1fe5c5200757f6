"""What people ask, what readers think, and how far updates have been handled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date

from bot.adapters.memory.tables import Part
from bot.adapters.recording import asked_in, words_of
from bot.core.identity import canonical
from bot.core.model import Decision, Event, Logged, Outline, Placed, Revision
from bot.ports import Stats, Wanted

_UNKNOWN = Decision(None, 0.0)


class Queries(Part):
    """The ports Queries and Updates."""

    async def event(self, event_id: int) -> Event | None:
        """Return one event with its reports."""
        return self._event(event_id) if event_id in self._tables.events else None

    async def latest(self, limit: int, kinds: Collection[str] = (), offset: int = 0) -> tuple[Event, ...]:
        """Return the events last updated, newest first."""
        return self._newest((event for event in self._standing() if not kinds or event.kind in kinds), limit + offset)[
            offset:
        ]

    async def listed(self, wanted: Wanted, limit: int, offset: int = 0) -> tuple[Event, ...]:
        """Return the events that are wanted, newest day first, those without a day last."""
        found = sorted(self._wanted(wanted), key=lambda each: (each.date or date.min, each.id), reverse=True)
        return tuple(self._event(each.id) for each in found[offset : offset + limit])

    async def outlines(self, wanted: Wanted) -> tuple[Outline, ...]:
        """Return all events that are wanted in short, oldest first."""
        found = sorted(self._wanted(wanted), key=lambda each: (each.date or date.min, each.id))
        return tuple(Outline(each.id, each.kind, each.date, each.status, each.facts, each.updated) for each in found)

    async def linked(self, url: str) -> tuple[int, ...]:
        """Return the events of which the page at this address tells."""
        page = canonical(url)
        return tuple(
            each.id
            for each in self._standing()
            if page and any(canonical(report.origin.url) == page for report in each.reports)
        )

    async def between(
        self, kind: str, first: date | None, last: date | None, regions: Collection[str] = ()
    ) -> tuple[Event, ...]:
        """Return the events of a kind by their day, oldest first, both ends included.

        Events without a day come last, and only where neither end is given.
        """
        wanted = (event for event in self._standing() if event.kind == kind)
        placed = (event for event in wanted if not regions or event.facts.get("region") in regions)
        within = [event for event in placed if is_between(event.date, first, last)]
        return tuple(self._event(each.id) for each in sorted(within, key=lambda each: (each.date or date.max, each.id)))

    async def stats(self) -> Stats:
        """Return the counts."""
        tables = self._tables
        return Stats(
            sources=len(tables.polls),
            items=len(tables.shelf.items),
            reports=len(tables.holders.keys() - tables.gone),
            events=dict(sorted(Counter(event.kind for event in self._standing()).items())),
            chats=len({chat for (chat, _), each in tables.subscriptions.items() if not each.suspended}),
            last_item=tables.last_item,
        )

    async def revisions(self, event_id: int, after: int = 0) -> tuple[Revision, ...]:
        """Return what was changed in an event since a revision, oldest first."""
        stored = self._tables.revisions.get(event_id, {})
        return tuple(stored[number] for number in sorted(stored) if number > after)

    async def placed(self, event_id: int) -> tuple[Placed, ...]:
        """Return the reports of an event with why they stand in it, in the order in which they were published."""
        event, decisions = self._tables.events.get(event_id), self._tables.decisions
        reports = event.reports if event else ()
        return tuple(Placed(report, decisions.get(report.id, _UNKNOWN)) for report in reports)

    async def rulings(self, event_id: int = 0, limit: int = 20) -> tuple[Logged, ...]:
        """Return the newest rulings, on one event or (0) on any, those that were taken back among them."""
        wanted = [
            each
            for each in reversed(self._tables.log.values())
            if event_id in (0, each.event_id) or self._concerns(each.ruling, event_id)
        ]
        return tuple(wanted[:limit])

    async def waiting(self, limit: int = 20) -> tuple[Event, ...]:
        """Return the events that admins were asked about and that are neither confirmed nor ruled upon, newest first."""
        rows = (row.delivery for rows in self._tables.rows.values() for row in rows)
        asked = {each.event_id for each in rows if (each.audience, each.action) == ("admins", "post")}
        open_ = (each for each in self._standing() if not each.confirmed and not each.verdict)
        return self._newest((each for each in open_ if each.id in asked), limit)

    async def feedback(self, event_id: int) -> Mapping[str, int]:
        """Return how many readers called the event what."""
        return dict(sorted(Counter(what for _, what in self._tables.feedback.get(event_id, ())).items()))

    async def offset(self) -> int:
        """Return the next update id to ask for, 0 at first."""
        return self._tables.offset

    async def handled(self, update_id: int) -> None:
        """Remember that everything up to this update is done; the offset never goes back."""
        self._tables.offset = max(self._tables.offset, update_id + 1)

    async def quarantine(self, update_id: int, raw: str, error: str) -> None:
        """Keep an update that could not be handled, so that it blocks nothing and can be looked at."""
        self._tables.quarantine[update_id] = (raw, error)

    def _standing(self) -> Iterable[Event]:
        """Yield the events that were neither merged into others nor rejected."""
        return (each for each in self._tables.events.values() if not each.merged_into and each.verdict != "reject")

    def _wanted(self, wanted: Wanted) -> Iterable[Event]:
        words = asked_in(wanted.words)
        for event in self._standing():
            region = str(event.facts.get("region", ""))
            fits = (
                not wanted.kinds or event.kind in wanted.kinds,
                is_between(event.date, wanted.first, wanted.last),
                not wanted.regions or bool({region, region[:2]} & {*wanted.regions}),
                wanted.updated is None or event.updated >= wanted.updated,
                not wanted.words or _says(event, words),
            )
            if all(fits):
                yield event

    def _newest(self, events: Iterable[Event], limit: int) -> tuple[Event, ...]:
        newest = sorted(events, key=lambda event: (event.updated, event.id), reverse=True)[:limit]
        return tuple(self._event(each.id) for each in newest)


def is_between(day: date | None, first: date | None, last: date | None) -> bool:
    """Tell whether a day is between two, both included; what has no day is between no two."""
    if day is None:
        return first is None and last is None
    return (first is None or first <= day) and (last is None or day <= last)


def _says(event: Event, words: Collection[str]) -> bool:
    """Tell whether every word begins a word of the event's headlines or places; where only signs are asked for, none does."""
    known = words_of(event)
    return bool(words) and all(any(each.startswith(word) for each in known) for word in words)

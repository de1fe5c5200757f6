"""What an edited item says now beside what it said before: which report is which, and whom rulings are about from now on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.identity import fingerprint
from bot.core.kinds import Kind
from bot.core.match import match
from bot.core.merge import fold
from bot.core.model import Event, Item, Report, ReportId, Ruling

DOUBTED = timedelta(minutes=10)
"""How long what an edit takes back is left standing: half an answer, as servers in trouble give it, says less as well."""

FORGOTTEN = timedelta(days=1)
"""After which a doubt that nobody asked about again begins anew."""


MOST_ITEMS = 5_000
"""Items of which the versions are known that were believed: those that told something last."""

MOST_VERSIONS = 8


class Doubts:
    """Edits that take something back, which a server's hiccup does as well: believed when they still say so `wait` later.

    So is a version that an item had before: caches out of step and pushes that are repeated bring old ones up again.
    """

    def __init__(self, wait: timedelta = timedelta(0)) -> None:
        self.wait = wait
        self._since: dict[tuple[str, str], tuple[str, datetime]] = {}
        self._believed: OrderedDict[tuple[str, str], tuple[str, ...]] = OrderedDict()

    def believe(self, item: Item) -> None:
        """Remember the version of an item that counts now."""
        said = _version(item)
        others = (each for each in self._believed.pop(_key(item), ()) if each != said)
        self._believed[_key(item)] = (*others, said)[-MOST_VERSIONS:]
        if len(self._believed) > MOST_ITEMS:
            self._believed.popitem(last=False)

    def is_old(self, item: Item) -> bool:
        """Tell whether an item says again what it said before another version counted."""
        return _version(item) in self._believed.get(_key(item), ())[:-1]

    def doubtful(self, item: Item, now: datetime) -> bool:
        """Tell whether what an item says is not to be believed yet."""
        said = _version(item)
        former, since = self._since.get(_key(item), ("", now))
        if former != said or now - since > FORGOTTEN:
            since = now
        self._since[_key(item)] = (said, since)
        return now - since < self.wait

    def settle(self, answer: Iterable[Item], edited: Iterable[Item]) -> None:
        """Forget the doubts about items of an answer that say again what they said."""
        if self._since:
            for key in set(map(_key, answer)).difference(map(_key, edited)):
                self._since.pop(key, None)


def _version(item: Item) -> str:
    return fingerprint(item.title, item.summary, item.body or "")


def _key(item: Item) -> tuple[str, str]:
    return item.source.id, item.id


def realigned(kinds: Mapping[str, Kind], former: Sequence[Report], fresh: Sequence[Report]) -> tuple[Report, ...]:
    """Return what an item says now, each report in the place of the former one that speaks of the same event.

    Of those left over each takes the place of one of its kind that is left over as well, since places, days and figures
    get corrected; the others have places of their own.
    """
    places: dict[int, int] = {}
    for name, kind in kinds.items():
        mine = {number: each for number, each in enumerate(fresh) if each.kind == name}
        places |= _places(kind, [each for each in former if each.kind == name], mine)
    free = max((each.position for each in former), default=-1) + 1
    for number in range(len(fresh)):
        if number not in places:
            places[number] = free
            free += 1
    return tuple(sorted((replace(each, position=places[number]) for number, each in enumerate(fresh)), key=_position))


def _places(kind: Kind, former: Sequence[Report], fresh: Mapping[int, Report]) -> dict[int, int]:
    """Return by number the places that reports of a kind take over."""
    free = {each.position: replace(fold(kind, [each]), id=each.position) for each in former}
    places: dict[int, int] = {}
    for number, report in fresh.items():
        twin, _ = match(kind, report, free.values())
        if twin is not None:
            places[number] = twin.id
            del free[twin.id]
    others = (number for number in fresh if number not in places)
    return places | dict(zip(others, sorted(free), strict=False))


def say_the_same(former: Iterable[Report], fresh: Iterable[Report]) -> bool:
    """Tell whether an edit changed nothing but words."""
    return {each.id: _said(each) for each in former} == {each.id: _said(each) for each in fresh}


def _said(report: Report) -> tuple[object, ...]:
    stated = (report.kind, report.role, report.date, report.status, report.disputed)
    return (*stated, dict(report.facts), dict(report.speakers), report.origin.credits)


def _position(report: Report) -> int:
    return report.position


def handed_on(rulings: Iterable[Ruling], events: Iterable[Event], gone: Collection[ReportId]) -> Iterator[Ruling]:
    """Yield the rulings that name reports which are gone as they name others of the same events in their place.

    Where none is left a ruling waits, should the report come back.
    """
    left = {each.id: _left(event, gone) for event in events for each in event.reports if each.id in gone}
    for ruling in rulings:
        report = _heir(ruling.report, ruling.other, left)
        other = _heir(ruling.other, report, left) if ruling.other else None
        if (report, other) != (ruling.report, ruling.other):
            yield replace(ruling, report=report, other=other)


def _left(event: Event, gone: Collection[ReportId]) -> tuple[ReportId, ...]:
    return tuple(each.id for each in event.reports if each.id not in gone)


def _heir(named: ReportId, besides: ReportId | None, left: Mapping[ReportId, Sequence[ReportId]]) -> ReportId:
    return next((each for each in left.get(named, ()) if each != besides), named)

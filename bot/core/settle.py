"""Which reports make one event: what walking all of them in the order of their publication gives.

Each report in turn is matched with the events so far and joins one or founds another; after that the event it joined is
compared with its neighbours once more, because two that looked different may have turned out to be one. What admins ruled
binds the walk. So the partition depends on the reports and rulings alone: an item that comes late is put where it would have
stood, and what was published after it is walked again (but for what comes so late that too much would have to be,
`bot.joining.MOST_AGAIN`); a ruling that is taken back leaves nothing behind. What an item said before it was edited leaves
nothing behind either, but for the numbers of its events: readers know their posts by them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bot.core.kinds import Kind
from bot.core.match import Footed, best, fits, footed, is_registered, match, match_footed
from bot.core.merge import Growing, Moment, combine, fold, in_order, moment, unique, withdrawn
from bot.core.model import Act, Decision, Event, Placed, Report, ReportId, Ruling

FEW = 8
"""So many reports of a younger event have to fit the older one before the two are one."""

NEVER: Moment = (datetime.max.replace(tzinfo=UTC), "", "", 0)
"""Later than any report was published."""

RULED = Decision(None, 1.0, ("an admin ruled so",))
GATHERED = Decision(None, 1.0, ("its event turned out to be this one",))


@dataclass(frozen=True, slots=True)
class Settled:
    """An event after the walk: `placed` are the reports that are new in it, `absorbed` the events that it swallowed."""

    event: Event
    placed: tuple[Placed, ...]
    absorbed: tuple[int, ...] = ()


def distinct(kind: Kind, reports: Iterable[Report]) -> tuple[Report, ...]:
    """Return the reports of the kind in one item, those that speak of one event made one: an item tells an event once."""
    told: list[Event] = []
    for report in (each for each in reports if each.kind == kind.name):
        twin, _ = match(kind, report, told)
        if twin is None:
            told.append(replace(fold(kind, [report]), id=len(told)))
        else:
            told[twin.id] = replace(fold(kind, [combine(twin.reports[0], report)]), id=twin.id)
    return tuple(each.reports[0] for each in told)


def settle(
    kind: Kind,
    events: Sequence[Event],
    fresh: Sequence[Report] = (),
    rulings: Sequence[Ruling] = (),
    since: Moment | None = None,
    *,
    former: Collection[ReportId] = (),
) -> tuple[Settled, ...]:
    """Return the events that are not what they were once the fresh reports and the rulings are in.

    `events` are all that may have to do with them. What was published from `since` on is walked again; None walks the
    fresh reports alone, behind everything else. `former` are the reports that do not hold any more as they stand there.
    """
    since = since and rewound(events, since)
    walk = _Walk(kind, rulings)
    again: list[Report] = []
    for event in events:
        holding = [each for each in event.reports if each.id not in former]
        early = [each for each in holding if since is None or moment(each) < since]
        again.extend(each for each in holding if since is not None and moment(each) >= since)
        if early:
            walk.keep(event, early)
    for report in sorted((*again, *fresh), key=moment):
        walk.place(report)
    return (*_numbered(kind, walk, events, former), *_emptied(walk, events))


def rewound(events: Iterable[Event], since: Moment) -> Moment:
    """Return from when on to walk again so that nothing is taken for granted that was found out later.

    Two founders in an event that goes on after `since` may not have been known to be one by then.
    """
    doubtful = [founder for event in events for founder in _second_founders(event, since)]
    earliest = min(doubtful, default=since)
    return rewound(events, earliest) if earliest < since else since


def _second_founders(event: Event, since: Moment) -> list[Moment]:
    moments = sorted(moment(each) for each in event.reports if each.id in event.founders)
    return moments[1:2] if event.reports and moment(event.reports[-1]) >= since else []


class _Cluster:
    """Reports that were found to be one event, so far."""

    __slots__ = ("_growing", "_heard", "footed", "founders", "items", "keys", "members", "opened", "reports")

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.members: set[ReportId] = set()
        self.items: set[tuple[str, str]] = set()
        self.founders: list[ReportId] = []
        self.keys: set[str] = set()
        self.opened: Moment = NEVER
        self.footed: Footed | None = None
        self._growing: Growing | None = None
        self._heard = 0

    def take(self, reports: Iterable[Report]) -> None:
        """Add reports; what they make together is to be told anew."""
        for report in reports:
            source, item, _ = known = report.id
            self.reports.append(report)
            self.members.add(known)
            self.items.add((source, item))
            self.opened = min(self.opened, moment(report))
        self.footed = None

    def has_item_of(self, report: Report) -> bool:
        return report.id[:2] in self.items

    def event(self, kind: Kind) -> Event:
        """Return what the reports make together. Those of a walk come in order, and the event grows by them."""
        later = self.reports[self._heard :]
        self._heard = len(self.reports)
        if self._growing is None or not self._growing.reaches(later):
            first, *later = unique(self.reports)
            self._growing = Growing(kind, first)
        for report in later:
            self._growing.hear(report)
        return self._growing.event()


class _Walk:
    """One walk over the reports of a neighbourhood."""

    def __init__(self, kind: Kind, rulings: Sequence[Ruling]) -> None:
        self.kind = kind
        self.rulings = in_order(rulings)
        self.clusters: list[_Cluster] = []
        self.decisions: dict[ReportId, Decision] = {}

    def keep(self, event: Event, reports: Sequence[Report]) -> None:
        """Start from an event, or from the part of it that is not walked again."""
        cluster = _Cluster()
        cluster.take(reports)
        cluster.founders.extend(each.id for each in reports if each.id in event.founders)
        for report in reports:
            cluster.keys |= self.kind.index(report)
        if len(reports) == len(event.reports) and not event.rulings:  # what was corrected is shown, and joins nothing
            cluster.footed = footed(event)
        self.clusters.append(cluster)

    def place(self, report: Report) -> None:
        """Let the report join the event it belongs to, or found one; then look at that event's neighbours."""
        keys = self.kind.lookup(report)
        near = [each for each in self.clusters if not keys.isdisjoint(each.keys)]
        bound = list(self._bound(report.id))
        cluster, decision = (self._tie(report, bound), RULED) if bound else self._match(report, near)
        cluster.take((report,))
        cluster.keys |= self.kind.index(report)
        self.decisions[report.id] = decision
        self._look_again(cluster, near)

    def _tie(self, report: Report, bound: Sequence[_Cluster]) -> _Cluster:
        """Let the report stand in an event by ruling, and make one of several; others like it find the event by it."""
        cluster, *others = sorted(bound, key=lambda each: each.opened)
        for other in others:
            self._unite(cluster, other)
        cluster.founders.append(report.id)
        return cluster

    def _match(self, report: Report, near: Sequence[_Cluster]) -> tuple[_Cluster, Decision]:
        """Return the event that the report belongs to; what was split off draws in only what fits nothing else."""
        open_to = [each for each in near if self._may_hold(each, report)]
        at_home = [each for each in open_to if not self._is_split_off(each)]
        for among in (at_home, open_to) if len(at_home) < len(open_to) else (open_to,):
            known = [self._footed(each) for each in among]
            found, decision = match_footed(self.kind, report, known)
            if found is not None:
                return next(each for each in among if each.footed is found), decision
        return self._new(report), decision

    def _is_split_off(self, cluster: _Cluster) -> bool:
        return any(each.act == "split" and each.report == cluster.reports[0].id for each in self.rulings)

    def _new(self, report: Report) -> _Cluster:
        cluster = _Cluster()
        cluster.founders.append(report.id)
        self.clusters.append(cluster)
        return cluster

    def _footed(self, cluster: _Cluster) -> Footed:
        if cluster.footed is None:
            ruled = _about(cluster, self.rulings)
            cluster.footed = footed(replace(cluster.event(self.kind), founders=tuple(cluster.founders), rulings=ruled))
        return cluster.footed

    def decision(self, report: Report, cluster: _Cluster, number: int) -> Decision:
        """Return why a report stands in the event of that number; None there says that it founded one."""
        made = self.decisions.get(report.id, GATHERED)
        founds = made is not RULED and report.id in cluster.founders
        return replace(made, event_id=None if founds else number)

    def _bound(self, report: ReportId) -> Iterator[_Cluster]:
        """Yield the events that rulings tie the report to, as far as no newer ruling parts them."""
        for cluster in self.clusters if self.rulings else ():
            tied, parted = (self._named(act, report, cluster) for act in ("merge", "split"))
            if tied > parted:
                yield cluster

    def _named(self, act: Act, report: ReportId, cluster: _Cluster) -> int:
        """Return the place of the newest ruling of a sort that names the report and one of the cluster's, 0 for none."""
        pairs = ((place, _pair(each)) for place, each in enumerate(self.rulings, 1) if each.act == act)
        partners = ((place, other) for place, pair in pairs if report in pair for other in pair if other != report)
        return max((place for place, other in partners if other in cluster.members), default=0)

    def _may_hold(self, cluster: _Cluster, report: Report) -> bool:
        return not cluster.has_item_of(report) and not (self.rulings and self._named("split", report.id, cluster))

    def _parted(self, one: _Cluster, other: _Cluster) -> bool:
        return bool(self.rulings) and any(self._named("split", each, other) for each in one.members)

    def _look_again(self, grown: _Cluster, near: Iterable[_Cluster]) -> None:
        """Merge the event that has just grown with a neighbour, where each now fits the other."""
        for other in near:
            if other is not grown and self._are_one(grown, other):
                self._unite(*sorted((grown, other), key=lambda each: each.opened))
                return

    def _unite(self, older: _Cluster, younger: _Cluster) -> None:
        older.take(younger.reports)
        older.founders.extend(younger.founders)
        older.keys |= younger.keys
        self.clusters.remove(younger)

    def _are_one(self, one: _Cluster, other: _Cluster) -> bool:
        if not one.items.isdisjoint(other.items) or self._parted(one, other):
            return False
        older, younger = sorted((one, other), key=lambda each: each.opened)
        known = self._footed(older)
        if known.registered and any(map(is_registered, younger.reports)):
            return False
        return all(fits(best(self.kind, each, known)) for each in younger.reports[:FEW])


def _emptied(walk: _Walk, events: Iterable[Event]) -> Iterator[Settled]:
    """Yield the events of which no report is left."""
    told = {report.id for cluster in walk.clusters for report in cluster.reports}
    for event in events:
        if event.reports and told.isdisjoint(report.id for report in event.reports):
            yield Settled(withdrawn(event), ())


def _numbered(kind: Kind, walk: _Walk, events: Sequence[Event], former: Collection[ReportId]) -> Iterator[Settled]:
    """Give each cluster the smallest number that it has a right to, and yield those that are not what they were."""
    before = {event.id: event for event in events}
    rights = _rights(walk.clusters, events, former)
    for cluster in walk.clusters:
        mine = rights[id(cluster)]
        number = min(mine.values(), default=0)
        old, ruled = before.get(number), _about(cluster, walk.rulings)
        if old and _is_unchanged(cluster, old, ruled):
            continue
        known = {each.id for each in old.reports if each.id not in former} if old else frozenset()
        placed = tuple(
            Placed(each, walk.decision(each, cluster, number))
            for each in sorted(cluster.reports, key=moment)
            if each.id not in known
        )
        founded = mine or {min(cluster.reports, key=moment).id: 0}
        folded = fold(kind, cluster.reports, ruled)
        event = replace(folded, id=number, founded=founded, founders=tuple(sorted(cluster.founders)))
        yield Settled(event, placed, tuple(sorted(each for each in mine.values() if each != number and each in before)))


def _is_unchanged(cluster: _Cluster, old: Event, rulings: tuple[Ruling, ...]) -> bool:
    same = {each.id: each for each in cluster.reports} == {each.id: each for each in old.reports}
    return same and old.rulings == rulings and set(cluster.founders) == set(old.founders)


def _about(cluster: _Cluster, rulings: Iterable[Ruling]) -> tuple[Ruling, ...]:
    """Return the rulings that concern an event, oldest first."""
    return tuple(each for each in rulings if not cluster.members.isdisjoint(_pair(each)))


def _pair(ruling: Ruling) -> tuple[ReportId, ...]:
    """Return the reports that a ruling names."""
    return (ruling.report, ruling.other) if ruling.other else (ruling.report,)


def _rights(
    clusters: Sequence[_Cluster], events: Iterable[Event], former: Collection[ReportId]
) -> dict[int, dict[ReportId, int]]:
    """Return by cluster the numbers of the events that were founded in it.

    A number goes with the report that founded its event; but where most of the event's reports are now in a cluster
    that founded none, it stays with those, because theirs is the post that people know. Where the founder is no more, or was edited
    into something else, it stays with most of those that are left.
    """
    rights: dict[int, dict[ReportId, int]] = {id(each): {} for each in clusters}
    home = {report.id: cluster for cluster in clusters for report in cluster.reports}
    for event in events:
        for founder, number in event.founded.items():
            if founder in home:
                rights[id(home[founder])][founder] = number
    for event in events:
        _leave_behind(event, rights, home, former)
    return rights


def _leave_behind(
    event: Event,
    rights: dict[int, dict[ReportId, int]],
    home: Mapping[ReportId, _Cluster],
    former: Collection[ReportId],
) -> None:
    founder = next((each for each, number in event.founded.items() if number == event.id), None)
    if founder is None:
        return
    left = [each for each in event.reports if each.id in home and each.id not in former]
    counts = Counter(id(home[each.id]) for each in left)
    if founder in home:
        orphans = [key for key, count in counts.items() if not rights[key] and count > counts[id(home[founder])]]
    else:
        orphans = [key for key in counts if not rights[key]] or list(counts)
    if orphans:
        heir = max(orphans, key=lambda key: counts[key])
        first = min((each for each in left if id(home[each.id]) == heir), key=moment)
        if founder in home:
            del rights[id(home[founder])][founder]
        rights[heir][first.id] = min(event.id, rights[heir].get(first.id, event.id))

"""What the backtest can leave out or put in the place of the rules of joining, each by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf
from types import ModuleType
from typing import Any

from bot.core import match, settle
from bot.core.kinds import Comparison, Kind
from bot.core.kinds.strike import join as strike
from bot.core.kinds.strike import likeness
from bot.core.kinds.swap import join as swap
from bot.core.model import Event, Report


@dataclass(frozen=True, slots=True)
class Without:
    """A rule that is left out: what answers in its place, by module (or class) and name."""

    told: str
    instead: tuple[tuple[ModuleType | type, str, Any], ...]


def _nothing(*_: object) -> tuple[()]:
    return ()


def _no(*_: object) -> bool:
    return False


def _none(*_: object) -> frozenset[str]:
    return frozenset()


def _whole(event: Event, *_: object) -> Event:
    return event


def _apart(*_: object) -> Iterator[str]:
    yield "one of the two names no day"


RULES: Mapping[str, Without] = {
    "anchors": Without("compare with all members, so transitively", ((match, "_cut", _whole),)),
    "second-look": Without("never merge two events later", ((settle._Walk, "_look_again", _nothing),)),  # noqa: SLF001
    "own-item": Without("let one item tell an event twice", ((settle._Cluster, "has_item_of", _no),)),  # noqa: SLF001
    "undated": Without(
        "a report without a day joins nothing", ((swap, "_undated_vetoes", _apart), (strike, "_undated_vetoes", _apart))
    ),
    "wrong-day": Without("two days are two strikes", ((strike, "_slack", lambda *_: -inf),)),
    "lone": Without("as sure of a wrong day where others are near", ((strike, "LONE", 0.0),)),
    "grown": Without("a toll that grew is another toll", ((likeness, "_grows", _no),)),
    "places": Without("places say nothing", ((strike, "common_places", _none),)),
    "namesakes": Without("look in the region alone", ((strike, "_place_keys", lambda _: set()),)),
    "late": Without("believe a day that is told late", ((swap, "_is_late", _no), (strike, "_is_late", _no))),
    "wrong-month": Without("believe every month", ((swap, "slips", _nothing), (strike, "slips", _nothing))),
    "slipped": Without("a plan for the day before is another", ((swap, "_slipped", _no),)),
    "misdated": Without("two days are two exchanges", ((swap, "_misdated", _no),)),
    "clash": Without("figures never clash", ((swap, "clashes", _nothing),)),
    "figures": Without("figures of exchanges decide nothing", ((swap, "_figure_marks", _nothing),)),
    "ordinal": Without("no count of exchanges", ((swap, "_ordinal_marks", _nothing), (swap, "_ordinal_key", _nothing))),
}


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Leave rules out for as long as it lasts."""
    changes = [change for name in names for change in RULES[name].instead]
    before = [(owner, attribute, getattr(owner, attribute)) for owner, attribute, _ in changes]
    for owner, attribute, instead in changes:
        setattr(owner, attribute, instead)
    try:
        yield
    finally:
        for owner, attribute, was in reversed(before):
            setattr(owner, attribute, was)


def by_key(kind: Kind) -> Kind:
    """Return the kind with nothing but its key: what states the same day and the same place or people is one event."""
    identity = [slot.name for slot in kind.slots if slot.identity]

    def compare(report: Report, event: Event) -> Comparison:
        mine, theirs = ([each.date, *map(each.facts.get, identity)] for each in (report, event))
        return Comparison(float(mine == theirs), veto=mine != theirs, reasons=())

    return replace(kind, compare=compare)


def by_words(least: float) -> Callable[[Kind], Kind]:
    """Return what joins reports of days around by the words of their headlines alone: the share that is common."""

    def keys(report: Report) -> frozenset[str]:
        return frozenset((f"{report.kind}:{report.origin.published.date()}",))

    def days(report: Report) -> frozenset[str]:
        first = report.origin.published.date() - timedelta(days=3)
        return frozenset(f"{report.kind}:{first + timedelta(days=each)}" for each in range(7))

    def compare(report: Report, event: Event) -> Comparison:
        mine, theirs = (set(each.origin.title.casefold().split()) for each in (report, event.reports[0]))
        common = len(mine & theirs) / max(1, len(mine | theirs))
        return Comparison(0.5 + common / 2, veto=common < least, reasons=())

    return lambda kind: replace(kind, index=keys, lookup=days, around=days, compare=compare)


INSTEAD: Mapping[str, Callable[[Kind], Kind]] = {
    "the stated key alone": by_key,
    **{f"headline words, {least}": by_words(least) for least in (0.1, 0.2, 0.3, 0.5)},
}

"""All events for who counts, maps or plans with them: one file a format, each of which turns events into rows of text.

What goes out is what a reader of the posts may see. What an editor holds back, and what a source tells that has gone mad,
is left out; of an event that was withdrawn or merged there is only that it was. A figure that is claimed in several ways
goes out as these claims, with who says each of them. No headline does: they are their outlets', and may name people.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Final, Literal, TypeAlias

from bot.core.kinds import Kind
from bot.core.model import Claim, Event
from bot.core.render.phrases import Phrasebook
from bot.core.trust import WINDOW, floods

State: TypeAlias = Literal["told", "withdrawn", "taken_back", "merged"]
Point: TypeAlias = tuple[float, float]

VERSION: Final = 1
"""Of the columns, fields and properties: what is added leaves it as it is, what is renamed, moved or left out raises it."""
LICENCE: Final = "CC-BY-4.0"
LICENCE_URL: Final = "https://creativecommons.org/licenses/by/4.0/"
ATTRIBUTION: Final = "Vistka, compiled from the sources that each event names; places by GeoNames"
SPACE: Final = uuid.uuid5(uuid.NAMESPACE_DNS, "vistka.events")
VERDICTS: Final = ("post", "hold", "reject")


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as it goes out: where it stands, when that last changed, and the address under which it can be read, if any."""

    event: Event
    state: State
    changed: datetime
    link: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """One export: what its entries are told with, and once they are known how many there are and when the last one changed.

    `points` are where regions (by code) and cities (by `place_of`) lie, longitude and latitude in degrees; `bot` tells the events of several bots apart.
    `more` says that there are further entries, which another page has.
    """

    kinds: Mapping[str, Kind]
    book: Phrasebook
    points: Mapping[str, Point] = field(default_factory=dict)
    bot: str = ""
    count: int = 0
    updated: datetime | None = None
    more: bool = False

    def of(self, count: int, updated: datetime | None, *, more: bool = False) -> Edition:
        """Return the edition that has so many entries."""
        return replace(self, count=count, updated=updated, more=more)


@dataclass(frozen=True, slots=True)
class Format:
    """A form that events are written in: a head, then a row an entry with `between` in the midst, then a foot.

    `row` is empty for an entry that has no place in the form; `kinds` are those that go out where nobody asks for others,
    all where it is empty. What has no place in it for what it is tells it in a file `beside` it, which names the first one
    and has its name with `beside_name` behind it.
    """

    name: str
    type: str
    head: Callable[[Edition], str]
    row: Callable[[Entry, Edition], str]
    foot: Callable[[Edition], str]
    between: str = ""
    kinds: tuple[str, ...] = ()
    beside: Callable[[Edition, str], str] | None = None
    beside_name: str = ""


def state_of(event: Event) -> State | None:
    """Return where an event stands for who reads, None for one that is not for readers.

    That is what is held back, what was held back until it was withdrawn, and what is only told in passing.
    """
    if event.merged_into:
        return "merged"
    if _is_held(event):
        return None
    if event.verdict == "reject":
        return "withdrawn" if event.reports else "taken_back"
    return "told" if any(report.role == "main" for report in event.reports) else None


def _is_held(event: Event) -> bool:
    ruled = sorted((each for each in event.rulings if each.act in VERDICTS), key=lambda each: each.id)
    before = [each.act for each in ruled if each.act != "reject"]
    return event.verdict == "hold" or (event.verdict == "reject" and before[-1:] == ["hold"])


class Publishing:
    """Says of events, in the order of their numbers, which go out. It remembers whose events nobody else tells."""

    def __init__(self) -> None:
        self._founded: defaultdict[str, Mapping[str, datetime]] = defaultdict(dict)

    def entry(self, event: Event, changed: datetime, link: str = "") -> Entry | None:
        """Return an event as it goes out, None where it does not."""
        state = state_of(event)
        if state is None or (state == "told" and self._is_flood(event)):
            return None
        return Entry(event, state, changed, link)

    def _is_flood(self, event: Event) -> bool:
        """Tell whether only a source tells of it that has founded too many such events by then, as the posts have it."""
        tellers = {report.origin.source_id for report in event.reports}
        if event.confirmed or event.verdict == "post" or len(tellers) != 1:
            return False
        origin, at = event.reports[0].origin, event.opened
        founded = {item: when for item, when in self._founded[origin.source_id].items() if when > at - WINDOW}
        self._founded[origin.source_id] = {origin.item_id: at, **founded}
        return floods(self._founded[origin.source_id].values(), at)


def certainty(event: Event) -> Literal["confirmed", "unconfirmed"]:
    """Return in a word how sure an event is."""
    return "confirmed" if event.confirmed else "unconfirmed"


def differing(event: Event, slots: Sequence[str]) -> tuple[Claim, ...]:
    """Return the claims of the slots of which not all say the same, in their order."""
    return tuple(
        claim
        for slot in slots
        if any(one.value != other.value for one, other in pairwise(event.claims.get(slot, ())))
        for claim in event.claims[slot]
    )


def uid(bot: str, number: int) -> str:
    """Return by what an event of a bot is known everywhere and for good."""
    return str(uuid.uuid5(SPACE, f"{bot}/{number}"))

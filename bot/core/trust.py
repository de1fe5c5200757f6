"""How far an origin is trusted, and which origins are one voice.

An event is confirmed when an official of the side that it was done to (of either, where both had a part) says it in an own
channel, when it stands in the checked register, or when two voices say it that do not depend on each other. Outlets of one
owner are one voice, and so are outlets that print the same text or that have their news from the same agency, whoever they
are: five copies of one mistake confirm nothing. What an attacker says of its own deed is one voice as well, whoever repeats
it. A report that carries a denial confirms nothing, and one of a plan does not confirm that it was carried out. What an
official only passes on (a post forwarded from another channel) is its author's word, and vouched for by nobody else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.model import Origin, Report, Side, Speaker, Status
from bot.core.text.credits import Author
from bot.core.text.likeness import likeness

TRUST = {"aggregator": 0, "outlet": 1, "agency": 2, "register": 2, "official": 3}
CONCERNED, QUOTED, OFFICIAL = 6, 5, 4
"""The trust in an official of the side that a figure concerns: on a channel of its own, and quoted by another; and in
what an official of neither side is quoted with."""
OPPOSED = -1
"""The trust in what the other side is quoted with about a figure that concerns one side."""
DEED = "attacker"
"""The slot that names the side whose deed an event is, where it is one side's deed against the other."""
FLOOD = 12
WINDOW = timedelta(hours=1)
"""Items with an event of their own from which on, within this time, a source that nobody else bears out is not believed.

On the heaviest nights the quickest outlet is the first to tell of five or six events in an hour.
"""
COPY = 0.4
"""The likeness of wording from which on one text is a copy of the other."""
BELLIGERENTS = ("UA", "RU")
BACKED: Mapping[Status, tuple[Status, ...]] = {
    "carried_out": ("carried_out", "announced"),
    "announced": ("announced",),
    "postponed": ("postponed",),
}
"""What a report of each status says of an event."""


def trust_in(origin: Origin, concerns: Side | None, speaker: Speaker | None = None) -> int:
    """Return how far an origin is trusted about a figure that concerns a side, or whom it quotes with it.

    From the most to the least: an official of that side on its own channel; one who is quoted; an official of neither
    side who is quoted; any other official channel; an agency or the register; an outlet; an aggregator; at last the
    other side, quoted. Where a figure concerns nobody, every office is as good as every other.
    """
    own = CONCERNED if origin.tier == "official" and origin.side == concerns else TRUST[origin.tier]
    if speaker is None or own == CONCERNED:
        return own
    if concerns in (None, speaker.side):
        return max(own, QUOTED)
    return OPPOSED if speaker.side in BELLIGERENTS else max(own, OFFICIAL)


def passed_on(origin: Origin, author: Author) -> Origin:
    """Return the origin of what another wrote: trusted no further than its author, and no further than who passed it on."""
    if TRUST[author.tier] > TRUST[origin.tier]:
        return origin
    return replace(origin, tier=author.tier, side=author.side or origin.side)


def voice(origin: Origin) -> str:
    """Return who speaks: outlets of one owner are one voice."""
    return origin.owner or origin.name


def vouches(report: Report) -> bool:
    """Tell whether one report is enough: of the register that was checked by hand, or of an official of either side.

    An official knows what was done to the own side, and what both sides did together. Of what the own side did to the other
    (`DEED`) an official boasts: "the plant was destroyed" takes a voice that is not the attacker's.
    """
    origin = report.origin
    return origin.tier == "register" or (is_office(origin) and not boasts(report))


def is_office(origin: Origin) -> bool:
    """Tell whether an official of either side speaks on an own channel."""
    return origin.tier == "official" and origin.side in BELLIGERENTS


def boasts(report: Report) -> bool:
    """Tell whether all that a report brings is an attacker's own word, its own channel's or quoted."""
    side = report.facts.get(DEED)
    if report.origin.tier == "official":
        return report.origin.side == side
    quoted = {speaker.side for speaker in report.speakers.values()}
    return quoted == {side}


def depend(one: Origin, other: Origin) -> bool:
    """Tell whether two origins are one voice: one owner, one agency behind them, or one text.

    An outlet that credits an agency has its voice, and so have two outlets that credit the same one.
    """
    if not _voices(one).isdisjoint(_voices(other)):
        return True
    return likeness(one.wording, other.wording) >= COPY


def _voices(origin: Origin) -> frozenset[str]:
    return frozenset((voice(origin), origin.name, origin.source_id, *origin.credits))


def _echoes(one: Report, other: Report) -> bool:
    return depend(one.origin, other.origin) or (boasts(one) and boasts(other))


def _speaks(report: Report) -> bool:
    """Tell whether a report is a voice at all: no denial is, nor an aggregator that does not say whose words it has."""
    return not report.disputed and is_voice(report.origin)


def is_voice(origin: Origin) -> bool:
    """Tell whether an origin speaks for itself or says whose words it has; an aggregator that names nobody does not."""
    return origin.tier != "aggregator" or bool(origin.credits)


class Witnesses:
    """Those who say one thing, heard in the order of publication, and whether that is confirmed; it stays so.

    All that depends on the first voice, or on one that does, is one voice; the first that does not is the second.
    """

    __slots__ = ("heard", "sure")

    def __init__(self) -> None:
        self.heard: list[Report] = []
        self.sure = False

    def hear(self, report: Report) -> None:
        """Take in who says it next."""
        if self.sure or not _speaks(report):
            return
        self.sure = vouches(report) or (bool(self.heard) and not any(_echoes(report, each) for each in self.heard))
        self.heard.append(report)


def confirmed(reports: Iterable[Report]) -> Iterator[bool]:
    """Yield after each report whether what they all say is confirmed, in the order in which they are given."""
    witnesses = Witnesses()
    for report in reports:
        witnesses.hear(report)
        yield witnesses.sure


def floods(founded: Iterable[datetime], at: datetime) -> bool:
    """Tell whether a source that founded events at these times has gone mad: too many by `at`, within too short a time."""
    return sum(at - WINDOW < each <= at for each in founded) >= FLOOD

"""How far an origin is trusted, and which origins are one voice.

An event is confirmed when an official of either side says it, when it stands in the checked register, or when two voices
say it that do not depend on each other. Outlets of one owner are one voice, and so are outlets that print the same text,
whoever they are: five copies of one mistake confirm nothing. Nor does a report that carries a denial.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.core.model import Origin, Report, Side, Speaker
from bot.core.text.likeness import likeness

TRUST = {"aggregator": 0, "outlet": 1, "agency": 2, "register": 2, "official": 3}
CONCERNED, QUOTED, OFFICIAL = 6, 5, 4
"""The trust in an official of the side that a figure concerns: on a channel of its own, and quoted by another; and in
what an official of neither side is quoted with."""
OPPOSED = -1
"""The trust in what the other side is quoted with about a figure that concerns one side."""
FLOOD = 12
WINDOW = timedelta(hours=1)
"""Items with an event of their own from which on, within this time, a source that nobody else bears out is not believed.

On the heaviest nights the quickest outlet is the first to tell of five or six events in an hour.
"""
COPY = 0.4
"""The likeness of wording from which on one text is a copy of the other."""
BELLIGERENTS = ("UA", "RU")


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


def voice(origin: Origin) -> str:
    """Return who speaks: outlets of one owner are one voice."""
    return origin.owner or origin.name


def vouches(origin: Origin) -> bool:
    """Tell whether one report is enough: an official of either side, or the register that was checked by hand."""
    return origin.tier == "register" or (origin.tier == "official" and origin.side in ("UA", "RU"))


def depend(one: Origin, other: Origin) -> bool:
    """Tell whether two origins are one voice: one owner, or one text."""
    if voice(one) == voice(other) or one.source_id == other.source_id:
        return True
    return likeness(one.wording, other.wording) >= COPY


def confirmed(reports: Iterable[Report]) -> Iterator[bool]:
    """Yield after each report whether what they say is confirmed; it stays so.

    All that depends on the first voice, or on one that does, is one voice; the first that does not is the second.
    """
    heard: list[Origin] = []
    sure = False
    for origin, denied in ((report.origin, report.disputed) for report in reports):
        if not denied and not sure:
            sure = vouches(origin) or (bool(heard) and not any(depend(origin, each) for each in heard))
            heard.append(origin)
        yield sure


def floods(founded: Iterable[datetime], at: datetime) -> bool:
    """Tell whether a source that founded events at these times has gone mad: too many by `at`, within too short a time."""
    return sum(at - WINDOW < each <= at for each in founded) >= FLOOD

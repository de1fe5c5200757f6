"""What the lines so far were about, so that a line without a place, a day or a weapon can be understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.core.kinds.strike.figures import Figure
from bot.core.kinds.strike.lines import Line
from bot.core.kinds.strike.silence import OPENING, names_place, tells
from bot.core.kinds.strike.weapons import Makes
from bot.core.kinds.strike.when import day_of
from bot.core.kinds.strike.where import Scene, Spot, listed, scene_of, spots

LONG_LIST = 4
"""From how many regions on a mere list of them means the whole country."""

PAIR = 2
"""How many places "the former" and "the latter" can mean."""

NOWHERE = Scene()


@dataclass(frozen=True, slots=True)
class Focus:
    """The state of reading, line by line.

    today     the item's day
    nation    the country that the item is mostly about being attacked
    spots     the places spoken of last, `before` those of the line before, `lead` those of the headline, to which a
              new paragraph returns
    national  the country whose night the item is about as long as no place was named, "" where it is about places
    night     the country whose launched and shot-down figures this paragraph has given
    scene     what the whole item tells about its places
    weapon    the weapon spoken of last, "" where none was
    makes     how many of every make the last line counted that named several
    paragraph the field and paragraph of the line before
    day       the day that this paragraph speaks of, `last` the day that any line gave last
    toll      the figure of people told last
    regional  the head of a region spoke last, and not one of the country
    voiced    somebody spoke for the country last, and not for a region
    told      the places that this paragraph has told of
    guessed   no place was named yet, `spots` are those that the text will name first
    pair      the places of the last line that named two regions
    headed    all places of the title, of which a summary without a place speaks
    armed     the headline names a weapon
    refinery  the headline names a refinery, which "the plant" then is
    summed    the numbers that the item gives as those of more than a day
    """

    today: date
    nation: str
    spots: tuple[Spot, ...] = ()
    before: tuple[Spot, ...] = ()
    lead: tuple[Spot, ...] = ()
    national: str = ""
    night: str = ""
    scene: Scene = NOWHERE
    weapon: str = ""
    makes: Makes = ()
    paragraph: tuple[str, int] = ("title", 0)
    day: date | None = None
    last: date | None = None
    guessed: bool = False
    toll: Figure | None = None
    regional: bool = False
    voiced: bool = False
    told: tuple[Spot, ...] = ()
    summed: frozenset[int] = frozenset()
    armed: bool = False
    refinery: bool = False
    pair: tuple[Spot, ...] = ()
    headed: tuple[Spot, ...] = ()


def first_focus(lines: Sequence[Line], today: date) -> Focus:
    """Return the focus before the first line: where the title names no place, the first one that the text names is meant."""
    title = [line for line in lines if line.sentence.field == "title"]
    scene = scene_of(lines)
    named = any(spots(line, scene) or line.has("countrywide", "many_regions", "launched") for line in title)
    told = [
        (line, spots(line, scene))
        for at, line in enumerate(lines)
        if not named and (tells(line) or (at < OPENING and names_place(line)))
    ]
    line, first = next(((line, seen) for line, seen in told if seen or _is_national(line, seen)), (None, ()))
    nation = _nation(lines)
    if line is None or _is_national(line, first):
        return Focus(today, nation, national=nation if line else "", scene=scene)
    return Focus(today, nation, spots=first, scene=scene, guessed=True)


def turned(focus: Focus, line: Line) -> Focus:
    """Return the focus for a line's own facts: a new paragraph goes back to the headline's place, a named place stays."""
    paragraph = (line.sentence.field, line.sentence.paragraph)
    if paragraph != focus.paragraph:
        one = len({spot.region for spot in focus.lead}) == 1
        back = focus.lead if one and not (line.lead or line.has("happened", "same_blow")) else focus.spots
        apart = line.sentence.field == "summary" and len({spot.region for spot in focus.headed}) > 1
        back = focus.headed if apart else back
        focus = replace(focus, paragraph=paragraph, spots=back, day=None, night="", told=())
    seen = spots(line, focus.scene)
    day = day_of(line, focus.today) or (focus.last if line.has("same_night") else None) or focus.day
    focus = replace(focus, before=focus.spots, day=day, last=day or focus.last)
    if len({spot.region for spot in seen}) == PAIR:
        focus = replace(focus, pair=seen)
    if not seen and (chosen := referred(line, focus)):
        return replace(focus, spots=chosen, guessed=False)
    if _is_national(line, seen):
        return replace(focus, spots=(), national=focus.nation, guessed=False)
    if not seen:
        return focus
    capital = next((spot.region for spot in seen if spot.region in ("UA-30", "RU-MOW")), focus.scene.capital)
    lead = focus.lead or (seen if line.lead else ())
    headed = seen if line.sentence.field == "title" else focus.headed
    focus = replace(focus, headed=headed)
    return replace(
        focus, spots=listed(seen, seen[-1]), lead=lead, scene=replace(focus.scene, capital=capital), guessed=False
    )


def referred(line: Line, focus: Focus) -> tuple[Spot, ...]:
    """Return the one of two places named before that a line means by "the former" or "the latter"."""
    if len({spot.region for spot in focus.pair}) != PAIR or not line.has("former", "latter"):
        return ()
    chosen = focus.pair[0] if line.has("former") else focus.pair[-1]
    mark = line.spans("former", "latter")[0]
    return (replace(chosen, first=mark.first, last=mark.last),)


def _is_national(line: Line, seen: tuple[Spot, ...]) -> bool:
    listed = len({spot.region for spot in seen}) >= LONG_LIST and not line.has("attack", "damage")
    return listed or line.has("many_regions") or (line.has("countrywide") and not seen and not line.has("region_wide"))


def _nation(lines: Sequence[Line]) -> str:
    here = sum(line.has("ru_attacker", "ua_defence") + _names(line, "UA") for line in lines)
    there = sum(line.has("ua_attacker", "ru_defence") + _names(line, "RU") for line in lines)
    return "RU" if there > here else "UA"


def _names(line: Line, country: str) -> bool:
    return tells(line) and any(place.region.startswith(country + "-") for place in line.sentence.places)

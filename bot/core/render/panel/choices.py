"""What a press on a panel makes of a subscription."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias, get_args

from bot.core.model import EVERY_DAY, Quiet, Side, Sound, Subscription, Timetable
from bot.core.render.panel.zones import is_zone

MINUTES = 24 * 60
LARGEST = 100_000
USUAL_TIME = 9 * 60
SIDES: tuple[Side, ...] = get_args(Side)
SOUNDS: tuple[Sound, ...] = get_args(Sound)
COUNTRIES = ("UA", "RU")


class UnfitError(Exception):
    """A choice that cannot be made; its text is the phrase that says why."""


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to choose from."""

    kinds: Collection[str]
    regions: Collection[str]
    languages: Collection[str]


Choice: TypeAlias = Callable[[Subscription, str, Known], Subscription]


def choose(subscription: Subscription, act: str, value: str, known: Known) -> Subscription:
    """Return the subscription after a choice; raise UnfitError where there is no such choice."""
    choice = CHOICES.get(act)
    if choice is None:
        raise UnfitError("edge.expired")
    return choice(subscription, value, known)


def _fits(holds: object, phrase: str = "edge.expired") -> None:
    if not holds:
        raise UnfitError(phrase)


def _switched(value: str, of: Collection[str]) -> tuple[str, bool]:
    """Read "what=on" or "what=off"."""
    name, _, state = value.partition("=")
    _fits(name in of and state in ("on", "off"))
    return name, state == "on"


def _with(chosen: Collection[str], name: str, *, on: bool) -> tuple[str, ...]:
    return tuple(sorted({*chosen, name} if on else set(chosen) - {name}))


def _kind(subscription: Subscription, value: str, known: Known) -> Subscription:
    name, on = _switched(value, known.kinds)
    kinds = _with(subscription.kinds, name, on=on)
    _fits(kinds, "panel.one_kind_left")
    return replace(subscription, kinds=kinds)


def _region(subscription: Subscription, value: str, known: Known) -> Subscription:
    """Choose a region, or a country in the place of its regions; none at all is everywhere."""
    if value == "all":
        return replace(subscription, regions=())
    name, on = _switched(value, {*known.regions, *COUNTRIES})
    country = name[:2]
    if name == country:
        others = [each for each in subscription.regions if each[:2] != country]
    else:
        others = [each for each in subscription.regions if each != country]
    return replace(subscription, regions=_with(others, name, on=on))


def _least(subscription: Subscription, value: str, known: Known) -> Subscription:
    name, _equals, number = value.partition("=")
    _fits(name in known.kinds and number.isdecimal() and len(number) <= len(str(LARGEST)) and int(number) <= LARGEST)
    others = {kind: least for kind, least in subscription.least.items() if kind != name}
    return replace(subscription, least=others | ({name: int(number)} if int(number) else {}))


def _side(subscription: Subscription, value: str, _known: Known) -> Subscription:
    """Choose whose telling counts; all of them is the same as none in particular."""
    if value == "all":
        return replace(subscription, sides=())
    name, on = _switched(value, SIDES)
    chosen = _with(subscription.sides, name, on=on)
    sides = tuple(side for side in SIDES if side in chosen)
    return replace(subscription, sides=() if len(sides) == len(SIDES) else sides)


def _sure(subscription: Subscription, value: str, _: Known) -> Subscription:
    _fits(value in ("mark", "hold"))
    return replace(subscription, unconfirmed="hold" if value == "hold" else "mark")


def _language(subscription: Subscription, value: str, known: Known) -> Subscription:
    _fits(value in known.languages)
    return replace(subscription, language=value)


def _sound(subscription: Subscription, value: str, _: Known) -> Subscription:
    sound = next((each for each in SOUNDS if each == value), None)
    if sound is None:
        raise UnfitError("edge.expired")
    return replace(subscription, updates=sound)


def _time(subscription: Subscription, value: str, _: Known) -> Subscription:
    """Choose when the digest comes, or that each event comes at once."""
    if value == "off":
        return replace(subscription, digest=None)
    before = subscription.digest or Timetable(USUAL_TIME)
    return replace(subscription, digest=replace(before, minute=_minute(value)))


def _minute(value: str) -> int:
    _fits(value.isdecimal() and len(value) <= len(str(MINUTES)) and int(value) < MINUTES)
    return int(value)


def _day(subscription: Subscription, value: str, _: Known) -> Subscription:
    name, on = _switched(value, [str(day) for day in EVERY_DAY])
    digest = subscription.digest or Timetable(USUAL_TIME)
    days = {*digest.weekdays, int(name)} if on else set(digest.weekdays) - {int(name)}
    _fits(days, "panel.one_day_left")
    return replace(subscription, digest=replace(digest, weekdays=tuple(sorted(days))))


def _hush(subscription: Subscription, value: str, _: Known) -> Subscription:
    if value == "off":
        return replace(subscription, quiet=None)
    first, _dash, last = value.partition("-")
    hours = Quiet(_minute(first), _minute(last))
    _fits(hours.first != hours.last, "panel.no_hours")
    return replace(subscription, quiet=hours)


def _zone(subscription: Subscription, value: str, _: Known) -> Subscription:
    _fits(is_zone(value))
    return replace(subscription, zone=value)


CHOICES: Mapping[str, Choice] = {
    "kind": _kind,
    "region": _region,
    "least": _least,
    "side": _side,
    "sure": _sure,
    "tongue": _language,
    "ring": _sound,
    "time": _time,
    "day": _day,
    "hush": _hush,
    "clock": _zone,
}
"""What can be chosen, by the act that a button says."""

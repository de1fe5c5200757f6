"""Own values that are written where no button has them: a number, a time, hours, a city."""

from __future__ import annotations

import re

from bot.core.render.panel.choices import LARGEST
from bot.core.render.panel.zones import Zones
from bot.core.text.arguments import NotUnderstoodError, read_figure

_TIME = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?:\s*(am|pm))?", re.ASCII | re.IGNORECASE)
_HOURS = re.compile(
    r"(?:(?:from|з|із|від|с|со|от)\s+)?(\d[^-–—]{0,10}?)\s*(?:[-–—]|\b(?:to|till|until|до|по)\b)\s*(\d.{0,10})",
    re.IGNORECASE,
)
HALF = 12


def read_typed(what: str, text: str, zones: Zones) -> tuple[str, str]:
    """Return the act and the value that stand for what was written; raise NotUnderstoodError with what to write instead.

    `what` says what was asked: "least=strike", "time", "hush", "clock".
    """
    words = text.strip()
    match what.partition("="):
        case ("least", _, kind):
            return "least", f"{kind}={_number(words)}"
        case ("time", _, _):
            return "time", str(_time(words, "panel.bad_time", words))
        case ("hush", _, _):
            return "hush", _hours(words)
        case ("clock", _, _) if zone := zones.find(words):
            return "clock", zone
    raise NotUnderstoodError("panel.bad_zone", words)


def _number(words: str) -> int:
    figure = read_figure(words.split(), LARGEST)
    if figure is None:
        raise NotUnderstoodError("panel.bad_number", words)
    return figure


def _time(words: str, phrase: str, whole: str) -> int:
    found = _TIME.fullmatch(words.strip())
    if found is None:
        raise NotUnderstoodError(phrase, whole)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").casefold()
    if half and 1 <= hour <= HALF:
        hour = hour % HALF + (HALF if half == "pm" else 0)
    elif half:
        raise NotUnderstoodError(phrase, whole)
    hour = 0 if (hour, minute) == (24, 0) else hour
    if hour > 23 or minute > 59:  # noqa: PLR2004
        raise NotUnderstoodError(phrase, whole)
    return hour * 60 + minute


def _hours(words: str) -> str:
    found = _HOURS.fullmatch(words)
    if found is None:
        raise NotUnderstoodError("panel.bad_hours", words)
    return "-".join(str(_time(part, "panel.bad_hours", words)) for part in found.groups())

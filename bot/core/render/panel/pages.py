"""What each page of a panel shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from bot.core.model import EVERY_DAY, Button, Message, Quiet
from bot.core.render.buttons import rows
from bot.core.render.markup import authored, bold, text
from bot.core.render.panel.choices import COUNTRIES, SIDES, SOUNDS
from bot.core.render.panel.view import (
    TITLE,
    Panel,
    Rows,
    alphabetical,
    clock_of,
    clock_time,
    day_names,
    from_least,
    hours_of,
    own_name,
    region_name,
    regions_of,
    summary,
)
from bot.core.render.panel.zones import COMMON, city, offset

PRESETS = (1, 5, 10, 20, 50, 100)
TIMES = (7 * 60, 9 * 60, 12 * 60, 18 * 60, 20 * 60, 21 * 60)
HOURS = (Quiet(21 * 60, 7 * 60), Quiet(22 * 60, 7 * 60), Quiet(23 * 60, 8 * 60), Quiet(0, 9 * 60))
A_PAGE = 10


def show(panel: Panel, page: str = "main", value: str = "") -> Message:
    """Return a page of the panel; of an unknown one the first."""
    lines, buttons = PAGES.get(page, main)(panel, value)
    back = () if page == "main" else ((panel.button("back", "main"),),)
    told = [f"{authored(panel.told)}\n"] if panel.told else []
    return Message("\n".join([*told, *lines]), (*buttons, *back))


def main(panel: Panel, _: str = "") -> tuple[list[str], Rows]:
    """Return what is chosen, and the way to every choice."""
    heading = panel.say("there", title=text(panel.title, TITLE)) if panel.title else authored(panel.say("here"))
    paused = [authored(panel.say("paused"))] if panel.subscription.suspended else []
    hold = panel.subscription.unconfirmed == "hold"
    last = [panel.button("button.leave", "leave")]
    if panel.channels:
        last.insert(0, panel.button("button.channels", "channels"))
    buttons = [
        *(panel.button(f"button.{page}", page) for page in ("kinds", "regions", "sizes", "sides")),
        *(
            panel.button(f"button.{page}", page)
            for page in ("when", "quiet", "sounds", "languages", "zones", "preview")
        ),
    ]
    sure = (panel.button("button.sure", "sure", "mark" if hold else "hold", on=hold),)
    return [bold(heading), *paused, *map(authored, summary(panel).values())], (sure, *rows(buttons), tuple(last))


def _headed(panel: Panel, page: str, **values: object) -> list[str]:
    return [bold(authored(panel.say(f"button.{page}"))), authored(panel.say(f"about.{page}", **values))]


def kinds(panel: Panel, _: str) -> tuple[list[str], Rows]:
    """Offer the kinds of events."""
    chosen = panel.subscription.kinds
    buttons = [
        panel.choice(panel.book.kinds[kind].title, "kind", f"{kind}={_other(kind in chosen)}", on=kind in chosen)
        for kind in panel.kinds
    ]
    return _headed(panel, "kinds"), rows(buttons, 1)


def _other(on: object) -> str:
    return "off" if on else "on"


def regions(panel: Panel, value: str) -> tuple[list[str], Rows]:
    """Offer everywhere, whole countries, and the way to the regions of each; `value` "UA=1" is the second page of those."""
    country, _, number = value.partition("=")
    if country in COUNTRIES:
        return _of_country(panel, country, int(number) if number.isdecimal() else 0)
    chosen = panel.subscription.regions
    whole = [
        panel.choice(region_name(panel, code), "region", f"{code}={_other(code in chosen)}", on=code in chosen)
        for code in COUNTRIES
    ]
    single = [panel.button(f"choose.{code}", "regions", f"{code}=0") for code in COUNTRIES]
    everywhere = panel.button("everywhere_button", "region", "all", on=not chosen)
    return _headed(panel, "regions", chosen=regions_of(panel)), ((everywhere,), tuple(whole), tuple(single))


def page_of(panel: Panel, code: str) -> str:
    """Return the page of `regions` on which a region, or a country, is offered."""
    codes = _codes(panel, code[:2])
    return f"{code[:2]}={codes.index(code) // A_PAGE}" if code in codes else ""


def _codes(panel: Panel, country: str) -> list[str]:
    order = alphabetical(panel.book)
    codes = [code for code in panel.book.regions if code.startswith(f"{country}-")]
    return sorted(codes, key=lambda code: order(panel.book.regions[code]))


def _of_country(panel: Panel, country: str, number: int) -> tuple[list[str], Rows]:
    codes = _codes(panel, country)
    last = max(0, (len(codes) - 1) // A_PAGE)
    number = min(number, last)
    chosen = panel.subscription.regions
    offered = [
        panel.choice(panel.book.regions[code], "region", f"{code}={_other(code in chosen)}", on=code in chosen)
        for code in codes[number * A_PAGE : (number + 1) * A_PAGE]
    ]
    turn = [panel.choice("‹", "regions", f"{country}={number - 1}")] if number else []
    turn += [panel.choice("›", "regions", f"{country}={number + 1}")] if number < last else []
    whole = panel.choice(
        region_name(panel, country), "region", f"{country}={_other(country in chosen)}", on=country in chosen
    )
    up = panel.button("to_regions", "regions")
    about = panel.say("about.country", country=region_name(panel, country), chosen=regions_of(panel))
    lines = [bold(authored(panel.say("button.regions"))), authored(about)]
    return lines, ((whole,), *rows(offered), *([tuple(turn)] if turn else []), (up,))


def sizes(panel: Panel, _: str) -> tuple[list[str], Rows]:
    """Offer for each kind how large its events have to be."""
    buttons: list[tuple[Button, ...]] = []
    for kind in panel.subscription.kinds:
        least = panel.subscription.least.get(kind, 0)
        title = panel.book.kinds[kind].title
        every = panel.choice(panel.say("any", kind=title), "least", f"{kind}=0", on=not least)
        presets = [
            panel.choice(from_least(panel, kind, number), "least", f"{kind}={number}", on=number == least)
            for number in PRESETS
        ]
        own = panel.choice(panel.say("own_number", kind=title), "own", f"least={kind}", on=least not in {0, *PRESETS})
        buttons += [(every,), *rows(presets), (own,)]
    return _headed(panel, "sizes"), tuple(buttons)


def sides(panel: Panel, _: str) -> tuple[list[str], Rows]:
    """Offer whose telling counts. What chooses the last of them says "all": pressed twice it means the same."""
    chosen = panel.subscription.sides
    last = len(chosen) == len(SIDES) - 1
    buttons = [
        panel.choice(
            panel.book.say(f"side.{side}"),
            "side",
            "all" if last and side not in chosen else f"{side}={_other(side in chosen)}",
            on=side in chosen,
        )
        for side in SIDES
    ]
    return _headed(panel, "sides"), ((panel.button("anyone_button", "side", "all", on=not chosen),), *rows(buttons, 1))


def languages(panel: Panel, _: str) -> tuple[list[str], Rows]:
    """Offer the languages of posts, each by its own name."""
    now = panel.subscription.language
    offered = [panel.choice(own_name(panel, each), "tongue", each, on=each == now) for each in panel.books]
    return _headed(panel, "languages"), rows(offered, 1)


def sounds(panel: Panel, _: str) -> tuple[list[str], Rows]:
    """Offer how changes of a post come."""
    now = panel.subscription.updates
    offered = [panel.button(f"sound.{each}", "ring", each, on=each == now) for each in SOUNDS]
    return _headed(panel, "sounds"), rows(offered, 1)


def when(panel: Panel, _: str) -> tuple[list[str], Rows]:
    """Offer each event at once, or a digest: its time and its days."""
    digest = panel.subscription.digest
    now = digest.minute if digest else -1
    times = [panel.choice(clock_time(minute), "time", minute, on=minute == now) for minute in TIMES]
    own = panel.choice(panel.say("own_time"), "own", "time", on=digest is not None and now not in TIMES)
    names, days = day_names(panel.book), digest.weekdays if digest else ()
    week = [panel.choice(names[day], "day", f"{day}={_other(day in days)}", on=day in days) for day in EVERY_DAY]
    buttons = ((panel.button("at_once_button", "time", "off", on=digest is None),), *rows(times, 3), (own,))
    lines = _headed(panel, "when", clock=clock_of(panel))
    return lines, (*buttons, tuple(week[:4]), tuple(week[4:])) if digest else buttons


def quiet(panel: Panel, _: str) -> tuple[list[str], Rows]:
    """Offer the hours without a sound."""
    now = panel.subscription.quiet
    hours = [panel.choice(hours_of(each), "hush", f"{each.first}-{each.last}", on=each == now) for each in HOURS]
    own = panel.choice(panel.say("own_hours"), "own", "hush", on=now is not None and now not in HOURS)
    grave = [from_least(panel, kind.name, kind.grave) for kind in panel.kinds.values() if kind.grave]
    lines = _headed(panel, "quiet", clock=clock_of(panel))
    lines += [authored(panel.say("still_rings", events=panel.book.listing(grave)))] if grave else []
    return lines, ((panel.button("no_quiet_button", "hush", "off", on=now is None),), *rows(hours), (own,))


def zones(panel: Panel, value: str) -> tuple[list[str], Rows]:
    """Offer the clocks that most readers go by, or those that may have been meant (`value`, joined by "=")."""
    now, offered = panel.subscription.zone, tuple(filter(None, value.split("="))) or COMMON
    buttons = [
        panel.choice(f"{city(each, panel.book)}, {offset(each, panel.now)}", "clock", each, on=each == now)
        for each in offered
    ]
    own = panel.choice(panel.say("own_zone"), "own", "clock", on=now not in COMMON)
    return _headed(panel, "zones", clock=clock_of(panel)), (*rows(buttons), (own,))


def leave(panel: Panel, _: str) -> tuple[list[str], Rows]:
    """Ask once more before the subscription ends."""
    return _headed(panel, "leave"), ((panel.button("yes_leave", "end"),),)


Page: TypeAlias = Callable[[Panel, str], tuple[list[str], Rows]]
PAGES: Mapping[str, Page] = {
    "main": main,
    "kinds": kinds,
    "regions": regions,
    "sizes": sizes,
    "sides": sides,
    "languages": languages,
    "sounds": sounds,
    "when": when,
    "quiet": quiet,
    "zones": zones,
    "leave": leave,
}
AFTER: Mapping[str, str] = {
    "kind": "kinds",
    "region": "regions",
    "least": "sizes",
    "side": "sides",
    "sure": "main",
    "tongue": "languages",
    "ring": "sounds",
    "time": "when",
    "day": "when",
    "hush": "quiet",
    "clock": "zones",
}
"""The page on which a choice is made, and which it leaves standing."""


def after(panel: Panel, act: str, value: str) -> Message:
    """Return the page on which a choice was made."""
    within = page_of(panel, value.partition("=")[0]) if act == "region" else ""
    return show(panel, AFTER[act], within)

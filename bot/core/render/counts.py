"""Counts for those who want to know how much there is: by month, by side, of the last day; and the feeds they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel.dates import format_date, format_timedelta

from bot.core.model import Message, Outline, PollState, Source
from bot.core.render.buttons import rows
from bot.core.render.markup import LIMIT, authored, bold, fit, link, text
from bot.core.render.pages import again, by_month, counted, region_name, totals
from bot.core.render.phrases import Phrasebook

DAY = timedelta(days=1)
PER_PAGE = 20
COUNTRIES = ("UA", "RU")
CHART = "chart"
LATELY = timedelta(hours=12)
"""How long after its last success a source counts as read lately: the longest that one is left alone is six hours."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What `/stats` counts: the events of this year in short, and how many events changed within the last day, by kind."""

    year: tuple[Outline, ...]
    fresh: Mapping[str, int]


def statistics(lines: Sequence[str], counted_: Counted, today: date, book: Phrasebook, *, charts: bool) -> Message:
    """Return the counts of the whole store, then of this year by month and by side, then of the last day."""
    year = book.say("question.stats.year", year=today.year)
    parts = [bold(authored(book.say("command.stats"))), *map(text, lines), "", bold(authored(year))]
    parts += [text(_months(kind, counted_.year, today.year, book), 400) for kind in sorted(book.kinds)]
    parts += [*totals(counted_.year, book), *map(text, _by_country(counted_.year, book))]
    parts += ["", bold(authored(book.say("question.stats.day"))), *map(text, _fresh(counted_.fresh, book))]
    chart = again(book.say("question.stats.chart"), CHART, "") if charts else None
    return Message("\n".join(parts), ((chart,),) if chart else ())


def _months(kind: str, outlines: Sequence[Outline], year: int, book: Phrasebook) -> str:
    counts = by_month(outlines, year, kind)
    told = (
        f"{format_date(date(year, month, 1), 'LLL', locale=book.language)} {book.number(count)}"
        for month, count in counts.items()
    )
    return f"{book.kinds[kind].title}: {' · '.join(told) or book.say('question.stats.none')}"


def _by_country(outlines: Sequence[Outline], book: Phrasebook) -> list[str]:
    """Return the strikes and their toll in each country."""
    told = []
    for country in COUNTRIES:
        hit = [each for each in outlines if each.kind == "strike" and str(each.facts.get("region", ""))[:2] == country]
        sums = {slot: book.number(sum(counted(each, slot) for each in hit)) for slot in ("killed", "injured")}
        count = book.counted(book.kinds["strike"].name, len(hit))
        side = region_name(country, book)
        told += [book.say("question.stats.side", side=side, strikes=count, **sums)] if hit else []
    return told


def _fresh(fresh: Mapping[str, int], book: Phrasebook) -> list[str]:
    told = [f"{book.kinds[kind].title}: {book.number(count)}" for kind, count in sorted(fresh.items()) if count]
    return told or [book.say("question.stats.none")]


def sources(
    configured: Sequence[Source], states: Mapping[str, PollState], now: datetime, book: Phrasebook, offset: int = 0
) -> Message:
    """Return a page of the feeds: whose each is, how far it is trusted, when it was read and what it had newest."""
    ordered = sorted(configured, key=lambda source: (source.side, source.tier, source.name.casefold()))
    offset = offset if offset < len(ordered) else 0
    shown = ordered[offset : offset + PER_PAGE]
    lines, _ = fit([_source(source, states.get(source.id), now, book) for source in shown], LIMIT * 2)
    heading = bold(authored(book.say("question.sources.title", count=book.number(len(ordered)))))
    legend = authored(book.say("question.sources.legend"))
    numbers = {"first": offset + 1, "last": offset + len(shown), "all": len(ordered)}
    place = [authored(book.say("question.of", **numbers))] if len(ordered) > PER_PAGE else []
    wanted = [
        again(book.say("question.sources.back"), "sources", "", offset - PER_PAGE) if offset else None,
        again(book.say("question.sources.more"), "sources", "", offset + PER_PAGE)
        if offset + PER_PAGE < len(ordered)
        else None,
    ]
    return Message("\n".join([heading, legend, "", *lines, *place]), rows([each for each in wanted if each]))


def _source(source: Source, state: PollState | None, now: datetime, book: Phrasebook) -> str:
    tier, side = book.say(f"desk.tier.{source.tier}"), book.say(f"desk.side.{source.side}")
    mark, told = _health(state, now, book)
    return f"{mark} {link(source.name[:60], source.url)} · {text(f'{tier} · {side} · {told}', 120)}"


def _health(state: PollState | None, now: datetime, book: Phrasebook) -> tuple[str, str]:
    """Return a sign for how a source does, and when it was read last and what was newest in it."""
    if state is None or state.last_success is None:
        return "⏳" if state is None or not state.failures else "⚠️", book.say("question.sources.never")
    read = ago(state.last_success, now, book)
    if state.failures or now - state.last_success > LATELY:
        return "⚠️", book.say("question.sources.failing", ago=read)
    told = [book.say("question.sources.read", ago=read)]
    if state.last_item:
        told.append(book.say("question.sources.newest", ago=ago(state.last_item, now, book)))
    return "✅", ", ".join(told)


def ago(moment: datetime, now: datetime, book: Phrasebook) -> str:
    """Return how long ago something was: "5 minutes ago"."""
    passed = max(timedelta(seconds=60), now - moment)
    return str(format_timedelta(-passed, add_direction=True, locale=book.language, granularity="minute"))

"""Counts for those who want to know how much there is: by month, by side, of the last day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date

from bot.core.model import Message, Outline
from bot.core.render.markup import authored, bold, text
from bot.core.render.pages import again, by_month, counted, region_name, totals
from bot.core.render.phrases import Phrasebook

DAY = timedelta(days=1)
COUNTRIES = ("UA", "RU")
CHART = "chart"


@dataclass(frozen=True, slots=True)
class Counted:
    """What `/stats` counts: the events of a year in short, and how many events changed within the last day, by kind."""

    year: tuple[Outline, ...]
    fresh: Mapping[str, int]


def statistics(lines: Sequence[str], counted_: Counted, year: int, book: Phrasebook, *, charts: bool) -> Message:
    """Return the counts of the whole store, then of a year by month and by side, then of the last day."""
    heading = book.say("question.stats.year", year=year)
    parts = [bold(authored(book.say("command.stats"))), *map(text, lines), "", bold(authored(heading))]
    parts += [text(_months(kind, counted_.year, year, book), 400) for kind in sorted(book.kinds)]
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

"""Reports as tests tell them: who says what, when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

from bot.core.kinds.strike import KIND as STRIKE
from bot.core.kinds.swap import KIND as SWAP
from bot.core.match import fits as good
from bot.core.merge import fold
from bot.core.model import Event, Item, Origin, Report, Source

KINDS = {"swap": SWAP, "strike": STRIKE}
_numbers = count(1)


def at(day: int, hour: int = 12, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2025, month, day, hour, minute, tzinfo=UTC)


def june(day: int) -> date:
    return date(2025, 6, day)


def origin(outlet: str, published: datetime, **changes: object) -> Origin:
    values: dict[str, object] = {
        "item_id": f"{outlet}-{published.isoformat()}",
        "source_id": outlet,
        "name": outlet,
        "tier": "outlet",
        "side": "independent",
        "owner": "",
        "language": "uk",
        "url": f"https://{outlet}.example/{published.isoformat()}",
        "published": published,
    }
    return Origin(**(values | changes))


def swap(outlet: str, published: datetime, day: date | None = None, **changes: object) -> Report:
    facts = {"subtype": "prisoners", **changes.pop("facts", {})}
    voice = origin(outlet, published, **changes.pop("voice", {}))
    return Report(kind="swap", origin=voice, date=day, facts=facts, **changes)


def strike(outlet: str, published: datetime, day: date | None = None, **changes: object) -> Report:
    facts = {"attacker": "RU", "region": "UA-63", **changes.pop("facts", {})}
    voice = origin(outlet, published, **changes.pop("voice", {}))
    return Report(kind="strike", origin=voice, date=day, facts=facts, **changes)


def event(*reports: Report, number: int = 1) -> Event:
    return replace(fold(KINDS[reports[0].kind], reports), id=number)


def fits(report: Report, *reports: Report, lone: bool = False) -> bool:
    """Tell whether the report joins the event of the others by its own kind's comparison; `lone`: nothing else is near."""
    return good(KINDS[report.kind].compare(report, event(*reports)), lone=lone)


def why(report: Report, *reports: Report) -> str:
    return "; ".join(KINDS[report.kind].compare(report, event(*reports)).reasons)


def finds(report: Report, founder: Report) -> bool:
    """Tell whether the report looks where the founder's event is stored."""
    kind = KINDS[report.kind]
    return not kind.lookup(report).isdisjoint(kind.index(founder))


def item(outlet: str, published: datetime, title: str = "", **changes: object) -> Item:
    source = Source(outlet, outlet, "rss", f"https://{outlet}.example/rss", "uk")
    number = next(_numbers)
    values: dict[str, object] = {
        "id": f"{outlet}-{number}",
        "source": source,
        "language": "uk",
        "url": f"https://{outlet}.example/{number}",
        "published": published,
        "title": title or f"Новина {number}",
    }
    return Item(**(values | changes))

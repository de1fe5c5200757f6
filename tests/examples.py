"""Events and words that several tests speak about."""

from __future__ import annotations

from datetime import UTC, date, datetime

from bot.adapters.phrases import load_phrasebooks
from bot.core.model import Claim, Event, FactChange, Origin, Report

REGIONS = {
    "UA-63": {"en": "Kharkiv Oblast", "uk": "Харківська область", "ru": "Харьковская область"},
    "RU-BEL": {"en": "Belgorod Oblast", "uk": "Бєлгородська область", "ru": "Белгородская область"},
}
PLACES = {("UA-63", "Kharkiv"): {"uk": "Харків", "ru": "Харьков"}}
BOOKS = load_phrasebooks(REGIONS, PLACES)


def moment(hour: int, day: int = 9) -> datetime:
    return datetime(2025, 6, day, hour, 20, tzinfo=UTC)


def origin(name: str, side: str = "UA", tier: str = "outlet", hour: int = 10, url: str = "") -> Origin:
    slug = name.casefold().replace(" ", "-")
    address = url or f"https://{slug}.example/news?id=1&lang=uk"
    return Origin(f"{slug}-1", slug, name, tier, side, slug, "uk", address, moment(hour), "headline")


def exchange(**changes: object) -> Event:
    kyiv, moscow = origin("Берег News"), origin("Северный <Вестник>", "RU", "official", 12)
    reports = (
        Report(kind="swap", origin=kyiv, date=date(2025, 6, 9), facts={"to_ukraine": 1207}),
        Report(kind="swap", origin=moscow, date=date(2025, 6, 9), facts={"to_ukraine": 1195}),
    )
    values: dict[str, object] = {
        "id": 12,
        "kind": "swap",
        "date": date(2025, 6, 9),
        "status": "carried_out",
        "disputed": True,
        "confirmed": True,
        "facts": {
            "subtype": "prisoners",
            "to_ukraine": 1207,
            "to_russia": 1195,
            "to_ukraine_civilians": 2,
            "categories": ("women", "under_25"),
            "mediators": ("UAE", "US"),
            "ordinal": 66,
        },
        "claims": {"to_ukraine": (Claim("to_ukraine", 1207, kyiv), Claim("to_ukraine", 1195, moscow))},
        "reports": reports,
        "opened": kyiv.published,
        "updated": moscow.published,
        "history": (
            FactChange("status", "announced", "carried_out", moment(11), "Берег News"),
            FactChange("to_ukraine", 1195, 1207, moment(12), "Берег News"),
        ),
    }
    return Event(**(values | changes))


def strike(**changes: object) -> Event:
    source = origin("Sloboda Wire")
    facts = {
        "attacker": "RU",
        "region": "UA-63",
        "places": ("Kharkiv",),
        "killed": 2,
        "injured": 21,
        "drones": 17,
        "targets": ("residential", "school"),
    }
    values: dict[str, object] = {
        "id": 13,
        "kind": "strike",
        "date": date(2025, 6, 9),
        "status": "carried_out",
        "disputed": False,
        "confirmed": False,
        "facts": facts,
        "claims": {"killed": (Claim("killed", 2, source),)},
        "reports": (Report(kind="strike", origin=source, date=date(2025, 6, 9), facts=facts),),
        "opened": source.published,
        "updated": source.published,
    }
    return Event(**(values | changes))

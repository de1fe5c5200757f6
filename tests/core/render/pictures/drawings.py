"""Outlines that several tests draw, and what can be read off a picture."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from html import unescape
from xml.etree import ElementTree as ET

from bot.adapters.borders import load_atlas
from bot.adapters.names import load_region_names
from bot.adapters.phrases import load_phrasebooks
from bot.core.model import Outline, Picture

ATLAS = load_atlas()
BOOKS = load_phrasebooks(load_region_names(), {})
LANGUAGES = ("en", "uk", "ru")
SVG = "{http://www.w3.org/2000/svg}"
NOW = datetime(2025, 6, 15, 12, tzinfo=UTC)
FIRST = date(2025, 5, 1)


def outline(kind: str, day: date | None, status: str = "carried_out", **facts: object) -> Outline:
    return Outline(1, kind, day, status, facts, NOW)


def swap(day: date | None, ukraine: int | None = None, russia: int | None = None, **more: object) -> Outline:
    facts = {"subtype": "prisoners", "to_ukraine": ukraine, "to_russia": russia, **more}
    status = str(facts.pop("status", "carried_out"))
    return outline("swap", day, status, **{slot: value for slot, value in facts.items() if value is not None})


def strike(day: date | None, region: str, **facts: object) -> Outline:
    status = str(facts.pop("status", "carried_out"))
    return outline("strike", day, status, region=region, **facts)


def after(days: int) -> date:
    return FIRST + timedelta(days=days)


SPRING = (
    *(swap(after(days), 205 + days, 190 + days) for days in (5, 18, 40, 70, 100)),
    swap(after(20), 390, 390),
    swap(after(41), 1212, 27, subtype="bodies"),
    swap(after(15), 909, 34, subtype="bodies"),
)
STRIKES = (
    *(strike(after(days), "UA-63", killed=days % 5) for days in range(0, 60, 4)),
    *(strike(after(days), "UA-30", killed=9) for days in range(0, 60, 12)),
    *(strike(after(days), "RU-BEL") for days in range(0, 60, 9)),
    strike(after(7), "RU-IRK"),
    strike(after(8), "UA-43"),
)
NIGHTS = tuple(
    night
    for days in range(12)
    for night in (
        strike(
            after(days),
            "UA",
            drones=200 + 20 * days,
            drones_downed=180 + 15 * days,
            missiles=days,
            missiles_downed=days // 2,
        ),
        strike(after(days), "RU", drones_downed=40 + days),
    )
)


def texts(picture: Picture) -> list[str]:
    """Return every line of letters in a picture, in its order."""
    return [unescape(each.text or "") for each in ET.fromstring(picture.svg).iter(f"{SVG}text")]


def sizes(picture: Picture) -> set[float]:
    return {float(each.get("font-size", "0")) for each in ET.fromstring(picture.svg).iter(f"{SVG}text")}


def read_off(picture: Picture) -> str:
    """Return a picture as a person can check it: its letters in order, how many shapes have which colour, its words."""
    root = ET.fromstring(picture.svg)
    shapes = Counter(
        f"{each.tag.removeprefix(SVG)} {each.get('fill', each.get('stroke', ''))}"
        for each in root.iter()
        if each.tag.removeprefix(SVG) in {"rect", "path", "circle", "line", "use"}
    )
    counted = [f"{count} x {shape}" for shape, count in sorted(shapes.items())]
    return "\n".join([*texts(picture), "", *counted, "", picture.alt, ""])

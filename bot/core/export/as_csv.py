"""CSV (RFC 4180): an event a row, in columns that `docs/reference/events.md` lists, for spreadsheets and statistics.

A spreadsheet takes a cell that begins with a sign such as "=" for a formula; outside text that begins so goes out behind an
apostrophe. The rows have the licence themselves, since rows are what is copied; how many they are and as of when is told
beside the file, as the W3C has it (CSV on the Web).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Final

from bot.core.export import ATTRIBUTION, LICENCE, LICENCE_URL, VERSION, Edition, Entry, Format, certainty, differing
from bot.core.export._fields import claim_fields, lines_of, moment, public
from bot.core.kinds import Kind
from bot.core.model import Event, Fact
from bot.core.render.post import unique_origins

FIRST: Final = ("event", "kind", "state", "merged_into", "date", "status", "certainty", "disputed")
LAST: Final = (
    "claims",
    "sources",
    "urls",
    "opened",
    "changed",
    "revision",
    "link",
    "version",
    "licence",
    "attribution",
)
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
SEVERAL: Final = "; "


def columns(kinds: Mapping[str, Kind]) -> tuple[str, ...]:
    """Return the names of the columns: what every event has, the slots of the kinds, who says it."""
    slots = (slot.name for name in sorted(kinds) for slot in kinds[name].slots)
    return (*FIRST, *dict.fromkeys(slots), *LAST)


def _head(edition: Edition) -> str:
    return _line(columns(edition.kinds))


def _row(entry: Entry, edition: Edition) -> str:
    event, kind = entry.event, edition.kinds[entry.event.kind]
    cells: dict[str, object] = {
        "event": event.id,
        "kind": event.kind,
        "state": entry.state,
        "merged_into": event.merged_into or "",
        "changed": moment(entry.changed),
        "link": entry.link,
        "version": VERSION,
        "licence": LICENCE,
        "attribution": ATTRIBUTION,
    }
    if entry.state == "told":
        cells |= {slot.name: _value(event, slot.name) for slot in kind.slots} | _told(event, kind)
    return _line(cells.get(column, "") for column in columns(edition.kinds))


def _told(event: Event, kind: Kind) -> dict[str, object]:
    origins = unique_origins(event)
    claims = [claim_fields(claim) for claim in differing(event, [slot.name for slot in kind.slots])]
    return {
        "date": event.date.isoformat() if event.date else "",
        "status": event.status,
        "certainty": certainty(event),
        "disputed": str(event.disputed).lower(),
        "claims": json.dumps(claims, ensure_ascii=False) if claims else "",
        "sources": SEVERAL.join(origin.name for origin in origins),
        "urls": lines_of(public(origin.url) for origin in origins),
        "opened": moment(event.opened),
        "revision": event.revision,
    }


def _value(event: Event, slot: str) -> object:
    """Return a shown value as a cell; where several stand beside each other the lowest and the highest: 15..20."""
    if slot in event.ranges:
        return "{}..{}".format(*event.ranges[slot])
    value: Fact | None = event.facts.get(slot)
    if isinstance(value, tuple):
        return SEVERAL.join(value)
    return "" if value is None else value


def _line(cells: Iterable[object]) -> str:
    line = StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(map(_guarded, cells))
    return line.getvalue()


def _guarded(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _foot(_: Edition) -> str:
    return ""


def metadata(edition: Edition, name: str) -> str:
    """Return what the table is, as JSON-LD of CSV on the Web."""
    said = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": name,
        "dc:title": "Events read by Vistka",
        "dc:license": {"@id": LICENCE_URL},
        "dc:rights": ATTRIBUTION,
        "dc:modified": moment(edition.updated),
        "dc:hasVersion": str(VERSION),
        "dc:extent": f"{edition.count} rows",
        "tableSchema": {"columns": [{"titles": name} for name in columns(edition.kinds)], "primaryKey": "event"},
    }
    return json.dumps({name: value for name, value in said.items() if value is not None}, indent=2) + "\n"


FORMAT: Format = Format("csv", "text/csv", _head, _row, _foot, beside=metadata, beside_name="-metadata.json")

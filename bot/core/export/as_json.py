"""JSON: events with their claims, sources and changes, as `docs/reference/events.schema.json` has it; an event a line."""

from __future__ import annotations

import json

from bot.core.export import Edition, Entry, Format
from bot.core.export._fields import brief_fields, full_fields, head_fields, told_fields


def _head(edition: Edition) -> str:
    return json.dumps(head_fields(edition), ensure_ascii=False)[:-1] + ', "events": [\n'


def _row(entry: Entry, edition: Edition) -> str:
    fields, event = brief_fields(entry), entry.event
    if entry.state == "told":
        kind = edition.kinds[event.kind]
        fields |= told_fields(event, kind) | full_fields(event, kind)
    return json.dumps(fields, ensure_ascii=False)


def _foot(_: Edition) -> str:
    return "\n]}\n"


FORMAT: Format = Format("json", "application/json", _head, _row, _foot, between=",\n")

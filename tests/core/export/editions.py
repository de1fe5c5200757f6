"""Editions as tests make them, and a reader of the JSON Schema that exports are held to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.core.export import Edition, Entry, Format, Publishing
from bot.core.model import Event
from bot.exporting import counted
from tests.examples import BOOKS
from tests.reports import KINDS

POINTS = {
    "UA-63": (36.2345, 49.9876),
    "RU-BEL": (37.71, 50.87),
    "UA-63 Izium": (37.26, 49.21),
    "UA-63 Lozova": (36.31, 48.89),
}
EDITION = Edition(KINDS, BOOKS["en"], POINTS, "77")
TYPES: Mapping[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
    "number": (int, float),
}


def entries(*events: Event, link: str = "") -> list[Entry]:
    publishing = Publishing()
    return [entry for event in events if (entry := publishing.entry(event, event.updated, link))]


def written(form: Format, *events: Event, link: str = "", edition: Edition = EDITION) -> str:
    """Return events in a form."""
    rows = []
    for entry in entries(*events, link=link):
        row = form.row(entry, edition)
        if row:
            rows.append(row)
            edition = counted(edition, entry)
    return form.head(edition) + form.between.join(rows) + form.foot(edition)


def faults(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], at: str = "$") -> Iterator[str]:
    """Yield where a value is not as the schema has it; raise for a word of JSON Schema that is not known here."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")] | {
            key: said for key, said in schema.items() if key != "$ref"
        }
    for word, said in schema.items():
        if not _CHECKS[word](value, said, schema, root):
            yield f"{at}: {value!r} is against {word}: {said!r}"
    if isinstance(value, dict):
        for name, each in value.items():
            if name in schema.get("properties", {}):
                yield from faults(each, schema["properties"][name], root, f"{at}.{name}")
            elif isinstance(schema.get("additionalProperties"), dict):
                yield from faults(each, schema["additionalProperties"], root, f"{at}.{name}")
    if isinstance(value, list) and "items" in schema:
        for number, each in enumerate(value):
            yield from faults(each, schema["items"], root, f"{at}[{number}]")


def _is(value: Any, names: str | Iterable[str]) -> bool:
    names = [names] if isinstance(names, str) else list(names)
    return any(isinstance(value, TYPES[name]) and (name == "boolean") == isinstance(value, bool) for name in names)


def _no_others(value: Any, allowed: Any, schema: Mapping[str, Any], _: Any) -> bool:
    return not isinstance(value, dict) or allowed is not False or set(value) <= set(schema["properties"])


def _any(value: Any, schemas: Any, _: Any, root: Mapping[str, Any]) -> bool:
    return any(not list(faults(value, each, root)) for each in schemas)


def _anything(*_: Any) -> bool:
    return True


_CHECKS = {
    "type": lambda value, said, *_: _is(value, said),
    "const": lambda value, said, *_: value == said,
    "enum": lambda value, said, *_: value in said,
    "minimum": lambda value, said, *_: not _is(value, "number") or value >= said,
    "pattern": lambda value, said, *_: not isinstance(value, str) or re.search(said, value) is not None,
    "required": lambda value, said, *_: not isinstance(value, dict) or set(said) <= set(value),
    "minItems": lambda value, said, *_: not isinstance(value, list) or len(value) >= said,
    "maxItems": lambda value, said, *_: not isinstance(value, list) or len(value) <= said,
    "additionalProperties": _no_others,
    "anyOf": _any,
    **dict.fromkeys(
        ("$schema", "$id", "$defs", "title", "description", "properties", "items", "format", "propertyNames"), _anything
    ),
}

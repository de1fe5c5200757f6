"""The lines that `extract`, `replay` and `items` read and write: items in, reports and events out, as JSON.

A line that is no item costs one line on standard error and nothing else: what was printed stays, the next line is read.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, get_args

import click

from bot.adapters.languages import FIRST, load_alphabets, read_languages
from bot.core.kinds import Kind, Slot
from bot.core.model import Event, Fact, Item, Report, Side, Source, Tier
from bot.core.render.lines import SOURCE_FIELDS
from bot.core.text.language import Alphabets
from bot.ports import VistkaError

LANGUAGES = frozenset(read_languages())
YEARS = range(1990, 2200)
NEEDED = ("id", "title", "published")
CHOICES: Mapping[str, tuple[str, ...]] = {"tier": get_args(Tier), "side": get_args(Side)}
EXAMPLE = '{"id": "ukrinform", "name": "Ukrinform", "tier": "agency", "side": "UA", "owner": "state"}'


class LineError(VistkaError):
    """A line that is no item; the text says what is wrong and what to do."""


_UNSEEN = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def seen(line: str) -> str:
    """Return JSON in which what a terminal obeys and nobody sees is written as an escape; it says the same."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


class ItemLines:
    """The items of a stream of JSON Lines in UTF-8. Bad lines go to `complain` and are counted in `bad`."""

    def __init__(self, stream: Iterable[bytes], complain: Callable[[str], None]) -> None:
        self.bad = 0
        self._stream = stream
        self._complain = complain

    def __iter__(self) -> Iterator[Item]:
        for number, line in enumerate(self._stream, 1):
            if not line.strip():
                continue
            try:
                yield item_of(line)
            except LineError as error:
                self.bad += 1
                self._complain(f"line {number}: {error}")


def item_of(line: bytes) -> Item:
    """Return the item on a line; raise LineError."""
    entry = _object(line)
    absent = [name for name in NEEDED if entry.get(name) is None]
    if absent:
        raise LineError(f"lacks {', '.join(absent)}; every item needs {', '.join(NEEDED)}")
    title, summary = _text(entry, "title"), _text(entry, "summary")
    body = None if entry.get("body") is None else _text(entry, "body")
    language = _text(entry, "lang")
    if language not in LANGUAGES:
        language = _alphabets().language_of(f"{title} {summary}", FIRST) or FIRST
    return Item(
        id=_text(entry, "id"),
        source=_source(entry, language),
        language=language,
        url=_text(entry, "url"),
        published=_time(_text(entry, "published")),
        title=title,
        summary=summary,
        body=body,
        via=_text(entry, "via"),
    )


@cache
def _alphabets() -> Alphabets:
    return load_alphabets()


def report_fields(report: Report, kind: Kind) -> dict[str, Any]:
    """Return a report as the corpus writes it: every slot of the kind, null, false or [] where not stated."""
    return {
        "kind": report.kind,
        "role": report.role,
        "date": report.date.isoformat() if report.date else None,
        "status": report.status,
        "disputed": report.disputed,
        "evidence": report.evidence[0].text if report.evidence else "",
        **_slots(report.facts, kind),
    }


def event_fields(event: Event, kind: Kind) -> dict[str, Any]:
    """Return an event as the corpus writes it, with its claims, sources and history."""
    return {
        "event": event.id,
        "kind": event.kind,
        "date": event.date.isoformat() if event.date else None,
        "status": event.status,
        "disputed": event.disputed,
        "confirmed": event.confirmed,
        **_slots(event.facts, kind),
        "claims": {
            slot: [
                {"value": claim.value, "source": claim.origin.name, "item": claim.origin.item_id} for claim in claims
            ]
            for slot, claims in event.claims.items()
        },
        "history": [
            {
                "slot": step.slot,
                "before": step.before,
                "after": step.after,
                "at": step.at.isoformat(),
                "source": step.source,
            }
            for step in event.history
        ],
        "items": [report.origin.item_id for report in event.reports],
        "opened": event.opened.isoformat(),
        "updated": event.updated.isoformat(),
    }


def write_line(entry: Mapping[str, Any]) -> None:
    """Print one JSON line, at once. Half a character (a lone surrogate) stays the escape it came as."""
    line = json.dumps(entry, ensure_ascii=False) + "\n"
    stream = sys.stdout.buffer
    stream.write(line.encode("utf-8", "backslashreplace"))
    stream.flush()


def complain(text: str) -> None:
    """Print one line on standard error."""
    click.echo(text, err=True)


def _object(line: bytes) -> dict[str, Any]:
    try:
        entry = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise LineError("is not UTF-8; save the input as UTF-8") from None
    except json.JSONDecodeError as error:
        raise LineError(f"is no JSON ({error.msg} at character {error.pos}); put one JSON object on a line") from None
    except (ValueError, RecursionError):
        raise LineError("is JSON beyond all limits; put one item on a line") from None
    if not isinstance(entry, dict):
        raise LineError("is JSON but no object; put one item, such as {…}, on a line")
    return entry


def _text(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise LineError(f"has a {name} that is no text; put it in quotes")
    return value


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text)
        if time.tzinfo and time.year in YEARS:
            return time.astimezone(UTC)
    except ValueError:
        pass
    raise LineError(f"has published {text!r}, which is no time with an offset; write it like 2025-06-09T12:00:00+03:00")


def _source(entry: Mapping[str, Any], language: str) -> Source:
    """Return the item's source: as its `source` says, else its outlet, trusted as any outlet and on no side."""
    said = entry.get("source") or {}
    if not isinstance(said, dict):
        raise LineError(f"has a source that is no object; write it like {EXAMPLE}")
    for name in sorted(said.keys() - set(SOURCE_FIELDS)):
        raise LineError(f"has a source with an unknown field {name!r}; there are {', '.join(SOURCE_FIELDS)}")
    stated = {name: value for name in said if (value := _text(said, name))}
    for name, allowed in CHOICES.items():
        if stated.get(name, allowed[0]) not in allowed:
            raise LineError(f"has a source whose {name} is {stated[name]!r}; it can be {', '.join(allowed)}")
    named = stated.get("name") or _text(entry, "outlet") or stated.get("id") or "unnamed"
    slug = re.sub(r"\W+", "-", named.casefold()).strip("-") or "unnamed"
    known: dict[str, Any] = {"id": slug, **stated, "name": named}
    return Source(type="lines", url="", language=language, **known)


def _slots(facts: Mapping[str, Fact], kind: Kind) -> dict[str, Any]:
    return {slot.name: _value(slot, facts.get(slot.name)) for slot in kind.slots}


def _value(slot: Slot, value: Fact | None) -> Any:
    if slot.type == "set":
        return list(value) if isinstance(value, tuple) else []
    return bool(value) if slot.type == "flag" else value

"""`sources.toml` into the sources that are polled.

The file is written by people, so every fault is one line that says which table, which field, and what to write instead.
"""

from __future__ import annotations

import difflib
import tomllib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from importlib import resources
from pathlib import Path
from typing import Any, Final, get_args
from urllib.parse import urlsplit

from bot.adapters.agencies import read_agencies
from bot.adapters.languages import read_languages
from bot.core.model import Side, Source, Tier
from bot.core.text.normalise import fold
from bot.ports import VistkaError

TIERS: Final = tuple(tier for tier in get_args(Tier) if tier != "register")
"""The bundled register alone vouches for itself."""
FIELDS: Final = tuple(field.name for field in fields(Source))
REQUIRED: Final = ("id", "name", "type", "url", "language")
LONGEST: Final = 500
"""Characters of a field; an address may have four times as many."""


class SourcesError(VistkaError):
    """The sources file cannot be read or holds a fault."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Listed:
    """A source of the file, and whether it is polled."""

    source: Source
    enabled: bool


def load_sources(path: Path | None, types: Collection[str]) -> tuple[Source, ...]:
    """Return the enabled sources of the file, or of the bundled list, in its order; raise SourcesError.

    `types` are the names of the source types there are. A table may say `enabled = false`; it is checked all the same.
    """
    name = str(path) if path else "bundled sources.toml"
    return tuple(each.source for each in read_sources(name, read_text(path), types) if each.enabled)


def read_sources(name: str, text: str, types: Collection[str]) -> tuple[Listed, ...]:
    """Return every source of the text of a file of that name, in its order; raise SourcesError."""
    tables = _tables(name, text)
    choices = {"type": sorted(types), "language": read_languages(), "tier": TIERS, "side": get_args(Side)}
    sources = [_source(f"{name}, [[source]] {number}", table, choices) for number, table in enumerate(tables, 1)]
    _refuse_doubles(name, sources)
    return tuple(Listed(source, table.get("enabled", True)) for source, table in zip(sources, tables, strict=True))


def read_text(path: Path | None) -> str:
    """Return what stands in the file, or in the bundled list; raise SourcesError."""
    name = str(path) if path else "bundled sources.toml"
    bundled = resources.files("bot").joinpath("data", "sources.toml")
    try:
        return (path or bundled).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise SourcesError(f"{name}: it is no UTF-8 text; save it as UTF-8") from None
    except FileNotFoundError:
        raise SourcesError(
            f"{name}: there is no such file; 'vistka sources init' makes it of the bundled list, 'vistka sources add' "
            "begins one of your own"
        ) from None
    except OSError as error:
        raise SourcesError(f"{name}: cannot be read ({error.strerror}); check VISTKA_SOURCES") from None


def _tables(name: str, text: str) -> Sequence[Mapping[str, Any]]:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SourcesError(f"{name}: it is no TOML: {error}") from None
    for key in document.keys() - {"source"}:
        raise SourcesError(f"{name}: unknown table {key!r}; sources are [[source]] tables")
    tables = document.get("source", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SourcesError(f"{name}: 'source' is no list of tables; write [[source]] with two brackets")
    if not tables:
        raise SourcesError(
            f"{name}: it holds no [[source]] table; 'vistka sources add' adds one, and without VISTKA_SOURCES "
            "the bundled list is polled"
        )
    return tables


def _source(place: str, table: Mapping[str, Any], choices: Mapping[str, Sequence[str]]) -> Source:
    for key in table.keys() - {*FIELDS, "enabled"}:
        raise SourcesError(f"{place}: unknown field {key!r}; {_nearest(key, (*FIELDS, 'enabled'))}")
    for key in REQUIRED:
        if key not in table:
            raise SourcesError(f"{place}: {key!r} is missing; every source needs {', '.join(REQUIRED)}")
    for key, value in table.items():
        _check_kind(place, key, value)
    for key, allowed in choices.items():
        _check_choice(place, table, key, allowed)
    _check_address(place, table["url"])
    wire = _wire(place, table.get("wire", ""))
    return Source(**{key: value for key, value in table.items() if key not in ("enabled", "wire")}, wire=wire)


def _wire(place: str, name: str) -> str:
    """Return the owner of the agency of this name, or of this owner, in any case; "" for none."""
    if not name:
        return ""
    owners = {fold(each): owner for owner, names in read_agencies().items() for each in (owner, *names)}
    if fold(name) not in owners:
        raise SourcesError(
            f"{place}: wire {name!r} is no agency of bot/data/agencies.toml; {_nearest(name, [*owners])}"
        )
    return owners[fold(name)]


def _check_kind(place: str, key: str, value: object) -> None:
    if key == "enabled":
        if not isinstance(value, bool):
            raise SourcesError(f"{place}: 'enabled' is {value!r}; write true or false")
    elif not isinstance(value, str):
        raise SourcesError(f"{place}: {key!r} is {value!r}; write it as text in quotes")
    elif key in REQUIRED and not value.strip():
        raise SourcesError(f"{place}: {key!r} is empty; every source needs {', '.join(REQUIRED)}")
    elif len(value) > LONGEST * (4 if key == "url" else 1):
        raise SourcesError(f"{place}: {key!r} has {len(value)} characters; {LONGEST} are enough for anybody")
    elif any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        raise SourcesError(f"{place}: {key!r} has a control character in it; take it out")


def _check_choice(place: str, table: Mapping[str, Any], key: str, choices: Sequence[str]) -> None:
    if key in table and table[key] not in choices:
        raise SourcesError(f"{place}: {key} {table[key]!r} is none of {', '.join(choices)}")


def _check_address(place: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool((parts.hostname or "").strip(".")) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        raise SourcesError(f"{place}: 'url' is no web address; it starts with https:// or http://")


def _refuse_doubles(name: str, sources: Sequence[Source]) -> None:
    first: dict[str, int] = {}
    for number, source in enumerate(sources, 1):
        if source.id in first:
            raise SourcesError(
                f"{name}, [[source]] {number}: id {source.id!r} is that of [[source]] {first[source.id]} too; "
                "give each source its own"
            )
        first[source.id] = number


def _nearest(key: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"

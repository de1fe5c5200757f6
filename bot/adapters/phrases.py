"""Reads the words of every language that the bot speaks: each folder of `bot/data` that has a `ui/common.toml`.

A file beside it that tells headlines is a kind's; `reasons` are a catalogue of their own; any other is a table of phrases
under its name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from bot.adapters.late import Late
from bot.core.render.phrases import KindPhrases, Phrasebook, place_of
from bot.core.text.lines import Lines
from bot.ports import VistkaError

DATA = Path(__file__).parents[1] / "data"


def spoken_languages() -> tuple[str, ...]:
    """Return the languages that there are phrasebooks of; none is read."""
    return tuple(common.parts[-3] for common in _commons())


def load_phrasebooks(
    regions: Mapping[str, Mapping[str, str]], places: Mapping[tuple[str, str], Mapping[str, str]]
) -> dict[str, Phrasebook]:
    """Return a phrasebook a language.

    `regions` gives the display names of a region code by language, `places` those of (region code, English name); they are
    looked at when the name of a place is first asked for.
    """
    return {common.parts[-3]: _load(common.parts[-3], common.parent, regions, places) for common in _commons()}


def _commons() -> list[Path]:
    return sorted(DATA.glob("*/ui/common.toml"))


def _load(
    language: str,
    folder: Path,
    regions: Mapping[str, Mapping[str, str]],
    places: Mapping[tuple[str, str], Mapping[str, str]],
) -> Phrasebook:
    tables = {path.stem: _read(path) for path in sorted(folder.glob("*.toml"))}
    reasons = tables.pop("reasons", {})
    kinds = {name: table for name, table in tables.items() if "headline" in table}
    others = {name: table for name, table in tables.items() if name not in {"common", *kinds}}
    return Phrasebook(
        language=language,
        texts={**tables["common"], **others},
        reasons=reasons,
        kinds={kind: _parse(folder / f"{kind}.toml", table) for kind, table in kinds.items()},
        regions={code: names[language] for code, names in regions.items() if language in names},
        places=Late(partial(_names, language, places)),
    )


def _names(language: str, places: Mapping[tuple[str, str], Mapping[str, str]]) -> Lines:
    """Return the names of places by `place_of` and by the English name alone, for the first of those that are called so."""
    called = {key: names[language] for key, names in places.items() if language in names}
    alone = {english: name for (_, english), name in reversed(called.items())}
    return Lines({**alone, **{place_of(*key): name for key, name in called.items()}}.items())


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise VistkaError(f"{path}: cannot be read as TOML ({error}); mend the file") from None


def _parse(path: Path, table: Mapping[str, Any]) -> KindPhrases:
    try:
        return KindPhrases.parse(table)
    except (KeyError, TypeError) as error:
        raise VistkaError(f"{path}: {error} is missing or misshapen; compare with bot/data/en/ui/{path.name}") from None

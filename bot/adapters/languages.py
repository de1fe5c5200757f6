"""Which languages there are: a language is a folder of `bot/data`, and nothing else lists it.

It is read where the folder holds a `language.toml`, and spoken where it holds a `ui/common.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parents[1] / "data"
FIRST: Final = "en"
"""The language of a text that is in none of ours, and the first of every list."""


def read_languages(data: Path = DATA) -> tuple[str, ...]:
    """Return the codes of the languages that texts are read in, English first, then by the alphabet."""
    return _ordered(path.parent.name for path in data.glob("*/language.toml"))


def spoken_languages(data: Path = DATA) -> tuple[str, ...]:
    """Return the codes of the languages that the bot speaks, in the same order."""
    return _ordered(path.parents[1].name for path in data.glob("*/ui/common.toml"))


def script_of(language: str, data: Path = DATA) -> str:
    """Return "latin" or "cyrillic": the letters of a language, as its `language.toml` says."""
    return str(tomllib.loads((data / language / "language.toml").read_text(encoding="utf-8"))["script"])


def _ordered(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(codes, key=lambda code: (code != FIRST, code)))

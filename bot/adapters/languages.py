"""Which languages there are: a language is a folder of `bot/data`, and nothing else lists it.

It is read where the folder holds a `language.toml`, and spoken where it holds a `ui/common.toml`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from bot.core.text.language import LATIN, Alphabet, Alphabets

DATA: Final = Path(__file__).parents[1] / "data"
FIRST: Final = "en"
"""The language of a text that is in none of ours, and the first of every list."""


def read_languages(data: Path = DATA) -> tuple[str, ...]:
    """Return the codes of the languages that texts are read in, English first, then by the alphabet."""
    return _ordered(path.parent.name for path in data.glob("*/language.toml"))


def spoken_languages(data: Path = DATA) -> tuple[str, ...]:
    """Return the codes of the languages that the bot speaks, in the same order."""
    return _ordered(path.parents[1].name for path in data.glob("*/ui/common.toml"))


def load_alphabets(data: Path = DATA) -> Alphabets:
    """Return what tells the languages that are read from one another, and from those of `strangers.toml`."""
    strangers = data / "strangers.toml"
    others = tomllib.loads(strangers.read_text(encoding="utf-8")) if strangers.exists() else {}
    known = {
        code: tomllib.loads((data / code / "language.toml").read_text(encoding="utf-8"))
        for code in read_languages(data)
    }
    return Alphabets(*({code: _alphabet(table) for code, table in each.items()} for each in (known, others)))


def language_of(data: Path = DATA, *, otherwise: str = FIRST) -> Callable[[str], str]:
    """Return what tells the language of a text: `otherwise` where nothing does, `STRANGE` for one that is not read."""
    alphabets = load_alphabets(data)
    return lambda text: alphabets.language_of(text, otherwise)


def _alphabet(table: Mapping[str, Any]) -> Alphabet:
    return Alphabet(
        table.get("script", LATIN), frozenset(table.get("letters", "")), frozenset(table.get("telling", ()))
    )


def script_of(language: str, data: Path = DATA) -> str:
    """Return "latin" or "cyrillic": the letters of a language, as its `language.toml` says."""
    return str(tomllib.loads((data / language / "language.toml").read_text(encoding="utf-8"))["script"])


def _ordered(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(codes, key=lambda code: (code != FIRST, code)))

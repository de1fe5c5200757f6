"""The agencies and outlets that others repeat, of `bot/data/agencies.toml`: needed to read texts and the list of sources."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.adapters.languages import DATA
from bot.ports import VistkaError


def read_agencies(data: Path = DATA) -> Mapping[str, Sequence[str]]:
    """Return the names of agencies and outlets by the owner whose voice they are, none where there is no file.

    Raises VistkaError where the file cannot be read.
    """
    path = data / "agencies.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise VistkaError(f"{path}: {error}; correct or restore the file") from error

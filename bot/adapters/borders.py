"""Reads the borders that maps are drawn with: `bot/data/map/borders.json`, made by `scripts/borders.py`."""

from __future__ import annotations

import json
from pathlib import Path

from bot.core.render.pictures.atlas import Atlas
from bot.ports import VistkaError

BORDERS = Path(__file__).parents[1] / "data" / "map" / "borders.json"


def load_atlas(path: Path = BORDERS) -> Atlas:
    """Return the land and the regions; raise VistkaError where the file is missing or damaged."""
    try:
        return Atlas.parse(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise VistkaError(f"{path}: cannot be read ({type(error).__name__}); run scripts/borders.py again") from None

"""SVG into PNG, within the process that asks: `drawing` has it done elsewhere. Knows nothing else, so that a worker is small."""

from __future__ import annotations

from pathlib import Path

import resvg_py

FONTS = tuple(str(path) for path in sorted((Path(__file__).parents[1] / "data" / "fonts").glob("*.ttf")))
"""Ours and no others: a host may have none, or ones that make the same picture look different."""
FONT = "Inter"


def rasterised(svg: str) -> bytes:
    """Return the picture as PNG; raise ValueError for what is no SVG."""
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg, skip_system_fonts=True, font_files=list(FONTS), font_family=FONT, sans_serif_family=FONT
        )
    )

"""The colours of pictures, for light and dark surroundings.

Blue is Ukraine and orange Russia: the pair that people tell apart whatever their eyes. No picture relies on it: what differs
in colour also differs in place, form or a word beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Theme: TypeAlias = Literal["light", "dark"]
FONT = "Inter"
SMALL = 24
"""The smallest letters, in pixels of a picture 1,200 wide: on a phone they are a third of that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """Colours by what they are for; `ukraine` and `russia` go from few to many.

    `land` is what lies around, `empty` a region in which nothing was counted; `halo` is behind letters on a map.
    """

    paper: str
    ink: str
    quiet: str
    rule: str
    sea: str
    land: str
    empty: str
    border: str
    frontier: str
    halo: str
    ukraine: tuple[str, str, str, str]
    russia: tuple[str, str, str, str]

    def shades(self, country: str) -> tuple[str, str, str, str]:
        """Return the colours of a country."""
        return self.ukraine if country == "UA" else self.russia

    def main(self, country: str) -> str:
        """Return a country's colour where there is but one."""
        return self.shades(country)[2]


PALETTES: Mapping[Theme, Palette] = {
    "light": Palette(
        paper="#ffffff",
        ink="#17212b",
        quiet="#56626e",
        rule="#d5dbe1",
        sea="#dde6ec",
        land="#e9e7e1",
        empty="#faf9f5",
        border="#b3bac1",
        frontier="#4a5560",
        halo="#ffffff",
        ukraine=("#cfe2f3", "#8fbce6", "#3d84c6", "#0f4c8a"),
        russia=("#fbdcb8", "#f6b26b", "#d9731a", "#8f4406"),
    ),
    "dark": Palette(
        paper="#17212b",
        ink="#f1f4f6",
        quiet="#a9b5c0",
        rule="#34424f",
        sea="#0e161e",
        land="#1f2933",
        empty="#303c48",
        border="#4d5a67",
        frontier="#c3ccd4",
        halo="#0e161e",
        ukraine=("#204a70", "#2f72aa", "#5aa2dd", "#b0d8fa"),
        russia=("#5f3c18", "#99601f", "#de8c37", "#ffd09a"),
    ),
}

"""SVG as text: elements out of numbers and words, nothing from outside unescaped, the same bytes for the same values."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from html import escape
from typing import Literal, TypeAlias

from bot.core.render.pictures.palette import FONT, SMALL, Palette

Point: TypeAlias = tuple[float, float]
Anchor: TypeAlias = Literal["start", "middle", "end"]
Value: TypeAlias = float | str

WIDTH, HEIGHT = 1200, 900
"""Of every picture, in pixels: three to two and a bit, which a phone shows over its whole width."""
NARROW, BROAD, LETTER = frozenset(" .,:;'’·|!()†іїilI1j-–"), frozenset("mwMWщшжюмШЩЖЮМфФ@%"), 0.57
"""Letters that take less or more room than most, and the share of the font's size that most take."""


def tag(name: str, content: str = "", /, **attributes: Value) -> str:
    """Return an element; a `_` in an attribute's name stands for the hyphen that it has in SVG."""
    given = "".join(f' {key.strip("_").replace("_", "-")}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{content}</{name}>" if content else f"<{name}{given}/>"


def _value(value: Value) -> str:
    return number(value) if isinstance(value, int | float) else escape(value, quote=True)


def number(value: float) -> str:
    """Return a length to a tenth of a pixel."""
    said = f"{value:.1f}".removesuffix(".0")
    return "0" if said == "-0" else said


def words(said: str, x: float, y: float, size: float = SMALL, /, **attributes: Value) -> str:
    """Return a line of text; what XML has no place for is left out."""
    clean = "".join(
        each for each in said if each == " " or unicodedata.category(each)[0] not in "CZ" or each == "\u00a0"
    )
    return tag("text", escape(clean, quote=False), x=x, y=y, font_size=size, **attributes)


def width(said: str, size: float) -> float:
    """Return about how wide a line of text will be: rather too much than too little."""
    return sum(_share(letter) for letter in said) * size


def _share(letter: str) -> float:
    if letter in NARROW:
        return 0.32
    return 0.88 if letter in BROAD else LETTER + 0.08 * letter.isupper()


def fitting(said: str, size: float, room: float) -> float:
    """Return the size at which a line fits into its room, never below the smallest that a phone can show."""
    return max(SMALL, min(size, size * room / max(1.0, width(said, size))))


def rect(x: float, y: float, wide: float, high: float, /, **attributes: Value) -> str:
    """Return a rectangle; one with a negative height stands on its head."""
    return tag("rect", x=x, y=min(y, y + high), width=wide, height=abs(high), **attributes)


def line(first: Point, last: Point, /, **attributes: Value) -> str:
    """Return a straight line."""
    return tag("line", x1=first[0], y1=first[1], x2=last[0], y2=last[1], **attributes)


def outline(rings: Iterable[Sequence[Point]]) -> str:
    """Return the path data of closed rings."""
    return "".join(
        "M" + "L".join(f"{number(x)} {number(y)}" for x, y in ring) + "Z"
        for ring in rings
        if len(ring) > 2  # noqa: PLR2004
    )


def picture(parts: Iterable[str], palette: Palette, title: str) -> str:
    """Return a whole SVG file on the palette's paper."""
    body = "\n".join(
        ["", tag("title", escape(title, quote=False)), rect(0, 0, WIDTH, HEIGHT, fill=palette.paper), *parts, ""]
    )
    return tag(
        "svg",
        body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=WIDTH,
        height=HEIGHT,
        font_family=FONT,
        font_size=SMALL,
        fill=palette.ink,
    )

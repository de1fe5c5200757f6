"""Draw the pictures of `README.md` into `docs/pictures`: a post as a reader sees it, a map, two charts.

They show what the bot makes of the demo's fortnight, and of the register of exchanges; nothing in them is drawn by hand but
the bubble round the post. Run it when one of them has changed its look:

    python3.11 -m venv /tmp/pictures && /tmp/pictures/bin/pip install -e . 'fonttools>=4' 'pillow>=11'
    /tmp/pictures/bin/python scripts/pictures.py docs/pictures

fonttools measures words, Pillow makes the files small; the bot itself needs neither.
"""

from __future__ import annotations

import asyncio
import io
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-not-found]
from PIL import Image  # type: ignore[import-not-found]

import bot.core.kinds
from bot.adapters.borders import load_atlas
from bot.adapters.lexicons import reader_over
from bot.adapters.memory import Memory
from bot.adapters.names import load_place_names, load_region_names
from bot.adapters.phrases import load_phrasebooks
from bot.adapters.reader import ThreadedRead
from bot.adapters.register import load_register
from bot.adapters.resvg import FONTS, rasterised
from bot.core.model import Event, Item, Message, Outline, Source
from bot.core.render.phrases import Phrasebook
from bot.core.render.pictures import drawn
from bot.core.render.pictures.album import Wish
from bot.core.render.pictures.svg import rect, tag, words
from bot.core.render.post import render_post
from bot.core.text.arguments import Period
from bot.core.text.asking import Asked
from bot.demo.outlets import load_outlets
from bot.intake import Intake
from bot.plugins import discover
from bot.ports import Wanted

POST = "UA-51"
"""The region of the strike whose post is shown."""
COLOURS = 224
"""Of a committed picture: fewer bytes, and nobody sees it."""
SIZE, LINE, WIDE, PAD = 33, 47, 1010, 34
PAPER, BUBBLE, INK, LINK, QUIET, QUOTE = "#a9c79d", "#ffffff", "#111820", "#2678b6", "#6b7a86", "#e9f3fa"
ICONS: Mapping[str, str] = {
    "💥": '<path fill="#f08a24" d="M16 0l4 8 8-4-3 8 7 4-7 4 3 8-8-3-4 7-4-7-8 3 3-8-7-4 7-4-3-8 8 4z"/>',
    "✏": '<path fill="#e0a030" d="M22 3l7 7-17 17-7-7z"/><path fill="#444" d="M5 20l7 7-10 3z"/>',
    "✅": '<rect width="28" height="28" x="2" y="2" rx="6" fill="#3fa34d"/>'
    '<path d="M9 17l5 5 10-12" fill="none" stroke="#fff" stroke-width="4"/>',
    "🔎": '<circle cx="19" cy="13" r="9" fill="none" stroke="#fff" stroke-width="4"/><path d="M12 20L3 29" stroke="#fff" stroke-width="5"/>',
    "🕓": '<circle cx="16" cy="16" r="12" fill="none" stroke="#fff" stroke-width="4"/><path d="M16 9v8l5 4" fill="none" stroke="#fff" stroke-width="3"/>',
    "↗": '<path d="M6 26L25 7M11 6h15v15" fill="none" stroke="#fff" stroke-width="4"/>',
    "✗": '<path d="M7 7l18 18M25 7L7 25" stroke="#fff" stroke-width="4"/>',
    "⧉": '<path d="M4 4h17v17H4zM11 11h17v17H11z" fill="none" stroke="#fff" stroke-width="3"/>',
}
"""The signs that our fonts lack, each in a square of 32."""


@dataclass(frozen=True, slots=True)
class Run:
    """A word as it is shown."""

    text: str
    bold: bool = False
    colour: str = INK
    quoted: bool = False


class Reader(HTMLParser):
    """Cuts the HTML of a message into lines of words."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[list[Run]] = [[]]
        self._style = [Run("")]

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        """Begin a style."""
        changes = {"b": {"bold": True}, "a": {"colour": LINK}, "i": {"colour": QUIET}, "blockquote": {"quoted": True}}
        self._style.append(replace(self._style[-1], **changes.get(tag, {})))  # type: ignore[arg-type]

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        """End a style."""
        self._style.pop()

    def handle_data(self, data: str) -> None:
        """Add words, and lines where they end."""
        for number, line in enumerate(data.split("\n")):
            if number:
                self.lines.append([])
            for part in re.findall(r"\S+\s*|\s+", line):
                colour = LINK if part.startswith("#") else self._style[-1].colour
                self.lines[-1].append(replace(self._style[-1], text=part, colour=colour))


class Measure:
    """How wide words are in our fonts."""

    def __init__(self) -> None:
        fonts = [TTFont(path) for path in FONTS]
        self._widths = [(font.getBestCmap(), font["hmtx"], font["head"].unitsPerEm) for font in fonts]

    def __call__(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width in pixels; a sign that is drawn by hand takes a square."""
        names, metrics, units = self._widths[bold]
        plain = "".join(each for each in text if each not in ICONS and each != "\ufe0f")
        letters = sum(metrics[names[ord(each)]][0] for each in plain if ord(each) in names) / units
        return size * (letters + 1.1 * sum(each in ICONS for each in text))


def wrapped(lines: Sequence[Sequence[Run]], room: float, measure: Measure) -> Iterator[list[Run]]:
    """Yield the lines as they fit into the room."""
    for line in lines:
        row: list[Run] = []
        used = 0.0
        for run in line:
            wide = measure(run.text, SIZE, bold=run.bold)
            if row and used + wide > room - 28 * run.quoted:
                yield row
                row, used = [], 0.0
            row.append(run)
            used += wide
        yield row


def written(row: Sequence[Run], x: float, y: float, measure: Measure) -> Iterator[str]:
    """Yield the words of a row, and the signs among them."""
    for run in row:
        weight = 600 if run.bold else 400
        for part in re.findall(f"[{''.join(ICONS)}]|[^{''.join(ICONS)}]+", run.text.replace("\ufe0f", "")):
            if part in ICONS:
                yield tag(
                    "g", ICONS[part], transform=f"translate({x:.1f} {y - SIZE * 0.86:.1f}) scale({SIZE / 32:.2f})"
                )
            else:
                shown = part.lstrip()
                at = x + measure(part, SIZE, bold=run.bold) - measure(shown, SIZE, bold=run.bold)
                yield words(shown, at, y, SIZE, fill=run.colour, font_weight=weight)
            x += measure(part, SIZE, bold=run.bold)


def bubble(message: Message, measure: Measure) -> str:
    """Return a post as a reader sees it: SVG."""
    reader = Reader()
    reader.feed(message.text)
    left, top = (1200 - WIDE) / 2, 40.0
    rows = list(wrapped(reader.lines, WIDE - 2 * PAD, measure))
    parts, y = list[str](), top + PAD + SIZE
    for row in rows:
        quoted = any(run.quoted for run in row)
        if quoted:
            parts.append(rect(left + PAD, y - SIZE - 4, WIDE - 2 * PAD, LINE, fill=QUOTE))
            parts.append(rect(left + PAD, y - SIZE - 4, 6, LINE, fill=LINK))
        parts += written(row, left + PAD + 24 * quoted, y, measure)
        y += LINE
    parts.append(words("13:40", left + WIDE - PAD, y - LINE, 26, fill=QUIET, text_anchor="end"))
    high = y - top - SIZE + 10
    parts.insert(0, rect(left, top, WIDE, high, fill=BUBBLE, rx=28))
    y = top + high + 10
    for line in message.buttons:
        room = (WIDE - 10 * (len(line) - 1)) / len(line)
        for number, button in enumerate(line):
            x = left + number * (room + 10)
            parts.append(rect(x, y, room, 66, fill="#000", fill_opacity=0.28, rx=16))
            middle = x + (room - measure(button.label, SIZE)) / 2
            parts += written([Run(button.label, colour="#ffffff")], middle, y + 45, measure)
        y += 76
    sheet = rect(0, 0, 1200, y + 30, fill=PAPER)
    return tag(
        "svg",
        sheet + "".join(parts),
        xmlns="http://www.w3.org/2000/svg",
        width=1200,
        height=y + 30,
        font_family="Inter",
    )


async def fortnight() -> tuple[Sequence[Outline], Event]:
    """Return what the bot makes of the demo's news, and the event whose post is shown."""
    kinds, store = discover(bot.core.kinds, "KIND"), Memory()
    intake = Intake(ThreadedRead(lambda: reader_over(kinds)), store, kinds)
    for item in sorted(_items(), key=lambda each: (each.published, each.id)):
        await intake.take([item])
    struck = await store.listed(Wanted(("strike",), regions=(POST,)), 1)
    return await store.outlines(Wanted()), struck[0]


def _items() -> Iterator[Item]:
    for outlet in load_outlets():
        page = f"https://{outlet.id}.example/feed"
        source = Source(outlet.id, outlet.name, "rss", page, outlet.language, side=outlet.side)
        for each in outlet.stories:
            yield Item(each.id, source, outlet.language, each.url, each.published, each.title, each.summary, each.body)


def exchanges() -> list[Outline]:
    """Return the exchanges of the register."""
    reports = [entry.report for entry in load_register()]
    return [Outline(0, each.kind, each.date, each.status, each.facts, each.origin.published) for each in reports]


def save(folder: Path, name: str, svg: str) -> None:
    """Write a picture, small."""
    path = folder / f"{name}.png"
    picture = Image.open(io.BytesIO(rasterised(svg))).convert("RGB")
    picture.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path}: {path.stat().st_size // 1024} KiB")


def main(folder: Path) -> None:
    """Draw all of them."""
    book: Phrasebook = load_phrasebooks(load_region_names(), load_place_names())["en"]
    outlines, event = asyncio.run(fortnight())
    atlas = load_atlas()
    folder.mkdir(parents=True, exist_ok=True)
    save(folder, "post", bubble(render_post(event, book), Measure()))
    wishes = {"map": (Wish("map"), outlines), "nights": (Wish("nights", "dark"), outlines)}
    known = exchanges()
    days = [each.date for each in known if each.date]
    ever = Asked(period=Period(min(days), max(days)))
    wishes["returned"] = (Wish("swaps", "light", ever), known)
    for name, (wish, shown) in wishes.items():
        picture = drawn(wish, shown, book, atlas)
        if picture:
            save(folder, name, picture.svg)
            print(picture.alt)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

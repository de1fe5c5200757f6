"""Drawing: crisp, with our own letters, in another process; what cannot be drawn harms nobody."""

from __future__ import annotations

import asyncio
import os
import signal
import struct
import time
import zlib
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio

from bot.adapters.drawing import DrawingPool, open_drawing
from bot.adapters.resvg import rasterised
from bot.adapters.workers import Limits
from bot.ports import PermanentError

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="60"><rect width="120" height="60" fill="#fff"/>{}</svg>'
TEXT = '<text x="4" y="40" font-family="Inter" font-size="30" font-weight="{}">{}</text>'
LONGEST_STALL = 0.05


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pool() -> AsyncIterator[DrawingPool]:
    async with open_drawing() as shared:
        yield shared


def pixels(png: bytes) -> bytes:
    """Return the picture's bytes, unpacked: enough to see whether two pictures differ."""
    at, data = 8, b""
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        if png[at + 4 : at + 8] == b"IDAT":
            data += png[at + 8 : at + 8 + length]
        at += 12 + length
    return zlib.decompress(data)


async def shown(pool: DrawingPool, text: str, weight: int = 400) -> bytes:
    return pixels(await pool.draw(SVG.format(TEXT.format(weight, text))))


@pytest.mark.asyncio(loop_scope="module")
async def test_a_picture_is_a_png_of_the_size_it_names(pool: DrawingPool) -> None:
    png = await pool.draw(SVG.format(""))
    assert png.startswith(b"\x89PNG")
    assert struct.unpack(">II", png[16:24]) == (120, 60)


@pytest.mark.parametrize("letters", ["abc", "їєґ", "ыэё", "1 207", "†12", "↑↓"])
@pytest.mark.asyncio(loop_scope="module")
async def test_our_fonts_have_every_letter_that_pictures_use(letters: str, pool: DrawingPool) -> None:
    assert await shown(pool, letters) != await shown(pool, "")
    assert len({await shown(pool, each) for each in letters if each.strip()}) == len(set(letters.replace(" ", "")))


@pytest.mark.asyncio(loop_scope="module")
async def test_bold_is_bolder(pool: DrawingPool) -> None:
    assert await shown(pool, "Одеса", 600) != await shown(pool, "Одеса")


@pytest.mark.parametrize("svg", ["", "no picture", "<svg", "<svg xmlns='http://www.w3.org/2000/svg' width='-1'/>"])
@pytest.mark.asyncio(loop_scope="module")
async def test_what_is_no_picture_is_refused_and_the_next_one_drawn(svg: str, pool: DrawingPool) -> None:
    with pytest.raises(PermanentError, match="cannot be drawn"):
        await pool.draw(svg)
    assert await shown(pool, "a")


@pytest.mark.asyncio(loop_scope="module")
async def test_a_picture_too_large_for_memory_ends_the_worker_alone(pool: DrawingPool) -> None:
    with pytest.raises(PermanentError, match="cannot be drawn"):
        await pool.draw(SVG.format("").replace('"120"', '"60000"').replace('"60"', '"60000"'))
    assert await shown(pool, "b")


@pytest.mark.asyncio(loop_scope="module")
async def test_a_picture_that_never_ends_is_given_up() -> None:
    slow = "".join(f'<filter id="f{n}"><feGaussianBlur stdDeviation="90"/></filter>' for n in range(40))
    slow += "".join(f'<rect width="3000" height="3000" filter="url(#f{n})"/>' for n in range(40))
    big = SVG.format(slow).replace('"120"', '"3000"').replace('"60"', '"3000"')
    async with open_drawing(limits=Limits(seconds=1)) as pool:
        with pytest.raises(PermanentError, match="more than 1 s"):
            await pool.draw(big)
        assert await pool.draw(SVG.format(""))


async def test_a_worker_that_was_killed_is_replaced() -> None:
    others = descendants()
    async with open_drawing() as pool:
        first = await pool.draw(SVG.format(""))
        for child in descendants() - others:
            os.kill(child, signal.SIGKILL)
            while is_alive(child):
                pass
        assert await pool.draw(SVG.format("<g></g>")) == first


def descendants() -> set[int]:
    """Return the processes that draw for this one, and the one that they come from."""
    found, parents = set(), [os.getpid()]
    while parents:
        listed = Path(f"/proc/{parents[0]}/task").glob("*/children")
        born = {int(child) for children in listed for child in children.read_text().split()}
        found |= born
        parents = [*parents[1:], *born]
    return found


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


async def test_what_many_ask_for_is_drawn_once() -> None:
    async with open_drawing() as pool:
        pictures = await asyncio.gather(*(pool.draw(SVG.format("<g/>")) for _ in range(20)))
        again = await pool.draw(SVG.format("<g/>"))
    assert all(picture is pictures[0] for picture in (*pictures, again))


async def test_what_is_remembered_is_bounded() -> None:
    async with open_drawing(kept=1000) as pool:
        drawn = [await pool.draw(SVG.format(TEXT.format(400, number))) for number in range(8)]
        assert await pool.draw(SVG.format(TEXT.format(400, 7))) is drawn[7]
        assert await pool.draw(SVG.format(TEXT.format(400, 0))) is not drawn[0]


async def test_who_gives_up_waiting_takes_the_picture_from_nobody() -> None:
    async with open_drawing() as pool:
        hasty = asyncio.create_task(pool.draw(SVG.format("<g/>")))
        patient = asyncio.create_task(pool.draw(SVG.format("<g/>")))
        await asyncio.sleep(0)
        hasty.cancel()
        assert await patient


async def test_the_event_loop_goes_on_while_twenty_pictures_are_drawn():
    """What this process itself does between two turns of the loop: others at work on the machine are not counted."""
    circles = "".join(
        f'<circle cx="{7 * n % 600}" cy="{n % 450}" r="40" fill="#{n:03x}"/>' for n in range(0x100, 0xFFF, 8)
    )
    big = SVG.replace('"120"', '"600"').replace('"60"', '"450"')
    pictures = [big.format(f"{circles}<g id='g{n}'/>") for n in range(20)]
    spent = time.process_time()
    rasterised(pictures[0])
    here = time.process_time() - spent
    async with open_drawing() as pool:
        await pool.draw(SVG.format(""))
        drawing = asyncio.gather(*map(pool.draw, pictures))
        turns = [time.process_time()]
        while not drawing.done():
            await asyncio.sleep(0.001)
            turns.append(time.process_time())
        await drawing
    assert max(after - before for before, after in pairwise(turns)) <= min(LONGEST_STALL, here)

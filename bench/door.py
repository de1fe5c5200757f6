"""What the door to the network costs, and what a flood at it costs everybody else. `python bench/door.py`.

(quiet) a poll that is answered 304, through the door with all its guards and through aiohttp alone, in processor time, from
a server in a process of its own. (floods) what never ends, sent as quickly as loopback carries it: processor time until the
door gives up, the longest that others waited for the loop meanwhile, and how much memory it took.
"""

from __future__ import annotations

import asyncio
import gzip
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from ipaddress import ip_network
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import aiohttp

from bot.adapters.http import HttpFetch, open_fetch
from bot.core.model import Request
from bot.ports import VistkaError

HOSTS, TIMES, ROUNDS = 32, 60, 9
HEADERS = {"If-None-Match": '"1"', "Accept": "application/rss+xml"}
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
GZIPPED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
FLOODS = {
    "interim replies": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "headers": (b"HTTP/1.1 200 OK\r\n", b"A: 1\r\n"),
    "one header line": (b"HTTP/1.1 200 OK\r\nA: ", b"x"),
    "chunks of a byte": (CHUNKED, b"1\r\nx\r\n"),
    "chunk extensions": (CHUNKED, b"1;" + b"x" * 1000 + b"\r\nx\r\n"),
    "trailers": (CHUNKED + b"0\r\n", b"A: 1\r\n"),
    "a body": (b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "a gzip bomb": (GZIPPED, gzip.compress(bytes(1 << 26))),
    "gzip members": (GZIPPED, gzip.compress(b"")),
}
UNCHANGED = b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\nDate: Sat, 01 Nov 2025 00:00:00 GMT\r\nCache-Control: max-age=60\r\n\r\n'


async def serve() -> None:
    """Answer on every address of loopback until killed: by the flood that the path names, else with 304."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                path = head.split()[1].decode()[1:].replace("%20", " ")
                if path not in FLOODS:
                    writer.write(UNCHANGED)
                    continue
                start, again = FLOODS[path]
                writer.write(start)
                while True:
                    writer.write(again * (1_000_000 // len(again) + 1))
                    await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    listener = await asyncio.start_server(answer, "0.0.0.0", 0)
    print(listener.sockets[0].getsockname()[1], flush=True)
    await listener.serve_forever()


async def quiet(door: HttpFetch, port: int) -> None:
    """Measure polls without news, both ways by turns."""
    urls = [f"http://127.0.0.{number}:{port}/quiet" for number in range(1, HOSTS + 1)]
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20)) as session:

        async def bare(url: str) -> None:
            async with session.get(url, headers=HEADERS) as answer:
                await answer.read()

        async def guarded(url: str) -> None:
            await door.fetch(Request(url, HEADERS))

        costs: dict[str, list[float]] = {"aiohttp alone": [], "the door": []}
        for _ in range(ROUNDS):
            for name, ask in (("aiohttp alone", bare), ("the door", guarded)):
                costs[name].append(await _cost(ask, urls))
    for name, found in costs.items():
        print(f"a quiet poll, {name:14} {statistics.median(found):.3f} ms of processor time (best {min(found):.3f})")


async def _cost(ask: Callable[[str], Awaitable[None]], urls: list[str]) -> float:
    start = time.process_time()
    for _ in range(TIMES):
        await asyncio.gather(*map(ask, urls))
    return (time.process_time() - start) * 1000 / TIMES / len(urls)


async def flood(door: HttpFetch, port: int, name: str) -> None:
    """Measure one flood."""
    longest = 0.0

    async def others() -> None:
        nonlocal longest
        while True:
            start = time.thread_time()
            await asyncio.sleep(0.001)
            longest = max(longest, time.thread_time() - start)

    watch = asyncio.create_task(others())
    await asyncio.sleep(0.01)
    memory, start = _memory(), time.process_time()
    try:
        outcome = f"{len((await door.fetch(Request(f'http://127.0.0.1:{port}/{name}'))).body)} bytes"
    except VistkaError as error:
        outcome = str(error).partition(f"/{name}: ")[2]
    cost = time.process_time() - start
    await asyncio.sleep(0.01)
    watch.cancel()
    print(f"{name:17} {cost:5.2f} s, others wait {longest * 1000:4.1f} ms, {_memory() - memory:+5.1f} MiB: {outcome}")


def _memory() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / (1 << 20)


async def measure(port: int) -> None:
    """Measure all of it."""
    async with open_fetch(version="0", allow=(ip_network("127.0.0.0/8"),)) as door:
        await quiet(door, port)
        for name in FLOODS:
            await flood(door, port, name)


def main() -> None:
    """Measure beside a server in a process of its own."""
    server = subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True)
    try:
        asyncio.run(measure(int(server.stdout.readline()) if server.stdout else 0))
    finally:
        server.kill()
        server.wait()


if __name__ == "__main__":
    asyncio.run(serve()) if "serve" in sys.argv else main()

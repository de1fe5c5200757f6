"""The network as tests need it: names that mean what they should, one that nobody may reach, one that says odd things."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeAlias

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

Speak: TypeAlias = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Names(AbstractResolver):
    """Answers look-ups with what it is told to, one list after the other; the last one stands."""

    def __init__(self, *answers: str) -> None:
        self.answers = [answer.split() for answer in answers]
        self.asked: list[str] = []

    async def resolve(self, host, port=0, family=socket.AF_UNSPEC) -> list[ResolveResult]:
        self.asked.append(host)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        kinds = {address: socket.AF_INET6 if ":" in address else socket.AF_INET for address in answer}
        return [
            ResolveResult(hostname=host, host=address, port=port, family=kind, proto=0, flags=0)
            for address, kind in kinds.items()
        ]

    async def close(self) -> None: ...


class Canary:
    """Counts whoever comes, and turns him away."""

    def __init__(self) -> None:
        self.connections = 0
        self.port = 0

    def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        writer.close()


@asynccontextmanager
async def canary(host: str = "0.0.0.0", port: int = 0) -> AsyncIterator[Canary]:
    """Listen on every address of the machine, or on one."""
    bird = Canary()
    listener = await asyncio.start_server(bird, host, port)
    bird.port = listener.sockets[0].getsockname()[1]
    async with listener:
        yield bird


@asynccontextmanager
async def speaking(words: bytes | Speak) -> AsyncIterator[str]:
    """Say this to whoever has asked, then hang up; return the address."""

    under_way: set[asyncio.Task[None]] = set()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        under_way.add(asyncio.current_task())
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            if callable(words):
                await words(writer)
            else:
                writer.write(words)
                await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    listener = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with listener:
        yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/feed"
        await asyncio.wait(under_way)


async def for_ever(writer: asyncio.StreamWriter, words: bytes) -> None:
    """Say the same again and again, for as long as somebody listens."""
    while not writer.is_closing():
        writer.write(words)
        await writer.drain()


def self_signed(folder: Path) -> tuple[Path, Path]:
    """Return a certificate that nobody vouches for, and its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed: no certificate to be had")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=news.example"
    subprocess.run(
        [openssl, *request.split(), "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True
    )
    return certificate, key

"""systemd is told how we do over its real socket, and no more than it wants to hear."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from bot.adapters.health import Health, begun
from bot.adapters.notify import Service, attend, service_of


@contextmanager
def manager(address: str) -> Iterator[socket.socket]:
    """Listen as systemd does."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(address)
        line.setblocking(False)
        yield line


async def heard(line: socket.socket) -> list[str]:
    """Return the lines of the next datagram."""
    async with asyncio.timeout(10):
        return (await asyncio.get_running_loop().sock_recv(line, 4096)).decode().split("\n")


@asynccontextmanager
async def attending(address: str, health: Health, watchdog: float = 0.0) -> AsyncIterator[asyncio.Event]:
    stop = asyncio.Event()
    task = asyncio.create_task(attend(Service(address, watchdog), health, stop, look=0.01))
    yield stop
    stop.set()
    await task


@pytest.mark.parametrize(
    ("environment", "service"),
    [
        ({}, None),
        ({"NOTIFY_SOCKET": "vsock:2:1234"}, None),
        ({"NOTIFY_SOCKET": "/run/notify"}, Service("/run/notify")),
        ({"NOTIFY_SOCKET": "@name"}, Service("\0name")),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "30000000"}, Service("/n", 30.0)),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "7"}, Service("/n", 30.0)),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "8"}, Service("/n")),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "soon"}, Service("/n")),
    ],
)
def test_who_started_us_says_where_and_how_often_he_wants_to_hear_of_us(environment, service):
    assert service_of(environment, 7) == service


@pytest.mark.parametrize("kind", ["path", "abstract"])
async def test_a_start_is_told_from_what_it_waits_for_to_its_end(tmp_path: Path, kind: str):
    address = str(tmp_path / "n") if kind == "path" else f"\0vistka-test-{os.getpid()}"
    health = Health()
    with manager(address) as line:
        async with attending(address, health, watchdog=0.02) as stop:
            assert await heard(line) == ["STATUS=start: under way", "EXTEND_TIMEOUT_USEC=120000000", "WATCHDOG=1"]
            health.have("start")
            while "READY=1" not in (lines := await heard(line)):
                assert "STATUS=at work" not in lines
            assert lines == ["STATUS=at work", "READY=1", "WATCHDOG=1"]
            assert await heard(line) == ["WATCHDOG=1"]
            stop.set()
            while (lines := await heard(line)) == ["WATCHDOG=1"]:
                pass
            assert lines == ["STOPPING=1", "STATUS=stopping"]


async def test_who_waits_for_a_lease_has_started_and_says_for_whom_he_waits(tmp_path: Path):
    health = Health()
    health.lack("lease", "sender is vm-2 since noon")
    with manager(str(tmp_path / "n")) as line:
        async with attending(str(tmp_path / "n"), health):
            said = "STATUS=start: under way; lease: sender is vm-2 since noon"
            assert await heard(line) == [said, "READY=1"]


async def test_the_watchdog_hears_nothing_of_us_while_no_job_begins(tmp_path: Path):
    quiet = 0.0
    health = Health()
    health.have("start")
    health.look_at("jobs", begun(lambda: quiet), vital=True)
    with manager(str(tmp_path / "n")) as line:
        async with attending(str(tmp_path / "n"), health, watchdog=0.02) as stop:
            assert "WATCHDOG=1" in await heard(line)
            quiet = 61.0
            while await _waits(line):
                await heard(line)
            stop.set()
            assert await heard(line) == ["STOPPING=1", "STATUS=stopping"]


async def _waits(line: socket.socket) -> bool:
    """Return whether another datagram comes within a few of its times."""
    try:
        async with asyncio.timeout(0.1):
            await asyncio.get_running_loop().sock_recv(line, 4096)
    except TimeoutError:
        return False
    return True


def test_where_nobody_hears_us_nothing_happens(tmp_path: Path):
    assert not Service(str(tmp_path / "nobody")).tell("READY=1")


async def test_what_was_not_taken_in_is_said_again(tmp_path: Path):
    health = Health()
    health.have("start")
    async with attending(str(tmp_path / "n"), health):
        await asyncio.sleep(0)
        with manager(str(tmp_path / "n")) as line:
            assert await heard(line) == ["STATUS=at work", "READY=1"]

"""What the unit forbids the daemon it does not need: as another user with a root that it cannot write, it works all the same."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from functools import cache
from pathlib import Path

import aiohttp
import pytest

from tests.botapi import bot_api
from tests.e2e.daemon import VISTKA, Newsroom, sent, started
from tests.e2e.test_daemon import CHANNEL, OUTLETS, SETTINGS, SWAP_EN
from tests.e2e.test_watched import all_of, answered, free_port
from tests.feedserver import feed_server

pytestmark = pytest.mark.e2e

SCRIPT = Path(__file__).with_name("confine.sh")
ROOT = Path(__file__).parents[2]
STATE = "/var/lib/vistka"
HIDDEN = ("/var/lib", "/var/tmp", "/root", "/home")
"""What the script puts other things in the place of."""


@cache
def obstacle() -> str:
    """Return why nothing can be confined here; "" where it can be."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "only root can take rights away from a process"
    if missing := [tool for tool in ("unshare", "setpriv", "prlimit") if shutil.which(tool) is None]:
        return f"{', '.join(missing)} is not there"
    for path in (ROOT, VISTKA):
        if str(path).startswith(HIDDEN) or not all(folder.stat().st_mode & 0o001 for folder in path.parents):
            return f"another user could not read {path}"
    tried = subprocess.run(confined(Path("/"), "/bin/true", dry=True), capture_output=True, text=True, check=False)
    return tried.stderr.strip()


def confined(state: Path, *program: str, dry: bool = False) -> tuple[str, ...]:
    """Return the command that runs a program as the unit would."""
    alone = ("unshare", "--mount")
    return (*alone, *program) if dry else (*alone, "bash", str(SCRIPT), str(state), sys.base_prefix, *program)


def status(process: int) -> list[str]:
    """Return what the kernel says of a process."""
    return Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()


async def test_a_daemon_confined_as_by_its_unit_brings_news(tmp_path: Path) -> None:
    if reason := obstacle():
        pytest.skip(reason)
    (tmp_path / "backups").mkdir()
    address, heard = f"127.0.0.1:{free_port()}", list[str]()
    confinement = {
        "HOME": STATE,
        "TMPDIR": "/var/tmp",
        "NOTIFY_SOCKET": f"{STATE}/notify",
        "VISTKA_DATABASE_URL": f"sqlite:///{STATE}/vistka.sqlite3",
        "VISTKA_SOURCES": f"{STATE}/sources.toml",
        "VISTKA_HTTP": address,
        "VISTKA_BACKUPS": f"{STATE}/backups",
    }
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        async with bot_api() as api, feed_server() as server, aiohttp.ClientSession(f"http://{address}") as client:
            api.channel(CHANNEL)
            newsroom = Newsroom(server, OUTLETS)
            newsroom.publish("staff", SWAP_EN)
            command = confined(tmp_path, str(VISTKA), "run")
            async with started(tmp_path, api, newsroom, SETTINGS | confinement, command) as running:
                await running.until(lambda: sent(api, CHANNEL))
                await running.until(lambda: heard.extend(all_of(manager)) or "READY=1" in "\n".join(heard))
                said = {path: await answered(client, path) for path in ("/healthz", "/metrics")}
                rights = dict(line.split(":\t", 1) for line in await asyncio.to_thread(status, running.process.pid))
                assert await running.stop() == 0
    assert rights["Uid"].split() == ["64973"] * 4
    assert (rights["NoNewPrivs"], rights["CapEff"], rights["CapBnd"]) == ("1", "0" * 16, "0" * 16)
    assert said["/healthz"] == (200, "ok\n")
    figures = {line.split()[0] for line in said["/metrics"][1].splitlines()}
    assert {"process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds"} <= figures
    assert (tmp_path / "vistka.sqlite3").stat().st_mode & 0o777 == 0o600

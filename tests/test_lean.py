"""A daemon keeps for months what it loads: nothing large may come along that only a worker or a rare command needs."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from bot.adapters.lean import without

LARGE = {"alembic", "dateparser", "lxml", "numpy", "pygments", "rich", "trafilatura"}
LOADS = """
import bot.cli.run, bot.core.kinds, bot.core.sources, bot.jobs, handlers, sys
from bot.plugins import discover
from handlers import PLUG_INS

for folder, constants in (
    (bot.core.kinds, ("KIND",)), (bot.core.sources, ("SOURCE",)), (bot.jobs, ("JOB",)), (handlers, PLUG_INS)
):
    discover(folder, *constants)
print(*sys.modules)
"""


def test_the_daemon_loads_nothing_large_that_it_does_not_need() -> None:
    done = subprocess.run([sys.executable, "-c", LOADS], capture_output=True, text=True, check=True)
    assert not LARGE & set(done.stdout.split())


def test_help_loads_no_command_and_nothing_that_a_command_needs() -> None:
    command = [sys.executable, "-X", "importtime", "-m", "bot", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert "bot.cli" in loaded
    assert not {name for name in loaded if name.startswith("bot.cli.")}
    assert not loaded & {"aiohttp", "asyncio", "pydantic", "pymorphy3", "sqlalchemy", "telegram"}


def test_a_library_is_hidden_for_as_long_as_it_is_told() -> None:
    with without("wave", "json"), pytest.raises(ImportError):
        import_module("wave")
    with without("wave", "json"):
        assert import_module("json") is sys.modules["json"]
    assert import_module("wave")

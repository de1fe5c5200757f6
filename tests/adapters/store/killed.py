"""Upgrades a database in a process that is killed at one statement after the other, and looks what is left each time.

    python -m tests.adapters.store.killed sqlite:////tmp/old.db --every 1

The database is to be one of an older schema, or without tables; `--every 1` kills at every statement, before and after each commit among them.
Prints what was tried; fails where a kill left anything but the database as it was, or as it is to be. Forks, so that a process
costs no more than its upgrade.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import sys
from itertools import count

from sqlalchemy import Engine, event, select

import bot.adapters.store.migrating  # noqa: F401  loaded before the forks
from bot.adapters.store.engine import parse
from bot.adapters.store.keeping.backup import tables_in
from bot.adapters.store.schema import _upgrade, current_revision, looking, revisions


def kill_at(step: int) -> None:
    """Let this process die at a step: before its statement, before a commit, or after one."""
    steps = count(1)

    def tick(*_: object) -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", tick)
    event.listen(Engine, "commit", tick)


def upgraded_until(url: str, step: int) -> bool:
    """Upgrade in a process that dies at a step; return whether it got to the end before."""
    child = os.fork()
    if not child:
        kill_at(step)
        _upgrade(parse(url), "head")
        os.kill(os.getpid(), signal.SIGKILL)  # after the commit, with all connections as they are
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL, status
    return state(url)[0] == revisions()[-1]


def state(url: str) -> tuple[str | None, str]:
    """Return the schema of a database and a digest of all that is in it."""
    digest = hashlib.sha256()
    with looking(parse(url)) as connection:
        for table in tables_in(connection):
            digest.update(repr([(column.name, column.type, column.nullable) for column in table.columns]).encode())
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
                digest.update(repr(tuple(row)).encode())
        return current_revision(connection), digest.hexdigest()


def sweep(url: str, every: int) -> None:
    """Kill the upgrade at every so many steps until it gets to its end."""
    before = state(url)
    assert before[0] != revisions()[-1], "it is up to date"
    kills = 0
    for step in count(1, every):
        if upgraded_until(url, step):
            break
        kills += 1
        assert state(url) == before, f"killed at step {step}"
    sys.stdout.write(f"{kills} kills in {step} steps, {before[0]} -> {state(url)[0]}, {state(url)[1]}\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("--every", type=int, default=1)
    given = parser.parse_args()
    sweep(given.url, given.every)

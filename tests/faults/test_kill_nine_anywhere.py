"""The daemon is killed at steps of its way, a new one goes on: nothing is lost, nothing stands anywhere twice.

This is a sample. `bench/sweep.py` kills at every step, and at random.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tests.conftest import PostgresServer
from tests.faults.stage import Ending, NewDatabase, Stage, open_stage, postgresql_databases, sqlite_databases
from tests.faults.story import CHANNEL, SUPERGROUP

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

SAMPLE = 5
"""Kills on each database, spread over the calls that change something."""
CHANGING = ("telegram", "record", "revise", "sent", "seen", "retry", "save_poll")


@dataclass(frozen=True, slots=True)
class Theatre:
    """A stage, both kinds of databases, and how the story ends when nobody is killed."""

    stage: Stage
    sqlite: NewDatabase
    postgresql: NewDatabase
    whole: Ending

    def spread(self, shift: float) -> list[int]:
        """Return steps that lie evenly over those that change something; another shift takes those between them."""
        changing = [at for at, name in enumerate(self.whole.steps, 1) if any(it in name for it in CHANGING)]
        apart = len(changing) / SAMPLE
        return [changing[int((number + shift) * apart)] for number in range(SAMPLE)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def theatre(postgres: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Theatre]:
    async with open_stage() as stage:
        folder: Path = tmp_path_factory.mktemp("databases")
        sqlite, postgresql = await sqlite_databases(folder), await postgresql_databases(postgres)
        yield Theatre(stage, sqlite, postgresql, await stage.play(sqlite))


async def test_without_a_kill_the_whole_story_is_told(theatre: Theatre) -> None:
    assert [(event["kind"], len(event["reports"])) for event in theatre.whole.events] == [("strike", 2), ("swap", 2)]
    for chat in (CHANNEL, SUPERGROUP):
        swap, strike, *replies = theatre.whole.shown[chat]
        assert ("17" in swap.text, "загинули 2" in strike.text) == (True, True)
        assert [reply.answers for reply in replies] == [2, 2]


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
async def test_kill_nine_anywhere(theatre: Theatre, database: str) -> None:
    for step in theatre.spread({"sqlite": 0.25, "postgresql": 0.75}[database]):
        ending = await theatre.stage.play(getattr(theatre, database), [step])
        found = (ending.kills, ending.lost(theatre.whole), ending.doubled(theatre.whole))
        assert found == (1, 0, 0), f"killed at step {step}, {theatre.whole.steps[step - 1]}"


async def test_kill_nine_again_and_again(theatre: Theatre) -> None:
    dice = random.Random(1)
    ending = await theatre.stage.play(theatre.sqlite, after=[dice.uniform(0.1, 1.0) for _ in range(4)])
    assert (ending.lost(theatre.whole), ending.doubled(theatre.whole)) == (0, 0)

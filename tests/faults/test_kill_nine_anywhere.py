"""The daemon is killed at steps of its way, a new one goes on: nothing is lost, nothing stands anywhere twice.

This is a sample. `bench/sweep.py` kills at every step, and at random.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.conftest import PostgresServer
from tests.faults.stage import Ending, Stage, postgresql_databases, sqlite_databases
from tests.faults.story import CHANNEL, SUPERGROUP

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

SAMPLE = 5
"""Kills on each database, spread over the calls that change something."""
CHANGING = ("telegram", "record", "revise", "sent", "seen", "retry", "save_poll")


def spread(whole: Ending, shift: float) -> list[int]:
    """Return steps that lie evenly over those that change something; another shift takes those between them."""
    changing = [at for at, name in enumerate(whole.steps, 1) if any(it in name for it in CHANGING)]
    apart = len(changing) / SAMPLE
    return [changing[int((number + shift) * apart)] for number in range(SAMPLE)]


async def test_without_a_fault_the_whole_story_is_told(whole: Ending) -> None:
    assert [(event["kind"], len(event["reports"])) for event in whole.events] == [("strike", 2), ("swap", 2)]
    for chat in (CHANNEL, SUPERGROUP):
        swap, strike, *replies = whole.shown[chat]
        assert ("17" in swap.text, "2 загиблі" in strike.text) == (True, True)
        assert [reply.answers for reply in replies] == [2, 2]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_kill_nine_anywhere(
    stage: Stage, whole: Ending, kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        database, shift = await sqlite_databases(tmp_path), 0.25
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        database, shift = await postgresql_databases(server), 0.75
    for step in spread(whole, shift):
        ending = await stage.play(database, [step])
        found = (ending.kills, ending.lost(whole), ending.doubled(whole))
        assert found == (1, 0, 0), f"killed at step {step}, {whole.steps[step - 1]}"


async def test_kill_nine_again_and_again(stage: Stage, whole: Ending, tmp_path: Path) -> None:
    dice = random.Random(1)
    ending = await stage.play(await sqlite_databases(tmp_path), after=[dice.uniform(0.1, 1.0) for _ in range(4)])
    assert (ending.lost(whole), ending.doubled(whole)) == (0, 0)

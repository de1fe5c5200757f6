"""The clock is set by hours, there and back, in the middle of a story: nothing waits for so long, nothing is lost.

Times, replies and figures may differ: while a clock is wrong, news are as old as it says.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.faults.stage import Ending, Stage, sqlite_databases

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(300)]

HOURS = 2 * 3600.0


@pytest.mark.parametrize("jump", [-HOURS, HOURS])
async def test_clock_jumps(stage: Stage, whole: Ending, tmp_path: Path, jump: float) -> None:
    ending = await stage.play(await sqlite_databases(tmp_path), set_by={3: jump, 5: -jump})
    assert [_known(event) for event in ending.events] == [_known(event) for event in whole.events]
    for chat, shown in whole.shown.items():
        posts = [each for each in ending.shown[chat] if not each.answers]
        assert len(posts) == len([each for each in shown if not each.answers])
        assert all("Оновлено" in post.text for post in posts)


def _known(event: dict[str, Any]) -> tuple[Any, ...]:
    return event["kind"], event["date"], event["reports"]

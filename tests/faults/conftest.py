"""One stage for all tests of a worker: it takes seconds until everything is loaded."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.faults.stage import Ending, Stage, open_stage, sqlite_databases


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    async with open_stage() as opened:
        yield opened


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def whole(stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Ending:
    """How the story ends when nothing goes wrong."""
    return await stage.play(await sqlite_databases(tmp_path_factory.mktemp("whole")))

"""Those who watch hear how much waits for the workers."""

from __future__ import annotations

from types import SimpleNamespace

from bot.jobs.poll import JOB
from tests.tallying import Tallied


class Queue:
    """A queue in which something waits already, and that takes what it is given."""

    def __init__(self, *, is_afar: bool) -> None:
        self.is_afar = is_afar

    async def elsewhere(self):
        return {"bereh", "kyiv"}

    async def put(self, sources):
        return [True] * len(sources)


class Polling:
    """Has nothing that is due beside what waits."""

    async def due(self, elsewhere):
        return ()

    def drop(self, others):
        assert others == []


async def test_how_much_waits_for_the_workers_is_told():
    for is_afar, noted in ((True, {("queue_sources",): 2}), (False, {})):
        tally = Tallied()
        await JOB.run(
            SimpleNamespace(queue=Queue(is_afar=is_afar), polling=Polling(), tally=tally, stopping=lambda: False)
        )
        assert tally.noted == noted

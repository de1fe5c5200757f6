"""The admins hear of each alarm once, whatever Telegram does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from bot.adapters.memory import Memory
from bot.core.model import Alarm, Message
from bot.core.render import Renderer
from bot.jobs.alarms import JOB, tell
from bot.ports import PermanentError, TemporaryError, UnknownOutcomeError, VistkaError
from tests.examples import BOOKS

NOW = datetime(2025, 6, 9, 12, tzinfo=UTC)


def an_alarm(number: int = 1) -> Alarm:
    return Alarm(f"chat:{number}", "alarm.suspended", {"chat": f"-{number}", "reason": "kicked <again>"}, NOW)


@dataclass
class Publish:
    """Takes posts, or fails for some people as it is told."""

    failures: dict[int, VistkaError] = field(default_factory=dict)
    got: list[tuple[int, str]] = field(default_factory=list)

    async def post(self, chat_id: int, _thread_id: int, message: Message, _reply_to: int = 0) -> int:
        if chat_id in self.failures:
            raise self.failures[chat_id]
        self.got.append((chat_id, message.text))
        return 1


@dataclass
class House:
    """What the job is given."""

    admins: tuple[int, ...] = (7, 8)
    alarms: Memory = field(default_factory=Memory)
    publish: Publish = field(default_factory=Publish)

    async def run(self) -> list[int]:
        """Run the job and return who was told this time."""
        self.publish.got.clear()
        ports: Any = SimpleNamespace(
            alarms=self.alarms, publish=self.publish, admins=self.admins, language="uk", render=Renderer(BOOKS)
        )
        await tell(ports)
        return [admin for admin, _ in self.publish.got]


@pytest.fixture
async def house() -> House:
    house = House()
    for number in (1, 2):
        await house.alarms.raise_alarm(an_alarm(number))
    return house


async def test_all_that_is_new_is_one_message_to_each_admin_once(house: House) -> None:
    assert await house.run() == [7, 8]
    ((_, text), _) = house.publish.got
    assert text.count("⛔") == 2
    assert "kicked &lt;again&gt;" in text
    assert await house.run() == []


async def test_what_stands_is_not_told_again_until_it_was_over(house: House) -> None:
    await house.run()
    await house.alarms.raise_alarm(an_alarm(1))
    assert await house.run() == []
    await house.alarms.clear("chat:1")
    await house.alarms.raise_alarm(an_alarm(1))
    assert await house.run() == [7, 8]


async def test_without_news_nobody_is_told() -> None:
    assert await House().run() == []


@pytest.mark.parametrize(
    ("failures", "told"),
    [
        ({7: TemporaryError("x", 60)}, True),
        ({7: TemporaryError("x", 60), 8: PermanentError("x")}, False),
        ({7: PermanentError("x", gone=True), 8: PermanentError("x")}, True),
        ({7: UnknownOutcomeError("x"), 8: PermanentError("x")}, True),
    ],
)
async def test_an_alarm_is_told_when_an_admin_was_reached_or_none_ever_can_be(
    house: House, failures: dict[int, VistkaError], told: bool
) -> None:
    house.publish.failures = failures
    await house.run()
    house.publish.failures = {}
    assert await house.run() == ([] if told else [7, 8])


async def test_without_admins_it_is_left_to_the_log(house: House) -> None:
    house.admins = ()
    assert await house.run() == []
    assert await house.alarms.untold() == ()


def test_it_runs_every_quarter_of_a_minute() -> None:
    assert (JOB.name, JOB.seconds) == ("alarms", 15.0)

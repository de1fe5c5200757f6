"""What admins read when something ails the bot."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.model import Alarm
from bot.core.render.alarm import MOST, render_alarms
from bot.core.render.markup import LIMIT, units, unmarked
from tests.examples import BOOKS

NOW = datetime(2025, 6, 9, 12, tzinfo=UTC)
VALUES = {"chat": "-1001000000900", "reason": "kicked", "count": "3"}


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_every_alarm_has_words_in_every_language(language: str) -> None:
    alarms = [Alarm(name, f"alarm.{name}", VALUES, NOW) for name in ("unknown", "suspended")]
    message = render_alarms(alarms, BOOKS[language])
    assert message.text.count("-1001000000900") == 2
    assert len(message.text.split("\n\n")) == 3


def test_however_many_and_long_they_are_they_fit() -> None:
    long = {"chat": "<" * 5000, "reason": "&" * 5000}
    message = render_alarms([Alarm(str(it), "alarm.suspended", long, NOW) for it in range(40)], BOOKS["uk"])
    assert units(unmarked(message.text)) <= LIMIT
    assert f"ще {40 - MOST}" in message.text

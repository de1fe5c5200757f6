"""It is told apart whether a host is out of reach or all of them are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.schedule import Reach, unreachable

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)


def after(lost: str, hosts: int, seconds: float) -> Reach:
    """Lose hosts, a letter each, over some seconds."""
    reach = Reach()
    for place, host in enumerate(lost):
        reach = unreachable(reach, host, hosts, NOW + timedelta(seconds=seconds * place / (len(lost) - 1)))
    return reach


@pytest.mark.parametrize(
    ("lost", "hosts", "seconds", "expected"),
    [
        ("abcde", 100, 20, True),
        ("abcd", 100, 20, False),
        ("aaaaaa", 100, 20, False),
        ("abcdefgh", 100, 5, False),
        ("ab", 2, 20, True),
        ("abc", 3, 20, True),
        ("ab", 3, 20, False),
        ("aaa", 1, 20, False),
    ],
    ids=["five", "four", "one again and again", "all in a moment", "both", "all three", "two of three", "the only one"],
)
def test_we_are_cut_off_when_several_hosts_fail_and_nobody_answered_for_a_while(
    lost: str, hosts: int, seconds: float, expected: bool
) -> None:
    assert after(lost, hosts, seconds).cut_off is expected


def test_who_is_cut_off_stays_so_until_somebody_answers() -> None:
    assert unreachable(after("abcde", 100, 20), "a", 100, NOW).cut_off

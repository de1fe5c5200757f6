"""Changes of an exchange, and the chats and desks that hear of them, as the tests of the policy tell them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.core.merge import change, fold
from bot.core.model import Change, FactChange, Planned, Posted, Subscription
from bot.core.policy import MOST_EDITS, plan
from tests.reports import KINDS, at, event, june, swap

CHANNEL = Subscription(chat_id=-100, language="uk")
HOLDS = replace(CHANNEL, unconfirmed="hold")
HAS = Posted(-100, 0, "readers", 0)
TIRED = replace(HAS, edits=MOST_EDITS)
ADMIN = 77
NOTICE = Posted(ADMIN, 0, "admins", 0)
DONE = swap("Берег", at(9), june(9), facts={"to_ukraine": 25})
AGAIN = swap("Вестник", at(9, 13), june(9), facts={"to_ukraine": 25})
THIRD = swap("Wire", at(9, 14), june(9), facts={"to_ukraine": 25})
NEW = change(KINDS["swap"], None, fold(KINDS["swap"], [DONE]))
SURE = change(KINDS["swap"], event(DONE), fold(KINDS["swap"], [DONE, AGAIN]))
MORE = change(KINDS["swap"], event(DONE, AGAIN), fold(KINDS["swap"], [DONE, AGAIN, THIRD]))


def step(slot: str, before: object, after: object, source: str = "Берег", minute: int = 0) -> FactChange:
    return FactChange(slot, before, after, at(9, 15, minute), source)


def changed(*facts: FactChange, weight: str = "minor", **fields: object) -> Change:
    return Change(replace(event(DONE), **fields), facts, weight)


def ruled(before: str, after: str) -> Change:
    weight = "material" if after == "reject" else "minor"
    return changed(step("verdict", before, after), weight=weight, verdict=after)


def actions(planned: tuple[Planned, ...]) -> list[str]:
    return [each.action for each in planned]


HUSK = changed(step("merged_into", 0, 3), weight="minor", reports=(), merged_into=3)


def told(about: Change, chats: Sequence[Subscription], posted: Sequence[Posted], **given: Any) -> tuple[Planned, ...]:
    """Return the plan of a change, told an hour after the last of these reports where no time is given."""
    return plan(about, KINDS[about.event.kind], chats, posted, **({"at": at(9, 15)} | given))

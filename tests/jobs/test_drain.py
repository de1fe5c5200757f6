"""A backlog on its way to a Telegram with limits and bad weather: the real job, the real library, and no waiting."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections import Counter
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from telegram.error import TelegramError

from bench.town import least_seconds
from bot.adapters.memory import Memory
from bot.adapters.telegram import Limiter, TelegramPublisher, build_application
from bot.core.model import Planned
from bot.core.render import Renderer
from bot.jobs.deliver import Deliver
from bot.ports.tally import UNCOUNTED
from tests.adapters.records import opened
from tests.botapi import BotApi, bot_api
from tests.botapi.faults import HARD_TIMES, Weather
from tests.examples import BOOKS
from tests.timelapse import Timelapse, play

CHANNELS, SUPERGROUPS = [-1_002_000_000_001, -1_002_000_000_002], [-1_001_000_000_001, -1_001_000_000_002]
PEOPLE = list(range(1, 81))
EVENTS = 8
LONGEST = 3600.0


@dataclass
class Drained:
    """What came of it: how often each text stands in each chat, how often it was wanted there, and how long it took."""

    stand: dict[int, Counter[str]] = field(default_factory=dict)
    wanted: Counter[int] = field(default_factory=Counter)
    refused: list[Any] = field(default_factory=list)
    held: list[float] = field(default_factory=list)
    happened: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    strays: int = 0
    answers: int = 0
    spoilt: int = 0
    alarms: int = 0

    def lost(self, chats: list[int]) -> int:
        return sum(self.wanted[chat] - len(self.stand[chat]) for chat in chats)

    def doubled(self, chats: list[int]) -> int:
        return sum(count - 1 for chat in chats for count in self.stand[chat].values())


async def drain(
    seed: int = 0,
    odds: dict[str, int] | None = None,
    holds: float = 0.0,
    *,
    fresh: bool = False,
    asked: bool = False,
    **more: Any,
) -> Drained:
    """Bring eight posts to each channel and group and one to each of eighty people; where `fresh`, no id is known there.

    Where it is `asked`, somebody is answered in every channel and group again and again meanwhile.
    """
    loop, store, drained = asyncio.get_running_loop(), Memory(), Drained()
    assert isinstance(loop, Timelapse)
    async with bot_api() as api:
        _people(api)
        api.limits.on, api.limits.holds = True, holds
        application = build_application(api.token, api.url, Limiter(clock=loop.time))
        async with application:
            publish = TelegramPublisher(application.bot)
            if not fresh:
                await _begin(store, publish, api)
            api.faults.weather = Weather(seed, odds or HARD_TIMES) if seed else None
            for number in range(EVENTS):
                chats = [*CHANNELS, *SUPERGROUPS, *PEOPLE[number::EVENTS]]
                plan = tuple(Planned(chat_id, 0, "uk", "post") for chat_id in chats)
                drained.wanted.update(chats)
                await opened(store, number, plan, to_ukraine=770 + number)
            answering = asyncio.create_task(_answer(store, application.bot)) if asked else None
            await _run(store, publish, more)
            if answering is not None:
                answering.cancel()
        if api.faults.weather:
            drained.happened = api.faults.weather.happened
        drained.stand = {chat: Counter(it.text for it in api.shown(chat) if "77" in it.text) for chat in drained.wanted}
        shown = [it for chat in drained.wanted for it in api.shown(chat)]
        drained.answers = sum(it.versions[0] == "an answer" for it in shown)
        drained.spoilt = sum(it.versions[0] == "an answer" != it.text for it in shown)
        drained.strays = sum(it.text == "·" for it in shown)
        drained.refused, drained.held = api.limits.refused, api.limits.held
        drained.alarms = len(await store.untold())
        drained.seconds = _took(api)
    return drained


def _people(api: BotApi) -> None:
    for chat in CHANNELS:
        api.channel(chat)
    for chat in SUPERGROUPS:
        api.supergroup(chat)
    for chat in PEOPLE:
        api.person(chat)


async def _begin(store: Memory, publish: TelegramPublisher, api: BotApi) -> None:
    """Let the groups and channels have a post each, so that an id is known there."""
    plan = tuple(Planned(chat_id, 0, "uk", "post") for chat_id in (*CHANNELS, *SUPERGROUPS))
    await opened(store, 99, plan, to_ukraine=25)
    await _run(store, publish, {})
    await asyncio.sleep(60)
    api.calls.clear()


async def _answer(store: Memory, bot: Any) -> None:
    """Answer in each channel and group by turns, as the edge does."""
    for chat in itertools.cycle((*CHANNELS, *SUPERGROUPS)):
        with contextlib.suppress(TelegramError):
            sent = await bot.send_message(chat, "an answer")
            await store.seen(chat, sent.message_id, answer=True)
        await asyncio.sleep(1.7)


async def _run(store: Memory, publish: TelegramPublisher, more: dict[str, Any]) -> None:
    """Run the job every second until nothing waits."""
    loop: Any = asyncio.get_running_loop()
    given = {
        "clock": loop,
        "outbox": store,
        "queries": store,
        "subscriptions": store,
        "kinds": {},
        "alarms": store,
        "publish": publish,
        "render": Renderer(BOOKS),
        "stopping": lambda: False,
        "resend_unknown": False,
        "tally": UNCOUNTED,
    }
    job, ports, end = Deliver(), SimpleNamespace(**given | more), loop.time() + LONGEST
    while await store.pending():
        assert loop.time() < end, "the outbox is never empty"
        await job.run(ports)  # type: ignore[arg-type]
        await asyncio.sleep(1)


def _took(api: BotApi) -> float:
    at = [call.at for call in api.calls if call.method == "sendMessage"]
    return at[-1] - at[0]


def test_a_backlog_leaves_as_fast_as_the_limits_allow_and_meets_none_of_them() -> None:
    drained = play(drain)
    assert (drained.lost([*drained.wanted]), drained.doubled([*drained.wanted]), drained.refused) == (0, 0, [])
    assert least_seconds(drained.wanted) == EVENTS - 1
    assert drained.seconds < 3 * EVENTS


def test_where_the_server_holds_what_comes_early_nothing_of_ours_is_held() -> None:
    drained = play(lambda: drain(holds=8.0))
    assert (drained.held, drained.refused, drained.lost([*drained.wanted])) == ([], [], 0)


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("seed", [1, 2])
def test_in_bad_weather_every_post_arrives_and_none_twice_where_ids_are_a_chats_own(seed: int, fresh: bool) -> None:
    odds = {name: 3 * often for name, often in HARD_TIMES.items()}
    drained = play(lambda: drain(seed, odds, fresh=fresh))
    assert drained.happened.total() > 10
    own = [*CHANNELS, *SUPERGROUPS]
    assert (drained.lost(own), drained.doubled(own), drained.refused) == (0, 0, [])
    assert fresh or drained.strays == 0


@pytest.mark.parametrize("seed", range(3, 6))
def test_first_posts_of_which_every_third_answer_is_lost_all_arrive_once(seed: int) -> None:
    drained = play(lambda: drain(seed, {"drop": 200, "lost": 100, "flood": 30}, fresh=True))
    own = [*CHANNELS, *SUPERGROUPS]
    assert (drained.lost(own), drained.doubled(own)) == (0, 0)


@pytest.mark.parametrize("fresh", [True, False])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_answer_that_comes_in_between_is_written_over_by_a_search(seed: int, fresh: bool) -> None:
    drained = play(lambda: drain(seed, {"drop": 150, "lost": 150}, fresh=fresh, asked=True))
    assert drained.answers > 10
    assert (drained.spoilt, drained.doubled([*CHANNELS, *SUPERGROUPS])) == (0, 0)


@pytest.mark.parametrize(("again", "lost", "doubled"), [(False, True, False), (True, False, True)])
def test_where_nobody_can_tell_posts_are_lost_or_doubled_as_the_operator_chose(
    again: bool, lost: bool, doubled: bool
) -> None:
    drained = play(lambda: drain(5, {"drop": 100, "lost": 100}, resend_unknown=again))
    assert (drained.lost(PEOPLE) > 0, drained.doubled(PEOPLE) > 0) == (lost, doubled)
    assert (drained.alarms > 0) == lost
    assert (drained.lost([*CHANNELS, *SUPERGROUPS]), drained.doubled([*CHANNELS, *SUPERGROUPS])) == (0, 0)

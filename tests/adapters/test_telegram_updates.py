"""Polling against the test server: what is asked for, what outlives a crash, failures, and a clean end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import Bot
from telegram.request import BaseRequest

from bot.adapters.telegram import UpdateLoop, build_application
from bot.adapters.telegram.dispatcher import MOST_IN_FLIGHT
from bot.adapters.telegram.incoming import WANTED
from bot.ports import PermanentError
from bot.ports.tally import UNCOUNTED, Tally
from tests.adapters.updating import Handler, Kept, Watched, dispatcher_over
from tests.botapi import BotApi, bot_api
from tests.tallying import Tallied


class Pauses(Watched):
    """Notes how long the loop meant to pause and lets it go on at once."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        await self.tell()
        await asyncio.sleep(0)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        for user_id in (100, 200):
            server.person(user_id)
        yield server


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    async with build_application(api.token, api.url).bot as bot:
        yield bot


@pytest.fixture
async def kept() -> Kept:
    return Kept()


@pytest.fixture
def handler() -> Handler:
    return Handler()


Run = Callable[..., Any]


@pytest.fixture
def running(bot: Bot, kept: Kept, handler: Handler) -> Run:
    """Run the loop for the length of a block, then stop it and await its end."""

    @asynccontextmanager
    async def run(
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        request: BaseRequest | None = None,
        tally: Tally = UNCOUNTED,
    ) -> AsyncIterator[asyncio.Task[None]]:
        stop = asyncio.Event()
        loop = UpdateLoop(bot, kept, dispatcher_over(bot, kept, handler), request=request, tally=tally, sleep=sleep)
        task = asyncio.create_task(loop.run(stop))
        yield task
        stop.set()
        async with asyncio.timeout(20):
            await task

    return run


async def test_updates_are_handled_and_the_offset_is_kept(
    api: BotApi, kept: Kept, handler: Handler, running: Run
) -> None:
    async with running():
        last = [api.say(100, f"/{number}") for number in range(3)][-1]
        await kept.until_done(last)
    assert handler.texts == ["/0", "/1", "/2"]
    assert await kept.offset() == last + 1


async def test_a_poll_is_counted_by_its_answer(api: BotApi, kept: Kept, running: Run) -> None:
    tally = Tallied()
    async with running(tally=tally):
        await kept.until_done(api.say(100, "/x"))
    assert set(tally.counted) == {("telegram_calls_total", "getUpdates", "ok")}


async def test_a_restart_goes_on_where_the_last_run_ended(
    api: BotApi, kept: Kept, handler: Handler, running: Run
) -> None:
    async with running():
        await kept.until_done(api.say(100, "/before"))
    last = api.say(100, "/after")
    async with running():
        await kept.until_done(last)
    assert handler.texts == ["/before", "/after"]


async def test_what_was_confirmed_and_cut_off_is_handled_after_a_restart(
    api: BotApi, kept: Kept, handler: Handler, running: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.telegram.dispatcher.LAST_WORDS", 0.01)
    handler.gates["/slow"] = asyncio.Event()
    async with running():
        slow = api.say(100, "/slow")
        await handler.until(lambda: handler.begun)
        api.say(200, "/other", user_id=200)
        await handler.until(lambda: handler.texts)
    assert (handler.texts, api.updates.confirmed >= slow) == (["/other"], True)
    handler.gates.clear()
    async with running():
        await kept.until_done(slow)
    assert handler.texts == ["/other", "/slow"]


async def test_the_kinds_of_updates_are_asked_for_at_every_start(api: BotApi, running: Run) -> None:
    async with running():
        await api.updates.asked.wait()
    assert api.updates.allowed == frozenset(WANTED)


async def test_no_more_is_asked_for_while_very_many_are_being_handled(
    api: BotApi, kept: Kept, handler: Handler, running: Run
) -> None:
    gate = handler.gates["/slow"] = asyncio.Event()
    for user_id in range(1000, 1000 + MOST_IN_FLIGHT):
        api.person(user_id)
        last = api.say(user_id, "/slow", user_id)
    behind = api.say(100, "/behind")
    async with running():
        await handler.until(lambda: len(handler.begun) == MOST_IN_FLIGHT)
        assert api.updates.confirmed < last
        gate.set()
        await kept.until_done(behind)
    assert len(handler.texts) == MOST_IN_FLIGHT + 1


async def test_a_webhook_of_an_earlier_run_is_removed_and_what_waited_for_it_is_polled(
    api: BotApi, kept: Kept, handler: Handler, running: Run
) -> None:
    api.updates.webhook = "https://example.org/hook"
    waited = api.say(100, "/waited")
    async with running():
        await kept.until_done(waited)
    assert (handler.texts, api.updates.webhook, len(api.called("deleteWebhook"))) == (["/waited"], "", 1)
    async with running():
        await kept.until_done(api.say(100, "/again"))
    assert len(api.called("deleteWebhook")) == 1


async def test_stopping_lets_a_running_handler_finish(api: BotApi, kept: Kept, handler: Handler, running: Run) -> None:
    gate = handler.gates["/slow"] = asyncio.Event()
    async with running():
        update_id = api.say(100, "/slow")
        await handler.until(lambda: handler.begun)
        asyncio.get_running_loop().call_soon(gate.set)
    assert (handler.texts, kept.finished) == (["/slow"], [update_id])


async def test_failures_are_waited_out_longer_each_time_until_one_poll_works(
    api: BotApi, kept: Kept, running: Run
) -> None:
    pauses = Pauses()
    api.bad_gateway("getWebhookInfo")
    api.bad_gateway("getUpdates")
    api.drop("getUpdates", applied=False)
    api.nonsense("getUpdates")
    update_id = api.say(100, "/after all")
    async with running(pauses):
        await kept.until_done(update_id)
        api.bad_gateway("getUpdates")
        api.say(100, "/wake")
        await pauses.until(lambda: len(pauses.seconds) == 5)
    assert pauses.seconds == [1, 2, 4, 8, 1]


async def test_a_flood_is_waited_out_as_long_as_told(api: BotApi, kept: Kept, running: Run) -> None:
    pauses = Pauses()
    api.flood(17, method="getUpdates")
    update_id = api.say(100, "/after all")
    async with running(pauses):
        await kept.until_done(update_id)
    assert pauses.seconds == [17]


async def test_another_poller_is_named_as_the_reason(
    api: BotApi, running: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    pauses = Pauses()
    async with running(pauses):
        await api.updates.asked.wait()
        other = asyncio.create_task(api.updates.poll(wait=30))
        await pauses.until(lambda: pauses.seconds)
        other.cancel()
    said = capsys.readouterr().out
    assert "another program asks for this bot's updates" in said
    assert "@BotFather" in said


async def test_a_webhook_of_another_program_is_named_and_removed(
    api: BotApi, kept: Kept, running: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    pauses = Pauses()
    async with running(pauses):
        await api.updates.asked.wait()
        api.updates.webhook = "https://example.org/other"
        first = api.say(100, "/first")
        await kept.until_done(first)
        await kept.until_done(api.say(100, "/second"))
    assert api.updates.webhook == ""
    assert pauses.seconds == [1]
    assert "another program has this bot's updates pushed" in capsys.readouterr().out


async def test_a_token_that_is_refused_later_ends_the_loop_with_the_remedy(api: BotApi, running: Run) -> None:
    api.token = "7654321:BBothersBBothersBBothersBBothersBBo"
    with pytest.raises(PermanentError, match="check VISTKA_TELEGRAM_TOKEN"):
        async with running() as task:
            await asyncio.wait([task])


async def test_a_store_that_fails_keeps_nobody_waiting(api: BotApi, kept: Kept, handler: Handler, running: Run) -> None:
    kept.broken = {"receive", "quarantine", "handled", "done"}
    async with running():
        api.say(100, "/broken")
        api.say(100, "/fine")
        await handler.until(lambda: handler.texts == ["/fine"])


class Answers(BaseRequest):
    """A transport that gives prepared answers, then none any more."""

    def __init__(self, *bodies: bytes) -> None:
        self.bodies = list(bodies)

    @property
    def read_timeout(self) -> float:
        return 1.0

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""

    async def do_request(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        if self.bodies:
            return 200, self.bodies.pop(0)
        await asyncio.Event().wait()
        raise AssertionError


@pytest.mark.parametrize(
    "body",
    [b"[]", b"{}", b'{"ok": true, "result": 7}', b'{"ok": true, "result": [{}]}', b'{"ok": true, "result": [1]}'],
)
async def test_an_answer_without_updates_is_a_failure_like_any_other(running: Run, body: bytes) -> None:
    pauses = Pauses()
    async with running(pauses, Answers(body)):
        await pauses.until(lambda: pauses.seconds == [1])

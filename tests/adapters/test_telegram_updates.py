"""The update loop against the test server: order, offsets, broken updates, failures, and a clean end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from telegram import Update
from telegram.request import BaseRequest

from bot.adapters.telegram import UpdateLoop, build_application
from bot.adapters.telegram.updates import MOST_IN_FLIGHT, WANTED, chat_of
from bot.ports import PermanentError
from tests.botapi import BotApi, bot_api


class Watched:
    """Something whose changes can be waited for."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()

    async def tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(condition)


class Kept(Watched):
    """The Updates port in memory."""

    def __init__(self) -> None:
        super().__init__()
        self.next = 0
        self.put_aside: list[tuple[int, str, str]] = []

    async def offset(self) -> int:
        return self.next

    async def handled(self, update_id: int) -> None:
        self.next = update_id + 1
        await self.tell()

    async def quarantine(self, update_id: int, raw: str, error: str) -> None:
        self.put_aside.append((update_id, raw, error))

    async def until_handled(self, update_id: int) -> None:
        await self.until(lambda: self.next > update_id)


class Handler(Watched):
    """Notes the texts it is given and those it is done with; `gates` hold a text until they are opened."""

    def __init__(self) -> None:
        super().__init__()
        self.begun: list[str] = []
        self.texts: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}

    async def __call__(self, update: Update) -> None:
        message = update.effective_message
        text = message.text if message and message.text else "?"
        self.begun.append(text)
        await self.tell()
        if text == "/broken":
            msg = "the handler is broken"
            raise RuntimeError(msg)
        if text in self.gates:
            await self.gates[text].wait()
        self.texts.append(text)
        await self.tell()


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
async def kept() -> Kept:
    return Kept()


@pytest.fixture
def handler() -> Handler:
    return Handler()


Run = Callable[..., Any]


@pytest.fixture
def running(api: BotApi, kept: Kept, handler: Handler) -> Run:
    """Run the loop for the length of a block, then stop it and await its end."""

    @asynccontextmanager
    async def run(
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep, token: str = api.token
    ) -> AsyncIterator[asyncio.Task[None]]:
        bot = build_application(token, api.url).bot
        stop = asyncio.Event()
        task = asyncio.create_task(UpdateLoop(bot, kept, handler, grace=0.01, sleep=sleep).run(stop))
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
        await kept.until_handled(last)
    assert (handler.texts, kept.next) == (["/0", "/1", "/2"], last + 1)


async def test_a_restart_goes_on_where_the_last_run_ended(
    api: BotApi, kept: Kept, handler: Handler, running: Run
) -> None:
    async with running():
        await kept.until_handled(api.say(100, "/before"))
    last = api.say(100, "/after")
    async with running():
        await kept.until_handled(last)
    assert handler.texts == ["/before", "/after"]


async def test_the_kinds_of_updates_are_asked_for_at_every_start(api: BotApi, running: Run) -> None:
    async with running():
        await api.updates.asked.wait()
    assert api.updates.allowed == frozenset(WANTED)


async def test_one_chat_keeps_its_order_and_blocks_no_other(
    api: BotApi, kept: Kept, handler: Handler, running: Run
) -> None:
    gate = handler.gates["/slow"] = asyncio.Event()
    async with running():
        slow = api.say(100, "/slow")
        behind = api.say(100, "/behind")
        api.say(200, "/other", user_id=200)
        await handler.until(lambda: handler.texts == ["/other"])
        assert kept.next <= slow
        gate.set()
        await kept.until_handled(behind)
    assert handler.texts == ["/other", "/slow", "/behind"]


async def test_no_more_is_asked_for_while_very_many_are_being_handled(
    api: BotApi, kept: Kept, handler: Handler, running: Run
) -> None:
    gate = handler.gates["/slow"] = asyncio.Event()
    for user_id in range(1000, 1000 + MOST_IN_FLIGHT):
        api.person(user_id)
        last = api.say(user_id, "/slow", user_id)
    behind = api.say(100, "/behind")
    async with running():
        await handler.until(lambda: len(handler.begun) == MOST_IN_FLIGHT + 1)
        assert api.updates.confirmed < last
        gate.set()
        await kept.until_handled(behind)
    assert len(handler.texts) == MOST_IN_FLIGHT + 1


async def test_an_update_that_cannot_be_parsed_is_put_aside_and_the_next_one_handled(
    api: BotApi, kept: Kept, handler: Handler, running: Run
) -> None:
    broken = api.inject({"message": {"message_id": 1, "date": "yesterday", "chat": {"id": 100}}})
    async with running():
        await kept.until_handled(api.say(100, "/fine"))
    assert handler.texts == ["/fine"]
    ((update_id, raw, error),) = kept.put_aside
    assert update_id == broken
    assert "yesterday" in raw
    assert error


async def test_an_update_whose_handler_fails_is_put_aside(
    api: BotApi, kept: Kept, handler: Handler, running: Run
) -> None:
    async with running():
        api.say(100, "/broken")
        await kept.until_handled(api.say(100, "/fine"))
    assert handler.texts == ["/fine"]
    assert [error for _, _, error in kept.put_aside] == ["RuntimeError: the handler is broken"]


async def test_stopping_lets_a_running_handler_finish(api: BotApi, kept: Kept, handler: Handler, running: Run) -> None:
    gate = handler.gates["/slow"] = asyncio.Event()
    async with running():
        update_id = api.say(100, "/slow")
        await handler.until(lambda: handler.begun)
        asyncio.get_running_loop().call_soon(gate.set)
    assert (handler.texts, kept.next) == (["/slow"], update_id + 1)


async def test_failures_are_waited_out_longer_each_time_until_one_poll_works(
    api: BotApi, kept: Kept, running: Run
) -> None:
    pauses = Pauses()
    api.bad_gateway("getUpdates", times=2)
    api.drop("getUpdates", applied=False)
    api.nonsense("getUpdates")
    update_id = api.say(100, "/after all")
    async with running(pauses):
        await kept.until_handled(update_id)
        api.bad_gateway("getUpdates")
        api.say(100, "/wake")
        await pauses.until(lambda: len(pauses.seconds) == 5)
    assert pauses.seconds == [1, 2, 4, 8, 1]


async def test_a_flood_is_waited_out_as_long_as_told(api: BotApi, kept: Kept, running: Run) -> None:
    pauses = Pauses()
    api.flood(17, method="getUpdates")
    update_id = api.say(100, "/after all")
    async with running(pauses):
        await kept.until_handled(update_id)
    assert pauses.seconds == [17]


async def test_another_poller_is_named_as_the_reason(
    api: BotApi, running: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    api.updates.webhook = "https://example.org"
    pauses = Pauses()
    async with running(pauses):
        await pauses.until(lambda: pauses.seconds)
    assert "another program polls with this token" in capsys.readouterr().out


async def test_a_refused_token_ends_the_loop_with_the_remedy(running: Run) -> None:
    with pytest.raises(PermanentError, match="check VISTKA_TELEGRAM_TOKEN"):
        async with running(token="7654321:BBwrongBBwrongBBwrongBBwrongBBwrong") as task:
            await asyncio.wait([task])


async def test_a_store_that_fails_keeps_nobody_waiting(api: BotApi, kept: Kept, handler: Handler, running: Run) -> None:
    async def fail(*_: object) -> None:
        msg = "disk full"
        raise OSError(msg)

    kept.quarantine = kept.handled = fail  # type: ignore[method-assign]
    async with running():
        api.say(100, "/broken")
        api.say(100, "/fine")
        await handler.until(lambda: handler.texts == ["/fine"])


class Answers(BaseRequest):
    """A transport that gives prepared answers, then the server's own."""

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
async def test_an_answer_without_updates_is_a_failure_like_any_other(api: BotApi, kept: Kept, body: bytes) -> None:
    pauses, stop = Pauses(), asyncio.Event()
    bot = build_application(api.token, api.url).bot
    loop = UpdateLoop(bot, kept, Handler(), request=Answers(body), sleep=pauses)
    task = asyncio.create_task(loop.run(stop))
    await pauses.until(lambda: pauses.seconds == [1])
    stop.set()
    await task


@pytest.mark.parametrize(
    ("raw", "chat"),
    [
        ({"update_id": 1, "message": {"chat": {"id": -5}, "from": {"id": 7}}}, -5),
        ({"update_id": 1, "callback_query": {"from": {"id": 7}, "message": {"chat": {"id": -5}}}}, -5),
        ({"update_id": 1, "callback_query": {"from": {"id": 7}}}, 7),
        ({"update_id": 1, "message": "nonsense"}, 0),
        ({"update_id": 1, "message": {"chat": "nonsense"}}, 0),
        ({"update_id": 1}, 0),
    ],
)
def test_the_chat_of_an_update_is_found_whatever_it_looks_like(raw: dict[str, Any], chat: int) -> None:
    assert chat_of(raw) == chat

"""Pushed updates over real HTTP: who may push, what is kept before it is acknowledged, and what Telegram is told."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from telegram import Bot, Update

from bot.adapters.http import Listener, open_listener
from bot.adapters.telegram import Address, Webhook, build_application, derived_secret
from bot.adapters.telegram.dispatcher import MOST_IN_FLIGHT, Dispatcher
from bot.adapters.telegram.guard import READER
from bot.adapters.telegram.incoming import WANTED
from bot.adapters.telegram.webhook import HEADER
from bot.ports import PermanentError
from tests.adapters.updating import Handler, Kept, dispatcher_over, message
from tests.botapi import BotApi, bot_api

SECRET = "canary-of-the-webhook"


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        for user_id in (100, 200):
            server.person(user_id)
        server.pusher.pause = 0.01
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


@pytest.fixture
def address() -> Address:
    return Address("https://bot.example.org/hook", SECRET)


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with open_listener("127.0.0.1:0") as listener:
        yield listener


Run = Callable[..., Any]


@pytest.fixture
def dispatch(bot: Bot, kept: Kept, handler: Handler) -> Callable[[], Dispatcher]:
    return lambda: dispatcher_over(bot, kept, handler)


@pytest.fixture
def running(api: BotApi, bot: Bot, dispatch: Callable[[], Dispatcher], address: Address, listener: Listener) -> Run:
    """Take pushed updates for the length of a block; yields where they are posted to."""

    @asynccontextmanager
    async def run(given: Address = address, patience: float = 10.0) -> AsyncIterator[str]:
        stop = asyncio.Event()
        api.webhook_at = listener.url
        webhook = Webhook(bot, dispatch(), given, listener, patience=patience, delay=0.01)
        task = asyncio.create_task(webhook.run(stop))
        task.add_done_callback(lambda _: asyncio.ensure_future(api.look_again()))
        await api.until(lambda: api.updates.webhook == given.full or task.done())
        yield f"{listener.url}/hook/{given.name}"
        stop.set()
        async with asyncio.timeout(20):
            await task

    return run


async def post(url: str, body: bytes | dict[str, Any], secret: str | None = SECRET) -> int:
    data = io.BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
    headers = {} if secret is None else {HEADER: secret}
    async with aiohttp.ClientSession() as client, client.post(url, data=data, headers=headers) as answer:
        assert await answer.read() == b""
        return answer.status


async def test_what_telegram_pushes_is_handled(api: BotApi, kept: Kept, handler: Handler, running: Run) -> None:
    async with running():
        last = [api.say(100, f"/{number}") for number in range(3)][-1]
        await kept.until_done(last)
    assert (handler.texts, api.updates.errors) == (["/0", "/1", "/2"], [])


async def test_an_update_is_acknowledged_when_it_is_kept_and_before_it_is_handled(
    kept: Kept, handler: Handler, running: Run
) -> None:
    gate = handler.gates["/slow"] = asyncio.Event()
    async with running() as url:
        assert await post(url, message(1, "/slow")) == 200
        assert (kept.kept, kept.finished) == ([1], [])
        gate.set()
        await kept.until_done(1)


@pytest.mark.parametrize("secret", [None, "", SECRET[:-1], SECRET + "x", SECRET.upper(), "секрет"])
async def test_who_does_not_know_the_secret_is_refused(
    kept: Kept, running: Run, secret: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running() as url:
        assert await post(url, message(1, "/forged"), secret) == 403
    assert kept.kept == []
    assert SECRET not in capsys.readouterr().out


async def test_another_path_is_unknown_even_with_the_secret(
    kept: Kept, running: Run, address: Address, listener: Listener
) -> None:
    async with running():
        for path in ("", "hook", "hook/x", f"{address.name}/x"):
            assert await post(f"{listener.url}/{path}", message(1, "/forged")) == 404
    assert kept.kept == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"7",
        b"{}",
        b'{"update_id": "1"}',
        b'{"update_id": true}',
        b'{"update_id": -1}',
        b'{"update_id": 99999999999999999999}',
        b"[" * 200_000,
    ],
)
async def test_what_is_no_update_is_refused(kept: Kept, running: Run, body: bytes) -> None:
    async with running() as url:
        assert await post(url, body) == 400
    assert kept.kept == []


async def test_nothing_is_read_of_who_does_not_know_the_secret(listener: Listener, running: Run) -> None:
    async with running() as url, aiohttp.ClientSession() as client:
        sent = asyncio.Event()

        async def endless() -> AsyncIterator[bytes]:
            while True:
                sent.set()
                yield bytes(1 << 16)

        answer = await client.post(url, data=endless())
        assert (answer.status, sent.is_set()) == (403, True)


async def test_what_is_far_too_large_is_not_read(kept: Kept, running: Run) -> None:
    async with running() as url:
        assert await post(url, message(1, "x" * (1 << 20))) == 413
    assert kept.kept == []


async def test_an_update_that_nothing_can_be_made_of_is_taken_and_put_aside(kept: Kept, running: Run) -> None:
    async with running() as url:
        assert await post(url, {"update_id": 1, "message": {"chat": "nonsense", "date": "yesterday"}}) == 200
        await kept.until_done(1)
    assert [number for number, _, _ in kept.put_aside] == [1]


async def test_a_replay_is_acknowledged_and_not_handled_again(kept: Kept, handler: Handler, running: Run) -> None:
    async with running() as url:
        statuses = await asyncio.gather(*(post(url, message(1, "/once")) for _ in range(5)))
        await kept.until_done(1)
        statuses.append(await post(url, message(1, "/once")))
    assert (set(statuses), handler.texts) == ({200}, ["/once"])


async def test_what_cannot_be_kept_is_not_acknowledged_and_comes_again(
    api: BotApi, kept: Kept, handler: Handler, running: Run
) -> None:
    kept.broken = {"receive"}
    async with running() as url:
        assert await post(url, message(1, "/by hand")) == 503
        update_id = api.say(100, "/by telegram")
        await kept.until(lambda: kept.refused > 2)
        kept.broken.clear()
        await kept.until_done(update_id)
    assert handler.texts == ["/by telegram"]


async def test_with_too_many_under_way_telegram_is_asked_to_come_again(
    kept: Kept, handler: Handler, running: Run
) -> None:
    gate = handler.gates["/slow"] = asyncio.Event()
    async with running(patience=0.01) as url:
        for number in range(1, MOST_IN_FLIGHT + 1):
            assert await post(url, message(number, "/slow", sender=1000 + number)) == 200
        assert await post(url, message(999, "/behind")) == 503
        gate.set()
        await kept.until_done(MOST_IN_FLIGHT)
        assert await post(url, message(999, "/behind")) == 200
        await kept.until_done(999)


async def test_a_flood_is_acknowledged_and_dropped_and_others_are_answered(
    api: BotApi, kept: Kept, handler: Handler, running: Run
) -> None:
    async with running() as url, aiohttp.ClientSession(headers={HEADER: SECRET}) as client:

        async def push(update: dict[str, Any]) -> int:
            async with client.post(url, json=update) as answer:
                return answer.status

        flood = [message(number, f"/flood {number}") for number in range(1, 1001)]
        others = [message(number, "/other", sender=number) for number in range(2001, 2051)]
        mixed = [
            update
            for number, update in enumerate(flood)
            for update in ([update, others.pop()] if number % 20 == 0 else [update])
        ]
        statuses = await asyncio.gather(*map(push, mixed))
        await handler.until(lambda: handler.texts.count("/other") == 50)
        await api.until(lambda: api.shown(100))
    assert set(statuses) == {200}
    assert READER.burst <= len(handler.texts) - 50 <= READER.burst
    assert len(kept.kept) == len(handler.texts)
    assert len(api.shown(100)) == 1


async def test_what_was_acknowledged_and_cut_off_is_handled_after_a_restart(
    kept: Kept, handler: Handler, running: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.telegram.dispatcher.LAST_WORDS", 0.01)
    handler.gates["/slow"] = asyncio.Event()
    async with running() as url:
        assert await post(url, message(1, "/slow")) == 200
        await handler.until(lambda: handler.begun)
    assert handler.texts == []
    handler.gates.clear()
    async with running():
        await kept.until_done(1)
    assert handler.texts == ["/slow"]


async def test_telegram_is_told_the_address_once_and_again_only_when_it_differs(
    api: BotApi, running: Run, address: Address
) -> None:
    for _ in range(2):
        async with running():
            pass
    (told,) = api.called("setWebhook")
    assert told.parameters["url"].startswith("https://bot.example.org/hook/")
    assert told.parameters["secret_token"] == SECRET
    assert set(told.parameters["allowed_updates"]) == set(WANTED)
    async with running(replace(address, secret="another-canary-here")):
        pass
    assert len(api.called("setWebhook")) == 2


async def test_telegram_is_told_as_soon_as_it_is_within_reach(api: BotApi, running: Run) -> None:
    api.bad_gateway("getWebhookInfo")
    api.bad_gateway("setWebhook")
    async with running():
        assert len(api.called("setWebhook")) == 2


async def test_an_address_that_telegram_refuses_ends_it_with_the_remedy(running: Run, address: Address) -> None:
    with pytest.raises(PermanentError, match=r"VISTKA_WEBHOOK_URL: Telegram refuses it \(.*ports 80, 88, 443 or 8443"):
        async with running(replace(address, url="https://bot.example.org:99")):
            pass


async def test_a_token_that_is_refused_ends_it_with_the_remedy(api: BotApi, running: Run) -> None:
    api.token = "7654321:BBothersBBothersBBothersBBothersBBo"
    with pytest.raises(PermanentError, match="check VISTKA_TELEGRAM_TOKEN"):
        async with running():
            pass


async def test_no_secret_is_ever_written_down(
    api: BotApi, kept: Kept, running: Run, address: Address, capsys: pytest.CaptureFixture[str]
) -> None:
    async with running() as url:
        await post(url, message(1, "/broken"))
        await post(url, b"nonsense")
        await post(url, message(2, "/forged"), "wrong")
        await kept.until_done(1)
    written = capsys.readouterr().out + repr(address)
    assert "update refused" in written
    assert "bot.example.org" in written
    assert SECRET not in written
    assert address.name not in written


def test_the_secret_comes_from_the_token_and_tells_nothing_of_it() -> None:
    one, other = derived_secret("1:canary"), derived_secret("2:canary")
    assert one == derived_secret("1:canary") != other
    assert "canary" not in one
    assert 1 <= len(one) <= 256
    assert Address("https://x.org", one).name not in (one, Address("https://x.org", other).name)


async def test_the_handlers_get_the_update_as_they_would_when_polled(
    bot: Bot, kept: Kept, address: Address, api: BotApi, listener: Listener
) -> None:
    seen: list[Update] = []

    async def handle(update: Update) -> None:
        seen.append(update)

    door = Webhook(bot, dispatcher_over(bot, kept, handle), address, listener)
    stop = asyncio.Event()
    task = asyncio.create_task(door.run(stop))
    await api.until(lambda: api.updates.webhook)
    assert await post(f"{listener.url}/{address.name}", message(1, "/latest")) == 200
    await kept.until_done(1)
    stop.set()
    await task
    assert seen[0].effective_message is not None
    assert seen[0].effective_message.get_bot() is bot

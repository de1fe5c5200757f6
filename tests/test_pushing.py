"""What hubs push over real HTTP: what is believed of it, how much of it is taken, and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import structlog

from bot.core.model import Feed
from bot.ports import TemporaryError
from bot.pushing import MOST_PUSHES, MOST_WAITING
from tests.polled import START, feed
from tests.pushed import NEWS, PUBLIC, SOON, House, house_with_a_hub


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with house_with_a_hub() as house:
        yield house


async def test_a_callback_that_nobody_was_given_is_unknown(house: House) -> None:
    await house.subscribe()
    lease = await house.lease()
    for path in (f"websub/{lease.key}x", "websub/", f"other/{lease.key}", lease.key):
        strange = {**house.hub.asked[0], "hub.callback": f"{PUBLIC}/{path}"}
        assert (await house.hub.ask_back(strange))[0] == 404
        assert await house.hub.push(NEWS, callback=strange["hub.callback"], headers={}) == 404


async def test_what_is_pushed_is_taken_in_as_if_polled(house: House) -> None:
    await house.subscribe()
    before = await house.state()
    house.clock.time = SOON
    assert await house.hub.push(NEWS) == 200
    assert (house.desk.taken, house.desk.loud) == (["pushed"], ["pushed"])
    assert await house.state() == replace(before, last_item=START)
    assert (await house.lease()).pushed_at == SOON
    assert await house.hub.push(NEWS) == 200
    assert house.desk.taken == ["pushed"]


@pytest.mark.parametrize("method", ["sha1", "sha384", "sha512"])
async def test_a_hub_may_sign_by_any_method_of_the_standard(house: House, method: str) -> None:
    await house.subscribe()
    house.hub.method = method
    assert await house.hub.push(NEWS) == 200
    assert house.desk.taken == ["pushed"]


@pytest.mark.parametrize("signature", [None, "", "sha256=00", "md5=00", "nonsense", "sha256=" + "é" * 64])
async def test_what_is_not_signed_is_acknowledged_and_dropped(house: House, signature: str | None) -> None:
    await house.subscribe()
    headers = {} if signature is None else {"X-Hub-Signature": signature}
    assert await house.hub.push(NEWS, headers=headers) == 200
    assert (house.desk.taken, house.parser.parses) == ([], 1)


async def test_what_is_pushed_before_the_first_poll_succeeded_is_left_to_it(house: House) -> None:
    await house.subscribe()
    house.memory._tables.polls["bereh"] = replace(await house.state(), first_success=None)
    assert await house.hub.push(NEWS) == 200
    assert house.desk.taken == []


async def test_a_push_that_is_no_feed_is_dropped_and_said_once(house: House) -> None:
    await house.subscribe()
    with structlog.testing.capture_logs() as logs:
        assert await house.hub.push(b"<html>") == 200
    assert [log["event"] for log in logs] == ["push dropped"]
    assert house.desk.taken == []


async def test_a_push_that_cannot_be_stored_is_to_come_again(house: House) -> None:
    await house.subscribe()
    house.desk.failing = TemporaryError("the database is busy")
    assert await house.hub.push(NEWS) == 503
    house.desk.failing = None
    assert await house.hub.push(NEWS) == 200
    assert house.desk.taken == ["pushed"]


async def test_too_large_a_push_is_not_read(house: House) -> None:
    await house.subscribe()
    assert await house.hub.push(bytes((8 << 20) + 1)) == 413
    assert house.parser.parses == 1


async def test_a_flood_of_pushes_is_put_off_and_ends(house: House) -> None:
    await house.subscribe()
    statuses = [await house.hub.push(feed((f"news {number}", START)).encode()) for number in range(MOST_PUSHES + 5)]
    assert statuses == [200] * MOST_PUSHES + [503] * 5
    house.clock.move(minutes=11)
    assert await house.hub.push(NEWS) == 200
    assert len(house.desk.taken) == MOST_PUSHES + 1


async def test_only_so_many_pushes_of_a_source_wait(house: House) -> None:
    await house.subscribe()
    gate, parse = asyncio.Event(), house.parser.parse

    async def slow(*given: Any) -> Feed:
        await gate.wait()
        return await parse(*given)

    house.parser.parse = slow  # type: ignore[method-assign]
    pushes = [asyncio.create_task(house.hub.push(NEWS)) for _ in range(MOST_WAITING)]
    for _ in pushes:
        await house.begun.acquire()
    assert await house.hub.push(NEWS) == 503
    gate.set()
    assert await asyncio.gather(*pushes) == [200] * MOST_WAITING
    assert house.desk.taken == ["pushed"]


async def test_a_feed_whose_hub_pushes_is_polled_more_rarely_until_a_poll_finds_more(house: House) -> None:
    house.hub.lease = "864000"
    await house.subscribe()
    assert (await house.state()).next_at - START < timedelta(minutes=5)
    await house.hub.push(NEWS)
    house.clock.move(hours=1)
    await house.publish(("pushed", START))
    assert (await house.state()).next_at >= house.clock.now() + timedelta(minutes=15)
    house.clock.move(hours=1)
    await house.publish(("pushed", START), ("held back", house.clock.now()))
    assert (await house.state()).next_at - house.clock.now() < timedelta(minutes=15)
    assert not house.subscriber.pushing("bereh", house.clock.now())
    house.clock.move(days=1)
    await house.hub.push(NEWS)
    assert house.subscriber.pushing("bereh", house.clock.now())


async def test_no_secret_is_ever_written_down(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    await house.subscribe()
    await house.hub.push(NEWS)
    await house.hub.push(NEWS, headers={"X-Hub-Signature": "sha1=00"})
    await house.hub.push(b"<html>")
    await house.hub.ask_back(house.hub.asked[0], mode="unsubscribe")
    house.hub.status = 500
    house.clock.move(hours=1)
    await house.tend()
    lease, written = await house.lease(), capsys.readouterr().out
    assert "push dropped" in written
    assert "hub refuses" in written
    assert lease.key not in written
    assert lease.secret not in written

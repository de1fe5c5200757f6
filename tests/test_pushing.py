"""Hubs over real HTTP: what they are asked, what they may ask back, what they push and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from ipaddress import ip_network
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
import structlog

from bot.adapters.http import Listener, open_fetch, open_listener
from bot.adapters.memory import Memory
from bot.adapters.websub import hub_routes
from bot.core.model import Feed, PollState, Request, Response, Source
from bot.core.websub import HubLease
from bot.jobs.websub import JOB
from bot.polling import Polling
from bot.ports import Fetch, TemporaryError
from bot.pushing import MOST_PUSHES, MOST_WAITING, Subscriber
from tests.feedserver import FeedServer, feed_server
from tests.hub import Hub, hub_server
from tests.polled import START, TYPES, Desk, HandClock, InPlace, feed

PUBLIC = "https://bot.example.org"
SOON = START + timedelta(minutes=1)
NEWS = feed(("pushed", START)).encode()


@dataclass
class House:
    """A bot that polls one feed, which names a hub."""

    hub: Hub
    outlet: FeedServer
    fetch: Fetch
    fetch_abroad: Fetch
    listener: Listener
    clock: HandClock = field(default_factory=HandClock)
    memory: Memory = field(default_factory=Memory)
    desk: Desk = field(default_factory=Desk)
    parser: InPlace = field(default_factory=InPlace)
    tokens: Any = field(default_factory=lambda: count(1))
    outside: bool = False
    begun: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))

    def source(self) -> Source:
        return Source("bereh", "Берег", "rss", self.outlet.url("/feed"), "uk")

    def open(self, *, sources: tuple[Source, ...] | None = None, public: str = PUBLIC) -> None:
        """Start as after a restart: with what is in the store, and nothing else."""
        self.polling = Polling(
            (self.source(),) if sources is None else sources, TYPES, fetch=self.fetch, parse=self.parser,
            intake=self.desk, polls=self.memory, clock=self.clock,
        )  # fmt: skip
        self.hub.public, self.hub.actual = public, self.listener.url
        self.subscriber = self.polling.hubs = Subscriber(
            self.memory, self.polling, fetch=self.fetch, fetch_abroad=self.fetch_abroad, clock=self.clock, public_url=public,
            is_inside=lambda url: not self.outside,
            token=lambda: f"token-{next(self.tokens)}",
        )  # fmt: skip

    async def publish(self, *entries: Any, hub: str | None = None) -> None:
        """Let the feed have these entries, and name a hub; poll it."""
        named = self.hub.url if hub is None else hub
        link = f"<{named}>; rel=hub, <https://bereh.example/topic>; rel=self"
        self.outlet.serve("/feed", feed(*entries), headers={"Link": link} if named else {})
        await self.polling.due()
        await self.polling.poll("bereh")

    async def tend(self) -> None:
        await JOB.run(SimpleNamespace(hubs=self.subscriber))

    async def subscribe(self) -> None:
        await self.publish()
        await self.tend()

    async def lease(self) -> HubLease:
        (lease,) = await self.memory.hub_leases()
        return lease

    async def state(self) -> PollState:
        return (await self.memory.poll_states())["bereh"]


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with (
        hub_server() as hub,
        feed_server() as outlet,
        open_fetch(version="1", allow=(ip_network("127.0.0.0/8"),)) as fetch,
        open_fetch(version="1") as fetch_abroad,
        open_listener("127.0.0.1:0") as listener,
    ):
        house = House(hub, outlet, fetch, fetch_abroad, listener)
        house.open()
        with listener.answering(*hub_routes(Standing(house))):
            yield house


class Standing:
    """The subscriber that the house has at the moment."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def take(self, *given: Any) -> None:
        taking = asyncio.ensure_future(self._house.subscriber.take(*given))
        await asyncio.sleep(0)
        self._house.begun.release()
        await taking

    def __getattr__(self, name: str) -> Any:
        return getattr(self._house.subscriber, name)


async def test_the_hub_that_a_feed_names_is_asked_and_its_question_answered(house: House) -> None:
    await house.subscribe()
    (form,) = house.hub.asked
    lease = await house.lease()
    assert form == {
        "hub.callback": f"{PUBLIC}/websub/{lease.key}",
        "hub.mode": "subscribe",
        "hub.topic": "https://bereh.example/topic",
        "hub.lease_seconds": "864000",
        "hub.secret": lease.secret,
    }
    assert house.hub.answers == [(200, "the word of the hub")]
    assert (lease.until, lease.failures, lease.error) == (START + timedelta(hours=1), 0, "")
    await house.tend()
    assert len(house.hub.asked) == 1


async def test_a_feed_without_a_hub_asks_nobody(house: House) -> None:
    await house.publish(hub="")
    await house.tend()
    assert (house.hub.asked, await house.memory.hub_leases()) == ([], ())


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"mode": "unsubscribe"}, 404),
        ({"topic": "https://evil.example/"}, 404),
        ({"mode": "denied", "topic": "https://evil.example/"}, 404),
        ({"challenge": ""}, 404),
        ({"challenge": "слово & <b>"}, 200),
    ],
)
async def test_a_hub_is_answered_only_what_it_was_asked(house: House, changes: dict[str, str], status: int) -> None:
    house.hub.silent = True
    await house.subscribe()
    said = await house.hub.ask_back(house.hub.asked[0], **changes)
    assert said == (status, changes["challenge"] if status == 200 else "")


async def test_a_feed_leads_nobody_into_the_networks_of_the_operator(house: House) -> None:
    await house.publish(hub=house.hub.url.replace("127.0.0.1", "localhost"))
    await house.tend()
    assert house.hub.asked == []
    assert "not a public address" in (await house.lease()).error


async def test_a_feed_of_the_open_web_leads_nobody_into_them_by_a_name_of_its_own_site(house: House) -> None:
    house.outside = True
    await house.subscribe()
    assert house.hub.asked == []
    assert "not a public address" in (await house.lease()).error


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


async def test_a_lease_is_renewed_before_it_ends(house: House) -> None:
    await house.subscribe()
    house.clock.move(minutes=47)
    await house.tend()
    assert len(house.hub.asked) == 1
    house.clock.move(minutes=1)
    await house.tend()
    assert [form["hub.mode"] for form in house.hub.asked] == ["subscribe", "subscribe"]
    assert (await house.lease()).until == START + timedelta(minutes=108)


@pytest.mark.parametrize(("status", "hours"), [(500, 1), (404, 1), (429, 2)])
async def test_a_hub_in_trouble_is_asked_ever_more_rarely(house: House, status: int, hours: int) -> None:
    house.hub.status = status
    await house.subscribe()
    lease = await house.lease()
    assert (lease.failures, lease.until, lease.next_at) == (1, None, START + timedelta(hours=hours))
    assert f"status {status}" in lease.error
    house.clock.time = lease.next_at
    await house.tend()
    assert (await house.lease()).next_at - house.clock.now() == timedelta(hours=2)
    house.hub.status = 202
    house.clock.move(hours=2)
    await house.tend()
    assert ((await house.lease()).failures, (await house.lease()).error) == (0, "")


async def test_a_hub_that_denies_is_left_alone(house: House) -> None:
    await house.subscribe()
    assert (await house.hub.ask_back(house.hub.asked[0], mode="denied", reason="not you"))[0] == 200
    house.clock.move(days=6)
    await house.tend()
    assert len(house.hub.asked) == 1
    assert "not you" in (await house.lease()).error


async def test_the_lease_of_a_source_that_is_gone_is_given_back(house: House) -> None:
    await house.subscribe()
    house.open(sources=())
    await house.tend()
    assert [form["hub.mode"] for form in house.hub.asked] == ["subscribe", "unsubscribe"]
    assert (await house.memory.hub_leases(), house.hub.subscribed) == ((), {})


async def test_a_hub_that_does_not_hear_goodbye_is_told_three_times_and_then_forgotten(house: House) -> None:
    house.hub.lease = "9999999"
    await house.subscribe()
    house.hub.silent = True
    house.open(sources=())
    for _ in range(5):
        await house.tend()
        house.clock.move(hours=5)
    assert [form["hub.mode"] for form in house.hub.asked] == ["subscribe"] + ["unsubscribe"] * 3
    assert await house.memory.hub_leases() == ()


async def test_a_feed_that_names_another_hub_moves_there_after_a_day(house: House) -> None:
    house.hub.lease = "9999999"
    await house.subscribe()
    house.clock.move(hours=23)
    await house.publish(("a", START), hub="https://evil.example/")
    assert (await house.lease()).hub == house.hub.url
    house.clock.move(hours=2)
    async with hub_server() as other:
        other.public, other.actual = house.hub.public, house.hub.actual
        await house.publish(("b", START), hub=other.url)
        await house.tend()
        assert (house.hub.asked[-1]["hub.mode"], other.asked[0]["hub.mode"]) == ("unsubscribe", "subscribe")
        assert (await house.lease()).hub == other.url
        assert other.asked[0]["hub.secret"] != house.hub.asked[0]["hub.secret"]


@dataclass
class Interrupted:
    """A door through which something else happens before anything is asked."""

    fetch_: Fetch
    meanwhile: Callable[[], Awaitable[None]]

    async def fetch(self, request: Request) -> Response:
        await self.meanwhile()
        return await self.fetch_.fetch(request)


async def test_what_happens_to_a_lease_while_other_hubs_are_asked_stays(house: House) -> None:
    first, second = (replace(house.source(), id=name) for name in ("bereh", "havan"))
    named = Feed((), hub=house.hub.url, topic="https://bereh.example/topic")
    other = replace(named, hub="http://localhost/other")

    async def meanwhile() -> None:
        if house.clock.now() > START:
            await house.subscriber.learn(second, other, house.clock.now())

    house.fetch = Interrupted(house.fetch, meanwhile)
    house.open(sources=(first, second))
    for source in (first, second):
        await house.subscriber.learn(source, named, START)
    await house.tend()
    house.clock.move(days=9)
    await house.tend()
    kept = [lease for lease in await house.memory.hub_leases() if lease.source_id == second.id]
    assert [lease.hub for lease in kept if lease.wish == "subscribe"] == [other.hub]


async def test_of_two_leases_of_one_source_the_one_that_is_not_used_is_given_back(house: House) -> None:
    await house.subscribe()
    lease = await house.lease()
    await house.memory.save_hub_lease(replace(lease, key=lease.key.replace("token", "a-token")))
    house.open()
    await house.tend()
    assert house.hub.asked[-1]["hub.mode"] == "unsubscribe"
    assert await house.lease() == lease


async def test_a_restart_loses_no_lease(house: House) -> None:
    await house.subscribe()
    house.open()
    await house.tend()
    assert len(house.hub.asked) == 1
    assert await house.hub.push(NEWS) == 200
    assert house.desk.taken == ["pushed"]


async def test_at_another_public_address_all_hubs_are_asked_anew(house: House) -> None:
    await house.subscribe()
    old = next(iter(house.hub.subscribed))
    house.open(public="https://new.example.org")
    await house.tend()
    assert house.hub.asked[-1]["hub.callback"].startswith("https://new.example.org/websub/")
    assert house.hub.asked[-1]["hub.secret"] != house.hub.asked[0]["hub.secret"]
    assert (await house.lease()).stands(START)
    assert await house.hub.push(NEWS, callback=old.replace(PUBLIC, "https://new.example.org"), headers={}) == 404


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

"""What hubs are asked over real HTTP, what they may ask back, and how long what they granted stands."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.core.model import Feed, Request, Response
from bot.ports import Fetch
from tests.hub import hub_server
from tests.polled import START
from tests.pushed import NEWS, PUBLIC, House, house_with_a_hub


@pytest.fixture
async def house() -> AsyncIterator[House]:
    async with house_with_a_hub() as house:
        yield house


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

"""Who looks after us is told how we do; nobody else learns that there is anything to be told."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from bot.adapters.health import Health, answering, begun, health_routes, is_near, near, written
from bot.adapters.http import Asked, open_listener
from bot.ports import TemporaryError


def asked(peer: str, path: str = "/healthz", **headers: str) -> Asked:
    return Asked(
        path.rpartition("/")[2],
        {name.replace("_", "-"): value for name, value in headers.items()},
        path=path,
        peer=peer,
    )


class Store:
    """Answers, says why not, or never does."""

    def __init__(self, error: Exception | None = None, *, mute: bool = False) -> None:
        self.error, self.mute = error, mute

    async def ping(self) -> None:
        if self.mute:
            await asyncio.Event().wait()
        if self.error:
            raise self.error


@pytest.mark.parametrize(
    "peer",
    [
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "10.1.2.3",
        "172.31.0.9",
        "192.168.1.1",
        "100.64.3.4",
        "fd00::5",
        "fe80::1%eth0",
        "::ffff:10.0.0.1",
    ],
)
def test_our_own_network_is_let_in(peer):
    assert near("/healthz")(asked(peer)) == 200


@pytest.mark.parametrize(
    "peer", ["8.8.8.8", "172.32.0.1", "2001:db8::1", "::ffff:8.8.8.8", "64:ff9b::a00:1", "", "unix", "100.128.0.1"]
)
def test_the_open_web_is_not(peer):
    assert near("/healthz")(asked(peer)) == 404


@pytest.mark.parametrize(
    "header", ["x_forwarded_for", "x_forwarded_proto", "forwarded", "via", "x_real_ip", "cf_connecting_ip"]
)
def test_whom_a_proxy_passed_on_is_not(header):
    assert not is_near(asked("127.0.0.1", **{header: "10.0.0.1"}))


@pytest.mark.parametrize("path", ["/healthz/", "/a/healthz", "//healthz", "/a//healthz", "/Healthz"])
def test_no_other_path_is_taken_for_it(path):
    assert near("/healthz")(asked("127.0.0.1", path)) == 404


async def test_what_is_wrong_is_told_line_by_line_over_real_http():
    health = Health()
    health.look_at("store", answering(Store(TemporaryError("database vistka.db: locked"))))
    health.look_at("jobs", begun(lambda: 75.0), vital=True)
    async with open_listener("127.0.0.1:0") as listener, aiohttp.ClientSession(listener.url) as client:
        with listener.answering(*health_routes(health)):
            answer = await client.get("/healthz")
            assert (answer.status, await answer.text()) == (
                503,
                "store: database vistka.db: locked\njobs: none has begun for 75 s\n",
            )
            assert (await client.get("/healthz", headers={"X-Forwarded-For": "8.8.8.8"})).status == 404


async def test_who_can_write_nothing_lives_and_is_not_ready():
    health, trouble = Health(), ["database vistka.db: database or disk is full; check that it has room"]
    health.have("start")
    health.look_at("disk", written(lambda: trouble[-1]), beyond=True)
    assert (await health.alive(asked("::1"))).status == 200
    said = await health.ready(asked("::1"))
    assert (said.status, said.body) == (503, f"disk: {trouble[0]}\n".encode())
    trouble.append("")
    assert (await health.ready(asked("::1"))).status == 200


async def test_who_lives_is_not_ready_before_he_has_what_he_waits_for():
    health = Health()
    health.look_at("store", answering(Store()))
    assert (await health.alive(asked("::1"))).status == 200
    health.lack("lease", "waiting for vm-2")
    health.have("start")
    said = await health.ready(asked("::1"))
    assert (said.status, said.body) == (503, b"lease: waiting for vm-2\n")
    health.have("lease")
    said = await health.ready(asked("::1"))
    assert (said.status, said.body) == (200, b"ok\n")


async def test_who_does_not_live_is_not_ready_either():
    health = Health()
    health.have("start")
    health.look_at("store", answering(Store(mute=True), within=0.01))
    assert (await health.ready(asked("::1"))).body == b"store: no answer within 0.01 s\n"


async def test_only_what_a_new_start_mends_is_vital():
    health = Health()
    health.look_at("store", answering(Store(TemporaryError("gone"))))
    health.look_at("jobs", begun(lambda: 59.0), vital=True)
    assert await health.complaints(vital=True) == ()


async def test_a_complaint_holds_no_token():
    health = Health()
    token = "123456789:AAcanaryAAcanaryAAcanaryAAcanaryAAA"
    health.look_at("store", answering(Store(TemporaryError(f"no answer from https://api/bot{token}/x"))))
    assert token not in (await health.complaints())[0]

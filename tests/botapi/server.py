"""The HTTP face of the test server, and the hand that plays people.

Run it in the event loop of the test: the bot under test may live in the same loop or in another process. Every
request is kept in `calls`; `until` waits for a condition instead of for time.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

from tests.botapi.faults import Fault, Faults
from tests.botapi.limits import Limits
from tests.botapi.methods import Methods
from tests.botapi.people import People
from tests.botapi.refusal import NO_METHOD, UNAUTHORIZED, Refusal, bad_request, too_many_requests
from tests.botapi.schema import SPECIFICATION, Method, Schema, decode, from_specification
from tests.botapi.updates import UpdateQueue
from tests.botapi.webhook import Pusher
from tests.botapi.world import User, World
from tests.canary import CANARY, SECRET

TOKEN = f"7654321:{SECRET}"
GATEWAY_PAGE = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
SLOW_ENOUGH = 30.0
ATTACHED = "attach://"


@functools.cache
def schemas() -> tuple[Schema, ...]:
    """Return every source of truth at hand about requests and replies."""
    from tests.botapi.models import from_aiogram  # noqa: PLC0415  (it is large)

    documented = (from_specification(),) if SPECIFICATION.exists() else ()
    return (from_aiogram(), *documented)


@dataclass(frozen=True, slots=True)
class Call:
    """A request: what was asked, what was answered (None: nothing), and when, in seconds of the event loop."""

    method: str
    parameters: dict[str, Any]
    answer: dict[str, Any] | None
    at: float


class BotApi(People):
    """A small Telegram on a loopback port: `url` is what goes into VISTKA_TELEGRAM_API, `token` into its setting."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        bot = User(int(token.split(":", maxsplit=1)[0]), "Vistka", username="vistka_bot", is_bot=True)
        self.world = World(bot)
        self.updates = UpdateQueue()
        self.methods = Methods(self.world, self.updates)
        self.faults = Faults()
        self.limits = Limits()
        self.pusher = Pusher(self.updates)
        self.calls: list[Call] = []
        self.defects: list[str] = []
        self.url = ""
        self._changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self._pushing: asyncio.Task[None] | None = None

    @property
    def webhook_at(self) -> str:
        """What stands in for the scheme and host of the webhook's address."""
        return self.pusher.at

    @webhook_at.setter
    def webhook_at(self, address: str) -> None:
        self.pusher.at = address
        self.updates.changed.set()

    async def deliver(self, raw: dict[str, Any], secret: str | None = None) -> int:
        """Push one update to the webhook by hand, twice or late or with another secret; return the status."""
        return await self.pusher.deliver(raw, secret)

    async def start(self, port: int = 0) -> Self:
        """Listen on the port, or on a free one."""
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/bot{token}/{method}", self._serve)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._pushing = asyncio.create_task(self.pusher.run())
        return self

    async def stop(self) -> None:
        """Let held requests go and close the port."""
        self.faults.release()
        self.updates.close()
        if self._pushing is not None:
            self._pushing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._pushing
        if self._runner is not None:
            await self._runner.cleanup()

    def called(self, method: str) -> list[Call]:
        """Return the calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    async def until(self, condition: Callable[[], object], seconds: float = SLOW_ENOUGH) -> None:
        """Wait until the condition holds, which is looked at after each request; fail with what was seen so far."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(condition)
        except TimeoutError:
            seen = "\n".join(f"{call.method} {call.parameters} -> {call.answer}" for call in self.calls[-20:])
            raise AssertionError(f"not within {seconds} s; the last calls:\n{seen}") from None

    async def look_again(self) -> None:
        """Let `until` look at its condition, for one that depends on something else too."""
        async with self._changed:
            self._changed.notify_all()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        parameters: dict[str, Any] = {}
        name = request.match_info["method"]
        try:
            method = self._method(request.match_info["token"], name)
            name = method.name
            parameters = _checked(method, *await _form(request))
            fault = self.faults.meet(name, parameters.get("chat_id"))
            if fault is not None and fault.kind == "hold":
                await fault.hold()
            answer = await self._answer(method, parameters, fault)
        except Refusal as refusal:
            fault, answer = None, refusal.body()
        dropped = fault is not None and fault.kind not in ("hold", "flood")
        loop = asyncio.get_running_loop()
        self.calls.append(Call(name, parameters, None if dropped else answer, loop.time()))
        await self.look_again()
        return _response(request, answer, fault)

    def _method(self, token: str, name: str) -> Method:
        if token != self.token:
            raise UNAUTHORIZED
        method = schemas()[0].methods.get(name.lower())
        if method is None:
            raise NO_METHOD
        return method

    async def _answer(self, method: Method, parameters: dict[str, Any], fault: Fault | None) -> dict[str, Any]:
        if fault is not None and fault.kind == "flood":
            raise too_many_requests(fault.seconds)
        await self._keep_limits(method.name, parameters)
        if fault is not None and not fault.applied:
            return {}
        if method.name == "getUpdates":
            return {"ok": True, "result": await self._poll(parameters)}
        act = self.methods.find(method.name)
        if act is None:
            self.defects.append(f"{method.name} is not modelled")
            raise Refusal(500, f"Internal Server Error: {method.name} is not modelled by the test server")
        return {"ok": True, "result": self._truthful(method, act(parameters))}

    async def _keep_limits(self, method: str, parameters: dict[str, Any]) -> None:
        """Hold or refuse a call that comes too early."""
        hold, wait = self.limits.take(method, parameters.get("chat_id"), asyncio.get_running_loop().time())
        if wait > 0:
            raise too_many_requests(wait)
        if hold > 0:
            await asyncio.sleep(hold)

    async def _poll(self, given: dict[str, Any]) -> list[dict[str, Any]]:
        return await self.updates.poll(
            given.get("offset", 0), given.get("limit", 100), given.get("timeout", 0), given.get("allowed_updates")
        )

    def _truthful(self, method: Method, result: Any) -> Any:
        """Hold our own reply against the sources of truth too; only the newest, aiogram, knows the newest fields."""
        newest, *older = schemas()
        self.defects += newest.faults(result, method.returns, method.name)
        for schema in older:
            known = schema.methods.get(method.name.lower())
            found = schema.faults(result, known.returns, method.name) if known else []
            self.defects += [fault for fault in found if not fault.endswith("is unknown")]
        return result


@asynccontextmanager
async def bot_api(token: str = TOKEN) -> AsyncIterator[BotApi]:
    """Run a server; at the end fail where it had to answer something it does not model, or answered wrongly."""
    server = await BotApi(token).start()
    try:
        yield server
    finally:
        await server.stop()
    assert server.defects == [], f"the test server: {server.defects}"
    assert CANARY not in repr([call.parameters for call in server.calls]), "the token was said to Telegram"


async def _form(request: web.Request) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Return the parameters as they came, and the files that were uploaded beside them."""
    given: dict[str, Any] = dict(request.query)
    files: dict[str, bytes] = {}
    if request.content_type == "application/json":
        body = await request.json()
        if not isinstance(body, dict):
            raise bad_request("can't parse JSON object")
        return given | body, files
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = value.file.read()
        else:
            given[name] = value
    return given, files


def _checked(method: Method, raw: dict[str, Any], files: dict[str, bytes]) -> dict[str, Any]:
    """Return the parameters as values, or refuse what a source of truth does not know."""
    given: dict[str, Any] = {name: data for name, data in files.items() if name in method.parameters}
    for name, value in raw.items():
        known = method.parameters.get(name)
        try:
            given[name] = value if known is None else decode(value, known.types)
        except (ValueError, KeyError):
            raise bad_request(f"can't parse {name}: must be {' or '.join(known.types if known else ())}") from None
    found = [fault for schema in schemas() for fault in _faults(schema, method.name, given)]
    if found:
        raise bad_request("; ".join(dict.fromkeys(found)))
    return {name: _attached(value, files) for name, value in given.items()}


def _faults(schema: Schema, name: str, given: dict[str, Any]) -> Iterator[str]:
    """Yield what one source of truth has against the parameters of a method that it knows."""
    method = schema.methods.get(name.lower())
    if method is None:
        return
    yield from schema.missing_and_unknown(given, method.parameters, name)
    for parameter, value in given.items():
        if parameter in method.parameters:
            yield from schema.faults(value, method.parameters[parameter].types, parameter)


def _attached(value: Any, files: dict[str, bytes]) -> Any:
    """Put the uploaded files where a value names them."""
    if isinstance(value, dict):
        return {key: _attached(each, files) for key, each in value.items()}
    if isinstance(value, list):
        return [_attached(each, files) for each in value]
    if isinstance(value, str) and value.startswith(ATTACHED):
        return files.get(value.removeprefix(ATTACHED), value)
    return value


def _response(request: web.Request, answer: dict[str, Any], fault: Fault | None) -> web.StreamResponse:
    kind = fault.kind if fault is not None else ""
    if kind == "bad_gateway":
        return web.Response(status=502, text=GATEWAY_PAGE, content_type="text/html")
    if kind == "nonsense":
        return web.Response(text="all is well", content_type="text/plain")
    if kind == "drop" and request.transport is not None:
        request.transport.abort()
    wait = answer.get("parameters", {}).get("retry_after")
    headers = {"Retry-After": str(wait)} if wait is not None else {}
    return web.json_response(answer, status=answer.get("error_code", 200), headers=headers)

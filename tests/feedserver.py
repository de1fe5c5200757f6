"""A feed server on loopback for tests: says what it is told to, and remembers what it was asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web


@dataclass
class Page:
    """One answer. With an etag, a question that names it is answered with 304; `drip` sends a byte at a time."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    etag: str = ""
    drip: float = 0.0


@dataclass
class FeedServer:
    """Pages by path, which may be changed at any time, and the requests that came, with the bodies of those that post."""

    port: int
    pages: dict[str, Page] = field(default_factory=dict)
    requests: list[web.BaseRequest] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    not_modified: int = 0

    def url(self, path: str = "/feed") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def serve(self, path: str, body: str | bytes, **page: object) -> str:
        """Answer a path from now on with this body; return its address."""
        self.pages[path] = Page(body.encode() if isinstance(body, str) else body, **page)
        return self.url(path)

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(request)
        self.asked[request.path] += 1
        if request.method == "POST":
            self.bodies.append(await request.read())
        page = self.pages.get(request.path, Page(status=404))
        headers = dict(page.headers) | ({"ETag": page.etag} if page.etag else {})
        if page.etag and request.headers.get("If-None-Match") == page.etag:
            self.not_modified += 1
            return web.Response(status=304, headers=headers)
        if page.drip:
            return await self._drip(request, page, headers)
        return web.Response(body=page.body, status=page.status, headers=headers)

    async def _drip(self, request: web.BaseRequest, page: Page, headers: dict[str, str]) -> web.StreamResponse:
        response = web.StreamResponse(status=page.status, headers=headers)
        await response.prepare(request)
        for position in range(len(page.body)):
            await response.write(page.body[position : position + 1])
            await asyncio.sleep(page.drip)
        return response


@asynccontextmanager
async def feed_server(port: int = 0) -> AsyncIterator[FeedServer]:
    """Serve on a free port of loopback (or the one given) until the block ends."""
    server = FeedServer(port)
    runner = web.ServerRunner(web.Server(server.answer, access_log=None), shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        server.port = runner.addresses[0][1]
        yield server
    finally:
        await runner.cleanup()

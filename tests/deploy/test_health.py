"""The health check of the container asks the bot, and says how it is by its exit code."""

from __future__ import annotations

import asyncio
import sys

import pytest

from bot.adapters.http import Route, Said, open_listener
from tests.deploy.files import DEPLOY, loaded

health = loaded("deploy/health.py")


async def checked(listens):
    """Run the check as the engine does; return its exit code and what it says."""
    command = (sys.executable, "-I", str(DEPLOY / "health.py"))
    child = await asyncio.create_subprocess_exec(*command, env={"VISTKA_HTTP": listens}, stdout=asyncio.subprocess.PIPE)
    said, _ = await child.communicate()
    return child.returncode, said.decode().strip()


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
async def test_it_says_what_the_bot_says(status, code):
    async def answer(asked):
        return Said(b"the loop turns", status)

    async with open_listener("127.0.0.1:0") as listener:
        with listener.answering(
            Route(answer=answer, admit=lambda asked: 200 if asked.name == "healthz" else 404, method="GET")
        ):
            assert await checked(listener.url.removeprefix("http://")) == (code, "the loop turns")


async def test_where_nobody_answers_it_says_where_it_asked():
    code, said = await checked("127.0.0.1:9")
    assert code == 1
    assert said.startswith("no answer at 127.0.0.1:9")


@pytest.mark.parametrize(
    ("listens", "asked"),
    [("0.0.0.0:8080", ("127.0.0.1", 8080)), ("127.0.0.1:81", ("127.0.0.1", 81)), ("10.0.0.5:80", ("10.0.0.5", 80))],
)
def test_who_listens_everywhere_is_asked_on_this_machine(listens, asked):
    assert health.asked_at(listens) == asked

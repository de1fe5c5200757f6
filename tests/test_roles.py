"""Which settings a role cannot do with, and what a worker does with a source that it cannot poll."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

from bot.adapters.memory import Memory
from bot.adapters.mute import MutePublisher
from bot.cli.run import COMMAND
from bot.core.model import Message, PollState, Source
from bot.ports import PermanentError, TemporaryError
from bot.roles import ROLES, poll_one, refuse_unfit
from bot.settings import Settings, SettingsError

NOW = datetime(2025, 6, 9, 12, tzinfo=UTC)
SERVER = "postgresql://vistka@db/vistka"
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SOURCE = Source("one", "One", "rss", "https://one.example/rss", "uk")


class Broken:
    """A poll that ends in a way of its own."""

    def __init__(self, error: Exception | None = None) -> None:
        self.sources = {SOURCE.id: SOURCE}
        self.polled: list[str] = []
        self._error = error

    async def poll(self, source_id: str) -> None:
        self.polled.append(source_id)
        if self._error:
            raise self._error


def house(polling: Broken) -> Any:
    return SimpleNamespace(ports=SimpleNamespace(polling=polling, clock=SimpleNamespace(now=lambda: NOW)))


async def a_store() -> Any:
    store = Memory()
    await store.save_poll(PollState(source_id="one", next_at=NOW, configured=SOURCE.url))
    return store


@pytest.mark.parametrize("role", [role for role in ROLES if role != "all"])
def test_a_file_is_for_one_process(role) -> None:
    with pytest.raises(SettingsError, match=f"--role {role} shares a server.*or run --role all"):
        refuse_unfit(role, Settings(telegram_token=TOKEN))


def test_all_is_done_with_any_settings() -> None:
    refuse_unfit("all", Settings())


def test_a_sender_needs_the_token_and_a_worker_none() -> None:
    with pytest.raises(SettingsError, match="VISTKA_TELEGRAM_TOKEN is not set"):
        refuse_unfit("sender", Settings(database_url=SERVER))
    refuse_unfit("worker", Settings(database_url=SERVER))
    refuse_unfit("sender", Settings(database_url=SERVER, telegram_token=TOKEN))


def test_hubs_push_to_one_process() -> None:
    settings = Settings(database_url=SERVER, http="127.0.0.1:8080", public_url="https://vistka.example")
    with pytest.raises(SettingsError, match="hubs push to --role all only"):
        refuse_unfit("worker", settings)


def test_a_role_that_is_none_is_wrong_usage() -> None:
    answer = CliRunner().invoke(COMMAND, ["--role", "boss"])
    assert answer.exit_code == 2
    assert "'boss' is not one of 'all', 'scheduler', 'worker', 'sender'" in answer.output


async def test_a_source_that_this_worker_does_not_have_is_left_to_others() -> None:
    polling = Broken()
    with pytest.raises(TemporaryError, match="two is not among this worker's sources; give all processes the same"):
        await poll_one(house(polling), await a_store(), "two")
    assert polling.polled == []


async def test_a_poll_that_cannot_be_remembered_is_tried_again() -> None:
    store = await a_store()
    with pytest.raises(TemporaryError):
        await poll_one(house(Broken(TemporaryError("the database is gone"))), store, "one")
    assert (await store.state("one")).next_at == NOW


async def test_a_source_whose_poll_breaks_is_left_alone_for_an_hour() -> None:
    store = await a_store()
    await poll_one(house(Broken(ZeroDivisionError())), store, "one")
    assert (await store.state("one")).next_at == NOW + timedelta(hours=1)


async def test_who_sends_nothing_says_so() -> None:
    mute = MutePublisher()
    message = Message("text")
    for sending in (mute.post(1, 0, message), mute.edit(1, 2, message), mute.anchor(1, 0), mute.find(1, 0, message)):
        with pytest.raises(PermanentError, match="--role sender"):
            await sending
    assert mute.resting() == ()

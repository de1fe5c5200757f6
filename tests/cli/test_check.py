"""`vistka check` names what is wrong and what to do."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from bot.adapters.process import own
from bot.adapters.store import open_store
from bot.cli._sources.looking import now
from bot.cli.check import CHECKS, COMMAND
from bot.core.model import PollState
from bot.ports import TemporaryError
from bot.settings import load_settings
from tests.botapi import bot_api

pytestmark = pytest.mark.usefixtures("folder")


def check():
    return CliRunner().invoke(COMMAND, [])


def test_a_fresh_folder_is_ready_and_told_of_the_preview():
    result = check()
    assert result.exit_code == 0, result.output
    assert result.output.count("✓") == 8
    assert "@BotFather" in result.output


async def test_how_the_sources_do_is_said():
    assert await CHECKS["feeds"](load_settings()) == "0 do well, 86 not read yet, 0 in trouble"
    store = await open_store("sqlite:///vistka.sqlite3")
    await store.save_poll(PollState(source_id="kyiv-independent", next_at=now(), failures=2, last_success=now()))
    await store.close()
    told = await CHECKS["feeds"](load_settings())
    assert told == "0 do well, 85 not read yet, 1 in trouble; 'vistka sources list --trouble' names them"


async def test_who_runs_is_said_and_who_ended_without_a_word():
    assert await CHECKS["daemon"](load_settings()) == "none runs on this database"
    store = await open_store("sqlite:///vistka.sqlite3")
    here = own(123)
    await store.take("sender", here, datetime(2026, 5, 1, 9, tzinfo=UTC))
    told = await CHECKS["daemon"](load_settings())
    assert told == f"sender since 2026-05-01 09:00 UTC is process {here.pid} on {here.host}, for bot 123"
    await store.take("sender", replace(here, mark=f"{here.mark}1"), now(), (await store.leases())[0])
    await store.close()
    assert (await CHECKS["daemon"](load_settings())).endswith("which has ended: the next one takes over at once")


def test_a_sources_file_that_is_missing_is_named(monkeypatch):
    monkeypatch.setenv("VISTKA_SOURCES", "missing.toml")
    result = check()
    assert result.exit_code == 1
    assert "✗ sources: missing.toml" in result.output


def test_a_database_that_is_none_is_named(folder, monkeypatch):
    (folder / "notes.txt").write_text("a shopping list, and no database at all" * 20, encoding="utf-8")
    monkeypatch.setenv("VISTKA_DATABASE_URL", "sqlite:///notes.txt")
    result = check()
    assert result.exit_code == 1
    assert "✗ database" in result.output


def test_a_bot_api_that_does_not_answer_is_named_without_the_token(monkeypatch):
    monkeypatch.setenv("VISTKA_TELEGRAM_TOKEN", "123456:canary-canary-canary-canary")
    monkeypatch.setenv("VISTKA_TELEGRAM_API", "http://127.0.0.1:9")
    result = check()
    assert result.exit_code == 1
    assert "✗ token: VISTKA_TELEGRAM_API" in result.output
    assert "canary" not in result.output


async def test_how_updates_come_in_is_said_and_what_keeps_them_away(monkeypatch):
    async with bot_api() as api:
        monkeypatch.setenv("VISTKA_TELEGRAM_TOKEN", api.token)
        monkeypatch.setenv("VISTKA_TELEGRAM_API", api.url)
        assert (await CHECKS["updates"](load_settings())).startswith("polled")
        api.updates.webhook = "https://other.example.org/hidden"
        told = await CHECKS["updates"](load_settings())
        assert told.endswith("another program has them pushed to other.example.org, which is ended at the start")
        api.updates.webhook = ""
        monkeypatch.setenv("VISTKA_HTTP", "127.0.0.1:8080")
        monkeypatch.setenv("VISTKA_WEBHOOK_URL", "https://bot.example.org/hook")
        told = await CHECKS["updates"](load_settings())
        assert told.startswith("will be pushed to bot.example.org, and on to 127.0.0.1:8080")
        api.updates.webhook = "https://bot.example.org/hook/hidden"
        assert (await CHECKS["updates"](load_settings())).startswith("pushed to bot.example.org")
        api.person(100)
        api.say(100, "/latest")
        api.updates.failed("Connection refused")
        with pytest.raises(TemporaryError, match=r"1 wait, .* bot.example.org fails \(Connection refused\)") as caught:
            await CHECKS["updates"](load_settings())
    assert "hidden" not in str(caught.value)


def test_a_webhook_that_nothing_listens_behind_is_named(monkeypatch):
    monkeypatch.setenv("VISTKA_TELEGRAM_TOKEN", "123456:canary-canary-canary-canary")
    monkeypatch.setenv("VISTKA_WEBHOOK_URL", "https://bot.example.org/hook")
    assert "VISTKA_HTTP is not set" in str(check().exception)

"""`vistka check` names what is wrong and what to do."""

from __future__ import annotations

import asyncio

import pytest
from click.testing import CliRunner

from bot.cli.check import COMMAND
from tests.botapi import bot_api

pytestmark = pytest.mark.usefixtures("folder")


def check():
    return CliRunner().invoke(COMMAND, [])


def test_a_fresh_folder_is_ready_and_told_of_the_preview():
    result = check()
    assert result.exit_code == 0, result.output
    assert result.output.count("✓") == 6
    assert "@BotFather" in result.output


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
        assert "✓ updates: polled" in (await asyncio.to_thread(check)).output
        monkeypatch.setenv("VISTKA_WEBHOOK_URL", "https://bot.example.org/hook")
        assert "VISTKA_HTTP is not set" in str((await asyncio.to_thread(check)).exception)
        monkeypatch.setenv("VISTKA_HTTP", "127.0.0.1:8080")
        assert "will be pushed to bot.example.org, and on to 127.0.0.1:8080" in (await asyncio.to_thread(check)).output
        api.updates.webhook = "https://bot.example.org/hook/hidden"
        assert "✓ updates: pushed to bot.example.org" in (await asyncio.to_thread(check)).output
        api.person(100)
        api.say(100, "/latest")
        api.updates.failed("Connection refused")
        result = await asyncio.to_thread(check)
    assert result.exit_code == 1
    assert "✗ updates: 1 wait, since pushing them to bot.example.org fails (Connection refused)" in result.output
    assert "hidden" not in result.output

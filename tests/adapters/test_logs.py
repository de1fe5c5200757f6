"""Logs speak JSON to machines and never tell a secret."""

from __future__ import annotations

import io
import json
import logging

import pytest
import structlog

from bot.adapters.logs import BLOT, set_up_logs

TOKEN = "123456789:AAHk_canary-canary-canary-canary-ca"


@pytest.fixture
def stream():
    return io.StringIO()


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_json_with_time_level_and_values(stream):
    set_up_logs(stream=stream)
    structlog.get_logger("bot.jobs.poll").info("polled", source="берег", items=3)
    (line,) = lines(stream)
    assert (line["event"], line["source"], line["items"], line["level"]) == ("polled", "берег", 3, "info")
    assert "timestamp" in line


def test_a_known_secret_is_blotted_out_of_messages_values_and_tracebacks(stream):
    set_up_logs(("open sesame",), stream)
    log = structlog.get_logger("x")
    log.info("say open sesame", url="https://a.example/open sesame")
    try:
        raise ValueError("open sesame")
    except ValueError:
        log.exception("failed")
    assert "open sesame" not in stream.getvalue()
    assert stream.getvalue().count(BLOT) >= 3


def test_what_looks_like_a_token_or_a_password_is_blotted_out(stream):
    set_up_logs(stream=stream)
    logging.getLogger("some.library").warning("POST https://api.telegram.org/bot%s/getMe", TOKEN)
    structlog.get_logger("x").info("connect", url="postgresql://anna:hunter2@db.example/vistka")
    assert TOKEN not in stream.getvalue()
    assert "hunter2" not in stream.getvalue()


def test_chatty_libraries_are_heard_from_warnings_on(stream):
    set_up_logs(stream=stream)
    logging.getLogger("httpx").info("HTTP Request")
    assert stream.getvalue() == ""


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_people_get_a_readable_line_and_no_colour_where_they_do_not_want_it(stream, monkeypatch):
    del stream
    monkeypatch.setenv("NO_COLOR", "1")
    terminal = Terminal()
    set_up_logs(stream=terminal)
    structlog.get_logger("x").info("polled", items=3)
    assert "polled" in terminal.getvalue()
    assert "items=3" in terminal.getvalue()
    assert "\x1b[" not in terminal.getvalue()

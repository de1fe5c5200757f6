"""The token stays out of logs."""

from __future__ import annotations

import logging

import pytest

from bot.adapters.telegram import build_application, quiet_libraries, redacted
from tests.botapi.server import TOKEN


@pytest.mark.parametrize(
    "text",
    [TOKEN, f"https://api.telegram.org/bot{TOKEN}/sendMessage", f"Bot[token={TOKEN}]", f"{TOKEN} and {TOKEN}"],
)
def test_a_token_is_redacted_wherever_it_stands(text: str) -> None:
    assert TOKEN not in redacted(text)
    assert TOKEN.split(":")[1][:8] not in redacted(text)


@pytest.mark.parametrize("text", ["12:30", "2025-06-09T12:30:00", "event 12: 390 for 390", "ціна 100000:1"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert redacted(text) == text


def test_the_http_library_does_not_log_addresses() -> None:
    logging.getLogger("httpx").setLevel(logging.INFO)
    build_application(TOKEN)
    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    quiet_libraries()
    assert logging.getLogger("telegram.ext").isEnabledFor(logging.WARNING)

"""Telegram's public preview: posts become items, other pages are refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.model import Item, Response, Source
from bot.core.sources import NotAFeedError
from bot.core.sources.telegram_web import LONGEST_HEADLINE, parse

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)
SOURCE = Source("havan", "Гавань", "telegram_web", "https://t.me/s/havan", "uk")


def read(page: str) -> tuple[Item, ...]:
    return parse(SOURCE, Response(SOURCE.url, 200, {}, page.encode()), NOW).items


def post(text: str) -> str:
    return f'<div class="tgme_widget_message" data-post="h/1"><div class="tgme_widget_message_text js-message_text">{text}</div></div>'


@pytest.mark.parametrize("page", ["", "<html><div class='tgme_page'>Contact @havan</div></html>", "<rss/>", "\0"])
def test_a_page_without_a_channel_is_an_error(page: str) -> None:
    with pytest.raises(NotAFeedError):
        read(page)


def test_an_empty_channel_is_no_error() -> None:
    assert read('<section class="tgme_channel_history"></section>') == ()


def test_a_long_first_line_is_body_and_no_headline() -> None:
    (item,) = read(post("я" * (LONGEST_HEADLINE + 1) + "<br>друга"))
    assert (item.title, item.body) == ("", f"<p>{'я' * (LONGEST_HEADLINE + 1)}</p><p>друга</p>")


def test_a_post_of_one_short_line_is_all_headline() -> None:
    (item,) = read(post("Відбій"))
    assert (item.title, item.body, item.url, item.published) == ("Відбій", None, "https://t.me/h/1", NOW)


def test_text_that_looks_like_markup_stays_text() -> None:
    assert read(post("a<br>1 &lt; 2 &lt;b&gt;"))[0].body == "<p>1 &lt; 2 &lt;b&gt;</p>"

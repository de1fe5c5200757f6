"""Telegram's public preview: posts become items, other pages are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.identity import identify
from bot.core.model import Item, Response, Source
from bot.core.sources import NotAFeedError
from bot.core.sources.telegram_web import claims, parse, request
from bot.core.sources.telegram_web.page import LONGEST_HEADLINE

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


def landing(inside: str) -> str:
    """Return the page to which Telegram leads where it shows no posts."""
    return f'<html><body><div class="tgme_page_wrap"><div class="tgme_page_body">{inside}</div></div></body></html>'


TITLE = '<div class="tgme_page_title"><span dir="auto">Гавань</span></div>'


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (landing(TITLE + '<div class="tgme_page_extra">12 345 subscribers</div>'), "has its preview switched off"),
        (landing(TITLE + '<div class="tgme_page_extra">1 subscriber</div>'), "has its preview switched off"),
        (landing(TITLE + '<div class="tgme_page_extra">345 members, 2 online</div>'), "it is a group"),
        (landing(TITLE + '<div class="tgme_page_extra">@havan</div>'), "it is a person or a bot"),
        (
            landing('<div class="tgme_page_description">you can contact @havan right away</div>'),
            "there is no channel of this",
        ),
        ("<html><body>Sign in</body></html>", "it is no preview of a Telegram channel"),
    ],
)
def test_a_channel_without_a_preview_says_why(page: str, reason: str) -> None:
    with pytest.raises(NotAFeedError, match=reason):
        read(page)


def test_an_invitation_is_no_feed() -> None:
    with pytest.raises(NotAFeedError, match="invitation to a private channel"):
        parse(SOURCE, Response("https://t.me/+AbCdEf", 200, {}, landing(TITLE).encode()), NOW)


def test_a_channel_that_hides_all_its_posts_is_an_error_and_not_an_empty_feed() -> None:
    label = '<div class="message_media_not_supported_label">Please open Telegram to view this post</div>'
    with pytest.raises(NotAFeedError, match="in Telegram alone"):
        read(f'<div class="tgme_widget_message" data-post="h/1">{label}</div>' * 2)
    shown = (
        f'<div class="tgme_widget_message" data-post="h/1"><a class="tgme_widget_message_photo_wrap"></a>{label}</div>'
    )
    assert read(shown) == ()


def test_neither_views_nor_reactions_make_another_post() -> None:
    footer = '<span class="tgme_widget_message_views">{}</span><span class="tgme_reaction"><b>🔥</b>{}</span>'
    first, second = (read(post("Порт") + footer.format(count, count))[0] for count in ("4.02K", "1.2M"))
    assert identify(first) == identify(second)


def test_an_edited_post_is_the_same_post_with_another_text() -> None:
    (first,), (second,) = (
        read(post("Загинув 1")),
        read(post("Загинули 2") + '<span class="tgme_widget_message_meta">edited</span>'),
    )
    assert (first.id, second.title) == (second.id, "Загинули 2")
    assert identify(first).words != identify(second).words


def test_what_is_struck_out_is_not_read() -> None:
    assert read(post("Загинули <s>5</s> <del>4</del> <b>3</b> людей"))[0].title == "Загинули 3 людей"


def test_lines_of_signs_alone_stay_within_bounds() -> None:
    (item,) = read(post("—<br>" * 5 + "Порт"))
    assert item.title.endswith("Порт")
    assert read(post("⚡️"))[0].title == "⚡️"
    assert len(read(post("—<br>" * 20_000 + "x"))) == 1


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://t.me/havan", "https://t.me/s/havan"),
        ("http://www.telegram.me/havan/", "https://t.me/s/havan"),
        ("https://t.me/s/havan", "https://t.me/s/havan"),
        ("http://127.0.0.1:8080/s/havan", "http://127.0.0.1:8080/s/havan"),
    ],
)
def test_the_preview_is_asked_for_whatever_address_the_channel_has(url: str, asked: str) -> None:
    assert request(replace(SOURCE, url=url), None).url == asked


def test_pages_of_channels_are_known() -> None:
    bodies = (landing(TITLE), post("x"), "<html><p>t.me</p></html>")
    assert [claims(Response("", 200, {}, body.encode())) for body in bodies] == [True, True, False]


@given(
    st.text(max_size=200),
    st.sampled_from(["{}", "<a href='{}'>x</a>", "<b>{}", "<a href=https://x>{}</a>", "\x01{}\x02\x03"]),
)
def test_any_text_is_read(text: str, around: str) -> None:
    for item in read(post(around.format(text))):
        item.title.encode()
        (item.body or "").encode()


def test_a_page_that_breaks_off_gives_the_posts_before() -> None:
    posts = post("перший") + post("другий допис").replace("h/1", "h/2")
    page = f'<!DOCTYPE html><html><body><section class="tgme_channel_history">{posts}</section></body></html>'
    cut = parse(SOURCE, Response(SOURCE.url, 200, {}, page[: page.index("допис")].encode()), NOW)
    assert ([item.title for item in cut.items], cut.cut) == (["перший"], True)
    whole = parse(SOURCE, Response(SOURCE.url, 200, {}, page.encode()), NOW)
    assert (len(whole.items), whole.cut) == (2, False)

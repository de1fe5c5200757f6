"""Whatever a feed sends, Telegram's own parser takes what we make of it."""

from __future__ import annotations

import json

import pytest
import tdjson
from hypothesis import given
from hypothesis import strategies as st

from bot.core.render.markup import LIMIT, fit, link, plain, text, units
from bot.core.render.post import render_post
from tests.examples import BOOKS, origin, strike


def parsed(markup: str) -> dict:
    """Parse as Telegram does."""
    request = {"@type": "parseTextEntities", "text": markup, "parse_mode": {"@type": "textParseModeHTML"}}
    return json.loads(tdjson.td_execute(json.dumps(request).encode()))


def test_the_oracle_refuses_what_telegram_refuses():
    assert parsed("a < b")["@type"] == "error"


@given(st.text(), st.text())
def test_any_name_and_address_make_a_post_that_telegram_accepts(name, url):
    event = strike(reports=(*strike().reports,), facts={"attacker": "RU", "region": "UA-63", "places": (name,)})
    hostile = origin(name, url=url or "https://a.example")
    reports = tuple(type(report)(kind="strike", origin=hostile) for report in event.reports)
    post = render_post(strike(facts=event.facts, reports=reports), BOOKS["en"]).text
    answer = parsed(post)
    assert answer["@type"] == "formattedText", answer
    assert units(answer["text"]) <= LIMIT


@given(st.text())
def test_outside_text_becomes_one_harmless_line(raw):
    line = plain(raw)
    assert "\n" not in line
    assert len(line) <= 200
    assert plain(line) == line


@pytest.mark.parametrize("raw", ["@admin", "#tag", "/start"])
def test_mentions_hashtags_and_commands_from_outside_do_nothing(raw):
    answer = parsed(text(raw))
    assert answer["entities"] == []


def test_directions_and_invisible_signs_are_dropped():
    assert plain("Ки\u200bїв \u202eвідомості\u202c") == "Київ відомості"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://a.example", "http://[", "", "data:text/html,x"])
def test_an_address_that_is_no_page_is_no_link(url):
    assert link("Берег", url) == "Берег"


def test_a_link_keeps_its_query():
    assert link("А & Б", "https://a.example/?x=1&y=2") == '<a href="https://a.example/?x=1&amp;y=2">А &amp; Б</a>'


def test_lines_that_do_not_fit_are_counted():
    assert fit(["aa", "bb", "cc"], 6) == (["aa", "bb"], 1)
    assert fit([], 6) == ([], 0)

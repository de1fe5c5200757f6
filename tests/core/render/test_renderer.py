"""What a delivery shows, by its action and language."""

from __future__ import annotations

from dataclasses import replace

from bot.core.render import Renderer
from bot.core.render.post import render_post
from tests.examples import BOOKS, exchange

RENDER = Renderer(BOOKS)


def test_a_post_and_its_edit_show_the_whole_event():
    wanted = render_post(exchange(), BOOKS["uk"])
    assert RENDER(exchange(), "uk", "post") == RENDER(exchange(), "uk", "edit") == wanted


def test_a_reply_shows_only_what_changed_last():
    reply = RENDER(exchange(), "en", "reply").text
    assert "1,195 → 1,207" in reply
    assert "carried out" not in reply


def test_a_reply_without_history_still_names_the_event():
    assert "Prisoner exchange" in RENDER(replace(exchange(), history=()), "en", "reply").text


def test_an_unknown_language_falls_back_to_english():
    assert RENDER(exchange(), "pl", "post") == RENDER(exchange(), "en", "post")

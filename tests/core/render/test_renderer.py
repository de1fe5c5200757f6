"""What a delivery shows, by its action and language."""

from __future__ import annotations

from dataclasses import replace

from bot.core.model import FactChange
from bot.core.render import Renderer
from bot.core.render.post import render_post
from tests.examples import BOOKS, exchange, moment

RENDER = Renderer(BOOKS)


def test_a_post_and_its_edit_show_the_whole_event():
    wanted = render_post(exchange(), BOOKS["uk"])
    assert RENDER(exchange(), "uk", "post") == RENDER(exchange(), "uk", "edit") == wanted


def test_a_reply_shows_only_what_came_in_last_even_where_that_was_published_earlier():
    event = exchange()
    earlier = FactChange("to_russia", 1190, 1195, moment(10), "Sloboda Wire")
    reply = RENDER(replace(event, news=(earlier,)), "en", "reply").text
    assert "1,190 → 1,195" in reply
    assert "→ 1,207" not in reply
    assert "Sloboda Wire" in reply


def test_a_reply_tells_doubts_and_leaves_out_details():
    doubt = FactChange("disputed", before=False, after=True, at=moment(13), source="Sloboda Wire")
    longer = FactChange("categories", ("women",), ("under_25", "women"), moment(13), "Sloboda Wire")
    first = FactChange("mediators", None, "Vatican", moment(13), "Sloboda Wire")
    reply = RENDER(replace(exchange(), news=(longer, first, doubt)), "en", "reply").text
    assert "denies or contradicts" in reply
    assert "women" not in reply
    assert "Vatican" not in reply


def test_a_reply_without_news_still_names_the_event():
    assert "Prisoner exchange" in RENDER(exchange(), "en", "reply").text


def test_an_unknown_language_falls_back_to_english():
    assert RENDER(exchange(), "pl", "post") == RENDER(exchange(), "en", "post")

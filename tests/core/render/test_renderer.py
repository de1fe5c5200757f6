"""What a delivery shows, by its action, audience and language."""

from __future__ import annotations

from bot.core.model import FactChange
from bot.core.render import Renderer
from bot.core.render.notice import render_notice
from bot.core.render.post import render_post
from tests.examples import BOOKS, exchange, moment

RENDER = Renderer(BOOKS)


def test_a_post_and_its_edit_show_the_whole_event():
    wanted = render_post(exchange(), BOOKS["uk"])
    assert RENDER(exchange(), "uk", "post") == RENDER(exchange(), "uk", "edit") == wanted


def test_a_reply_shows_only_what_its_chat_has_not_heard():
    earlier = FactChange("to_russia", 1190, 1195, moment(10), "Sloboda Wire")
    reply = RENDER(exchange(), "en", "reply", (earlier,)).text
    assert "1,190 → 1,195" in reply
    assert "→ 1,207" not in reply
    assert "Sloboda Wire" in reply


def test_a_reply_tells_doubts():
    doubt = FactChange("disputed", before=False, after=True, at=moment(13), source="Sloboda Wire")
    assert "denies or contradicts" in RENDER(exchange(), "en", "reply", (doubt,)).text


def test_a_reply_without_news_still_names_the_event():
    assert "Prisoner exchange" in RENDER(exchange(), "en", "reply").text


def test_an_admin_sees_the_notice():
    wanted = render_notice(exchange(), BOOKS["ru"], ("held",), {"wrong": 2})
    assert RENDER.notice(exchange(), "ru", ("held",), {"wrong": 2}) == wanted


def test_an_unknown_language_falls_back_to_english():
    assert RENDER(exchange(), "pl", "post") == RENDER(exchange(), "en", "post")

"""Pages in the worker process: what is read of them, and what is refused in one line."""

from __future__ import annotations

import pytest

from bot.adapters.article import open_articles
from bot.core.model import Response
from bot.ports import PermanentError

STORY = "12 червня відбувся обмін полоненими у форматі 307 на 307, повідомили в Координаційному штабі."
PAGE = f"<html><head><title>Обмін</title></head><body><article><h1>Обмін</h1><p>{STORY}</p></article></body></html>"


async def test_a_page_that_would_take_too_much_is_refused_and_the_next_one_is_read():
    nest = "<div>" * 1000 + PAGE
    async with open_articles() as articles:
        for body, complaint in (
            (nest, r"^https://bereh\.example/1: .*inside each other"),
            ("<p>" * 70_000, r"^https://bereh\.example/1: it has 70,000 tags"),
            ("", r"^https://bereh\.example/1: there is no article on the page"),
        ):
            with pytest.raises(PermanentError, match=complaint):
                await articles.article(Response("https://bereh.example/1?secret", 200, {}, body.encode()))
        page = await articles.article(Response("https://bereh.example/1", 200, {}, PAGE.encode()))
    assert (page.title, STORY in page.text) == ("Обмін", True)


async def test_a_page_that_breaks_off_is_read_up_to_its_last_whole_sentence():
    begun = PAGE.partition("</article>")[0]
    async with open_articles() as articles:
        for tail in ("<p>30", "<p>Серед них поранені. Усього з початку року 1 2", "<p>Серед них 1"):
            page = await articles.article(Response("https://bereh.example/1", 200, {}, (begun + tail).encode()))
            assert page.text.splitlines()[-1] in (STORY, "Серед них поранені.")
        whole = begun + "<p>Серед них 12</p></article></body></html>"
        page = await articles.article(Response("https://bereh.example/1", 200, {}, whole.encode()))
    assert page.text.endswith("Серед них 12")

"""News that somebody shows the bot: what is read, what is followed, what is said where nothing can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.memory import Memory
from bot.core.model import Decision
from bot.ports import PermanentError, Recognised, TemporaryError, UnreadLanguageError
from handlers import Shown
from handlers.reading import TEXTS
from tests.examples import strike
from tests.handlers.asking import NOW, Glasses, asking, desk

NEWS = "Вночі російські дрони вдарили по Харкову, є загиблі та поранені."
EARLIER = datetime(2025, 6, 9, 5, tzinfo=UTC)
FOUND = (Recognised(strike(id=0), strike(), Decision(13, 0.9)),)


async def said(glasses: Glasses, shown: Shown, language: str = "en") -> str | None:
    ask = asking(desk(Memory(), recognise=glasses), (), language)
    message = await TEXTS.answer(ask, shown)
    return message.text if message else None


async def test_pasted_news_is_read_as_of_now_and_forwarded_news_as_of_its_own_day():
    glasses = Glasses(FOUND)
    assert "/event_13" in str(await said(glasses, Shown(NEWS)))
    assert "/event_13" in str(await said(glasses, Shown(NEWS, at=EARLIER)))
    await said(glasses, Shown(NEWS, at=NOW + timedelta(days=9)))
    assert glasses.shown == [(NEWS, NOW), (NEWS, EARLIER), (NEWS, NOW)]


@pytest.mark.parametrize(
    ("shown", "followed"),
    [
        (Shown("https://a.example/x?y=1", ("https://a.example/x?y=1",)), "https://a.example/x?y=1"),
        (Shown("a.example/x", ("a.example/x",)), "https://a.example/x"),
        (Shown("look: https://a.example/x"), "https://a.example/x"),
        (Shown("тут", ("http://a.example/1", "http://a.example/2")), "http://a.example/1"),
        (Shown("", ("HTTPS://t.me/suspilne/12",)), "HTTPS://t.me/suspilne/12"),
        (Shown("https://a.example:8443/x", ("a.example:8443/x",)), "https://a.example:8443/x"),
    ],
)
async def test_a_link_without_words_of_its_own_is_followed(shown, followed):
    glasses = Glasses(FOUND)
    await said(glasses, shown)
    assert [address for address, _ in glasses.shown] == [followed]


async def test_news_with_a_link_in_it_is_read_itself():
    glasses = Glasses()
    await said(glasses, Shown(f"{NEWS} https://a.example/subscribe", ("https://a.example/subscribe",)))
    assert glasses.shown[0][0].startswith(NEWS)


@pytest.mark.parametrize(
    ("link", "answer"),
    [
        ("ftp://a.example/x", "cannot read that page"),
        ("javascript:alert(1)//://", "cannot read that page"),
        ("file:///etc/passwd", "cannot read that page"),
        ("https://t.me/c/123/4", "Forward me the post"),
        ("t.me/+AbCdEf", "Forward me the post"),
        ("https://telegram.me/joinchat/AbC", "Forward me the post"),
    ],
)
async def test_what_cannot_be_followed_is_not_tried(link, answer):
    glasses = Glasses(FOUND)
    assert answer in str(await said(glasses, Shown("", (link,))))
    assert glasses.shown == []


@pytest.mark.parametrize(
    ("error", "shown", "answer"),
    [
        (
            PermanentError("10.0.0.1: name its network in VISTKA_FETCH_ALLOW"),
            Shown("", ("http://10.0.0.1",)),
            "cannot read",
        ),
        (TemporaryError("no complete answer"), Shown("", ("http://a.example",)), "does not answer"),
        (UnreadLanguageError("x"), Shown("", ("http://a.example",)), "English, Ukrainian and Russian"),
        (
            UnreadLanguageError("x"),
            Shown("W nocy rosyjskie drony uderzyły w Charków."),
            "English, Ukrainian and Russian",
        ),
        (TemporaryError("no answer within 15 s"), Shown(NEWS), "took too long"),
    ],
)
async def test_what_cannot_be_read_is_said_kindly_and_without_our_own_affairs(error, shown, answer):
    told = str(await said(Glasses(error=error), shown))
    assert answer in told
    assert "VISTKA" not in told
    assert "10.0.0.1" not in told


async def test_a_picture_without_words_is_not_read():
    assert "not pictures" in str(await said(Glasses(), Shown("")))


@pytest.mark.parametrize("shown", [Shown("hi"), Shown("дякую!"), Shown("12"), Shown("", shared=-100)])
async def test_a_greeting_and_a_picked_chat_are_the_business_of_others(shown):
    assert await said(Glasses(FOUND), shown) is None


async def test_that_there_is_nothing_to_read_is_said():
    assert "no prisoner exchange" in str(await said(Glasses(), Shown("The weather tomorrow will be fine, they say.")))

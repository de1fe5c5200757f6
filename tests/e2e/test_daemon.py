"""The whole daemon from outside: news go in at one end, and Telegram shows what it made of them."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.botapi import BotApi, bot_api
from tests.e2e.daemon import Newsroom, Outlet, Story, daemon, sent, shown
from tests.feedserver import feed_server

pytestmark = pytest.mark.e2e

CHANNEL = -1001000000900
SETTINGS = {"VISTKA_CHANNELS": str(CHANNEL), "VISTKA_LANGUAGE": "uk"}
SEEDS = Path(__file__).parents[2].parent / "shared" / "corpus" / "seeds.items.jsonl"
OUTLETS = (
    Outlet("staff", "Coordination Staff", "en", tier="official", side="UA"),
    Outlet("novyny", "Новини дня", "uk"),
    Outlet("vesti", "Вести", "ru"),
)
SWAP_EN = Story(
    "Ukraine brings home 205 prisoners of war",
    "Ukraine and Russia carried out a prisoner exchange today. 205 Ukrainian soldiers returned home and 205 Russian "
    "prisoners were handed over to Russia.",
    minutes_ago=30,
)
SWAP_UK = Story(
    "Відбувся обмін полоненими: додому повернулися 205 захисників",
    "Сьогодні Україна та Росія провели обмін полоненими. З російського полону повернулися 205 українських військових.",
    minutes_ago=20,
)
SWAP_RU = Story(
    "Россия и Украина обменялись пленными по формуле 205 на 205",
    "Сегодня состоялся обмен пленными. Кроме того, на родину вернулись 17 гражданских.",
    minutes_ago=15,
)
STRIKE_UK = Story(
    "Вночі дрони атакували Харківську область: троє поранених",
    "Минулої ночі російські дрони вдарили по Чугуєву на Харківщині. Троє людей поранені, повідомили в поліції.",
    minutes_ago=5,
)
STRIKE_EN = Story(
    "Russian drones hit Chuhuiv in Kharkiv region overnight, three injured",
    "Russian drones struck the city of Chuhuiv in Kharkiv Oblast overnight, injuring three people, police said.",
    minutes_ago=5,
)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with bot_api() as server:
        server.channel(CHANNEL)
        server.person(100, language="uk")
        yield server


@pytest.fixture
async def newsroom() -> AsyncIterator[Newsroom]:
    async with feed_server() as server:
        yield Newsroom(server, OUTLETS)


async def test_one_event_is_one_living_post_and_commands_are_answered(
    tmp_path: Path, api: BotApi, newsroom: Newsroom
) -> None:
    async with daemon(tmp_path, api, newsroom, SETTINGS) as running:
        api.say(100, "/subscribe")
        await running.until(lambda: api.shown(100))
        newsroom.publish("staff", SWAP_EN)
        await running.until(lambda: shown(api, CHANNEL) and len(api.shown(100)) > 1)
        (post,), (_, private) = shown(api, CHANNEL), api.shown(100)
        assert "205" in post.text
        assert "205" in private.text
        newsroom.publish("novyny", SWAP_UK)
        await running.until(lambda: "Новини дня" in post.text)
        newsroom.publish("vesti", SWAP_RU)
        await running.until(lambda: "Вести" in post.text and "Вести" in private.text)
        assert [message for message in sent(api, CHANNEL) if not message.reply_to] == [post]
        api.say(100, "/swaps")
        await running.until(lambda: "205" in api.shown(100)[-1].text and api.shown(100)[-1] != private)
        assert await running.stop() == 0
    assert len(post.versions) == 3
    spoken = [call.at for call in api.calls if call.parameters.get("chat_id") == CHANNEL]
    assert all(later - earlier > 0.9 for earlier, later in itertools.pairwise(spoken))
    assert api.token not in running.log
    assert "Traceback" not in running.log


async def test_after_a_kill_nothing_is_posted_twice_and_news_go_on(
    tmp_path: Path, api: BotApi, newsroom: Newsroom
) -> None:
    async with daemon(tmp_path, api, newsroom, SETTINGS) as running:
        newsroom.publish("staff", SWAP_EN)
        await running.until(lambda: '"delivered"' in running.log)
        await running.kill()
    newsroom.publish("staff", STRIKE_EN)
    async with daemon(tmp_path, api, newsroom, SETTINGS) as running:
        await running.until(lambda: len(shown(api, CHANNEL)) > 1)
        api.say(100, "/latest")
        await running.until(lambda: api.shown(100))
        assert await running.stop() == 0
    swap, strike = sent(api, CHANNEL)
    assert ("205" in swap.text, "205" in strike.text, len(swap.versions)) == (True, False, 1)


async def test_a_post_that_was_in_flight_when_the_power_failed_is_neither_lost_nor_doubled(
    tmp_path: Path, api: BotApi, newsroom: Newsroom
) -> None:
    async with daemon(tmp_path, api, newsroom, SETTINGS) as running:
        newsroom.publish("staff", SWAP_EN)
        await running.until(lambda: '"delivered"' in running.log)
        held = api.hold("sendMessage", CHANNEL)
        newsroom.publish("novyny", STRIKE_UK)
        await asyncio.wait_for(held.reached.wait(), 30)
        await running.kill()
        held.released.set()
        await api.until(lambda: len(shown(api, CHANNEL)) == 2)
    async with daemon(tmp_path, api, newsroom, SETTINGS) as running:
        await running.until(lambda: api.called("editMessageText"), 90)
        newsroom.publish("staff", STRIKE_EN)
        strike = sent(api, CHANNEL)[1]
        await running.until(lambda: "Coordination Staff" in strike.text)
        assert await running.stop() == 0
    assert [message.reply_to for message in sent(api, CHANNEL)].count(0) == 2


async def test_old_news_of_a_new_source_is_not_posted(tmp_path: Path, api: BotApi, newsroom: Newsroom) -> None:
    old = Story(SWAP_EN.title, SWAP_EN.summary.replace("today", "yesterday"), minutes_ago=8 * 60)
    newsroom.publish("staff", old)
    async with daemon(tmp_path, api, newsroom, SETTINGS) as running:
        newsroom.publish("novyny", STRIKE_UK)
        newsroom.publish("staff", STRIKE_EN)
        await running.until(lambda: shown(api, CHANNEL))
        api.say(100, "/swaps")
        await running.until(lambda: api.shown(100))
        assert await running.stop() == 0
    assert ["205" in message.text for message in sent(api, CHANNEL)] == [False] * len(sent(api, CHANNEL))
    assert "205" in api.shown(100)[0].text


async def test_the_many_events_of_a_first_poll_leave_as_a_digest(
    tmp_path: Path, api: BotApi, newsroom: Newsroom
) -> None:
    if not SEEDS.exists():
        pytest.skip(f"{SEEDS} is not there: the real articles lie beside the project, not in it")
    articles = [json.loads(line) for line in SEEDS.read_text(encoding="utf-8").splitlines()]
    for outlet, language in (("staff", "en"), ("novyny", "uk"), ("vesti", "ru")):
        stories = [
            Story(it["title"], it["summary"], it["body"] or "", published=datetime.fromisoformat(it["published"]))
            for it in articles
            if it["lang"] == language
        ]
        newsroom.publish(outlet, *stories)
    async with daemon(tmp_path, api, newsroom, SETTINGS | {"VISTKA_HORIZON_HOURS": "87600"}) as running:
        await running.until(lambda: "".join(post.text for post in shown(api, CHANNEL)).count("/event_") >= 3)
        assert await running.stop() == 0
    assert all(post.text and post.entities for post in shown(api, CHANNEL))


async def test_a_refused_token_ends_the_daemon_with_one_line_and_the_remedy(
    tmp_path: Path, api: BotApi, newsroom: Newsroom
) -> None:
    wrong = "7654321:BBwrongBBwrongBBwrongBBwrongBBwrong"
    with pytest.raises(AssertionError, match=r"ended with [12]:(.*\n)*.*VISTKA_TELEGRAM_TOKEN") as ended:
        async with daemon(tmp_path, api, newsroom, SETTINGS | {"VISTKA_TELEGRAM_TOKEN": wrong}):
            pass
    assert "Traceback" not in str(ended.value)
    assert wrong not in str(ended.value)

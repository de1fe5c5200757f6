"""Lists, searches and feeds, asked by words and by buttons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import handlers.digest
import handlers.latest
import handlers.search
import handlers.sources
import handlers.stats
import handlers.strikes
import handlers.swaps
from bot.adapters.memory import Memory
from bot.core.model import Message, PollState
from bot.core.render.markup import LIMIT, units
from handlers import Reaction, answer, react
from tests.botapi.markup import parse_html
from tests.examples import BOOKS, exchange, origin, strike
from tests.handlers.asking import BUTTONS, COMMANDS, NOW, SOURCE, ask, asking, desk, store_with

TODAY = NOW.date()
KRAMATORSK = strike(date=TODAY, facts={"region": "UA-14", "places": ("Kramatorsk",), "killed": 1, "attacker": "RU"})
ORLAN = strike(
    date=TODAY - timedelta(days=1),
    facts={"region": "RU-BEL", "attacker": "UA"},
    reports=(replace(strike().reports[0], origin=replace(origin("Весть"), title="Удар по лікарні у Білгороді")),),
)


def labels(message: Message) -> list[str]:
    return [button.label for row in message.buttons for button in row]


async def get(store: Memory, command: str, *words: str, language: str = "en", chat: int = 7) -> Message:
    return await answer(COMMANDS[command], asking(desk(store), words, language, chat))


async def press(store: Memory, data: str, language: str = "en") -> Reaction:
    return await react(BUTTONS, data, asking(desk(store), (), language))


async def turn(store: Memory, message: Message, label: str) -> Message:
    """Press the button with a label under a message, and return what the message becomes."""
    button = next(button for row in message.buttons for button in row if button.label == label)
    reaction = await press(store, button.data)
    assert reaction.instead is not None
    return reaction.instead


async def test_pages_lead_through_all_events_and_back():
    store = await store_with(*(exchange(date=date(2025, 5, 1) + timedelta(days=n)) for n in range(25)))
    first = await get(store, "swaps", "May", "2025")
    second = await turn(store, first, "◀ earlier")
    third = await turn(store, second, "◀ earlier")
    assert ["1–10 of 25" in first.text, "11–20 of 25" in second.text, "21–25 of 25" in third.text] == [True] * 3
    numbers = {n for n in range(1, 26) for page in (first, second, third) if f"/event_{n} " in page.text + " "}
    assert numbers == set(range(1, 26))
    assert await turn(store, second, "later ▶") == first
    assert all(f"{1207 * 25:,} people" in page.text for page in (first, second, third))


async def test_a_page_beyond_the_end_is_the_first():
    store = await store_with(*(strike() for _ in range(11)))
    assert (await press(store, "page:500:strikes")).instead == (await press(store, "page:0:strikes")).instead


@pytest.mark.parametrize("data", ["page:0:subscribe", "page:0:hold:12", "page:0:zorch", "page:0:undo:7"])
async def test_a_page_button_asks_nothing_but_questions(data):
    reaction = await press(await store_with(), data)
    assert reaction.alert
    assert reaction.instead is None


async def test_a_town_without_events_leads_to_its_region():
    store = await store_with(strike(date=TODAY, facts={"region": "UA-14", "killed": 1}))
    nothing = await get(store, "search", "Краматорськ", language="uk")
    (button,) = (button for row in nothing.buttons for button in row)
    assert button.data == "page:0:search:UA-14"
    assert "/event_1" in (await turn(store, nothing, button.label)).text


async def test_what_may_be_two_things_is_asked_back_and_a_press_answers():
    store = await store_with(strike(date=date(2025, 6, 5)), strike(date=date(2025, 5, 6)))
    asked = await get(store, "strikes", "05/06", language="uk")
    assert labels(asked) == ["5 червня", "6 травня"]
    assert "5 June 2025" in (await turn(store, asked, "5 червня")).text


async def test_a_slip_is_put_right_and_said():
    store = await store_with(strike(), KRAMATORSK)
    text = await ask(handlers.strikes.COMMAND, store, "Харкывщина", language="uk")
    assert "«Харкывщина» я прочитав як «Харківська область»" in text
    assert "/event_1" in text
    assert "/event_2" not in text


async def test_the_digest_is_of_yesterday_and_today_unless_asked_otherwise():
    store = await store_with(KRAMATORSK, ORLAN, exchange())
    text = await ask(handlers.digest.COMMAND, store)
    assert ("/event_1" in text, "/event_2" in text, "/event_3" in text) == (True, True, False)
    assert "14–15 June 2025" in text
    everything = await ask(handlers.digest.COMMAND, store, "all", "time")
    assert "/event_3" in everything
    assert "2\u00a0strikes" in everything
    assert "1\u00a0exchange" in everything
    assert "/event_2" not in await ask(handlers.digest.COMMAND, store, "Україна", "сьогодні")


async def test_nothing_found_leads_to_more():
    store = await store_with(strike())
    nothing = await get(store, "strikes", "Kharkiv", "yesterday")
    assert labels(nothing) == ["all days", "everywhere"]
    assert "/event_1" in (await turn(store, nothing, "all days")).text


@pytest.mark.parametrize(
    "word", ["Краматорськ", "у Краматорську", "Краматорска", "Kramatorsk", "KRAMATORSK", "Краматорск", "Краматорсьек"]
)
async def test_a_town_is_found_in_any_language_and_case(word):
    store = await store_with(strike(), KRAMATORSK)
    text = await ask(handlers.search.COMMAND, store, *word.split())
    assert "/event_2" in text
    assert "/event_1" not in text


@pytest.mark.parametrize(
    ("words", "event"),
    [
        ("лікарня", 2),
        ("лікарню", 2),
        ("Белгородская", 2),
        ("Бєлгородщина вчора", 2),
        ("66th exchange", 3),
        ("66-й обмен", 3),
        ("обмін №66", 3),
        ("3", 3),
        ("#1", 1),
        ("swaps June 2025", 3),
    ],
)
async def test_words_regions_numbers_and_ordinals_are_found(words, event):
    store = await store_with(KRAMATORSK, ORLAN, exchange())
    text = await ask(handlers.search.COMMAND, store, *words.split())
    assert f"/event_{event}" in text
    assert text.count("/event_") == 1


async def test_a_search_that_finds_nothing_suggests_what_is_near():
    nothing = await get(await store_with(strike()), "search", "Краматорсьек")
    assert "Nothing found" in nothing.text
    assert "Kramatorsk" in nothing.text
    empty = await get(await store_with(strike()), "search", "zorch&<b>")
    assert "zorch" in empty.text
    assert "<b>" not in empty.text


async def test_a_number_of_a_merged_event_finds_what_it_became():
    judge_store = await store_with(strike())
    assert "Nothing found" in await ask(handlers.search.COMMAND, judge_store, "99")


async def test_feeds_are_shown_with_how_they_do():
    store = await store_with()
    await store.save_poll(PollState(source_id=SOURCE.id, next_at=NOW, last_success=NOW - timedelta(minutes=7)))
    asked = asking(replace(desk(store), sources=(SOURCE,)), language="uk")
    text = (await answer(COMMANDS["sources"], asked)).text
    assert "✅" in text
    assert "7 хвилин тому" in text


async def test_the_newest_may_be_of_a_kind_a_region_or_some_days():
    store = await store_with(strike(), exchange(), ORLAN)
    assert (await ask(handlers.latest.COMMAND, store, "swaps")).count("/event_") == 1
    assert "/event_3" in await ask(handlers.latest.COMMAND, store, "1", "Белгород")
    assert (await ask(handlers.latest.COMMAND, store, "June", "2025")).count("/event_") == 3
    assert "Nothing found" in await ask(handlers.latest.COMMAND, store, "Kursk")


async def test_help_is_grouped_and_short_in_a_group():
    store = await store_with()
    private, group = [await ask(COMMANDS["help"], store, chat=chat) for chat in (7, -100)]
    assert "<b>Ask</b>" in private
    assert "/subscribe — " in private
    assert len(group) < len(private) / 3
    assert "/strikes" in group


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
async def test_every_example_in_the_words_is_understood(language):
    """What the hints tell people to write is what the bot can read."""
    store = await store_with(strike(), exchange())
    phrases = BOOKS[language].texts["question"]
    hints = [phrases[key] for key in ("unknown", "search_usage")] + [phrases["help"]["hint"]]
    examples = [example.strip() for hint in hints for example in hint.split(": ", 1)[1].split("·")]
    assert len(examples) >= 8
    for example in examples:
        command, _, words = example.partition(" ") if example.startswith("/") else ("/digest", "", example)
        text = await ask(COMMANDS[command[1:]], store, *words.split(), language=language)
        assert phrases["unknown"][:8] not in text, example


READERS = ("latest", "swaps", "strikes", "digest", "search", "stats", "sources", "help", "event")


@given(
    command=st.sampled_from(READERS),
    words=st.lists(st.text(max_size=30) | st.sampled_from(("Kharkiv", "2025", "swaps", "12", "05/06")), max_size=6),
    language=st.sampled_from(("en", "uk", "ru")),
)
async def test_every_question_is_answered_within_the_limits(command, words, language):
    message = await get(await store_with(strike(), exchange()), command, *words, language=language)
    told, entities = parse_html(message.text)
    assert 0 < units(told) <= LIMIT
    assert len(entities) <= 100
    assert BOOKS[language].say("command.failed") not in told

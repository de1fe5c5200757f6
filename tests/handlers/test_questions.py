"""People ask, and get an answer in their language or a sentence that helps."""

from __future__ import annotations

from datetime import date

import pytest

import handlers.about
import handlers.event
import handlers.help
import handlers.latest
import handlers.start
import handlers.stats
import handlers.strikes
import handlers.swaps
from bot.adapters.memory import Memory
from bot.core.render.markup import LIMIT, units
from bot.core.text.arguments import EARLIEST
from handlers import Command
from tests.adapters.records import claim_one, opened, planned
from tests.examples import exchange, strike
from tests.handlers.asking import ADMIN, READER, ask, rule, store_with
from tests.handlers.ruling import Judge

SPRING = exchange(date=date(2025, 5, 6), facts={"subtype": "prisoners", "to_ukraine": 205, "to_russia": 205}, claims={})
BELGOROD = strike(facts={"attacker": "UA", "region": "RU-BEL", "killed": 1, "injured": 4}, claims={})
HELPFUL = [handlers.start, handlers.help, handlers.about, handlers.stats]


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
@pytest.mark.parametrize("module", HELPFUL, ids=lambda module: module.__name__)
async def test_an_introduction_is_short_and_in_the_persons_language(module, language):
    text = await ask(module.COMMAND, await store_with(exchange(), strike()), language=language)
    assert 20 < units(text) < LIMIT
    assert ("і" in text) == (language == "uk")


async def test_help_names_every_command():
    text = await ask(handlers.help.COMMAND, await store_with())
    for name in ("latest", "swaps", "strikes", "event", "stats", "subscribe", "unsubscribe", "about"):
        assert f"/{name} — " in text


async def test_swaps_of_a_month_leave_out_the_others_and_give_the_total():
    store = await store_with(SPRING, exchange())
    may = await ask(handlers.swaps.COMMAND, store, "2025-05")
    assert "6 May 2025" in may
    assert "9 June" not in may
    assert "205 people home" in may
    both = await ask(handlers.swaps.COMMAND, store, "2025-05", "2025-06", language="uk")
    assert "разом 1\u00a0412" in both


async def test_exchanges_of_which_nobody_gave_figures_have_no_total():
    silent = exchange(facts={"subtype": "prisoners"}, claims={})
    text = await ask(handlers.swaps.COMMAND, await store_with(silent))
    assert "Of 1 exchange nobody has given figures" in text
    assert "Total" not in text
    assert "leaves it out" in await ask(handlers.swaps.COMMAND, await store_with(silent, SPRING))


async def test_statistics_are_those_of_the_year_asked_for():
    store = await store_with(strike(date=date(2024, 3, 5)), exchange())
    assert "<b>2024, by month</b>\nStrikes: Mar 1\n" in await ask(handlers.stats.COMMAND, store, "2024")
    assert "<b>2025, by month</b>\nStrikes: nothing\n" in await ask(handlers.stats.COMMAND, store)


async def test_strikes_of_a_region_leave_out_the_others():
    store = await store_with(strike(), BELGOROD)
    assert "Kharkiv" in await ask(handlers.strikes.COMMAND, store)
    belgorod = await ask(handlers.strikes.COMMAND, store, "Белгородская", "2025-06", language="ru")
    assert "Белгородская область" in belgorod
    assert "Харьковская" not in belgorod


async def test_an_event_is_shown_with_its_claims_and_history():
    text = await ask(handlers.event.COMMAND, await store_with(strike(), exchange()), "2")
    assert "Figures and who says them" in text
    assert "1,195 → 1,207" in text
    assert "Северный &lt;Вестник&gt;" in text


async def test_latest_takes_a_number():
    store = await store_with(SPRING, strike(), exchange())
    assert (await ask(handlers.latest.COMMAND, store, "2")).count("/event_") == 2
    assert (await ask(handlers.latest.COMMAND, store)).count("/event_") == 3


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
async def test_why_answers_everybody_with_the_reports_and_the_rule(language):
    judge = Judge.over(exchange(), strike())
    text = await rule(judge, "why", 12, user=READER, language=language)
    assert "0.88" in text
    assert "Северный &lt;Вестник&gt;" in text
    assert (await rule(judge, "why", 77, user=READER)).startswith("There is no event 77")
    assert "/why 12" in await rule(judge, "why", user=READER)


async def test_an_event_that_was_merged_away_answers_with_what_it_became():
    first, second = strike(id=5, merged_into=13, reports=(), claims={}), strike(merged_into=14, reports=(), claims={})
    judge = Judge.over(first, second, strike(id=14))
    event, why = [await rule(judge, command, 5, user=READER) for command in ("event", "why")]
    assert "Event 5 turned out to be this one" in event
    assert "Event 14" in event
    assert "Why event 14" in why


async def test_events_that_are_merged_in_a_ring_end_the_search():
    judge = Judge.over(strike(merged_into=14), strike(id=14, merged_into=13))
    assert await rule(judge, "event", 13, user=READER)


async def test_help_names_the_admins_commands_to_an_admin_in_private_alone():
    judge = Judge()
    assert "/queue — " in await rule(judge, "help")
    assert "/queue" not in await rule(judge, "help", user=READER)


@pytest.mark.parametrize(
    ("module", "words", "hint"),
    [
        (handlers.event, (), "/event 12"),
        (handlers.event, ("x",), "/event 12"),
        (handlers.event, ("99999999999999999999",), "/event 12"),
        (handlers.event, ("0" * 20 + "9" * 20,), "/event 12"),
        (handlers.event, ("9" * 5000,), "/event 12"),
        (handlers.event, ("77",), "no event 77"),
        (handlers.event, ("0" * 20 + "77",), "no event 77"),
        (handlers.latest, ("soonish",), "soonish"),
        (handlers.swaps, ("flurb&zorch",), "flurb"),
        (handlers.swaps, ("31.02.2025",), "31.02.2025"),
        (handlers.swaps, ("2026", "2025", "2024"), "first and a last"),
        (handlers.swaps, ("1999",), f"first year is {EARLIEST}. For an event write /event 1999"),
        (handlers.swaps, ("1899",), "/event 1899"),
        (handlers.stats, ("Kharkiv",), "/stats 2025"),
        (handlers.stats, ("May", "2025"), "“May 2025”"),
        (handlers.stats, ("1999",), "“1999”"),
        (handlers.swaps, ("Kharkiv",), "no region"),
        (handlers.strikes, ("Atlantis",), "Atlantis"),
        (handlers.strikes, ("Kharkiv", "2031"), "Kharkiv Oblast · 2031"),
        (handlers.search, (), "/search 66th"),
        (handlers.search, ("zorch",), "zorch"),
    ],
)
async def test_nonsense_gets_a_sentence_that_helps(module, words, hint):
    assert hint in await ask(module.COMMAND, await store_with(strike(), exchange()), *words)


async def test_a_command_that_breaks_says_sorry_and_no_details():
    async def broken(_ask):
        raise RuntimeError("postgresql://secret")

    text = await ask(Command("x", 1, broken), await store_with(), language="ru")
    assert "сломалось" in text
    assert "secret" not in text


async def test_stats_count_events_by_kind():
    text = await ask(handlers.stats.COMMAND, await store_with(strike(), exchange(), SPRING))
    assert "Strikes: 1" in text
    assert "fallen: 2" in text


async def test_stats_tell_admins_alone_how_many_posts_may_be_lost():
    store = Memory()
    await opened(store, 1, planned("post"))
    await store.sent(await claim_one(store), 0, "")
    assert "Posts that may be lost: 1" in await ask(handlers.stats.COMMAND, store, user=ADMIN)
    assert "lost" not in await ask(handlers.stats.COMMAND, store, user=READER)

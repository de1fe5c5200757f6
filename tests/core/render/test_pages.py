"""Lists in pages, with totals over all of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model import Event, Outline
from bot.core.render.buttons import read_press
from bot.core.render.markup import LIMIT, units
from bot.core.render.pages import PER_PAGE, Found, days, nothing, page, title, which
from bot.core.text.arguments import Period
from bot.core.text.asking import Asked
from bot.core.text.dictionary import Meaning
from tests.botapi.markup import parse_html
from tests.examples import BOOKS, exchange, strike
from tests.golden_files import assert_golden

MAY = Period(date(2025, 5, 1), date(2025, 5, 31))
BODIES = exchange(id=15, facts={"subtype": "bodies", "to_ukraine": 1212, "to_russia": 27}, claims={}, history=())
LATER = exchange(id=16, date=date(2025, 6, 14), facts={"subtype": "prisoners", "to_ukraine": 200}, claims={})
PLANNED = exchange(id=17, status="announced", facts={"subtype": "prisoners", "to_ukraine": 1000}, claims={})


def short(event: Event) -> Outline:
    return Outline(event.id, event.kind, event.date, event.status, event.facts, event.updated)


def found(*events: Event, offset: int = 0) -> Found:
    """Return a page of the events, given oldest first, as the store would."""
    newest = tuple(reversed(events))
    return Found(newest[offset : offset + PER_PAGE], tuple(map(short, events)), offset)


def data(message) -> list[str]:
    return [button.data for row in message.buttons for button in row]


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_pages_read_as_their_golden_files(language):
    book = BOOKS[language]
    swaps = page("swaps", Asked(kinds=("swap",)), found(exchange(), BODIES, PLANNED, LATER), book)
    assert_golden(f"{language}/answer-swaps.html", swaps.text)
    guessed = (("Харкывщина", Meaning("region", "UA-63")),)
    asked = Asked(kinds=("strike",), regions=("UA-63",), places=("Kharkiv",), period=MAY, guesses=guessed)
    silent = exchange(id=18, facts={"subtype": "prisoners"}, claims={})
    without = page("swaps", Asked(kinds=("swap",)), found(exchange(), silent, silent), book)
    assert_golden(f"{language}/answer-swaps-silent.html", without.text)
    assert_golden(f"{language}/answer-strikes.html", page("strikes", asked, found(strike(), strike(id=14)), book).text)
    both = found(*(strike(id=number) for number in range(20, 40)), exchange(), offset=10)
    assert_golden(f"{language}/answer-digest.html", page("digest", Asked(period=MAY), both, book).text)
    assert_golden(
        f"{language}/answer-nothing.html", nothing("search", Asked(words=("атлантида",), period=MAY), book).text
    )
    choices = (("region", "UA-63", "UA-63"), ("date", "05.06", "05.06"), ("month", "5", "5"))
    asks = which("<5/6>", choices, "strikes", book)
    assert_golden(f"{language}/answer-which.html", "\n".join([asks.text, *(row[0].label for row in asks.buttons)]))


def test_totals_count_everything_and_leave_out_the_planned_and_the_fallen():
    text = page("swaps", Asked(kinds=("swap",)), found(exchange(), BODIES, PLANNED, LATER), BOOKS["en"]).text
    assert "1,407 people home to Ukraine" in text
    assert "Fallen: 1,212 to Ukraine, 27 to Russia" in text


def test_a_page_has_ten_says_which_and_leads_to_the_others():
    events = [exchange(id=number, claims={}) for number in range(1, 36)]
    first, middle, last = (page("swaps", Asked(), found(*events, offset=at), BOOKS["en"]) for at in (0, 10, 30))
    assert "1–10 of 35" in first.text
    assert "11–20 of 35" in middle.text
    assert "31–35 of 35" in last.text
    assert [len(data(each)) for each in (first, middle, last)] == [1, 2, 1]
    assert data(middle) == ["page:20:swaps", "page:0:swaps"]
    assert all(f"{1207 * 35:,} people" in each.text for each in (first, middle, last))


def test_the_running_total_goes_on_from_the_pages_before():
    events = [exchange(id=number, claims={}) for number in range(1, 36)]
    text = page("swaps", Asked(), found(*events, offset=10), BOOKS["en"]).text
    assert f"total {1207 * 25:,}" in text
    assert text.index("/event_16") < text.index("/event_25")


def test_a_button_carries_the_question_in_the_one_way_in_which_it_is_read_back():
    asked = Asked(kinds=("strike",), regions=("UA-63",), period=MAY)
    events = [strike(id=number) for number in range(1, 15)]
    pressed = read_press(data(page("strikes", asked, found(*events), BOOKS["uk"]))[0])
    assert (pressed.prefix, pressed.event_id, pressed.act) == ("page", 10, "strikes")
    assert pressed.argument == "strike UA-63 2025-05-01..2025-05-31"


def test_nothing_found_offers_all_days_and_all_places():
    asked = Asked(kinds=("strike",), regions=("UA-63",), period=MAY)
    answer = nothing("strikes", asked, BOOKS["en"], ["Kharkiv"])
    assert "Strikes · Kharkiv Oblast · May 2025" in answer.text
    assert data(answer) == [
        "page:0:strikes:Kharkiv",
        "page:0:strikes:strike UA-63 *",
        "page:0:strikes:strike 2025-05-01..2025-05-31",
    ]


def test_exchanges_without_figures_are_said_to_be_left_out_of_the_total():
    silent = exchange(id=18, facts={"subtype": "prisoners"}, claims={})
    text = page("swaps", Asked(), found(exchange(), silent), BOOKS["en"]).text
    assert "in 2\u00a0exchanges" in text
    assert "Of 1 exchange nobody has given figures" in text
    assert "nobody has given" not in page("swaps", Asked(), found(exchange()), BOOKS["en"]).text


@pytest.mark.parametrize(
    ("period", "said"),
    [
        (Period(), "all days"),
        (Period(date(2025, 5, 1), None), "since 1 May 2025"),
        (Period(None, date(2025, 5, 1)), "until 1 May 2025"),
        (Period(date(2025, 5, 1), date(2025, 5, 1)), "1 May 2025"),
        (MAY, "May 2025"),
        (Period(date(2025, 1, 1), date(2025, 12, 31)), "2025"),
        (Period(date(2025, 12, 1), date(2025, 12, 31)), "December 2025"),
        (Period(date(2025, 5, 1), date(2025, 6, 30)), "1 May – 30 June 2025"),
        (Period(date(2025, 6, 14), date(2025, 6, 15)), "14–15 June 2025"),
        (Period(date(2025, 2, 1), date(2026, 1, 31)), "1 February 2025 – 31 January 2026"),
    ],
)
def test_days_are_said_as_people_say_them(period, said):
    assert days(period, BOOKS["en"]) == said


def test_a_heading_names_a_country_and_leaves_out_what_is_too_much():
    asked = Asked(regions=("UA", *(f"RU-{n}" for n in range(20))), words=("a" * 300,))
    said = title("Strikes", asked, BOOKS["en"])
    assert "Ukraine" in said
    assert "…" in said
    assert len(said) < 400


FACTS = st.fixed_dictionaries(
    {},
    optional={
        "region": st.sampled_from(("UA-63", "RU-BEL", "UA", "RU", "UA-??")) | st.text(max_size=40),
        "places": st.lists(st.text(min_size=1, max_size=60), max_size=8).map(tuple),
        "subtype": st.sampled_from(("prisoners", "bodies")),
        **{
            slot: st.integers(0, 10**9)
            for slot in ("killed", "injured", "drones", "missiles", "to_ukraine", "to_russia")
        },
    },
)
EVENTS = st.lists(
    st.builds(
        lambda kind, facts, day, status: (exchange if kind == "swap" else strike)(facts=facts, date=day, status=status),
        st.sampled_from(("swap", "strike")),
        FACTS,
        st.none() | st.dates(),
        st.sampled_from(("carried_out", "announced", "postponed")),
    ),
    max_size=30,
)
ASKED = st.builds(
    Asked,
    regions=st.lists(st.sampled_from(("UA", "UA-63", "RU-BEL")) | st.text(max_size=9), max_size=12).map(tuple),
    places=st.lists(st.text(min_size=1, max_size=40), max_size=9).map(tuple),
    words=st.lists(st.text(min_size=1, max_size=80), max_size=9).map(tuple),
    guesses=st.lists(
        st.tuples(st.text(max_size=99), st.builds(Meaning, st.just("word"), st.text(max_size=99))), max_size=9
    ).map(tuple),
)


@given(events=EVENTS, asked=ASKED, offset=st.integers(0, 29), language=st.sampled_from(("en", "uk", "ru")))
def test_every_page_is_within_the_limits_and_parses(events, asked, offset, language):
    for message in (
        page("digest", asked, found(*events, offset=offset), BOOKS[language]),
        nothing("search", asked, BOOKS[language], asked.places),
    ):
        told, entities = parse_html(message.text)
        assert 0 < units(told) <= LIMIT
        assert len(entities) <= 100
        assert all(read_press(each) for each in data(message))

"""Lists with totals, and one event in full."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.kinds.strike import KIND as STRIKE
from bot.core.kinds.swap import KIND as SWAP
from bot.core.model import Claim, FactChange, Revision, Speaker
from bot.core.render.answer import card_line, card_title, latest, one_event, relatives
from bot.core.render.markup import LIMIT, units, unmarked
from tests.botapi.markup import parse_html
from tests.core.render.test_pages import EVENTS
from tests.examples import BOOKS, exchange, moment, origin, strike
from tests.golden_files import assert_golden


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_answers_read_as_their_golden_files(language):
    book = BOOKS[language]
    assert_golden(
        f"{language}/answer-latest.html", latest([strike(), exchange()], book, book.say("question.latest")).text
    )
    assert_golden(f"{language}/answer-event.html", one_event(exchange(), book).text)


NIGHT = strike(id=20, facts={"attacker": "RU", "region": "UA", "drones": 479}, claims={})
STAGE = exchange(id=11, date=date(2025, 6, 8), claims={}, disputed=False)
TOLL = FactChange("killed", 12, 15, moment(14), "Suspilne")
REVISIONS = (Revision(1, moment(10), "new", ()), Revision(2, moment(14), "material", (TOLL,), ("a jump",)))


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_an_event_is_shown_with_what_it_hangs_together_with_and_its_revisions(language):
    kin = relatives(STRIKE, strike(), [NIGHT, strike()])
    shown = one_event(strike(), BOOKS[language], revisions=REVISIONS, kin=kin, asked=9)
    assert_golden(f"{language}/answer-event-region.html", shown.text)
    below = relatives(STRIKE, NIGHT, [strike(), strike(id=14, facts={"attacker": "RU", "region": "RU-BEL"})])
    assert_golden(f"{language}/answer-event-night.html", one_event(NIGHT, BOOKS[language], kin=below).text)


def test_regions_hang_under_their_night_and_stages_under_the_one_before():
    assert relatives(STRIKE, strike(), [NIGHT]) == (("night", NIGHT),)
    assert relatives(STRIKE, NIGHT, [strike(), NIGHT]) == (("in_night", strike()),)
    earlier = replace(STAGE, id=10, date=date(2025, 6, 7))
    later = exchange(id=13, date=date(2025, 6, 10), disputed=False)
    assert relatives(SWAP, exchange(), [earlier, later, STAGE]) == (("stage", STAGE), ("next_stage", later))


def test_what_was_merged_away_or_withdrawn_is_no_relative():
    gone = [replace(NIGHT, merged_into=3), replace(NIGHT, verdict="reject")]
    assert relatives(STRIKE, strike(), gone) == ()


def test_very_many_relatives_leave_room_for_the_rest():
    kin = [("in_night", strike(id=number)) for number in range(100)]
    shown = one_event(exchange(), BOOKS["uk"], kin=kin).text
    assert units(unmarked(shown)) <= LIMIT
    assert shown.count("Цієї ночі") < 10


def test_a_figure_is_told_with_the_office_that_is_quoted():
    claim = replace(strike().claims["killed"][0], speaker=Speaker("emergency_service", "UA"))
    shown = one_event(strike(claims={"killed": (claim,)}), BOOKS["en"]).text
    assert "Sloboda Wire</a>: emergency service)" in shown


def test_a_withdrawn_event_keeps_its_history_and_no_figures():
    shown = one_event(exchange(verdict="reject"), BOOKS["en"]).text
    assert "Figures and who says them" not in shown
    assert "What changed" in shown


def test_a_change_by_an_editor_names_the_editors():
    ruled = FactChange("killed", 12, 15, moment(14), "", corrected=True)
    shown = one_event(strike(), BOOKS["en"], revisions=[Revision(2, moment(14), "material", (ruled,))]).text
    assert "killed: 12 → 15 (corrected by the editors) · the editors" in shown


def test_a_card_says_in_plain_text_what_where_when_and_how_sure():
    book = BOOKS["uk"]
    assert card_title(strike(), book) == "💥 Удар: Харківська область · 2 загиблі, 21 поранений"
    assert card_line(strike(), book).startswith("9 червня 2025 · Харків · ❔ ")
    assert card_line(exchange(), book) == "9 червня 2025"
    assert "&" in card_title(strike(facts={"region": "<i>&"}), book)


def test_an_event_with_many_claims_stays_within_the_limit():
    event = exchange()
    claims = {f"slot{n}": event.claims["to_ukraine"] for n in range(60)}
    answer = one_event(replace(event, claims=claims, history=event.history * 60), BOOKS["uk"]).text
    assert units(answer) <= LIMIT
    assert "і ще" in answer


def test_a_source_that_says_a_figure_twice_is_named_once():
    event = exchange()
    first = event.claims["to_ukraine"][0]
    again = replace(first, origin=replace(first.origin, item_id="2", url="https://bereg.example/2"))
    answer = one_event(replace(event, claims={"to_ukraine": (first, again)}), BOOKS["en"]).text
    line = next(line for line in answer.splitlines() if line.startswith("to Ukraine: 1,207 ("))
    assert line.count("Берег News") == 1
    assert "https://bereg.example/2" in line


def test_settlements_bear_the_names_of_the_language_among_the_claims_too():
    event = strike()
    told = replace(event.claims["killed"][0], slot="places", value=("Kharkiv",))
    answer = one_event(replace(event, claims={"places": (told,)}), BOOKS["uk"]).text
    assert "Kharkiv" not in answer
    assert answer.count("Харків ") + answer.count("Харків\n") == 2


CLAIMS = st.dictionaries(
    st.sampled_from(("killed", "injured", "drones", "missiles", "to_ukraine", "to_russia", "ordinal")),
    st.lists(
        st.builds(
            lambda value, name, hour: Claim("killed", value, origin(name, hour=hour)),
            st.integers(0, 10**9),
            st.text(min_size=1, max_size=60),
            st.integers(0, 23),
        ),
        max_size=20,
    ).map(tuple),
)


@given(events=EVENTS, claims=CLAIMS, language=st.sampled_from(("en", "uk", "ru")))
def test_any_event_with_any_claims_and_relatives_is_within_the_limits(events, claims, language):
    for event in events[:2]:
        kin = [("in_night", each) for each in events]
        told, entities = parse_html(one_event(replace(event, claims=claims), BOOKS[language], kin=kin, asked=99).text)
        assert units(told) <= LIMIT
        assert len(entities) <= 100

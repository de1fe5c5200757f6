"""What a reader sees of an event."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.model import Claim, FactChange, Ruling, Speaker
from bot.core.render.markup import LIMIT, units, unmarked
from bot.core.render.post import render_post, render_reply, tell_change
from tests.examples import BOOKS, exchange, moment, origin, strike
from tests.golden_files import assert_golden

LANGUAGES = ("en", "uk", "ru")
NIGHT = {"attacker": "RU", "region": "UA", "drones": 479, "missiles": 20, "drones_downed": 460, "missiles_downed": 19}


def quoting(value: int, office: str, side: str, hour: int) -> Claim:
    return Claim("killed", value, origin("Берег News", hour=hour), Speaker(office, side))


EVENTS = {
    "swap": exchange(),
    "swap-announced": exchange(
        status="announced", facts={"subtype": "prisoners"}, claims={}, history=(), disputed=False
    ),
    "swap-bodies": exchange(facts={"subtype": "bodies", "to_ukraine": 1212, "to_russia": 27}, claims={}, history=()),
    "strike": strike(),
    "strike-unhurt": strike(facts={"attacker": "UA", "region": "RU-BEL", "killed": 0, "injured": 0}, confirmed=True),
    "strike-night": strike(facts=NIGHT, confirmed=True),
    "strike-range": strike(ranges={"injured": (15, 21), "drones": (17, 20)}),
    "strike-updated": strike(
        confirmed=True,
        history=(
            FactChange("killed", None, 1, moment(10), "Sloboda Wire"),
            FactChange("killed", 1, 3, moment(11), "Sloboda Wire"),
            FactChange("killed", 3, 2, moment(14), "ДСНС"),
        ),
    ),
    "strike-corrected": strike(
        history=(FactChange("injured", 12, 21, moment(14), "", corrected=True),),
    ),
    "strike-sides": strike(
        facts={"attacker": "RU", "region": "UA-59", "killed": 2},
        claims={"killed": (quoting(30, "defence_ministry", "RU", 12), quoting(2, "regional_head", "UA", 8))},
    ),
    "strike-withdrawn": strike(verdict="reject"),
    "swap-merged": exchange(id=13, merged_into=12, reports=(), claims={}, history=()),
}
REPLIES = {
    "strike": (
        FactChange("killed", None, 2, moment(11), "Sloboda Wire"),
        FactChange("injured", 12, 21, moment(11), "Sloboda Wire"),
        FactChange("confirmed", 0, 1, moment(11), "Sloboda Wire"),
        FactChange("date", "2025-06-08", "2025-06-09", moment(11), "Sloboda Wire"),
    ),
    "strike-corrected": (
        FactChange("killed", 12, 2, moment(11), "", corrected=True),
        FactChange("date", "2025-06-08", "2025-06-09", moment(11), "", corrected=True),
        FactChange("status", "announced", "carried_out", moment(11), "", corrected=True),
    ),
    "strike-moved": (
        FactChange("confirmed", True, False, moment(11), "Sloboda Wire"),
        FactChange("disputed", True, False, moment(11), "Sloboda Wire"),
        FactChange("injured", 7, 21, moment(11), "Sloboda Wire", corrected=True),
    ),
    "strike-withdrawn": (FactChange("verdict", None, "reject", moment(11), ""),),
    "strike-rulings": (
        FactChange("verdict", "reject", None, moment(11), ""),
        FactChange("verdict", None, "hold", moment(11), ""),
        FactChange("verdict", "hold", "post", moment(11), ""),
        FactChange("verdict", "post", None, moment(11), ""),
        FactChange("merged_into", None, 12, moment(11), ""),
        FactChange("merged_into", 12, None, moment(11), ""),
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EVENTS)
def test_a_post_reads_as_its_golden_file(language, name):
    assert_golden(f"{language}/post-{name}.html", render_post(EVENTS[name], BOOKS[language]).text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_names_each_change_and_who_brought_it(language, name):
    event = strike(verdict="reject" if name == "strike-withdrawn" else "")
    assert_golden(f"{language}/reply-{name}.html", render_reply(event, REPLIES[name], BOOKS[language]).text)


@pytest.mark.parametrize(("language", "word"), [("en", "corrected"), ("uk", "виправлено"), ("ru", "исправлено")])
def test_a_figure_that_was_taken_back_is_marked_as_corrected(language, word):
    lowered, raised = (FactChange("killed", 17, after, moment(11), "ДСНС") for after in (16, 18))
    assert f"17 → 16 ({word})" in render_reply(strike(), [lowered], BOOKS[language]).text
    assert word not in render_reply(strike(), [raised], BOOKS[language]).text


def test_one_source_is_marked_as_unconfirmed_and_two_are_not():
    book = BOOKS["en"]
    assert "Unconfirmed: one source" in render_post(strike(), book).text
    assert "Unconfirmed" not in render_post(strike(confirmed=True), book).text


def test_sides_that_say_the_same_do_not_differ():
    event = exchange()
    same = tuple(replace(claim, value=1207) for claim in event.claims["to_ukraine"])
    assert "Figures differ" not in render_post(replace(event, claims={"to_ukraine": same}), BOOKS["en"]).text


def test_an_older_toll_of_the_other_sides_outlets_is_no_difference():
    early, late = origin("Вестник", "RU", hour=9), origin("Берег", "UA", hour=11)
    grown = (Claim("killed", 1, early), Claim("killed", 2, late))
    assert "Figures differ" not in render_post(strike(claims={"killed": grown}), BOOKS["en"]).text
    lagging = (*grown, Claim("killed", 1, origin("Вестник", "RU", hour=12)))
    assert "Figures differ" not in render_post(strike(claims={"killed": lagging}), BOOKS["en"]).text
    other = (*grown[1:], Claim("killed", 1, origin("Вестник", "RU", hour=12)))
    assert "Figures differ" in render_post(strike(claims={"killed": other}), BOOKS["en"]).text


def test_an_outlet_that_quotes_the_other_side_speaks_for_it():
    claims = (
        quoting(3, "police", "UA", 9),
        Claim("killed", 2, origin("Вестник", "RU", hour=12), Speaker("mayor", "UA")),
    )
    assert "Figures differ" not in render_post(strike(claims={"killed": claims}), BOOKS["en"]).text


def test_figures_that_an_editor_set_differ_no_more():
    sides = EVENTS["strike-sides"]
    ruling = Ruling(id=1, act="correct", report=sides.reports[0].id, by=7, at=moment(14), slot="killed", value=2)
    assert "Figures differ" in render_post(sides, BOOKS["en"]).text
    assert "Figures differ" not in render_post(replace(sides, rulings=(ruling,)), BOOKS["en"]).text


def test_readers_can_object_to_a_post_but_not_to_one_that_is_gone():
    assert render_post(strike(), BOOKS["en"]).buttons
    assert not render_post(EVENTS["strike-withdrawn"], BOOKS["en"]).buttons
    assert not render_post(EVENTS["swap-merged"], BOOKS["en"]).buttons


def test_a_post_with_a_hundred_sources_keeps_its_facts_and_the_limit():
    event = strike()
    reports = tuple(
        replace(event.reports[0], origin=origin(f"Outlet number {index} " + "ж" * 150)) for index in range(100)
    )
    post = render_post(replace(event, reports=reports), BOOKS["uk"]).text
    assert units(post) <= LIMIT
    assert "Харків" in post
    assert "і ще" in post


def test_a_source_that_reports_twice_is_listed_once():
    event = strike()
    twice = replace(event, reports=event.reports * 2)
    assert render_post(twice, BOOKS["en"]).text.count("Sloboda Wire") == 1


def test_what_changed_is_told_once_a_slot_with_its_day_and_not_if_it_was_changed_back():
    steps = (("killed", 3, 7, 9), ("injured", 30, 61, 10), ("killed", 7, 15, 10))
    told = strike(history=tuple(FactChange(slot, *values, moment(9, day), "ДСНС") for slot, *values, day in steps))
    assert "Updated 10 June 2025, 09:20 UTC: killed: 3 → 15; injured: 30 → 61\n" in unmarked(
        render_post(told, BOOKS["en"]).text
    )
    back = strike(history=tuple(FactChange("killed", *pair, moment(9), "ДСНС") for pair in ((3, 7), (7, 3))))
    assert "Updated" not in render_post(back, BOOKS["en"]).text


def test_that_nobody_was_hurt_is_a_fact_and_no_update():
    none = FactChange("killed", None, 0, moment(11), "Sloboda Wire")
    rise = FactChange("injured", 2, 3, moment(12), "Sloboda Wire")
    assert "✏️" not in render_post(strike(history=(none,)), BOOKS["en"]).text
    assert "killed: not stated" not in render_post(strike(history=(none, rise)), BOOKS["en"]).text


def test_a_change_of_places_names_them_as_the_language_does():
    change = FactChange("places", (), ("Kharkiv",), moment(12), "Слобода")
    assert "Харків" in tell_change(strike(), change, BOOKS["uk"])

"""What a reader sees of an event."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.model import FactChange
from bot.core.render.markup import LIMIT, units
from bot.core.render.post import render_post, render_reply
from tests.examples import BOOKS, exchange, moment, origin, strike
from tests.golden_files import assert_golden

LANGUAGES = ("en", "uk", "ru")
NIGHT = {"attacker": "RU", "region": "UA", "drones": 479, "missiles": 20, "drones_downed": 460, "missiles_downed": 19}
EVENTS = {
    "swap": exchange(),
    "swap-announced": exchange(
        status="announced", facts={"subtype": "prisoners"}, claims={}, history=(), disputed=False
    ),
    "swap-bodies": exchange(facts={"subtype": "bodies", "to_ukraine": 1212, "to_russia": 27}, claims={}, history=()),
    "strike": strike(),
    "strike-unhurt": strike(facts={"attacker": "UA", "region": "RU-BEL", "killed": 0, "injured": 0}, confirmed=True),
    "strike-night": strike(facts=NIGHT, confirmed=True),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", EVENTS)
def test_a_post_reads_as_its_golden_file(language, name):
    assert_golden(f"{language}/post-{name}.html", render_post(EVENTS[name], BOOKS[language]).text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reply_names_each_change_and_who_brought_it(language):
    changes = (
        FactChange("killed", None, 2, moment(11), "Sloboda Wire"),
        FactChange("injured", 12, 21, moment(11), "Sloboda Wire"),
        FactChange("confirmed", 0, 1, moment(11), "Sloboda Wire"),
        FactChange("date", "2025-06-08", "2025-06-09", moment(11), "Sloboda Wire"),
    )
    assert_golden(f"{language}/reply-strike.html", render_reply(strike(), changes, BOOKS[language]).text)


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


def test_that_nobody_was_hurt_is_a_fact_and_no_update():
    none = FactChange("killed", None, 0, moment(11), "Sloboda Wire")
    rise = FactChange("injured", 2, 3, moment(12), "Sloboda Wire")
    assert "✏️" not in render_post(strike(history=(none,)), BOOKS["en"]).text
    assert "killed: not stated" not in render_post(strike(history=(none, rise)), BOOKS["en"]).text

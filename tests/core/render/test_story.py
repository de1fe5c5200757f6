"""All the sources of an event, and how it was told over time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.model import Decision, FactChange, Placed, Revision
from bot.core.render.buttons import read_press
from bot.core.render.markup import LIMIT, units, unmarked
from bot.core.render.story import origins, timeline
from tests.core.render.test_notice import drawn
from tests.examples import BOOKS, exchange, moment, origin, strike
from tests.golden_files import assert_golden

EN = BOOKS["en"]
JOINED = Decision(12, 0.9)
REVISIONS = (
    Revision(1, moment(10), "new", ()),
    Revision(2, moment(12), "material", (FactChange("to_ukraine", 1195, 1207, moment(12), "Берег News"),)),
    Revision(3, moment(13), "minor", (FactChange("to_russia", 1194, 1195, moment(13), "", corrected=True),)),
)


def placed(event):
    return tuple(Placed(report, JOINED) for report in event.reports)


def crowded(count, tail="ж" * 150):
    """Return an event of which very many sources tell."""
    event = strike()
    told = (origin(f"Outlet {index} {tail}", hour=index % 24) for index in range(count))
    return replace(event, reports=tuple(replace(event.reports[0], origin=each) for each in told))


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_what_is_told_beside_a_post_reads_as_its_golden_files(language):
    book = BOOKS[language]
    assert_golden(f"{language}/origins.html", drawn(origins(exchange(), book)))
    announced = replace(exchange().reports[0], status="announced")
    denied = replace(exchange().reports[1], disputed=True)
    event = exchange(reports=(announced, denied))
    assert_golden(f"{language}/timeline.html", drawn(timeline(event, placed(event), REVISIONS, book)))
    assert_golden(f"{language}/origins-page.html", drawn(origins(crowded(22, "of the Steppe"), book, 2)))


@pytest.mark.parametrize("show", [origins, lambda event, book, page: timeline(event, placed(event), (), book, page)])
def test_pages_hold_everything_once_and_stay_within_the_limits(show):
    event, page, seen, texts = crowded(90), 1, [], []
    while page:
        message = show(event, EN, page)
        assert units(unmarked(message.text)) <= LIMIT
        assert message.text.count("<a ") + message.text.count("<tg-time") < 90
        seen += [line for line in message.text.splitlines() if "Outlet" in line]
        texts.append(message.text)
        turns = [read_press(button.data) for row in message.buttons for button in row]
        page = next((int(turn.argument) for turn in turns if int(turn.argument) > page), 0)
    assert len(seen) == len({*seen}) == 90
    assert len(texts) > 3


@pytest.mark.parametrize("page", [0, -3, 999])
def test_a_page_that_is_not_there_is_the_nearest_one(page):
    nearest = 1 if page < 1 else 4
    assert origins(crowded(25), EN, page) == origins(crowded(25), EN, nearest)


def test_an_event_from_before_revisions_were_kept_tells_what_its_reports_changed():
    assert "to Ukraine: 1,195 → 1,207" in timeline(exchange(), (), (), EN).text


def test_the_figures_of_a_withdrawn_event_are_not_repeated():
    event = exchange(verdict="reject")
    assert "1,207" not in timeline(event, placed(event), REVISIONS[:1], EN).text.partition("\n\n")[2].split("✏️")[0]


def test_no_headline_of_an_outlet_is_repeated():
    """Headlines name people and streets."""
    event = exchange()
    named = tuple(
        replace(each, origin=replace(each.origin, title="Іван Коваль, вул. Садова 5")) for each in event.reports
    )
    event = replace(event, reports=named)
    for message in (origins(event, EN), timeline(event, placed(event), (), EN)):
        assert "Коваль" not in message.text
        assert "Садова" not in message.text


def test_of_a_merged_event_nothing_is_left_to_tell():
    assert "nothing yet" in origins(exchange(reports=()), EN).text

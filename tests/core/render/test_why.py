"""Why an event reads as it does, and the log of rulings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.model import Decision, FactChange, Logged, Placed, Posted, Report, Revision, Ruling
from bot.core.render.markup import LIMIT, units, unmarked
from bot.core.render.why import Account, log, why
from tests.examples import BOOKS, exchange, moment, origin, strike
from tests.golden_files import assert_golden
from tests.reports import at, event, june, swap

EN = BOOKS["en"]
FOUNDED = Decision(None, 0.0, ("not event 3: different days, so different stages: 2025-06-09 and 2025-06-06",), 0.31)
JOINED = Decision(12, 0.87, ("the same day, 2025-06-09", "another to_ukraine: 1195, a second claim"), 0.25)


def logged(number, act, *, undone=False, **about):
    ruling = Ruling(id=number, act=act, report=("bereg", "1", 0), by=4242, at=moment(13), **about)
    return Logged(ruling, 12, 77 if undone else 0, moment(15) if undone else None)


LOG = (
    logged(5, "split"),
    logged(4, "merge", other=("sloboda", "9", 0)),
    logged(3, "correct", slot="to_ukraine", value=1207),
    logged(2, "correct", slot="date", value="2025-06-10", undone=True),
    logged(1, "hold", undone=True),
)


def account(event=None, **changes):
    event = event or exchange()
    toll = FactChange("to_ukraine", 1195, 1207, moment(12), "Берег News")
    known = {
        "placed": [Placed(event.reports[0], FOUNDED), *(Placed(report, JOINED) for report in event.reports[1:])],
        "rulings": LOG[::-1],
        "revisions": [
            Revision(1, moment(10), "new", ()),
            Revision(2, moment(12), "material", (toll,), ("material change of facts", "to_ukraine: 1195 -> 1207")),
        ],
        "posted": [Posted(-5, 0, "readers", 2), Posted(-6, 0, "readers", 1), Posted(4242, 0, "admins", 9)],
    }
    return Account(event, **(known | changes))


@pytest.mark.parametrize("language", ["en", "uk", "ru"])
def test_why_and_the_log_read_as_their_golden_files(language):
    assert_golden(f"{language}/why-swap.html", why(account(), BOOKS[language]).text)
    alone = Account(strike(), placed=[Placed(strike().reports[0], Decision(None, 0.0))])
    assert_golden(f"{language}/why-strike.html", why(alone, BOOKS[language]).text)
    assert_golden(f"{language}/log.html", log(LOG, BOOKS[language]).text)


def test_why_is_for_everybody_and_names_no_admin():
    assert "4242" not in why(account(), EN).text
    assert "77" not in why(account(), EN).text
    assert "4242" in log(LOG, EN).text


@pytest.mark.parametrize(
    ("tiers", "said"),
    [
        (("outlet", "official"), "Second is official"),
        (("official", "outlet"), "First is official"),
        (("outlet", "outlet"), "Second depends on no source before it"),
        (("register", "outlet"), "First is official for this, or the checked register"),
    ],
)
def test_why_names_the_rule_by_which_an_event_is_confirmed(tiers, said):
    event = exchange()
    origins = [
        origin(name, tier=tier, hour=hour)
        for name, tier, hour in zip(("First", "Second"), tiers, (10, 12), strict=True)
    ]
    reports = tuple(replace(report, origin=each) for report, each in zip(event.reports, origins, strict=True))
    assert said in why(Account(replace(event, reports=reports)), EN).text


def test_an_attackers_own_word_confirms_as_a_second_voice_and_not_as_an_official_one():
    event = strike(confirmed=True)
    boast = replace(event.reports[0], origin=origin("Ministry", "RU", "official", 12))
    assert (
        "Ministry depends on no source before it"
        in why(Account(replace(event, reports=(*event.reports, boast))), EN).text
    )


def test_a_name_from_outside_turns_no_line_around():
    sure = origin("Mirror \u202e@evil", tier="official", url="https://mirror.example")
    told = why(account(strike(confirmed=True, reports=(Report(kind="strike", origin=sure),))), EN).text
    assert "\u202e" not in told
    assert "@evil" not in told


def test_what_is_not_confirmed_is_said_with_the_reason():
    assert "one voice so far" in why(Account(strike()), EN).text


def test_posts_are_counted_by_chat_and_notices_are_none_of_them():
    shown = why(account(), EN).text
    assert "in 2 chats, edited 3 times" in shown
    assert "in no chat so far" in why(account(posted=[Posted(4242, 0, "admins", 9)]), EN).text


def test_an_event_with_very_many_reports_keeps_its_first_and_the_newest_within_the_limit():
    event = exchange()
    many = [Placed(event.reports[0], replace(JOINED, reasons=("a long reason " * 30,))) for _ in range(300)]
    shown = why(account(placed=many, rulings=LOG * 100), BOOKS["uk"]).text
    assert units(unmarked(shown)) <= LIMIT
    assert "\n1. " in shown
    assert "\n300. " in shown
    assert "\n2. " not in shown
    assert "і ще" in shown


def test_a_correction_in_the_log_bears_the_name_of_its_slot_without_knowing_the_kind():
    line = log([logged(1, "correct", slot="killed", value=15)], BOOKS["uk"]).text
    assert "виправлено: загинули 15" in line


def test_what_confirms_an_exchange_is_a_report_of_it_and_not_of_the_plan():
    plan = swap("Анонс", at(8), june(9), status="announced")
    done = [
        swap(outlet, at(9, hour), june(9), facts={"to_ukraine": 25}) for outlet, hour in (("Берег", 9), ("Wire", 11))
    ]
    told = why(Account(event(plan, *done)), BOOKS["en"]).text
    assert "Wire" in told.split("\n\n")[0]

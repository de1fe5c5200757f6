"""What goes out and what does not: as much as a reader of the posts may see."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.export import Publishing, differing, state_of
from bot.core.model import Claim, Event, Ruling
from tests.examples import moment, origin, strike


def ruled(event: Event, *acts: str) -> Event:
    """Return an event on which an admin ruled so, one act after the other."""
    report = event.reports[0].id
    rulings = tuple(Ruling(id=number, act=act, report=report, by=7, at=moment(12)) for number, act in enumerate(acts))
    return replace(event, verdict=acts[-1], rulings=rulings[::-1])


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (strike(), "told"),
        (ruled(strike(), "post"), "told"),
        (ruled(strike(), "hold", "post"), "told"),
        (strike(merged_into=4, reports=(), claims={}), "merged"),
        (ruled(strike(), "reject"), "withdrawn"),
        (ruled(strike(), "hold", "post", "reject"), "withdrawn"),
        (strike(verdict="reject", reports=()), "taken_back"),
        (ruled(strike(), "hold"), None),
        (ruled(strike(), "post", "hold"), None),
        (ruled(strike(), "hold", "reject"), None),
    ],
)
def test_where_an_event_stands(event, state):
    assert state_of(event) == state
    entry = Publishing().entry(event, moment(12), "https://t.me/x/1")
    assert (entry.state if entry else None) == state


def test_what_is_only_told_in_passing_is_no_event_for_readers():
    (report,) = strike().reports
    assert state_of(strike(reports=(replace(report, role="background"),))) is None


def alone(number: int, minute: int, source: str = "mad", **changes: object) -> Event:
    """Return an event that one source alone tells of."""
    at = moment(1) + timedelta(minutes=minute)
    (report,) = strike().reports
    said = replace(report, origin=replace(report.origin, source_id=source, item_id=f"{source}-{number}"))
    return strike(id=number, opened=at, reports=(said,), **changes)


def sent(*events: Event) -> list[int]:
    publishing = Publishing()
    return [event.id for event in events if publishing.entry(event, moment(12))]


def test_a_source_that_has_gone_mad_is_cut_off_and_others_are_not():
    flood = [alone(number, number) for number in range(1, 16)]
    assert sent(*flood, alone(20, 16, "calm")) == [*range(1, 12), 20]


def test_what_is_confirmed_posted_by_an_editor_or_borne_out_is_no_flood():
    flood = [alone(number, number) for number in range(1, 13)]
    sure, chosen = alone(13, 13, confirmed=True), alone(14, 14, verdict="post")
    borne_out = alone(15, 15)
    borne_out = replace(borne_out, reports=(*borne_out.reports, *alone(16, 15, "calm").reports))
    assert sent(*flood, sure, chosen, borne_out)[-3:] == [13, 14, 15]


def test_a_dozen_events_over_a_day_are_no_flood():
    assert len(sent(*(alone(number, number * 30) for number in range(1, 16)))) == 15


def test_differing_claims_are_told_and_equal_ones_are_not():
    kyiv, moscow = origin("Берег"), origin("Вестник", "RU")
    claims = {
        "killed": (Claim("killed", 2, kyiv), Claim("killed", 2, moscow)),
        "injured": (Claim("injured", 4, kyiv), Claim("injured", 5, moscow), Claim("injured", 5, kyiv)),
    }
    event = strike(claims=claims)
    assert differing(event, ["killed", "injured", "drones"]) == claims["injured"]

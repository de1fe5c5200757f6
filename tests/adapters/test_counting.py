"""What goes through a port is counted on its way, and goes through as if it were not."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from bot.adapters.counting import CountedFetch, CountedIntake, CountedParse, outcome_of
from bot.adapters.families import SILENCES
from bot.core.kinds.swap import KIND
from bot.core.model import Change, Decision, Feed, Posted, Request, Response
from bot.core.policy import why
from bot.intake import Joining, Summary, Taken
from bot.ports import PermanentError, TemporaryError
from tests.adapters.records import NOON, SOURCE, event, item, report
from tests.tallying import Tallied

REQUEST = Request("https://bereh.example/rss")


class Steps:
    """A clock that goes on by a second at each look."""

    def __init__(self) -> None:
        self.seconds = count()

    def __call__(self) -> float:
        return float(next(self.seconds))


class Door:
    """Answers with what it was given, or raises it."""

    def __init__(self, said: object) -> None:
        self.said = said

    async def fetch(self, _: Request) -> Response:
        return self._given()

    async def parse(self, *_: object) -> Feed:
        return self._given()

    async def take(self, *_: object, **__: object) -> Summary:
        return self._given()

    def _given(self):
        if isinstance(self.said, Exception):
            raise self.said
        return self.said


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (Response("", 200, {}, b""), "fresh"),
        (Response("", 304, {}, b""), "unchanged"),
        (TemporaryError("later"), "temporary"),
        (TemporaryError("nobody there", unreachable=True), "unreachable"),
        (PermanentError("never"), "permanent"),
        (PermanentError("gone", gone=True), "gone"),
    ],
)
async def test_a_question_is_timed_by_how_it_ends(said, outcome):
    tally = Tallied()
    asking = CountedFetch(Door(said), tally, Steps()).fetch(REQUEST)
    if isinstance(said, Exception):
        with pytest.raises(type(said)):
            await asking
    else:
        assert await asking is said
    assert tally.measured == [("fetch_seconds", 1.0, (outcome,))]


@pytest.mark.parametrize(
    ("said", "outcome"),
    [(Feed(()), "read"), (PermanentError("no feed"), "refused"), (TemporaryError("too many"), "put_off")],
)
async def test_a_reading_is_timed_by_how_it_ends(said, outcome):
    tally = Tallied()
    reading = CountedParse(Door(said), tally, Steps()).parse(SOURCE, Response("", 200, {}, b""), NOON)
    if isinstance(said, Exception):
        with pytest.raises(type(said)):
            await reading
    else:
        assert await reading is said
    assert tally.measured == [("parse_seconds", 1.0, (outcome,))]


def joining(event_id: int | None, reason: str) -> Joining:
    told = report(item(1))
    after = event(told)
    return Joining(told, Decision(event_id, 1.0), after, Change(after, (), "new"), (), reason)


async def test_what_became_of_items_is_counted_with_why():
    first = Taken(item(1), (joining(None, "told (post 2); admins are asked"), joining(7, "not told: nothing new")))
    taken = (
        first,
        Taken(item(2)),
        Taken(item(3), error="broken"),
        Taken(item(4), edited=True),
        Taken(item(5), doubted=True),
    )
    tally = Tallied()
    summary = Summary(taken)
    now = first.item.published + timedelta(minutes=2)
    assert await CountedIntake(Door(summary), tally).take([], now=now) is summary
    assert tally.counted == {
        ("items_total", "new"): 2,
        ("items_total", "unreadable"): 1,
        ("items_total", "edited"): 1,
        ("items_total", "doubted"): 1,
        ("reports_total", "swap"): 2,
        ("decisions_total", "swap", "founded"): 1,
        ("decisions_total", "swap", "joined"): 1,
        ("policy_total", "told"): 1,
        ("policy_total", "unchanged"): 1,
    }
    assert tally.measured == [("news_age_seconds", 120.0, ("seen",))]


async def test_what_is_older_than_the_horizon_is_no_news():
    taken = Taken(item(1), (joining(None, "not told: published before the horizon"),))
    tally = Tallied()
    await CountedIntake(Door(Summary((taken,))), tally).take([], quiet_before=NOON + timedelta(days=9), now=NOON)
    assert tally.measured == []


@pytest.mark.parametrize("words", SILENCES)
def test_every_reason_for_silence_begins_as_the_policy_says_it(words):
    said = {
        "published before the horizon": {"quiet": True},
        "it is event": {"merged": 12},
        "nothing new": {"weight": "none"},
        "an admin ruled it out": {"verdict": "reject"},
        "an admin holds it": {"verdict": "hold"},
        "its source founds too many": {"flooding": "begins"},
        "its posts were edited often enough": {"posted": True},
        "its day is long past": {"fresh": False},
        "held until it is confirmed": {"held": True},
        "no chat wants it": {},
    }[words]
    assert outcome_of(reason(**said)) == SILENCES[words]


def reason(*, merged=0, weight="new", verdict="", posted=False, **more) -> str:
    """Return why nobody is told of a change like this."""
    after = event(report(item(1), KIND.name), merged_into=merged, verdict=verdict)
    stands = (Posted(-100, 0, "readers", 1),) if posted else ()
    return why(Change(after, (), weight), (), **{"quiet": False, "fresh": True, "posted": stands, **more})


def test_a_reason_that_nobody_knows_counts_as_another():
    assert outcome_of("not told: the moon is full") == "other"

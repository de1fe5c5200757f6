"""What a hub is asked, which of its answers count, and what is believed of what it pushes."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import websub
from bot.core.websub import Challenge, HubLease

NOW = datetime(2025, 6, 10, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOPIC = "https://bereh.example/feed?all=1"
SOUGHT = HubLease(
    key="key",
    source_id="bereh",
    hub="https://hub.example/",
    topic=TOPIC,
    secret="secret",
    wish="subscribe",
    next_at=NOW,
)
ASKED = websub.asked(SOUGHT, NOW)
GRANTED = replace(ASKED, failures=0, until=NOW + DAY)
MEANT = Challenge("subscribe", TOPIC, "word", "3600")


def test_a_hub_is_told_where_to_push_what_and_how_to_sign_it():
    request = websub.question(SOUGHT, "https://bot.example/websub/key")
    assert (request.url, dict(request.form)) == (
        "https://hub.example/",
        {
            "hub.callback": "https://bot.example/websub/key",
            "hub.mode": "subscribe",
            "hub.topic": TOPIC,
            "hub.lease_seconds": "864000",
            "hub.secret": "secret",
        },
    )


def test_a_hub_that_is_to_stop_is_told_no_secret():
    form = websub.question(websub.ending(GRANTED, NOW), "https://bot.example/websub/key").form
    assert form == {
        "hub.callback": "https://bot.example/websub/key",
        "hub.mode": "unsubscribe",
        "hub.topic": TOPIC,
    }


def test_questions_left_unanswered_come_ever_more_rarely():
    lease, pauses = SOUGHT, []
    for _ in range(20):
        lease = websub.asked(lease, NOW)
        pauses.append((lease.next_at - NOW) / HOUR)
    assert pauses[:6] == [1, 2, 4, 8, 16, 24]
    assert set(pauses[6:]) == {24}
    assert (lease.failures, lease.asked_at) == (20, NOW)


@pytest.mark.parametrize(("delay", "hours"), [(None, 1), (60.0, 1), (7200.0, 2), (1e9, 24)])
def test_a_hub_that_asks_to_wait_is_asked_later(delay, hours):
    lease = websub.refused(ASKED, "status 429", NOW, delay)
    assert (lease.next_at, lease.error) == (NOW + hours * HOUR, "status 429")


@pytest.mark.parametrize(
    ("seconds", "granted"),
    [
        ("3600", HOUR),
        ("864000", 10 * DAY),
        ("999999999999", 30 * DAY),
        ("9" * 400, 30 * DAY),
        ("", DAY),
        ("0", DAY),
        ("-5", DAY),
        ("soon", DAY),
        ("１２", DAY),
        ("1e9", DAY),
    ],
)
def test_a_lease_holds_as_long_as_the_hub_says_within_reason(seconds, granted):
    lease = websub.confirmed(ASKED, replace(MEANT, lease=seconds), NOW)
    assert (lease.until, lease.next_at) == (NOW + granted, NOW + granted * 0.8)
    assert (lease.failures, lease.error) == (0, "")
    assert lease.stands(NOW)
    assert not lease.stands(lease.until)


def test_a_very_short_lease_is_not_renewed_every_moment():
    assert websub.confirmed(ASKED, replace(MEANT, lease="1"), NOW).next_at == NOW + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("lease", "said", "after"),
    [
        (ASKED, replace(MEANT, mode="unsubscribe"), HOUR),
        (ASKED, replace(MEANT, mode=""), HOUR),
        (ASKED, replace(MEANT, topic="https://bereh.example/feed"), HOUR),
        (ASKED, replace(MEANT, word=""), HOUR),
        (ASKED, replace(MEANT, word="x" * 3000), HOUR),
        (ASKED, MEANT, 7 * HOUR),
        (SOUGHT, MEANT, HOUR),
        (websub.ending(GRANTED, NOW), MEANT, HOUR),
        (websub.ending(GRANTED, NOW), replace(MEANT, mode="unsubscribe"), HOUR),
        (GRANTED, MEANT, 2 * DAY),
    ],
)
def test_what_a_hub_was_not_asked_is_not_confirmed(lease, said, after):
    assert websub.confirmed(lease, said, NOW + after) is None


def test_a_hub_that_did_not_hear_the_answer_gets_it_again_and_no_longer_lease():
    assert websub.confirmed(GRANTED, replace(MEANT, lease="864000"), NOW + HOUR) == GRANTED


def test_the_end_is_confirmed_where_it_was_asked_for():
    ending = websub.asked(websub.ending(GRANTED, NOW), NOW)
    assert websub.confirmed(ending, replace(MEANT, mode="unsubscribe"), NOW + HOUR) is not None


def test_a_hub_that_denies_is_left_alone_for_a_week():
    said = Challenge("denied", TOPIC, reason="not\r\n yours" + "!" * 900)
    lease = websub.denied(GRANTED, said, NOW)
    assert (lease.until, lease.next_at) == (None, NOW + 7 * DAY)
    assert lease.error.startswith("the hub will not push: not yours!")
    assert len(lease.error) < 300
    assert websub.denied(GRANTED, replace(said, topic="https://other.example/"), NOW) is None
    assert websub.denied(GRANTED, MEANT, NOW) is None


def test_a_lease_is_over_when_the_hub_does_not_push_any_more_or_does_not_hear():
    ending = websub.ending(GRANTED, NOW)
    assert not websub.over(GRANTED, NOW + 9 * DAY)
    assert not websub.over(ending, NOW)
    assert websub.over(ending, NOW + DAY)
    assert websub.over(websub.ending(ASKED, NOW), NOW)
    assert websub.over(replace(ending, failures=3), NOW)


def test_a_feed_keeps_to_its_hub_for_a_day():
    assert websub.settled(GRANTED, SOUGHT.hub, TOPIC, NOW + 9 * DAY)
    assert websub.settled(GRANTED, "https://other.example/", TOPIC, NOW + HOUR)
    assert not websub.settled(GRANTED, "https://other.example/", TOPIC, NOW + DAY)
    assert not websub.settled(SOUGHT, "", TOPIC, NOW)


BODY = "<rss>новини</rss>".encode()


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512", "SHA256"])
def test_what_is_signed_with_the_secret_is_believed(method):
    digest = hmac.new(b"secret", BODY, getattr(hashlib, method.lower())).hexdigest()
    assert websub.signed("secret", f"{method}={digest}", BODY)
    assert websub.signed("secret", f" {method}={digest.upper()} ", BODY)
    for secret, signature, body in (
        ("other", f"{method}={digest}", BODY),
        ("secret", f"{method}={digest}", BODY + b" "),
        ("secret", f"{method}={digest[:-1]}", BODY),
        ("secret", f"{method}={digest}0", BODY),
        ("secret", digest, BODY),
        ("secret", f"sha224={digest}", BODY),
        ("secret", f"md5={hashlib.md5(BODY).hexdigest()}", BODY),
    ):
        assert not websub.signed(secret, signature, body)


@settings(max_examples=40)
@given(st.text(max_size=60), st.binary(max_size=60))
def test_no_signature_is_made_up(signature, body):
    for method in ("", "sha1=", "sha256="):
        assert not websub.signed("secret", f"{method}{signature}", body)


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from(["hub.mode", "hub.topic", "hub.challenge", "hub.lease_seconds"]), st.text()))
def test_any_question_is_answered_one_way_or_the_other(query):
    said = websub.challenge_of(query)
    lease = websub.denied(ASKED, said, NOW) or websub.confirmed(ASKED, said, NOW)
    assert lease is None or lease.topic == said.topic

"""The rules of a WebSub subscriber: what a hub is asked, which answers count, how long they hold, what is believed.

A feed may name a hub that pushes what is new in it (W3C WebSub). The hub is asked by a POST that names an address of ours
(the callback); it asks back there whether that was meant, and from then on posts news to it for as long as the lease
lasts. Nobody else knows the callback, and what is posted there is signed with a secret that only the hub was told.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from bot.core.model import Request

Wish: TypeAlias = Literal["subscribe", "unsubscribe"]

ASKED_LEASE: Final = timedelta(days=10)
"""What most hubs grant at most."""
LONGEST_LEASE: Final = timedelta(days=30)
"""A hub that promises more is asked again all the same: it may have forgotten us."""
UNSAID_LEASE: Final = timedelta(days=1)
"""How long an answer holds that names no time."""
SHORTEST_PAUSE: Final = timedelta(minutes=5)
RENEWED_AT: Final = 0.8
"""The part of a lease after which it is renewed; the rest is for a hub that is out of reach."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(hours=1), timedelta(days=1)
"""Between questions that a hub leaves unanswered; each time twice as long."""
ANSWERED_WITHIN: Final = timedelta(hours=6)
"""How long after a question a hub may ask back."""
DENIED_FOR: Final = timedelta(days=7)
MOST_GOODBYES: Final = 3
"""How often a hub is asked to stop; after that the lease is left to end by itself."""
SETTLED: Final = timedelta(days=1)
"""How long a feed keeps to one hub, so that one that names another at each poll has us ask nobody every minute."""
PUSHED_INTERVAL: Final = timedelta(minutes=15)
"""How often a feed is polled at most while its hub pushes and nothing slips through."""
METHODS: Final = frozenset({"sha1", "sha256", "sha384", "sha512"})
LONGEST_CHALLENGE: Final = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class HubLease:
    """That a hub pushes the news of a source to us.

    key         the last part of our callback, which nobody can guess; `secret` is what the hub signs with
    hub, topic  whom we asked, and for what
    wish        what we ask for: to be pushed to, or not to be any more
    next_at     when there is something to do; `asked_at` is when the hub was asked last
    until       how long the hub pushes, None while it has not said that it does
    pushed_at   when something was pushed last
    failures    how many questions in a row the hub has left unanswered, the one under way included; `error` says more
    """

    key: str
    source_id: str
    hub: str
    topic: str
    secret: str
    wish: Wish
    next_at: datetime
    asked_at: datetime | None = None
    until: datetime | None = None
    pushed_at: datetime | None = None
    failures: int = 0
    error: str = ""

    def stands(self, now: datetime) -> bool:
        """Tell whether the hub pushes, as far as it has said."""
        return self.until is not None and now < self.until


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a hub asks back: whether this was meant, or (`mode` is "denied") why it will not; `lease` is in seconds."""

    mode: str
    topic: str
    word: str = ""
    lease: str = ""
    reason: str = ""


def challenge_of(query: Mapping[str, str]) -> Challenge:
    """Return what stands in the query of a hub's question."""
    names = ("mode", "topic", "challenge", "lease_seconds", "reason")
    return Challenge(*(query.get(f"hub.{name}", "") for name in names))


def question(lease: HubLease, callback: str) -> Request:
    """Return the POST that asks the hub for what we wish."""
    form = {"hub.callback": callback, "hub.mode": lease.wish, "hub.topic": lease.topic}
    if lease.wish == "subscribe":
        form |= {"hub.lease_seconds": f"{ASKED_LEASE.total_seconds():.0f}", "hub.secret": lease.secret}
    return Request(lease.hub, {"Accept": "*/*"}, form)


def asked(lease: HubLease, now: datetime) -> HubLease:
    """Return a lease of which the hub is asked now; it counts as unanswered until it asks back."""
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(lease.failures, 10))
    return replace(lease, asked_at=now, failures=lease.failures + 1, next_at=now + pause)


def refused(lease: HubLease, error: str, now: datetime, delay: float | None = None) -> HubLease:
    """Return a lease of which the hub could not be asked, or said no, or (`delay`, in seconds) not so soon again."""
    wait = min(LONGEST_PAUSE, timedelta(seconds=delay or 0.0))
    return replace(lease, error=error, next_at=max(lease.next_at, now + wait))


def confirmed(lease: HubLease, said: Challenge, now: datetime) -> HubLease | None:
    """Return a lease after the hub asked back; None where it asks for what we did not ask of it.

    A hub that did not hear our answer asks once more; that is fine for as long as its lease stands, and changes nothing.
    """
    if (said.mode, said.topic) != (lease.wish, lease.topic) or not 0 < len(said.word) <= LONGEST_CHALLENGE:
        return None
    pending = lease.failures > 0 and lease.asked_at is not None and now - lease.asked_at <= ANSWERED_WITHIN
    if not pending:
        return lease if lease.wish == "subscribe" and lease.stands(now) else None
    granted = _granted(said.lease)
    next_at = now + max(SHORTEST_PAUSE, granted * RENEWED_AT)
    return replace(lease, until=now + granted, next_at=next_at, failures=0, error="")


def _granted(seconds: str) -> timedelta:
    if not (seconds.isascii() and seconds.isdecimal() and int(seconds[:12])):
        return UNSAID_LEASE
    return min(LONGEST_LEASE, timedelta(seconds=int(seconds[:12])))


def denied(lease: HubLease, said: Challenge, now: datetime) -> HubLease | None:
    """Return a lease that the hub will not grant, or ended; None where it speaks of something else."""
    if said.mode != "denied" or said.topic != lease.topic or lease.wish != "subscribe":
        return None
    why = " ".join(said.reason.split())[:200]
    return replace(
        lease, until=None, next_at=now + DENIED_FOR, error=f"the hub will not push: {why or 'no reason said'}"
    )


def ending(lease: HubLease, now: datetime) -> HubLease:
    """Return a lease that is to be given back."""
    return replace(lease, wish="unsubscribe", failures=0, next_at=now, error="")


def over(lease: HubLease, now: datetime) -> bool:
    """Tell whether there is nothing more to be done for a lease that was to be given back."""
    return lease.wish == "unsubscribe" and (not lease.stands(now) or lease.failures >= MOST_GOODBYES)


def settled(lease: HubLease, hub: str, topic: str, now: datetime) -> bool:
    """Tell whether a lease stays although its feed may name another hub or topic now."""
    return (lease.hub, lease.topic) == (hub, topic) or (lease.asked_at is not None and now - lease.asked_at < SETTLED)


def signed(secret: str, signature: str, body: bytes) -> bool:
    """Tell whether a body is signed with the secret, as the header X-Hub-Signature has it: method=hexadecimal digest."""
    method, _, digest = signature.strip().partition("=")
    if method.lower() not in METHODS:
        return False
    wanted = hmac.new(secret.encode(), body, getattr(hashlib, method.lower())).hexdigest()
    return hmac.compare_digest(wanted.encode(), digest.strip().lower().encode(errors="replace"))

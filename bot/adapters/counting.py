"""The ports on an item's way, counted as they are used: what stands behind each does not know of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.adapters.families import OTHER, SILENCES
from bot.core.model import Feed, Item, Request, Response, Source
from bot.intake import Joining, Summary
from bot.polling import Take
from bot.ports import Fetch, Parse, PermanentError, TemporaryError
from bot.ports.tally import Tally

NOT_MODIFIED = 304
TOLD, NOT_TOLD = "told", "not told: "


@dataclass(frozen=True, slots=True)
class CountedFetch:
    """The port `Fetch`: how long it takes by `seconds`, a clock that nobody sets, and how it ends."""

    inner: Fetch
    tally: Tally
    seconds: Callable[[], float]

    async def fetch(self, request: Request) -> Response:
        """Return the answer."""
        began = self.seconds()
        outcome = "permanent"
        try:
            response = await self.inner.fetch(request)
            outcome = "unchanged" if response.status == NOT_MODIFIED else "fresh"
        except TemporaryError as error:
            outcome = "unreachable" if error.unreachable else "temporary"
            raise
        except PermanentError as error:
            outcome = "gone" if error.gone else "permanent"
            raise
        finally:
            self.tally.measure("fetch_seconds", self.seconds() - began, outcome)
        return response


@dataclass(frozen=True, slots=True)
class CountedParse:
    """The port `Parse`: how long it takes, and how it ends."""

    inner: Parse
    tally: Tally
    seconds: Callable[[], float]

    async def parse(self, source: Source, response: Response, now: datetime) -> Feed:
        """Return the feed."""
        began = self.seconds()
        outcome = "refused"
        try:
            feed = await self.inner.parse(source, response, now)
            outcome = "read"
        except TemporaryError:
            outcome = "put_off"
            raise
        finally:
            self.tally.measure("parse_seconds", self.seconds() - began, outcome)
        return feed


@dataclass(frozen=True, slots=True)
class CountedIntake:
    """The port `Take`: what became of items, of what they report, and how old what they tell was."""

    inner: Take
    tally: Tally

    async def take(
        self, items: Sequence[Item], *, quiet_before: datetime | None = None, now: datetime | None = None
    ) -> Summary:
        """Take the items in."""
        summary = await self.inner.take(items, quiet_before=quiet_before, now=now)
        for taken in summary.taken:
            self.tally.count("items_total", _fate(taken.error, edited=taken.edited, doubted=taken.doubted))
            for joining in taken.joinings:
                self._count(joining)
            live = quiet_before is None or taken.item.published >= quiet_before
            if now is not None and live and taken.joinings and not taken.edited:
                self.tally.measure("news_age_seconds", (now - taken.item.published).total_seconds(), "seen")
        return summary

    def _count(self, joining: Joining) -> None:
        kind = joining.report.kind
        self.tally.count("reports_total", kind)
        self.tally.count("decisions_total", kind, "founded" if joining.decision.event_id is None else "joined")
        self.tally.count("policy_total", outcome_of(joining.reason))


def outcome_of(reason: str) -> str:
    """Return the label for why somebody is told of a change, or nobody is."""
    if reason.startswith(TOLD):
        return TOLD
    said = reason.removeprefix(NOT_TOLD)
    return next((label for words, label in SILENCES.items() if said.startswith(words)), OTHER)


def _fate(error: str, *, edited: bool, doubted: bool) -> str:
    if error:
        return "unreadable"
    if doubted:
        return "doubted"
    return "edited" if edited else "new"

"""What a poll brought, told to the diary and to the log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from bot.core.model import Feed, Item, Source, SourceDay
from bot.intake import Summary

LOG = structlog.get_logger(__name__)


def day_of(source: Source, fresh: Sequence[Item], reports: int, now: datetime) -> SourceDay:
    """Return what a poll brought; an item that is from this moment has no time of its own."""
    return SourceDay(
        source.id,
        now.astimezone(UTC).date(),
        items=len(fresh),
        undated=sum(item.published >= now for item in fresh),
        unlinked=sum(not item.url for item in fresh),
        reports=reports,
    )


def log_news(source: Source, feed: Feed, summaries: Sequence[Summary]) -> None:
    """Say in the log what a poll brought, and what of it cannot be read."""
    for error in (error for summary in summaries for error in summary.errors):
        LOG.error("item cannot be read", error=error)
    LOG.info(
        "polled",
        source=source.id,
        items=len(feed.items),
        fresh=sum(summary.items for summary in summaries),
        edited=sum(summary.edited for summary in summaries),
        reports=sum(summary.reports for summary in summaries),
        events=sum(summary.opened for summary in summaries),
        deliveries=sum(summary.deliveries for summary in summaries),
    )

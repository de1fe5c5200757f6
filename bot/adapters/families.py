"""What is counted, family by family, with all that may stand in a label. docs/reference/metrics.md is the same for people.

A label of a closed list starts with every value at 0, so that the first time something happens is an increase. An open one
takes the first few values that come, which are ours and few: kinds and jobs are plug-ins. What does not belong counts as
"other", so that nothing from outside can make the page grow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from bot.core.model import SCHEDULER, SENDER

MOST_VALUES: Final = 32
"""Values of an open label."""
OTHER: Final = "other"
MOMENTS: Final = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds that work of ours takes."""
AGES: Final = (1.0, 5.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1_800.0, 3_600.0, 10_800.0, 43_200.0, 86_400.0)
"""Seconds from when something was published."""

CALLED: Final = (
    "getUpdates",
    "sendMessage",
    "editMessageText",
    "getMe",
    "sendPhoto",
    "editMessageMedia",
    "answerInlineQuery",
    "answerCallbackQuery",
    "deleteMessage",
    "getChat",
    "getChatMember",
    "sendChatAction",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "setMyCommands",
    OTHER,
)
ANSWERS: Final = ("ok", "400", "401", "403", "404", "409", "429", "5xx", "timeout", "unreachable", OTHER)
SILENCES: Final = {
    "published before the horizon": "before_horizon",
    "it is event": "merged",
    "nothing new": "unchanged",
    "an admin ruled it out": "rejected",
    "an admin holds it": "admin_holds",
    "its source founds too many": "flood",
    "its posts were edited often enough": "edited_enough",
    "its day is long past": "past",
    "held until it is confirmed": "unconfirmed",
    "no chat wants it": "unwanted",
}
"""Why nobody is told of a change, by how `bot.core.policy.why` begins to say it."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label with all its values, or an open one without any."""

    name: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Family:
    """A metric: what it is called without the prefix, what kind it is, and what it says."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    says: str
    labels: tuple[Label, ...] = ()
    bounds: tuple[float, ...] = ()


def _counter(name: str, says: str, *labels: Label) -> Family:
    return Family(name, "counter", says, labels)


def _gauge(name: str, says: str, *labels: Label) -> Family:
    return Family(name, "gauge", says, labels)


def _histogram(name: str, says: str, *labels: Label, bounds: tuple[float, ...] = MOMENTS) -> Family:
    return Family(name, "histogram", says, labels, bounds)


OUTBOX_STATES: Final = ("pending", "retry", "sending", "unknown")
SOURCE_STATES: Final = ("well", "failing", "new", "ended")

COUNTED: Final = (
    _counter(
        "items_total",
        "Items of feeds, by what became of them; those that are known as they are do not count.",
        Label("fate", ("new", "edited", "unreadable", "doubted")),
    ),
    _counter("reports_total", "What new and edited items say of events.", Label("kind")),
    _counter(
        "decisions_total",
        "Reports by whether they founded an event or joined one.",
        Label("kind"),
        Label("outcome", ("founded", "joined")),
    ),
    _counter(
        "policy_total",
        "Reports by whether somebody is told of what they changed, or why nobody is.",
        Label("outcome", ("told", *SILENCES.values(), OTHER)),
    ),
    _counter(
        "deliveries_total",
        "Deliveries by how an attempt ended.",
        Label("action", ("post", "edit", "reply", "digest")),
        Label("outcome", ("sent", "retry", "unknown", "presumed", "dead", "migrated")),
    ),
    _counter(
        "telegram_calls_total",
        "Calls of the Bot API by their answer.",
        Label("method", CALLED),
        Label("outcome", ANSWERS),
    ),
    _counter("telegram_waits_seconds_total", "Seconds that Telegram told us to wait (429)."),
    _counter(
        "worker_processes_total",
        "Processes that read feeds and pages: started, or ended for breaking a limit.",
        Label("event", ("started", "time", "processor", "memory")),
    ),
    _counter("job_failures_total", "Runs of scheduled jobs that broke off.", Label("task")),
)
MEASURED: Final = (
    _histogram(
        "fetch_seconds",
        "How long feeds took to answer, and how.",
        Label("outcome", ("fresh", "unchanged", "temporary", "unreachable", "permanent", "gone")),
    ),
    _histogram(
        "parse_seconds",
        "How long feeds took to be parsed, the wait for a worker process included.",
        Label("outcome", ("read", "refused", "put_off")),
    ),
    _histogram("job_seconds", "How long runs of scheduled jobs took.", Label("task")),
    _histogram("loop_lag_seconds", "By how much the event loop was late, looked at every second."),
    _histogram(
        "news_age_seconds",
        "How old news was when it came in (seen) and when its post stood in a chat (posted).",
        Label("at", ("seen", "posted")),
        bounds=AGES,
    ),
)
NOTED: Final = (
    _gauge(
        "lease_held",
        "1 where this process holds the lease, 0 where it waits for it.",
        Label("role", (SCHEDULER, SENDER)),
    ),
    _gauge("queue_sources", "Sources in the queue of the workers, those included that one of them polls."),
    _gauge(
        "backup_newest_timestamp_seconds",
        "When the newest backup was made, in seconds since 1970, 0 where there is none; absent without VISTKA_BACKUPS.",
    ),
)
"""What is on the page from when it was said first."""
LOOKED_UP: Final = (
    _gauge("build_info", "Always 1; the label says which version runs.", Label("version")),
    _gauge("ready", "1 where /readyz says so, else 0."),
    _gauge("database_up", "1 where the database answered this time, else 0 and what it knows is left out."),
    _gauge("database_bytes", "The size of the database."),
    _gauge("outbox_deliveries", "Deliveries that wait or are in flight.", Label("state", OUTBOX_STATES)),
    _gauge("outbox_oldest_seconds", "For how long the oldest delivery that is due has waited, 0 where none is due."),
    _gauge("sources", "Sources by how they do.", Label("state", SOURCE_STATES)),
    _gauge("sources_overdue", "Sources that have been due for more than a minute."),
    _gauge("source_success_age_seconds", "For how long no source at all was read; absent before the first was."),
)
FAMILIES: Final = (*COUNTED, *MEASURED, *NOTED, *LOOKED_UP)

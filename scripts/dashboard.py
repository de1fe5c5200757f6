"""Writes deploy/grafana/dashboards/vistka.json: what an operator looks at, most urgent first.

    python scripts/dashboard.py

Each panel here is a title, a unit, what its lines are called and what is asked for; where it stands follows from its place.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BOARD = Path(__file__).parents[1] / "deploy" / "grafana" / "dashboards" / "vistka.json"
SOURCE = {"type": "prometheus", "uid": "prometheus"}
ACROSS = 24
"""Columns that Grafana divides a row into."""
HIGH = {"stat": 4, "timeseries": 8, "row": 1}


@dataclass(frozen=True, slots=True)
class Panel:
    """What is shown: queries by what their lines are called (`{{label}}` is filled in); a row has none."""

    title: str
    unit: str = "short"
    queries: tuple[tuple[str, str], ...] = ()
    type: str = "timeseries"
    width: int = 8
    note: str = ""
    red: float | None = None


def late(metric: str, at: float, by: str = "") -> str:
    """Return the query for a share of a histogram."""
    return f"histogram_quantile({at}, sum by (le{by}) (rate({metric}[$__rate_interval])))"


def pace(metric: str, by: str) -> str:
    """Return the query for what is counted, a minute."""
    return f"60 * sum by ({by}) (rate({metric}[$__rate_interval]))"


PANELS = (
    Panel("Ready", queries=(("{{service}}", "max by (service) (vistka_ready)"),), type="stat", width=4),
    Panel("Oldest due delivery", "s", (("", "max(vistka_outbox_oldest_seconds)"),), "stat", 4, red=600),
    Panel("Last source that answered", "s", (("", "min(vistka_source_success_age_seconds)"),), "stat", 4, red=900),
    Panel("Failing sources", "short", (("", 'max(vistka_sources{state="failing"})'),), "stat", 4),
    Panel("Overdue sources", "short", (("", "max(vistka_sources_overdue)"),), "stat", 4, red=10),
    Panel("Database", "bytes", (("", "max(vistka_database_bytes)"),), "stat", 4),
    Panel(
        "Newest backup",
        "s",
        (("", "time() - max(vistka_backup_newest_timestamp_seconds)"),),
        "stat",
        4,
        note="How old it is; more than fifty years where there is none.",
        red=129_600,
    ),
    Panel("Waiting for a worker", "short", (("", "max(vistka_queue_sources)"),), "stat", 4),
    Panel("From source to post", type="row"),
    Panel(
        "Published until seen",
        "s",
        tuple(
            (name, late('vistka_news_age_seconds_bucket{at="seen"}', at))
            for name, at in (("half", 0.5), ("9 of 10", 0.9))
        ),
        note="How old news are when a poll or a push first shows them.",
    ),
    Panel(
        "Published until posted",
        "s",
        tuple(
            (name, late('vistka_news_age_seconds_bucket{at="posted"}', at))
            for name, at in (("half", 0.5), ("9 of 10", 0.9))
        ),
        note="How old news are when they stand in a chat. Backlogs and digests are not counted.",
    ),
    Panel("Outbox", "short", (("{{state}}", "max by (state) (vistka_outbox_deliveries)"),)),
    Panel("Sources and reading", type="row"),
    Panel("Sources", "short", (("{{state}}", "max by (state) (vistka_sources)"),)),
    Panel("Fetches a minute", "short", (("{{outcome}}", pace("vistka_fetch_seconds_count", "outcome")),)),
    Panel("A fetch takes", "s", (("9 of 10, {{outcome}}", late("vistka_fetch_seconds_bucket", 0.9, ", outcome")),)),
    Panel("Items a minute", "short", (("{{fate}}", pace("vistka_items_total", "fate")),)),
    Panel(
        "A feed is parsed in", "s", (("9 of 10, {{outcome}}", late("vistka_parse_seconds_bucket", 0.9, ", outcome")),)
    ),
    Panel("Reading processes", "short", (("{{event}}", pace("vistka_worker_processes_total", "event")),)),
    Panel("Events", type="row"),
    Panel("Reports a minute", "short", (("{{kind}}", pace("vistka_reports_total", "kind")),)),
    Panel("Founded or joined", "short", (("{{kind}} {{outcome}}", pace("vistka_decisions_total", "kind, outcome")),)),
    Panel("Told or not", "short", (("{{outcome}}", pace("vistka_policy_total", "outcome")),)),
    Panel("Telegram", type="row"),
    Panel(
        "Deliveries a minute",
        "short",
        (("{{action}} {{outcome}}", pace("vistka_deliveries_total", "action, outcome") + " > 0"),),
    ),
    Panel(
        "Calls a minute",
        "short",
        (("{{method}} {{outcome}}", pace("vistka_telegram_calls_total", "method, outcome") + " > 0"),),
    ),
    Panel("Told to wait", "percentunit", (("", "sum(rate(vistka_telegram_waits_seconds_total[$__rate_interval]))"),)),
    Panel("The process", type="row"),
    Panel("Memory", "bytes", (("{{service}} {{instance}}", 'process_resident_memory_bytes{job="vistka"}'),), width=6),
    Panel(
        "Processor",
        "percentunit",
        (("{{service}} {{instance}}", 'rate(process_cpu_seconds_total{job="vistka"}[$__rate_interval])'),),
        width=6,
    ),
    Panel(
        "The loop is late by",
        "s",
        (("99 of 100, {{instance}}", late("vistka_loop_lag_seconds_bucket", 0.99, ", instance")),),
        width=6,
    ),
    Panel("Files open", "short", (("{{service}} {{instance}}", 'process_open_fds{job="vistka"}'),), width=6),
    Panel("Jobs that failed", "short", (("{{task}}", pace("vistka_job_failures_total", "task")),), width=6),
    Panel("A job takes", "s", (("9 of 10, {{task}}", late("vistka_job_seconds_bucket", 0.9, ", task")),), width=6),
    Panel(
        "Who holds a lease",
        queries=(("{{role}} {{instance}}", "vistka_lease_held"),),
        width=6,
        note="At most one process a role; nobody for a while where one that was killed is replaced.",
    ),
    Panel(
        "The database answers",
        queries=(("{{service}} {{instance}}", "vistka_database_up"),),
        width=6,
    ),
    Panel("Processes by version", queries=(("{{version}}", "count by (version) (vistka_build_info)"),), width=6),
)
LEFT_OUT: Mapping[str, str] = {
    "process_virtual_memory_bytes": "what is reserved, most of it never touched",
    "process_max_fds": "a limit that whoever starts it set",
    "process_start_time_seconds": "a restart is seen in the processor time and the memory",
}
"""Figures that stand in no panel, and why."""


def board() -> dict[str, Any]:
    """Return the dashboard as Grafana reads it."""
    return {
        "uid": "vistka",
        "title": "Vistka",
        "tags": ["vistka"],
        "schemaVersion": 39,
        "timezone": "browser",
        "editable": False,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "panels": _placed(),
    }


def _placed() -> list[dict[str, Any]]:
    """Return the panels from left to right, and below where the row is full."""
    placed, x, y, high = [], 0, 0, 0
    for number, panel in enumerate(PANELS, 1):
        width = ACROSS if panel.type == "row" else panel.width
        if x + width > ACROSS:
            x, y = 0, y + high
        high = HIGH[panel.type]
        at = {"x": x, "y": y, "w": width, "h": high}
        placed.append({"id": number, "type": panel.type, "title": panel.title, "gridPos": at} | _content(panel))
        x += width
    return placed


def _content(panel: Panel) -> dict[str, Any]:
    if panel.type == "row":
        return {"collapsed": False, "panels": []}
    steps: list[dict[str, Any]] = [{"color": "green", "value": None}]
    steps += [{"color": "red", "value": panel.red}] if panel.red is not None else []
    defaults = {"unit": panel.unit, "min": 0, "thresholds": {"mode": "absolute", "steps": steps}}
    if panel.title == "Ready":
        defaults["mappings"] = [
            {
                "type": "value",
                "options": {"0": {"text": "waits", "color": "red"}, "1": {"text": "ready", "color": "green"}},
            }
        ]
    targets = [
        {"refId": chr(ord("A") + number), "datasource": SOURCE, "expr": query, "legendFormat": name or "__auto"}
        for number, (name, query) in enumerate(panel.queries)
    ]
    note = {"description": panel.note} if panel.note else {}
    return {"datasource": SOURCE, "targets": targets, "fieldConfig": {"defaults": defaults, "overrides": []}} | note


def written() -> str:
    """Return the file."""
    return json.dumps(board(), indent=2) + "\n"


if __name__ == "__main__":
    BOARD.write_text(written(), encoding="utf-8")

"""Write docs/reference/metrics.md out of what is counted: `python scripts/metrics.py`."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.families import FAMILIES, MOST_VALUES, Family
from bot.adapters.metrics import PREFIX

REFERENCE = Path(__file__).parents[1] / "docs" / "reference" / "metrics.md"
HEAD = f"""# Metrics

What `/metrics` tells where `VISTKA_HTTP` is set; [watch.md](../howto/watch.md) has what to make of it. An open label takes the
first {MOST_VALUES} values that come, all others count as `other`. Beside these the page has `process_cpu_seconds_total`,
`process_resident_memory_bytes`, `process_virtual_memory_bytes`, `process_start_time_seconds`, `process_open_fds` and
`process_max_fds` of Prometheus' own library.

| name | kind | labels | says |
|---|---|---|---|
"""


def main() -> None:
    """Write the table."""
    REFERENCE.write_text(HEAD + "".join(map(_row, FAMILIES)), encoding="utf-8")


def _row(family: Family) -> str:
    labels = "; ".join(f"`{label.name}`: {', '.join(label.values) or 'open'}" for label in family.labels)
    return f"| `{PREFIX}{family.name}` | {family.kind} | {labels} | {family.says} |\n"


if __name__ == "__main__":
    main()

"""Asks whether a weakness is known of any library in the lock files; exit 0 only where every one was asked about.

    make audit

pip-audit counts a library that its source does not know, or could not be asked about, as one without known weaknesses, and
ends with 0. Behind a mirror or without a network that would be all of them: here it is "not audited", and exit 1.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
TOOL = (sys.executable, "-m", "pip_audit", "--require-hashes", "--disable-pip", "--progress-spinner", "off")
NAMED = 3
"""So many of the libraries that were not audited are named; the reason is the same for most."""


def asked(lock: Path) -> dict[str, Any]:
    """Return what is known of the libraries of a lock file; nothing where the tool failed before it could say."""
    with tempfile.TemporaryDirectory() as folder:
        told = Path(folder) / "audit.json"
        command = [*TOOL, "--requirement", str(lock), "--format", "json", "--output", str(told)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if told.exists():
            return dict(json.loads(told.read_text(encoding="utf-8")))
    return {"dependencies": [{"name": "all of them", "skip_reason": (done.stderr.splitlines() or ["no answer"])[-1]}]}


def complaints(audit: dict[str, Any]) -> Iterator[str]:
    """Yield a line for each known weakness, and one for the libraries that nothing is known of."""
    for each in audit["dependencies"]:
        for weakness in each.get("vulns", ()):
            remedy = ", ".join(weakness["fix_versions"]) or "no version without it yet"
            yield f"{each['name']} {each['version']}: {weakness['id']}, mended in {remedy}"
    skipped = [each for each in audit["dependencies"] if "skip_reason" in each]
    if skipped:
        names = ", ".join(each["name"] for each in skipped[:NAMED]) + (", ..." if len(skipped) > NAMED else "")
        yield f"{len(skipped)} not audited ({names}): {skipped[0]['skip_reason']}"
    if not audit["dependencies"]:
        yield "the lock file names no library"


def main() -> int:
    """Audit the lock files of what runs and of what builds and checks it."""
    found = False
    for lock in sorted(ROOT.glob("requirements*.lock")):
        lines = list(complaints(asked(lock)))
        print("\n".join(f"{lock.name}: {line}" for line in lines) or f"{lock.name}: nothing known against any library")
        found = found or bool(lines)
    return int(found)


if __name__ == "__main__":
    sys.exit(main())

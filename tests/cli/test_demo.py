"""The demo tells a fortnight as a reader would see it, and ends by itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest


@pytest.mark.e2e
def test_the_demo_shows_posts_edits_and_replies_and_a_summary():
    command = [sys.executable, "-m", "bot", "demo", "--language", "uk"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    for shown in ("new post", "edited, silently", "reply, with sound"):
        assert shown in result.stdout
    counts = {name: float(count) for name, count in re.findall(r"│ ([a-z ]+?) +│ ([\d.]+) +│", result.stdout)}
    assert counts["feeds"] >= 10
    assert counts["items"] == 43
    assert 0 < counts["posts"] <= counts["events"]
    assert counts["silent edits"] > 0
    assert counts["ringing replies"] > 0
    assert "\x1b[" not in result.stdout


@pytest.mark.e2e
@pytest.mark.parametrize("leaves", ["the reader", "the operator"])
def test_the_demo_ends_early_without_a_trace(tmp_path, leaves):
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    ) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.readline()
        if leaves == "the reader":
            running.stdout.close()
        else:
            running.terminate()
        errors = running.stderr.read().decode()
    assert (running.returncode, errors.strip(), list(tmp_path.iterdir())) == (1, "Aborted!", [])

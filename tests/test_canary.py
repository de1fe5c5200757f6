"""The canary of the suite sings: where a test leaves the secret, it fails."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.canary import MARK, SECRET, pytest_runtest_makereport

pytestmark = pytest.mark.handles_secrets


def judged(when: str, sections: list[tuple[str, str]], folder: Path | None = None, *, marked: bool = False) -> Any:
    """Return the report of a test that passed and left this."""
    given = {"tmp_path": folder} if folder else {}
    item: Any = SimpleNamespace(
        nodeid="test_x", funcargs=given, get_closest_marker=lambda name: name == MARK if marked else None
    )
    report = SimpleNamespace(passed=True, outcome="passed", sections=sections, longrepr=None)
    hook = pytest_runtest_makereport(item, SimpleNamespace(when=when))
    next(hook)
    with pytest.raises(StopIteration) as ended:
        hook.send(report)
    return ended.value.value


def test_a_secret_that_was_printed_or_logged_fails_its_test():
    report = judged("call", [("Captured stdout call", "fine"), ("Captured log call", f"POST /bot1:{SECRET}/getMe")])
    assert report.outcome == "failed"
    assert report.longrepr == "test_x: the secret of the suite stands in: Captured log call"


def test_so_does_one_that_was_left_in_a_file_at_whatever_depth(tmp_path):
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "events.csv").write_text(f"id,title\n1,{SECRET}\n")
    (tmp_path / "vistka.db").write_bytes(b"nothing")
    report = judged("teardown", [], tmp_path)
    assert report.longrepr == "test_x: the secret of the suite stands in: exports/events.csv"


def test_who_says_so_may_handle_it(tmp_path):
    (tmp_path / "token").write_text(SECRET)
    assert judged("teardown", [("Captured stderr", SECRET)], tmp_path, marked=True).outcome == "passed"

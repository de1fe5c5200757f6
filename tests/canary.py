"""A secret that the whole suite is run with, and that no test may find anywhere else afterwards.

The token of the Bot API test server is made of it, and so are passwords that tests put into addresses. At the end of each test
it is looked for in what was printed and logged, and in every file that was left in the test's folder: databases, exports,
backups, logs. `bot_api` looks through all that was said to Telegram, `daemon` through all that a daemon logged. A test that
puts the secret into a file itself, or prints it, says so by the mark `handles_secrets`.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

CANARY = "AAcanaryAAcanary"
SECRET = f"{CANARY}AAcanaryAAcanaryAAc"
MARK = "handles_secrets"
LARGEST = 32 << 20
"""Bytes of a file that is looked through."""


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test after which the secret stands anywhere."""
    report = yield
    if report.passed and not item.get_closest_marker(MARK):
        places = [name for name, text in report.sections if CANARY in text]
        if call.when == "teardown":
            places += map(str, _files_of(item))
        if places:
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid}: the secret of the suite stands in: {', '.join(sorted(set(places)))}"
    return report


def _files_of(item: pytest.Item) -> Iterator[Path]:
    """Yield the files of a test's own folder that hold the secret."""
    folder = getattr(item, "funcargs", {}).get("tmp_path")
    for path in sorted(folder.rglob("*")) if isinstance(folder, Path) else ():
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST and holds(path):
            yield path.relative_to(folder)


def holds(path: Path) -> bool:
    """Return whether a file holds the secret; what may not be read holds nothing."""
    try:
        return CANARY.encode() in path.read_bytes()
    except OSError:
        return False
